"""Clocks of the eastern desk."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from rules.business_time import Calendar
from rules.ladder import Ladder

NEW_YORK = ZoneInfo("America/New_York")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
DESK = Calendar({day: [(480, 1080)] for day in WEEKDAYS}, "America/New_York", frozenset({date(2025, 12, 25)}), "ET")
SUCCESS = 240  # minutes, W46
LADDER = Ladder()


def et(text: str) -> datetime:
    """An instant as the clock in New York reads it; in January 2025 the 17th is a Friday, the 20th a Monday."""
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def monday(time: str) -> datetime:
    return et(f"2025-01-20T{time}")


minutes = st.integers(0, 3 * 1440)


def at(first: datetime, minute: int) -> datetime:
    return first.astimezone(UTC) + timedelta(minutes=minute)
