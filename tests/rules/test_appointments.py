"""A time that two sides agree on, and how it lies to the hours of a desk."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.appointments import Slot
from rules.business_time import Calendar

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
DESK = Calendar({day: [(480, 1080)] for day in WEEKDAYS}, "America/New_York", frozenset({date(2025, 1, 21)}))
LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)


def et(text: str) -> datetime:
    """In January 2025 the 17th is a Friday, the 20th a Monday, the 21st a holiday."""
    return datetime.fromisoformat(f"2025-01-{text}").replace(tzinfo=ZoneInfo("America/New_York"))


def slot(at: str, ends: str = "") -> Slot:
    return Slot(et(at), et(ends) if ends else None)


@pytest.mark.parametrize(
    ("asked", "within"),
    [
        (slot("17T08:00"), True),
        (slot("17T17:45"), True),
        (slot("17T17:00", "17T18:00"), True),
        (slot("17T17:45", "17T18:15"), False),
        (slot("17T18:00"), False),
        (slot("17T07:59"), False),
        (slot("18T10:00"), False),
        (slot("21T10:00"), False),
        (slot("17T17:00", "20T09:00"), False),
    ],
)
def test_what_is_within_hours(asked: Slot, within: bool) -> None:
    assert asked.within(DESK) is within


@pytest.mark.parametrize(
    ("asked", "nearest"),
    [
        (slot("17T07:00"), "17T08:00"),
        (slot("17T19:00"), "17T17:00"),  # an hour is thought to be needed
        (slot("17T19:00", "17T21:00"), "17T16:00"),
        (slot("18T10:00"), "17T17:00"),
        (slot("19T20:00"), "20T08:00"),
        (slot("21T08:00"), "20T17:00"),
        (slot("17T17:45", "17T18:15"), "17T17:30"),
    ],
)
def test_the_nearest_time_within_hours(asked: Slot, nearest: str) -> None:
    assert asked.nearest(DESK, LONG_AGO) == et(nearest)


def test_the_nearest_time_is_not_past() -> None:
    assert slot("18T10:00").nearest(DESK, et("17T17:30")) == et("20T08:00")
    assert slot("17T19:00").nearest(DESK, et("17T18:30")) == et("20T08:00")


def test_what_is_longer_than_any_day_has_no_nearest_time() -> None:
    assert slot("17T08:00", "20T18:00").nearest(DESK, LONG_AGO) is None


@given(st.datetimes(datetime(2025, 1, 1), datetime(2025, 12, 1), timezones=st.just(UTC)), st.integers(0, 600))
def test_whatever_is_the_nearest_time_is_within_hours(at: datetime, minutes: int) -> None:
    asked = Slot(at, datetime.fromtimestamp(at.timestamp() + 60 * minutes, UTC) if minutes else None)
    found = asked.nearest(DESK, at)
    assert found is not None
    assert Slot(found, found + (asked.ends - at) if asked.ends else None).within(DESK)
    assert found >= at


def test_it_is_written_in_utc_and_reads_back_the_same() -> None:
    assert str(slot("17T10:00")) == "2025-01-17T15:00:00+00:00"
    for one in (slot("17T10:00"), slot("17T10:00", "17T11:00")):
        assert Slot.read(str(one)) == one


@pytest.mark.parametrize("written", ["", "tomorrow", "2025-01-17T10:00", "9999-01-01T00:00:00+00:00", "/"])
def test_what_is_no_instant_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Slot.read(written)


@pytest.mark.parametrize(
    ("told", "reminder"),
    [("15T09:00", "16T10:00"), ("16T10:00", "17T09:30"), ("16T12:00", "17T09:30"), ("17T09:30", None)],
)
def test_the_next_reminder_comes_after_the_ones_that_were_told(told: str, reminder: str | None) -> None:
    found = slot("17T10:00").reminder((1440, 30), slot(told).at)
    assert found == (slot(reminder).at if reminder else None)
    assert slot("17T10:00").reminder((), slot(told).at) is None
