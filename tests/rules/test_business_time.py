"""Business time by example: budgets, holidays, clocks that change, and calendars that make no sense."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rules.business_time import Calendar
from tests.rules.on_the_wall import CENTURIES, OFFICE

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
