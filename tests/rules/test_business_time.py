"""Business time against an oracle that reads the clock on the wall minute by minute, and against its own laws."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rules.business_time import WEEKDAYS, Calendar

# A zone and a day on which something happens to its clocks.
CHANGES = [
    ("Etc/UTC", "2024-02-29"),
    ("America/New_York", "2025-03-09"),
    ("America/New_York", "2025-11-02"),
    ("Europe/London", "2025-03-30"),
    ("Europe/London", "2025-10-26"),
    ("Europe/Dublin", "2025-10-26"),
    ("Australia/Lord_Howe", "2025-04-06"),  # by half an hour
    ("Australia/Lord_Howe", "2025-10-05"),
    ("Pacific/Apia", "2011-12-30"),  # a Friday that never was
    ("Pacific/Apia", "2012-04-01"),
    ("Pacific/Kwajalein", "1993-08-21"),
    ("Africa/Cairo", "2023-04-28"),  # at midnight
    ("Africa/Cairo", "2023-10-27"),
    ("America/Santiago", "2025-04-06"),  # back to the day before
    ("America/Santiago", "2025-09-07"),
    ("Asia/Tehran", "2021-09-22"),
    ("Asia/Tehran", "2022-03-22"),
    ("Asia/Kathmandu", "1986-01-01"),  # by a quarter of an hour
    ("America/St_Johns", "2008-03-09"),  # at one minute past midnight
    ("America/St_Johns", "2008-11-02"),
    ("America/Caracas", "2007-12-09"),
    ("Asia/Pyongyang", "2018-05-05"),
    ("America/Sao_Paulo", "2018-11-04"),
    ("Africa/Casablanca", "2025-02-23"),
    ("Antarctica/Troll", "2025-03-30"),  # by two hours
    ("Pacific/Chatham", "2025-04-06"),
    ("Asia/Kolkata", "2025-01-26"),
]
DAYS = 7
OFFICE = {day: [(480, 1080)] for day in WEEKDAYS[:5]}
bounded = settings(max_examples=50, deadline=None)


@cache
def wall(zone: str, around: str) -> list[datetime]:
    """What the clock on the wall reads, naively, at each minute of the week around a change."""
    first = datetime.fromisoformat(around).replace(tzinfo=UTC) - timedelta(days=3)
    minutes = (first + timedelta(minutes=n) for n in range(DAYS * 1440))
    return [at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for at in minutes]


@cache
def faces(zone: str, around: str) -> list[tuple[date, int, int]]:
    """The same as date, day of the week and minute of the day."""
    return [(read.date(), read.weekday(), read.hour * 60 + read.minute) for read in wall(zone, around)]


def bitmap(calendar: Calendar) -> list[list[bool]]:
    """For each day of the week, whether there is work in each of its minutes."""
    days = [[False] * 1440 for _ in WEEKDAYS]
    for day, name in zip(days, WEEKDAYS, strict=True):
        for opens, closes in calendar.week.get(name, ()):
            day[opens:closes] = [True] * (closes - opens)
    return days


class Oracle:
    """The same questions, answered by looking at every minute."""

    def __init__(self, calendar: Calendar, around: str) -> None:
        self.first = datetime.fromisoformat(around).replace(tzinfo=UTC) - timedelta(days=3)
        self.reads = wall(*(key := (calendar.zone, around)))
        works = bitmap(calendar)
        self.open = [works[day][minute] and date not in calendar.holidays for date, day, minute in faces(*key)]
        self.edges = [minute for minute, (a, b) in enumerate(pairwise(self.open), start=1) if a != b]

    def at(self, minute: int) -> datetime:
        return self.first + timedelta(minutes=minute)

    def added(self, start: int, minutes: int) -> int:
        way = range(start, len(self.open)) if minutes > 0 else range(start - 1, -1, -1)
        worked = [minute for minute in way if self.open[minute]]
        assume(len(worked) >= abs(minutes))
        return worked[minutes - 1] + 1 if minutes > 0 else worked[-minutes - 1]

    def days_added(self, start: int, days: int) -> int:
        """The minute to roll from: the same time of day on the n-th other day that holds work."""
        today = self.reads[start].date()
        busy = sorted({read.date() for read, is_open in zip(self.reads, self.open, strict=True) if is_open})
        ahead = [day for day in busy if day > today] if days > 0 else [day for day in reversed(busy) if day < today]
        assume(len(ahead) >= abs(days))
        wanted = datetime.combine(ahead[abs(days) - 1], self.reads[start].time())
        assume(wanted in self.reads)  # not in an hour that the clocks skip
        return self.reads.index(wanted)


edges = st.sampled_from([0, 1, 30, 60, 90, 120, 150, 180, 480, 720, 1080, 1380, 1439, 1440]) | st.integers(0, 1440)
cuts = st.lists(edges, min_size=2, max_size=6, unique=True).map(sorted)
apart = cuts.map(lambda cut: list(zip(cut[::2], cut[1::2], strict=False)))
touching = cuts.map(lambda cut: list(pairwise(cut)))
windows = apart | touching | st.sampled_from([[(0, 1440)], [(480, 1080)], []])
weeks = st.fixed_dictionaries(dict.fromkeys(WEEKDAYS, windows)).filter(lambda week: any(week.values()))
changes = st.sampled_from(CHANGES)
days_off = st.frozensets(st.integers(-4, 4), max_size=3)


@st.composite
def situations(draw: st.DrawFn) -> tuple[Calendar, Oracle]:
    zone, around = draw(changes)
    holidays = frozenset(date.fromisoformat(around) + timedelta(days=n) for n in draw(days_off))
    calendar = Calendar(draw(weeks), zone, holidays)
    return calendar, Oracle(calendar, around)


moments = st.integers(0, DAYS * 1440 - 1)
ticks = st.integers(0, DAYS * 86_400 - 1)
seconds = st.integers(-10_000, 10_000).filter(bool)


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


CENTURIES = Calendar(OFFICE, "America/New_York")


def test_threads_that_widen_one_calendar_all_get_the_same_answers() -> None:
    asked = [(datetime(2000 + n * 7 % 30, 1 + n % 12, 7, tzinfo=UTC), (-1) ** n * n * 50_000) for n in range(1, 200)]
    alone, crowded = Calendar(OFFICE, "Europe/London"), Calendar(OFFICE, "Europe/London")
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda ask: crowded.add(*ask), asked))
    assert together == [alone.add(*ask) for ask in asked]


NEW_YORK = ZoneInfo("America/New_York")


def eastern(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("start", "seconds", "ends"),
    [
        ("2025-01-17T17:30", 4 * 3600, "2025-01-20T11:30"),
        ("2025-01-17T14:00", 4 * 3600, "2025-01-17T18:00"),
        ("2025-01-17T18:00", 1, "2025-01-20T08:00:01"),
        ("2025-01-20T08:00", -1, "2025-01-17T17:59:59"),
        ("2025-01-20T12:00", -4 * 3600, "2025-01-20T08:00"),
        ("2025-01-17T17:59:59.500000", 1, "2025-01-20T08:00:00.500000"),
        ("2025-01-18T12:00", 0, "2025-01-20T08:00"),
        ("2025-12-24T17:00", 2 * 3600, "2025-12-26T09:00"),
    ],
)
def test_r6_budgets_of_the_eastern_desk(start: str, seconds: int, ends: str) -> None:
    desk = Calendar(OFFICE, "America/New_York", frozenset({date(2025, 12, 25)}))
    assert desk.add(eastern(start), seconds) == eastern(ends)


@pytest.mark.parametrize(
    ("at", "is_open", "forward", "back"),
    [
        ("2025-01-17T07:59", False, "2025-01-17T08:00", "2025-01-16T18:00"),
        ("2025-01-17T08:00", True, "2025-01-17T08:00", "2025-01-16T18:00"),
        ("2025-01-17T12:00", True, "2025-01-17T12:00", "2025-01-17T12:00"),
        ("2025-01-17T18:00", False, "2025-01-20T08:00", "2025-01-17T18:00"),
    ],
)
def test_r6_windows_are_half_open(at: str, is_open: bool, forward: str, back: str) -> None:
    desk = Calendar(OFFICE, "America/New_York")
    assert desk.is_open(eastern(at)) == is_open
    assert desk.roll_forward(eastern(at)) == eastern(forward)
    assert desk.roll_back(eastern(at)) == eastern(back)


@pytest.mark.parametrize(
    ("zone", "sunday", "hours"),
    [
        ("America/New_York", "2025-03-02", 2),
        ("America/New_York", "2025-03-09", 1),
        ("America/New_York", "2025-11-02", 3),
        ("Australia/Lord_Howe", "2025-04-06", 2.5),
        ("Australia/Lord_Howe", "2025-10-05", 1.5),
    ],
)
def test_r6_a_skipped_hour_holds_no_work_and_a_repeated_hour_holds_it_twice(
    zone: str, sunday: str, hours: float
) -> None:
    nights = Calendar({"sun": [(60, 180)]}, zone)
    midnight = datetime.fromisoformat(sunday).replace(tzinfo=ZoneInfo(zone))
    assert nights.between(midnight, midnight + timedelta(days=1)) == hours * 3600


def test_a_day_that_its_island_skipped_is_no_business_day() -> None:
    apia = ZoneInfo("Pacific/Apia")
    thursday, monday = datetime(2011, 12, 29, 10, tzinfo=apia), datetime(2012, 1, 2, 10, tzinfo=apia)
    desk = Calendar(OFFICE, "Pacific/Apia")
    assert desk.add_days(thursday, 1) == monday
    assert desk.add_days(monday, -1) == thursday


def test_there_are_no_spans_from_closing_to_opening_nor_backwards() -> None:
    desk = Calendar(OFFICE, "America/New_York")
    closing, opening = eastern("2025-01-17T18:00"), eastern("2025-01-20T08:00")
    assert list(desk.spans(closing, opening)) == []
    assert list(desk.spans(opening, closing - timedelta(hours=1))) == []


def test_windows_may_come_in_any_order() -> None:
    morning, afternoon = (420, 720), (780, 1080)
    assert Calendar({"mon": [afternoon, morning]}, "Etc/UTC") == Calendar({"mon": [morning, afternoon]}, "Etc/UTC")


def test_answers_are_in_utc_whatever_zone_was_asked_in() -> None:
    desk = Calendar(OFFICE, "America/New_York")
    at = eastern("2025-01-18T12:00")
    answers = [desk.add(at, 60), desk.roll_forward(at), desk.roll_back(at), desk.add_days(at, 1)]
    spans = [edge for span in desk.spans(at, at + timedelta(days=3)) for edge in span]
    assert {answer.tzinfo for answer in answers + spans} == {UTC}


def test_the_second_reading_of_a_repeated_hour_is_told_from_the_first() -> None:
    nights = Calendar({"sun": [(60, 120)]}, "America/New_York")
    once, again = eastern("2025-11-02T01:30"), eastern("2025-11-02T01:30").replace(fold=1)
    assert nights.between(once, again) == 3600


def test_equal_calendars_are_equal_whatever_they_were_asked() -> None:
    one, other = Calendar(OFFICE, "Etc/UTC"), Calendar(dict(reversed(OFFICE.items())), "Etc/UTC")
    one.is_open(datetime(2025, 1, 1, tzinfo=UTC))
    assert one == other
    assert hash(one) == hash(other)
    assert one != Calendar(OFFICE, "Etc/UTC", frozenset({date(2025, 1, 1)}))


def test_a_calendar_keeps_no_hold_of_the_week_it_was_given() -> None:
    week = {"mon": [(480, 1080)]}
    desk = Calendar(week, "Etc/UTC")
    week["mon"].clear()
    assert desk.is_open(datetime(2025, 1, 20, 9, tzinfo=UTC))


@pytest.mark.parametrize(
    ("week", "zone", "says"),
    [
        ({}, "Etc/UTC", "at least one window"),
        ({"mon": []}, "Etc/UTC", "at least one window"),
        ({"monday": [(0, 60)]}, "Etc/UTC", "'monday' is no weekday"),
        ({"mon": [(600, 600)]}, "Etc/UTC", "on mon must open before it closes"),
        ({"mon": [(1320, 360)]}, "Etc/UTC", "on mon must open before it closes"),
        ({"mon": [(-1, 60)]}, "Etc/UTC", "between 00:00 and 24:00"),
        ({"mon": [(0, 1441)]}, "Etc/UTC", "between 00:00 and 24:00"),
        ({"tue": [(60, 180), (120, 240)]}, "Etc/UTC", "windows on tue overlap"),
        ({"tue": [(120, 240), (60, 180)]}, "Etc/UTC", "windows on tue overlap"),
        ({"mon": [(0, 60)]}, "America/Nowhere", "'America/Nowhere' is no time zone"),
        ({"mon": [(0, 60)]}, "America", "'America' is no time zone"),
        ({"mon": [(0, 60)]}, "", "'' is no time zone"),
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused_in_a_sentence(
    week: dict[str, list[tuple[int, int]]], zone: str, says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        Calendar(week, zone)


def test_a_holiday_with_a_time_of_day_is_refused() -> None:
    with pytest.raises(ValueError, match="without a time"):
        Calendar(OFFICE, "Etc/UTC", frozenset({datetime(2025, 12, 25)}))


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(TypeError):
        CENTURIES.add(datetime(2025, 1, 20, 9), 60)


@pytest.mark.parametrize(
    "ask",
    [
        lambda closed, at: closed.add(at, 1),
        lambda closed, at: closed.add(at, -1),
        lambda closed, at: closed.roll_forward(at),
        lambda closed, at: closed.roll_back(at),
        lambda closed, at: closed.add_days(at, 1),
        lambda closed, at: closed.add_days(at, -1),
    ],
)
def test_a_desk_that_is_always_on_holiday_is_not_waited_for(ask: Callable[[Calendar, datetime], datetime]) -> None:
    every_day = range(date(1899, 1, 1).toordinal(), date(2201, 1, 1).toordinal())
    closed = Calendar(OFFICE, "Etc/UTC", frozenset(map(date.fromordinal, every_day)))
    at = datetime(2025, 1, 20, 9, tzinfo=UTC)
    with pytest.raises(ValueError, match="No working hours between 1900 and 2199"):
        ask(closed, at)
    assert not closed.is_open(at)
    assert closed.between(at, at + timedelta(days=365)) == 0


def test_after_years_of_holidays_the_first_open_day_is_found() -> None:
    holidays = frozenset(date(2020, 1, 1) + timedelta(days=n) for n in range(366 + 9 * 365 + 2))
    desk = Calendar(OFFICE, "Etc/UTC", holidays)
    assert desk.roll_forward(datetime(2021, 1, 1, tzinfo=UTC)) == datetime(2030, 1, 1, 8, tzinfo=UTC)
    assert desk.roll_back(datetime(2028, 1, 1, tzinfo=UTC)) == datetime(2019, 12, 31, 18, tzinfo=UTC)
