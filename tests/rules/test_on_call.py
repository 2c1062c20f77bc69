"""Whose turn it is by the local clock, through changes of it; and who stands in for whom."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.on_call import Away, Rota, Shift, absent, circle, on_call, present

ZONE = "America/New_York"
NEW_YORK = ZoneInfo(ZONE)
CORA, SAM, LENA = 1, 2, 3
WEEKLY = Rota("Nights", (CORA, SAM, LENA), date(2026, 1, 5), time(9), ZONE, 7)


def et(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("at", "person"),
    [
        ("2026-01-05T08:59:59", None),
        ("2026-01-05T09:00", CORA),
        ("2026-01-12T08:59:59", CORA),
        ("2026-01-12T09:00", SAM),
        ("2026-01-19T09:00", LENA),
        ("2026-01-26T09:00", CORA),
        ("2027-01-04T09:00", SAM),
    ],
)
def test_each_in_turn_from_handover_to_handover(at: str, person: int | None) -> None:
    shift = WEEKLY.shift(et(at))
    assert (shift and shift.person) == person


def test_a_turn_says_since_when_and_until_when() -> None:
    assert WEEKLY.shift(et("2026-01-14T03:00")) == Shift(SAM, et("2026-01-12T09:00"), et("2026-01-19T09:00"))


@pytest.mark.parametrize(("first", "hours"), [("2026-03-07", 23), ("2026-10-31", 25)])
def test_the_day_on_which_clocks_change_is_one_turn_like_any_other(first: str, hours: int) -> None:
    daily = Rota("Days", (CORA, SAM), date.fromisoformat(first), time(9), ZONE, 1)
    shift = daily.shift(et(f"{first}T09:00"))
    assert shift is not None
    assert shift.until - shift.since == timedelta(hours=hours)
    assert shift.until.astimezone(NEW_YORK).time() == time(9)


@pytest.mark.parametrize(
    ("day", "clock"),
    [
        pytest.param("2026-03-08", time(2, 30), id="a handover in the hour that is skipped"),
        pytest.param("2026-11-01", time(1, 30), id="one in the hour that comes twice"),
    ],
)
def test_no_turn_is_handed_over_twice_or_never(day: str, clock: time) -> None:
    change = date.fromisoformat(day)
    daily = Rota("Days", (CORA, SAM), change - timedelta(days=2), clock, ZONE, 1)
    start = datetime.combine(change - timedelta(days=1), time(12), UTC)
    seen = [daily.shift(start + timedelta(minutes=minute)) for minute in range(2 * 1440)]
    turns = [shift for n, shift in enumerate(seen) if shift and (n == 0 or shift != seen[n - 1])]
    assert [shift.person for shift in turns] == [SAM, CORA, SAM]
    assert all(one.until == other.since for one, other in pairwise(turns))


@given(st.integers(0, 2 * 365 * 1440), st.integers(1, 5), st.integers(1, 9), st.integers(0, 1439))
@settings(max_examples=100, deadline=None)
def test_at_every_instant_one_turn_covers_it_and_the_next_begins_where_it_ends(
    minute: int, people: int, days: int, handover: int
) -> None:
    rota = Rota("Any", range(people), date(2025, 1, 1), time(*divmod(handover, 60)), ZONE, days)
    at = datetime(2025, 1, 3, tzinfo=UTC) + timedelta(minutes=minute)
    shift = rota.shift(at)
    assert shift is not None
    assert shift.since <= at < shift.until
    after = rota.shift(shift.until)
    assert after is not None
    assert (after.since, after.person) == (shift.until, (shift.person + 1) % people)


def test_every_rota_that_has_begun_has_one_on_call() -> None:
    later = Rota("Later", (LENA,), date(2026, 6, 1), time(9), ZONE, 7)
    assert [shift.person for shift in on_call([WEEKLY, later], et("2026-01-06T12:00"))] == [CORA]
    assert [shift.person for shift in on_call([WEEKLY, later], et("2026-06-01T12:00"))] == [CORA, LENA]


DAY, WEEK = (et("2026-02-02T09:00"), et("2026-02-03T09:00")), (et("2026-02-02T09:00"), et("2026-02-09T09:00"))


@pytest.mark.parametrize(
    ("away", "there"),
    [
        pytest.param([], CORA, id="nobody is away"),
        pytest.param([Away(CORA, *DAY, SAM)], SAM, id="a stand-in"),
        pytest.param([Away(CORA, *DAY, SAM), Away(SAM, *DAY, LENA)], LENA, id="the stand-in's stand-in"),
        pytest.param([Away(CORA, *DAY)], None, id="no stand-in"),
        pytest.param([Away(CORA, *DAY, SAM), Away(SAM, *DAY)], None, id="a stand-in without one"),
        pytest.param([Away(CORA, *DAY, SAM), Away(SAM, *DAY, CORA)], None, id="a circle ends nowhere"),
        pytest.param([Away(CORA, *DAY, SAM), Away(CORA, *WEEK, LENA)], LENA, id="the one that lasts longest counts"),
    ],
)
def test_who_is_there_for_somebody(away: list[Away], there: int | None) -> None:
    assert present(CORA, away, et("2026-02-02T12:00")) == there


def test_an_absence_ends_at_its_end() -> None:
    away = [Away(CORA, *DAY, SAM)]
    assert [present(CORA, away, at) for at in (DAY[0] - timedelta(seconds=1), *DAY)] == [CORA, SAM, CORA]
    assert absent(CORA, away, DAY[1]) is None


def test_a_circle_is_found_where_all_of_it_is_away_at_one_time() -> None:
    cora = Away(CORA, *WEEK, SAM)
    assert circle(Away(SAM, *DAY, CORA), [cora]) == [SAM, CORA]
    assert circle(Away(LENA, *DAY, CORA), [cora, Away(SAM, *WEEK, LENA)]) == [LENA, CORA, SAM]
    apart = et("2026-02-09T09:00"), et("2026-02-10T09:00")
    assert circle(Away(SAM, *apart, CORA), [cora]) == []
    assert circle(Away(SAM, *DAY), [cora]) == []
    assert circle(Away(SAM, et("2026-02-08T09:00"), apart[1], CORA), [cora]) == [SAM, CORA]
