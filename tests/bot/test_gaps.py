"""That nobody could hear is noticed once on any number of replicas, and whoever may have written then is asked once."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from app.gaps import Forgets, Gaps, Recalls
from bot import gaps
from bot.gaps import Gap, Job
from bot.incoming import Address
from store.store import Store, Unavailable
from store.tables import Setting
from store.work import Work
from tests.world import CATALOGUES, MONDAY, World

MINUTE, LATER = timedelta(minutes=1), timedelta(minutes=10)
NOBODY: Mapping[Address, datetime] = {}


async def beat(store: Store, at: datetime, lost: Gap | None = None) -> Gap | None:
    return await store.write(gaps.keep, "fake", at, MINUTE, lost)


# Noticing it ------------------------------------------------------------------------------------------------------


async def test_the_first_start_of_all_is_no_gap(store: Store) -> None:
    assert await beat(store, MONDAY) is None


async def test_silence_is_a_gap_once(store: Store) -> None:
    await beat(store, MONDAY)
    assert await beat(store, MONDAY + MINUTE) is None
    assert await beat(store, MONDAY + LATER) == Gap(MONDAY + MINUTE, MONDAY + LATER)
    assert await beat(store, MONDAY + LATER) is None


async def test_a_clock_that_is_behind_makes_no_gap(store: Store) -> None:
    """Of two replicas."""
    await beat(store, MONDAY + LATER)
    assert await beat(store, MONDAY) is None
    assert await beat(store, MONDAY + LATER + MINUTE) is None


async def test_after_an_absence_it_begins_anew(store: Store) -> None:
    """What was done then is no longer known, and would be done twice."""
    await beat(store, MONDAY)
    now = MONDAY + timedelta(days=40)
    assert await beat(store, now) == Gap(now - timedelta(days=14), now)


async def test_many_replicas_at_once_find_it_once(store: Store) -> None:
    await asyncio.gather(*(beat(store, MONDAY) for _ in range(6)))  # and each has its connection by now
    found = await asyncio.gather(*(beat(store, MONDAY + LATER) for _ in range(6)))
    assert [gap for gap in found if gap] == [Gap(MONDAY, MONDAY + LATER)]


async def test_many_replicas_at_their_first_start_at_once(store: Store) -> None:
    assert await asyncio.gather(*(beat(store, MONDAY) for _ in range(6))) == [None] * 6


# Reading it back --------------------------------------------------------------------------------------------------


async def claim(store: Store, at: datetime) -> Job | None:
    return await store.write(gaps.claim, "fake", at, at + LATER)


async def test_one_reader_at_a_time_and_another_after_it_died(store: Store) -> None:
    await beat(store, MONDAY)
    await beat(store, MONDAY + LATER)
    mine = await claim(store, MONDAY + LATER)
    assert mine is not None
    assert mine.gap == Gap(MONDAY, MONDAY + LATER)
    assert await claim(store, MONDAY + LATER + MINUTE) is None
    other = await claim(store, MONDAY + 2 * LATER)
    assert other is not None
    assert await store.write(gaps.goes_on, "fake", mine, MONDAY + 3 * LATER) is None, "it was thought dead"
    assert await store.write(gaps.goes_on, "fake", other, MONDAY + 3 * LATER) is not None


async def test_what_is_lost_meanwhile_is_read_too(store: Store) -> None:
    await beat(store, MONDAY)
    await beat(store, MONDAY + LATER)
    mine = await claim(store, MONDAY + LATER)
    assert mine is not None
    end = MONDAY + LATER + MINUTE
    await beat(store, end, Gap(MONDAY + LATER, end))
    await store.write(gaps.done, "fake", mine)
    again = await claim(store, end)
    assert again is not None
    assert again.gap == Gap(MONDAY, end)
    await store.write(gaps.done, "fake", again)
    assert await claim(store, end + LATER) is None


async def test_a_desk_without_a_gap_costs_one_row(desk: World) -> None:
    for number in range(5):
        await beat(desk.store, MONDAY + number * MINUTE)
        await claim(desk.store, MONDAY)
    rows = await desk.store.read(lambda work: list(work._session.exec(select(Setting.name))))
    assert rows == ["alive fake"]


async def test_the_liveliest_rooms_come_first_and_threads_of_live_cases_last(case: World) -> None:
    places = await case.store.read(gaps.to_read, "fake", case.time)
    rooms = [place.room for place in places if not place.thread]
    assert set(rooms[:2]) == {"ann", "desk"}
    assert {"bob", "eve", "sam"} <= set(rooms)
    assert len(rooms) == len(set(rooms))
    receipt = case.receipt()
    assert [(place.room, place.thread) for place in places if place.thread] == [("desk", receipt)]


async def test_an_act_that_was_done_is_known(desk: World) -> None:
    await desk.says("ann", "cases", key="act of Ann's")
    assert await desk.store.read(Work.handled, "act of Ann's")
    assert not await desk.store.read(Work.handled, "another")


# Asking for it ----------------------------------------------------------------------------------------------------


async def heard(desk: World, room: str, **before: float) -> None:
    def told(work: Work) -> None:
        place = work.conversation("fake", "", room)
        place.vendor, place.heard_at = {"it": "is there"}, desk.time.machine - timedelta(**before)
        work.add(place)

    await desk.store.write(told)


async def ask(desk: World, missed: Mapping[Address, datetime] = NOBODY, **later: float) -> int:
    desk.passes(**later)
    asked = await desk.store.write(gaps.ask_again, "fake", desk.time, MINUTE, missed, CATALOGUES)
    await desk.delivery.deliver_all()
    return asked


async def test_whoever_was_heard_within_a_day_is_asked_once_on_however_many_replicas(desk: World) -> None:
    await heard(desk, "ann", hours=2)
    await heard(desk, "bob", hours=26)
    await ask(desk)
    desk.passes(minutes=39)
    asking = (desk.store.write(gaps.ask_again, "fake", desk.time, MINUTE, NOBODY, CATALOGUES) for _ in range(4))
    await asyncio.gather(*asking)
    await desk.delivery.deliver_all()
    assert desk.heard("ann") == [
        "I could not hear you from Mon 19 Jan 09:00 ET to Mon 19 Jan 09:39 ET. If you wrote anything then, please send"
        " it again."
    ]
    assert desk.heard("bob") == []


async def test_the_desk_is_asked_and_rooms_where_a_case_lives_but_no_others(desk: World) -> None:
    await desk.says("ann", "The quote form is broken", room="northwind", personal=False)
    for room in ("desk", "northwind", "lunch"):
        await heard(desk, room, hours=1)
    await ask(desk)
    before = {room: len(desk.heard(room)) for room in ("desk", "northwind", "lunch")}
    await ask(desk, minutes=5)
    more = {room: len(desk.heard(room)) - before[room] for room in before}
    assert more["desk"] == 1
    assert more["lunch"] == 0


async def test_where_the_bot_was_thrown_out_nobody_is_asked(desk: World) -> None:
    await heard(desk, "ann", hours=2)
    await desk.store.write(Work.keep_vendor, "fake", "", "ann", None, desk.time.machine)
    await ask(desk)
    assert await ask(desk, minutes=10) == 0


async def test_nobody_is_asked_after_a_short_silence(desk: World) -> None:
    await heard(desk, "ann", hours=2)
    await ask(desk)
    assert await ask(desk, seconds=59) == 0
    assert desk.heard("ann") == []


async def test_whose_words_are_known_to_be_lost_is_asked_though_there_was_no_gap(desk: World) -> None:
    await desk.store.write(_bound)
    await ask(desk)
    missed = {Address("fake", "", "ann"): desk.time.machine, Address("fake", "nobody's", "mallory"): desk.time.machine}
    assert await ask(desk, missed, seconds=30) == 1
    assert await ask(desk, missed) == 1
    assert len(desk.heard("ann")) == 1, "the same words are asked for once"
    assert desk.heard("mallory") == []


def _bound(work: Work) -> None:
    work.conversation("fake", "", "ann")


async def test_whoever_is_asked_for_a_gap_is_not_asked_for_words_in_it(desk: World) -> None:
    await heard(desk, "ann", hours=2)
    await ask(desk)
    missed = {Address("fake", "", "ann"): desk.time.machine + MINUTE}
    assert await ask(desk, missed, minutes=10) == 1
    assert len(desk.heard("ann")) == 1


# The rounds -------------------------------------------------------------------------------------------------------


@dataclass
class Deaf:
    """A connection of which it is not told whether it hears."""

    name: str = "fake"
    silence: timedelta = MINUTE
    missed: dict[Address, datetime] = field(default_factory=dict)
    ears: bool = True

    async def hears(self) -> bool:
        return self.ears


def rounds(desk: World, *connections: Any) -> Gaps:
    return Gaps(desk.store, CATALOGUES, lambda: desk.time, desk.delivery.wake.set, connections)


async def test_who_does_not_hear_does_not_say_so_and_the_silence_is_a_gap(desk: World) -> None:
    await heard(desk, "ann", hours=2)
    deaf = Deaf()
    assert await rounds(desk, deaf).beat()
    deaf.ears = False
    for _ in range(10):
        desk.passes(minutes=1)
        assert await rounds(desk, deaf).beat()
    deaf.ears = True
    await rounds(desk, deaf).beat()
    await desk.delivery.deliver_all()
    assert len(desk.heard("ann")) == 1


async def test_words_are_missed_until_their_writer_is_asked(desk: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await desk.store.write(_bound)
    deaf = Deaf(missed={Address("fake", "", "ann"): MONDAY})

    async def gone(*_: Any, **__: Any) -> Any:
        raise Unavailable("the database is away")

    with monkeypatch.context() as patched:
        patched.setattr(desk.store, "write", gone)
        assert not await rounds(desk, deaf).beat()
    assert deaf.missed
    assert await rounds(desk, deaf).beat()
    assert not deaf.missed


async def test_a_channel_whose_vendor_waits_has_no_beat(desk: World) -> None:
    assert not isinstance(desk.fake, Recalls | Forgets)
    assert await rounds(desk, desk.fake).beat()
