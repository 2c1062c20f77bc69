"""The playground's house: a clock that stands, and what it can be moved to."""

from datetime import UTC, date, datetime
from typing import cast

import pytest

from adapters.web.acts import SaidAct
from app.clock import DemoClock
from app.demo import Behind, move_in, stage
from app.server import House
from app.settings import Mode, Settings
from rules.business_time import Calendar
from store.store import Store
from tests.world import BROKEN, CATALOGUES

MONDAY = datetime(2026, 12, 7, 14, tzinfo=UTC)  # 9:00 in New York
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WORK = {day: ((480, 720), (780, 1080)) if day in DAYS[:5] else () for day in DAYS}


async def test_the_clock_stands_where_it_was_moved_also_for_whoever_asks_later(store: Store) -> None:
    clock = DemoClock(store)
    await clock.begin()
    began = clock.now()
    assert (began.second, began.microsecond) == (0, 0)
    assert clock().machine > began
    assert clock.now() == began
    await clock.forward(MONDAY.replace(year=2099))
    await clock.forward(MONDAY)  # never back
    another = DemoClock(store)
    await another.load()
    assert another.now() == clock.now() == MONDAY.replace(year=2099)


async def test_a_desk_whose_clock_never_stood_lives_by_the_machines(store: Store) -> None:
    clock = DemoClock(store)
    await clock.load()
    now = clock()
    assert now.business == now.machine


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-12-07T06:00", "2026-12-07T08:00"),
        ("2026-12-07T08:00", "2026-12-08T08:00"),
        ("2026-12-07T12:30", "2026-12-08T08:00"),  # over lunch
        ("2026-12-11T17:00", "2026-12-14T08:00"),  # over the weekend
        ("2026-12-12T09:00", "2026-12-14T08:00"),
        ("2026-12-24T09:00", "2026-12-28T08:00"),  # over a holiday, too
    ],
)
def test_the_next_morning_is_one_at_work(now: str, then: str) -> None:
    calendar = Calendar(WORK, "America/New_York", frozenset({date(2026, 12, 25)}))
    local = datetime.fromisoformat(now).replace(tzinfo=calendar._tz)
    opens = Behind(cast(House, None), calendar).morning(local.astimezone(UTC))
    assert f"{opens.astimezone(calendar._tz):%Y-%m-%dT%H:%M}" == then


async def test_the_next_event_is_the_next_warning_and_a_move_there_brings_it(store: Store) -> None:
    clock = DemoClock(store)
    await clock.forward(MONDAY)
    house, play = stage(Settings(mode=Mode.DEMO), store, CATALOGUES, clock)
    await move_in(house)
    behind = Behind(house, Calendar(WORK, "America/New_York"))
    assert await behind.event(clock.now()) is None
    await play.perform(SaidAct(kind="said", who="ann", room="ann", key="nonce-0001", text=BROKEN))
    half = await behind.event(clock.now())
    assert half == MONDAY.replace(hour=16)  # of four hours
    await play.forward(half)
    assert "has used 50 % of its response time" in (await play.transcript())[-1]
