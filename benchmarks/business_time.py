"""Microseconds per business-time operation beside a plain loop over days (python -m benchmarks business_time)."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from functools import partial
from time import process_time
from timeit import Timer
from zoneinfo import ZoneInfo

from benchmarks.table import Row
from rules.business_time import Calendar

ZONE = ZoneInfo("America/New_York")
DESK = Calendar({day: [(480, 1080)] for day in ("mon", "tue", "wed", "thu", "fri")}, ZONE.key)
START = datetime(2025, 1, 17, 22, 30, tzinfo=UTC)


def windows(start: datetime) -> Iterator[tuple[datetime, datetime]]:
    day = start.astimezone(ZONE).date()
    while True:
        opens, closes = (datetime.combine(day, time(hour), ZONE).astimezone(UTC) for hour in (8, 18))
        if day.weekday() < 5 and closes > start:
            yield max(opens, start), closes
        day += timedelta(days=1)


def plain_add(start: datetime, seconds: int) -> datetime:
    left = timedelta(seconds=seconds)
    for opens, closes in windows(start):
        if left <= closes - opens:
            return opens + left
        left -= closes - opens
    raise AssertionError


def plain_between(start: datetime, end: datetime) -> int:
    total = timedelta()
    for opens, closes in windows(start):
        if opens >= end:
            break
        total += min(closes, end) - opens
    return int(total.total_seconds())


def micros(timer: Timer) -> float:
    number, _ = timer.autorange()
    return min(timer.repeat(3, number)) / number * 1e6


def rows(full: bool) -> list[Row]:
    found = []
    for name, hours in {"4 business hours": 4, "a year": 2_600, "20 years": 52_000}.items():
        end = plain_add(START, hours * 3600)
        for title, ours, plain in (
            (
                f"business time: add {name}",
                partial(DESK.add, START, hours * 3600),
                partial(plain_add, START, hours * 3600),
            ),
            (f"business time: between {name}", partial(DESK.between, START, end), partial(plain_between, START, end)),
        ):
            assert ours() == plain()  # also builds the table, before time is taken
            found.append(
                Row(
                    title,
                    "µs",
                    (micros(Timer(ours, timer=process_time)),),
                    "a plain loop over days",
                    (micros(Timer(plain, timer=process_time)),),
                    1.0,
                )
            )
    return found
