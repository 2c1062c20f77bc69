"""Business time against an oracle that reads the clock on the wall minute by minute, and against its own laws."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rules.business_time import Calendar
from tests.rules.on_the_wall import CENTURIES, OFFICE, Oracle, moments, seconds, situations, ticks

bounded = settings(max_examples=50, deadline=None)


@given(situations(), moments, moments)
@bounded
def test_time_between_two_instants_is_every_open_minute_between_them(
    situation: tuple[Calendar, Oracle], a: int, b: int
) -> None:
    calendar, oracle = situation
    a, b = sorted((a, b))
    assert calendar.between(oracle.at(a), oracle.at(b)) == 60 * sum(oracle.open[a:b])
    assert calendar.between(oracle.at(b), oracle.at(a)) == -60 * sum(oracle.open[a:b])


@given(situations(), moments, st.integers(-6000, 6000).filter(bool))
@bounded
def test_a_budget_is_spent_minute_by_open_minute(situation: tuple[Calendar, Oracle], start: int, minutes: int) -> None:
    calendar, oracle = situation
    ends = oracle.at(oracle.added(start, minutes))
    assert calendar.add(oracle.at(start), minutes * 60) == ends


@given(situations(), moments)
@bounded
def test_rolling_finds_the_nearest_open_minute_on_either_side(situation: tuple[Calendar, Oracle], start: int) -> None:
    calendar, oracle = situation
    for minute in (start, *oracle.edges):
        at = oracle.at(minute)
        assert calendar.is_open(at) == oracle.open[minute]
        if any(oracle.open[minute:]):
            assert calendar.roll_forward(at) == oracle.at(oracle.open.index(True, minute)) == calendar.add(at, 0)
        if any(oracle.open[:minute]):
            assert calendar.roll_back(at) == oracle.at(max(n for n in range(minute) if oracle.open[n]) + 1)


@given(situations(), moments, st.integers(-4, 4).filter(bool))
@bounded
def test_business_days_keep_the_time_of_day_and_roll_into_work(
    situation: tuple[Calendar, Oracle], start: int, days: int
) -> None:
    calendar, oracle = situation
    lands = oracle.at(oracle.days_added(start, days))
    rolled = calendar.roll_forward(lands) if days > 0 else calendar.roll_back(lands)
    assert calendar.add_days(oracle.at(start), days) == rolled


@given(situations(), moments, moments)
@bounded
def test_the_spans_are_the_open_minutes_in_order(situation: tuple[Calendar, Oracle], a: int, b: int) -> None:
    calendar, oracle = situation
    minute = timedelta(minutes=1)
    spans = list(calendar.spans(oracle.at(a), oracle.at(b)))
    listed = [(start - oracle.first) // minute + n for start, end in spans for n in range((end - start) // minute)]
    assert listed == [n for n in range(a, b) if oracle.open[n]]


@given(situations(), ticks, seconds)
@bounded
def test_what_is_added_lies_between(situation: tuple[Calendar, Oracle], tick: int, amount: int) -> None:
    calendar, oracle = situation
    start = oracle.first + timedelta(seconds=tick)
    assert calendar.between(start, calendar.add(start, amount)) == amount


@given(situations(), ticks, seconds)
@bounded
def test_inside_work_what_is_added_can_be_taken_away(
    situation: tuple[Calendar, Oracle], tick: int, amount: int
) -> None:
    calendar, oracle = situation
    start = oracle.first + timedelta(seconds=tick)
    inside = calendar.roll_forward(start) + timedelta(seconds=1)
    assume(calendar.is_open(inside))
    assert calendar.add(calendar.add(inside, amount), -amount) == inside


@given(situations(), ticks, seconds, seconds)
@bounded
def test_two_budgets_one_after_the_other_are_one(situation: tuple[Calendar, Oracle], tick: int, a: int, b: int) -> None:
    calendar, oracle = situation
    start = oracle.first + timedelta(seconds=tick)
    assume((a > 0) == (b > 0))
    assert calendar.add(calendar.add(start, a), b) == calendar.add(start, a + b)


@given(situations(), st.lists(ticks, min_size=3, max_size=3).map(sorted), seconds)
@bounded
def test_later_is_never_earlier(situation: tuple[Calendar, Oracle], ticks: list[int], amount: int) -> None:
    calendar, oracle = situation
    a, b, c = (oracle.first + timedelta(seconds=tick) for tick in ticks)
    assert calendar.add(a, amount) <= calendar.add(b, amount)
    assert calendar.between(a, b) + calendar.between(b, c) == calendar.between(a, c)


@given(situations(), ticks, seconds)
@bounded
def test_a_deadline_is_never_the_opening_of_a_window_but_may_be_its_end(
    situation: tuple[Calendar, Oracle], tick: int, amount: int
) -> None:
    calendar, oracle = situation
    start = oracle.first + timedelta(seconds=tick)
    deadline = calendar.add(start, abs(amount))
    assert calendar.roll_back(deadline) == deadline
    assert calendar.roll_forward(before := calendar.add(start, -abs(amount))) == before


@given(st.lists(st.tuples(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), seconds), max_size=5))
@bounded
def test_an_answer_does_not_depend_on_what_was_asked_before(asked: list[tuple[datetime, int]]) -> None:
    calendar = Calendar(OFFICE, "America/New_York")
    for naive, amount in asked:
        start, fresh = naive.replace(tzinfo=UTC), Calendar(OFFICE, "America/New_York")
        assert calendar.add(start, amount) == fresh.add(start, amount)


@given(st.dates(date(1901, 1, 2), date(2198, 1, 1)), st.dates(date(1901, 1, 2), date(2198, 1, 1)))
@bounded
def test_centuries_apart_every_weekday_still_counts_its_ten_hours(a: date, b: date) -> None:
    a, b = sorted((a, b))
    weeks, days = divmod((b - a).days, 7)
    weekdays = weeks * 5 + sum((a + timedelta(days=n)).weekday() < 5 for n in range(days))
    zone = ZoneInfo("America/New_York")
    midnights = [datetime.combine(day, datetime.min.time(), zone) for day in (a, b)]
    assert CENTURIES.between(*midnights) == weekdays * 36_000


def test_threads_that_widen_one_calendar_all_get_the_same_answers() -> None:
    asked = [(datetime(2000 + n * 7 % 30, 1 + n % 12, 7, tzinfo=UTC), (-1) ** n * n * 50_000) for n in range(1, 200)]
    alone, crowded = Calendar(OFFICE, "Europe/London"), Calendar(OFFICE, "Europe/London")
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda ask: crowded.add(*ask), asked))
    assert together == [alone.add(*ask) for ask in asked]
