"""Which time somebody means, said on Monday 19 January 2026 at 9:00 in New York."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.dates import is_past, warm_up, when
from rules.business_time import Calendar

MONDAY, ZONE = datetime(2026, 1, 19, 9), "America/New_York"
WEEK = {day: ((540, 1020),) for day in ("mon", "tue", "wed", "thu", "fri")}
DESK = Calendar(WEEK, ZONE)

POINTS = {
    # dateparser alone puts these elsewhere
    "two weeks from today": "2026-02-02 00:00",
    "the 15th": "2026-02-15 00:00",
    "at 9": "2026-01-19 09:00",
    "mon at 9": "2026-01-19 09:00",
    "mon at 8": "2026-01-26 08:00",
    "tomorrow morning at 7": "2026-01-20 07:00",
    "next week wednesday": "2026-01-28 00:00",
    "in half an hour": "2026-01-19 09:30",
    "eod": "2026-01-19 18:00",
    "after lunch": "2026-01-19 13:00",
    "in 2 business days": "2026-01-21 00:00",
    # clocks
    "3pm": "2026-01-19 15:00",
    "3 p.m. tmrw": "2026-01-20 15:00",
    "at 3": "2026-01-19 15:00",
    "at 8": "2026-01-20 08:00",
    "today at 8": "2026-01-19 20:00",
    "tomorrow @ 4": "2026-01-20 16:00",
    "tomorrow 14:30": "2026-01-20 14:30",
    "at 0930 tomorrow": "2026-01-20 09:30",
    "half past two": "2026-01-19 14:30",
    "quarter to five": "2026-01-19 16:45",
    "eight forty pm": "2026-01-19 20:40",
    "tonight at 8": "2026-01-19 20:00",
    "noon": "2026-01-19 12:00",
    "midnight": "2026-01-20 00:00",
    "first thing tomorrow": "2026-01-20 08:00",
    "end of day tomorrow": "2026-01-20 18:00",
    # days
    "tomorrow": "2026-01-20 00:00",
    "day after tomorrow at 10am": "2026-01-21 10:00",
    "Friday": "2026-01-23 00:00",
    "this Friday": "2026-01-23 00:00",
    "next Friday at 10": "2026-01-30 10:00",
    "Tuesday next week": "2026-01-27 00:00",
    "Tuesday the 17th": "2026-02-17 00:00",
    "the 20th of next month": "2026-02-20 00:00",
    "the first friday of july": "2026-07-03 00:00",
    "20 January at 2:30pm": "2026-01-20 14:30",
    "January twenty-second": "2026-01-22 00:00",
    "Wed, 21 of January": "2026-01-21 00:00",
    "1/25": "2026-01-25 00:00",
    "25.1. 14:00": "2026-01-25 14:00",
    "2026-01-20T15:00": "2026-01-20 15:00",
    "feb 29th": "2028-02-29 00:00",
    # distances
    "in 90 minutes": "2026-01-19 10:30",
    "in 1.5 hours": "2026-01-19 10:30",
    "1 day 2 hours later": "2026-01-20 11:00",
    "in 3 days at 4pm": "2026-01-22 16:00",
    "3 days after january 22nd": "2026-01-25 00:00",
    "in 3 working days at 4pm": "2026-01-22 16:00",
    "asap": "2026-01-19 09:00",
    # as people say it
    "Can we do tomorrow at 3?": "2026-01-20 15:00",
    "how about Thursday 3pm": "2026-01-22 15:00",
    "any time tomorrow": "2026-01-20 00:00",
}
SPANS = {
    "between 2 and 4 pm": ("2026-01-19 14:00", "2026-01-19 16:00"),
    "tomorrow between 2 and 4": ("2026-01-20 14:00", "2026-01-20 16:00"),
    "wed 10-12": ("2026-01-21 10:00", "2026-01-21 12:00"),
    "tomorrow from 9:30 to 4:30pm": ("2026-01-20 09:30", "2026-01-20 16:30"),
    "from 11 am to 1": ("2026-01-19 11:00", "2026-01-19 13:00"),
    "2pm for 2 hours": ("2026-01-19 14:00", "2026-01-19 16:00"),
    "tuesday afternoon": ("2026-01-20 12:00", "2026-01-20 16:00"),
    "tomorrow morning": ("2026-01-20 08:00", "2026-01-20 12:00"),
    "lunch tomorrow": ("2026-01-20 12:00", "2026-01-20 13:00"),
    "this morning": ("2026-01-19 09:00", "2026-01-19 12:00"),
    "within 2 hours": ("2026-01-19 09:00", "2026-01-19 11:00"),
    "from 8 to 10": ("2026-01-20 08:00", "2026-01-20 10:00"),
}


def local(at):
    return at and f"{at.astimezone(ZoneInfo(ZONE)):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(("text", "start"), POINTS.items())
def test_a_time_is_understood(text, start):
    found = when(text, MONDAY, ZONE)
    assert found is not None
    assert (local(found.start), found.end) == (start, None)


@pytest.mark.parametrize(("text", "span"), SPANS.items())
def test_a_span_has_an_end(text, span):
    found = when(text, MONDAY, ZONE)
    assert found is not None
    assert (local(found.start), local(found.end)) == span


NEVER = (
    *("", "hello", "at", "yesterday", "last friday", "two hours ago", "today at 8 am", "january 12, 2020"),
    *("tomorrow at 25:00", "tomorrow at 2:75", "13am", "feb 30", "31 april at 3", "2/29/2027", "in 9999 years"),
    *("3pm or 4pm", "jan 1 " * 500, "завтра"),
)


@pytest.mark.parametrize("text", NEVER)
def test_past_impossible_or_not_understood_is_no_time(text):
    assert when(text, MONDAY, ZONE) is None


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("3pm ET", "2026-01-19T20:00:00+00:00"),
        ("3pm eastern time tomorrow", "2026-01-20T20:00:00+00:00"),
        ("july 1 3pm ET", "2026-07-01T20:00:00+01:00"),
        ("tomorrow 9:00 UTC", "2026-01-20T09:00:00+00:00"),
        ("tomorrow at 10am pacific", "2026-01-20T18:00:00+00:00"),
        ("tomorrow at 10 my time", "2026-01-20T10:00:00+00:00"),
    ],
)
def test_a_zone_that_is_named_is_that_of_the_clock_summer_time_included(text, start):
    found = when(text, datetime(2026, 1, 19, 8), "Europe/London")
    assert found is not None
    assert found.start.isoformat() == start


def test_an_hour_that_the_clocks_skip_becomes_one_that_exists():
    found = when("march 8 at 2:30 am", MONDAY, ZONE)
    assert found is not None
    assert found.start.isoformat() == "2026-03-08T03:30:00-04:00"


def test_hours_say_when_a_day_opens_and_ends_and_which_days_are_worked():
    def said(text, now=MONDAY):
        found = when(text, now, ZONE, DESK)
        return found and (local(found.start), local(found.end))

    assert said("friday") == ("2026-01-23 09:00", "2026-01-23 17:00")
    assert said("today") == ("2026-01-19 09:00", "2026-01-19 17:00")
    assert said("today", datetime(2026, 1, 19, 12)) == ("2026-01-19 12:00", "2026-01-19 17:00")
    assert said("saturday") == ("2026-01-24 00:00", None)
    assert said("eod tomorrow") == ("2026-01-20 17:00", None)
    assert said("first thing tomorrow") == ("2026-01-20 09:00", None)
    assert said("in 2 business days", datetime(2026, 1, 23, 10)) == ("2026-01-27 10:00", None)
    assert said("in 2 business days at 3pm", datetime(2026, 1, 23, 10)) == ("2026-01-27 15:00", None)


WORDS = [*POINTS, *SPANS, "at", "25:00", "next", "of", "-", "1", "31", "pm", "in", "99999", "ET", "\ud800", "²", "١٢"]


@given(st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join) | st.text(max_size=120), st.datetimes())
def test_whatever_is_said_it_is_a_time_to_come_or_none(text, now):
    found = when(text, now, ZONE)
    if found:
        assert found.start >= now.replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
        assert found.end is None or found.end > found.start


@pytest.mark.parametrize("text", ["yesterday", "last friday 3pm", "2 days ago", "8am today", "5 january 2020"])
def test_what_is_past_is_known_from_what_is_no_time(text):
    now = datetime(2026, 1, 19, 9)
    assert when(text, now, ZONE) is None
    assert is_past(text, now, ZONE)


@pytest.mark.parametrize("text", ["", "bananas", "the last straw", "31 april", "25:00", "tomorrow"])
def test_neither_nonsense_nor_what_is_to_come_is_past(text):
    assert not is_past(text, datetime(2026, 1, 19, 9), ZONE)


def test_warming_up_needs_nothing():
    warm_up()
