"""Which time somebody means, said on Monday 19 January 2026 at 9:00 in New York."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import dateparser  # type: ignore[import-untyped]
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.understanding.dates import LONGEST, is_past, readings, warm_up, when
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


WEDNESDAY = datetime(2026, 1, 21, 9)

SAID = {
    # typos
    "tomorow at 10": "2026-01-22 10:00",
    "wendesday 3pm": "2026-01-21 15:00",
    "thrusday 10am": "2026-01-22 10:00",
    "feburary 3": "2026-02-03 00:00",
    # clocks
    "half past three": "2026-01-21 15:30",
    "half nine": "2026-01-21 09:30",
    "quarter to 4": "2026-01-21 15:45",
    "15h30": "2026-01-21 15:30",
    "24h: 15h30": "2026-01-21 15:30",
    "tomorrow 15h": "2026-01-22 15:00",
    "1500 hrs": "2026-01-21 15:00",
    "3ish tomorrow": "2026-01-22 15:00",
    "in an hour and a half": "2026-01-21 10:30",
    "in 2h": "2026-01-21 11:00",
    "after 3pm tomorrow": "2026-01-22 15:00",
    # days
    "next week Wednesday": "2026-01-28 00:00",
    "next business day": "2026-01-22 00:00",
    "next month on the 3rd": "2026-02-03 00:00",
    "monday week": "2026-02-02 00:00",
    "end of next week": "2026-01-30 00:00",
    "friday 23/1": "2026-01-23 00:00",
    # as machines write them, and with a zone that stands apart
    "2026-01-26T10:00:00Z": "2026-01-26 05:00",
    "2026-01-26T15:00:00+00:00": "2026-01-26 10:00",
    "10am tomorrow (London)": "2026-01-22 05:00",
    "10am tomorrow Toronto time": "2026-01-22 10:00",
}


@pytest.mark.parametrize(("text", "start"), SAID.items())
def test_a_time_is_understood_on_a_wednesday(text, start):
    assert [local(found.start) for found in readings(text, WEDNESDAY, ZONE)] == [start]


@pytest.mark.parametrize(
    ("text", "span"),
    {
        "between now and 8 o'clock": ("2026-01-21 09:00", "2026-01-21 20:00"),
        "tomorrow before noon": ("2026-01-22 08:00", "2026-01-22 12:00"),
        "until 5pm": ("2026-01-21 09:00", "2026-01-21 17:00"),
        "2026-01-26T15:00Z/2026-01-26T16:30Z": ("2026-01-26 10:00", "2026-01-26 11:30"),
    }.items(),
)
def test_a_span_is_understood_on_a_wednesday(text, span):
    [found] = readings(text, WEDNESDAY, ZONE)
    assert (local(found.start), local(found.end)) == span


ASKED = {
    "04/05": ["2026-04-05 00:00", "2026-05-04 00:00"],
    "04/05/2026 10am": ["2026-04-05 10:00", "2026-05-04 10:00"],
    "04-05 at 10": ["2026-04-05 10:00", "2026-05-04 10:00"],
    "4.5. 14:00": ["2026-04-05 14:00", "2026-05-04 14:00"],
    "next friday at 10": ["2026-01-23 10:00", "2026-01-30 10:00"],
    "at 7": ["2026-01-21 19:00", "2026-01-22 07:00"],
    "tomorrow at 7": ["2026-01-22 07:00", "2026-01-22 19:00"],
    "7-9 tomorrow": ["2026-01-22 07:00", "2026-01-22 19:00"],
    "friday 7 june": ["2026-01-23 00:00", "2026-06-07 00:00"],
    "this friday 7.6": ["2026-01-23 00:00", "2026-06-07 00:00", "2026-07-06 00:00"],
    "two months from today on tuesday": ["2026-03-17 00:00", "2026-03-24 00:00"],
    "monday 10": ["2026-01-26 10:00", "2026-08-10 00:00"],
}


@pytest.mark.parametrize(("text", "starts"), ASKED.items())
def test_what_can_be_several_times_is_all_of_them(text, starts):
    assert [local(found.start) for found in readings(text, WEDNESDAY, ZONE)] == starts


@pytest.mark.parametrize(
    ("text", "start"),
    {
        "25/4": "2026-04-25 00:00",  # no month has that number
        "05/05": "2026-05-05 00:00",  # the same either way
        "friday 5/6": "2026-06-05 00:00",  # the weekday tells
        "03/01/2026 10am": "2026-03-01 10:00",  # the other one is past
        "next tuesday": "2026-01-27 00:00",  # this week's is past
        "next wednesday": "2026-01-28 00:00",  # nobody says that of today
        "tomorrow at 8": "2026-01-22 08:00",  # nobody is asked in the evening
        "tomorrow at 6": "2026-01-22 18:00",
        "tomorrow at 07:00": "2026-01-22 07:00",
        "tomorrow morning at 7": "2026-01-22 07:00",
        "tomorrow at 7pm": "2026-01-22 19:00",
        "next week friday": "2026-01-30 00:00",
        "2026-04-05": "2026-04-05 00:00",
    }.items(),
)
def test_nobody_is_asked_what_they_have_said(text, start):
    assert [local(found.start) for found in readings(text, WEDNESDAY, ZONE)] == [start]


@pytest.mark.parametrize(
    ("text", "start"),
    {
        "demain à 10h": "2026-01-22 10:00",
        "lundi prochain à 14h30": "2026-01-26 14:30",
        "après-demain après-midi": "2026-01-23 12:00",
        "le 3 février à 9 h": "2026-02-03 09:00",
        "entre 14h et 16h demain": "2026-01-22 14:00",
        "dans 2 jours ouvrables": "2026-01-23 00:00",
        "mercredi la semaine prochaine à midi": "2026-01-28 12:00",
        "tomorrow 10am": "2026-01-22 10:00",
    }.items(),
)
def test_french_is_understood_from_who_speaks_it(text, start):
    assert [local(found.start) for found in readings(text, WEDNESDAY, ZONE, None, "fr")] == [start]


@example("at 9 this friday 7.6", datetime(2000, 7, 6, 9, 0, 0, 1))
@given(
    st.lists(st.sampled_from([*WORDS, *SAID, *ASKED]), max_size=5).map(" ".join) | st.text(max_size=120), st.datetimes()
)
def test_whatever_is_said_all_that_it_can_be_is_to_come_and_what_it_is_likeliest_among_it(text, now):
    likeliest, all_of_them = when(text, now, ZONE), readings(text, now, ZONE)
    assert (likeliest in all_of_them) if likeliest else not all_of_them
    assert list(all_of_them) == sorted(all_of_them, key=lambda found: found.start)
    assert len(all_of_them) == len(set(all_of_them)) < 8
    assert all(found.start >= now.replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC) for found in all_of_them)


@pytest.mark.parametrize(
    "text", ["jan 1 " * 500, "1/1 " * 500, "a" * 9999, "1 day from " * 99, "friday 1/2 " * 99, "(" * 999]
)
def test_however_long_it_is_little_of_it_is_read_and_dateparser_a_few_times_at_most(text, monkeypatch):
    given_, parse = [], dateparser.parse

    def watched(said, **how):
        given_.append(said)
        return parse(said, **how)

    monkeypatch.setattr(dateparser, "parse", watched)
    readings(text, WEDNESDAY, ZONE)
    assert len(given_) <= 8
    assert all(len(said) <= LONGEST for said in given_)
