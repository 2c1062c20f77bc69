"""Business time as the clock on the wall tells it, minute by minute."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import assume
from hypothesis import strategies as st

from rules.business_time import WEEKDAYS, Calendar

OFFICE = {day: [(480, 1080)] for day in WEEKDAYS[:5]}
edges = st.sampled_from([0, 1, 30, 60, 90, 120, 150, 180, 480, 720, 1080, 1380, 1439, 1440]) | st.integers(0, 1440)
cuts = st.lists(edges, min_size=2, max_size=6, unique=True).map(sorted)
apart = cuts.map(lambda cut: list(zip(cut[::2], cut[1::2], strict=False)))
touching = cuts.map(lambda cut: list(pairwise(cut)))
windows = apart | touching | st.sampled_from([[(0, 1440)], [(480, 1080)], []])
seconds = st.integers(-10_000, 10_000).filter(bool)
CENTURIES = Calendar(OFFICE, "America/New_York")


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
