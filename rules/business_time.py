"""Business time: the working hours of a week in one zone, and exact arithmetic inside them (R6)."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, pairwise
from types import MappingProxyType
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FIRST_YEAR, LAST_YEAR = 1900, 2199  # bounds, so that holidays without end are refused, not searched for ever

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = _EPOCH.toordinal()
_MICROSECOND = timedelta(microseconds=1)
_SECOND = 1_000_000
_MINUTE = 60 * _SECOND
_DAY = 1440 * _MINUTE


@dataclass(frozen=True)
class Calendar:
    """When a desk works.

    `week` maps mon ... sun to windows in minutes of the local day, half open, 1440 being 24:00. `zone` is an IANA name,
    `holidays` are local dates without work, `label` is what people call the zone ("ET").

    There is work while a clock on the wall in `zone` reads a time inside a window of a day that is no holiday: an hour
    that the clocks skip holds none, an hour that they repeat holds it twice. Methods take aware datetimes (a naive one
    is a TypeError) and answer in UTC. They raise ValueError for what lies outside FIRST_YEAR ... LAST_YEAR.
    """

    week: Mapping[str, Sequence[tuple[int, int]]] = field(hash=False)
    zone: str
    holidays: frozenset[date] = frozenset()
    label: str = ""
    _tz: ZoneInfo = field(init=False, repr=False, compare=False)
    # Replaced whole and never changed, so threads need no lock: of two that widen it at once, both are right.
    _table: "_Table | None" = field(init=False, repr=False, compare=False, default=None)

    def __post_init__(self) -> None:
        object.__setattr__(self, "week", _checked_week(self.week))
        object.__setattr__(self, "_tz", _known_zone(self.zone))
        object.__setattr__(self, "holidays", _checked_holidays(self.holidays))

    def add(self, start: datetime, seconds: int) -> datetime:
        """The instant `seconds` of work after `start`, before it if negative; 0 rolls forward.

        A budget that ends exactly when a window does is due then, not when the next one opens.
        """
        if not seconds:
            return self.roll_forward(start)
        at, budget = _micros(start), seconds * _SECOND
        return _instant(self._search(at, lambda table: table.moved(at, budget), later=seconds > 0))

    def between(self, a: datetime, b: datetime) -> int:
        """Whole seconds of work from `a` to `b`; negative when `b` comes first."""
        start, end = _micros(a), _micros(b)
        if start > end:
            return -self.between(b, a)
        table = self._covering(start, end)
        return (table.worked_until(end) - table.worked_until(start)) // _SECOND

    def roll_forward(self, at: datetime) -> datetime:
        """`at` itself while there is work, else when the next window opens."""
        moment = _micros(at)
        return _instant(self._search(moment, lambda table: table.rolled_forward(moment), later=True))

    def roll_back(self, at: datetime) -> datetime:
        """`at` itself if there was work just before it, else when the last window closed."""
        moment = _micros(at)
        return _instant(self._search(moment, lambda table: table.rolled_back(moment), later=False))

    def add_days(self, start: datetime, days: int) -> datetime:
        """The same time of day `days` business days later (earlier if negative), rolled into work that way."""
        if not days:
            return self.roll_forward(start)
        local = start.astimezone(self._tz)
        today = local.toordinal() - _EPOCH_DAY
        day = self._search(_micros(start), lambda table: table.moved_day(today, days), later=days > 0)
        moved = datetime.combine(date.fromordinal(day + _EPOCH_DAY), local.time(), self._tz)
        return self.roll_forward(moved) if days > 0 else self.roll_back(moved)

    def is_open(self, at: datetime) -> bool:
        """Whether there is work at `at`; windows are half open."""
        moment = _micros(at)
        return self._covering(moment, moment).rolled_forward(moment) == moment

    def spans(self, a: datetime, b: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The windows from `a` to `b`, cut to them, in order; a clock change inside a window divides it."""
        start, end = _micros(a), _micros(b)
        table = self._covering(min(start, end), max(start, end))
        for index in range(bisect_right(table.ends, start), bisect_left(table.starts, end)):
            yield _instant(max(table.starts[index], start)), _instant(min(table.ends[index], end))

    def _search(self, at: int, find: "Callable[[_Table], int | None]", later: bool) -> int:
        """What `find` sees in a table around `at`, widened later or earlier until it sees something."""
        low = high = at
        while (found := find(table := self._covering(low, high))) is None:
            low, high = (low, table.until) if later else (table.since - 1, high)
        return found

    def _covering(self, low: int, high: int) -> "_Table":
        """A table that reaches from before `low` to beyond `high`."""
        table = self._table
        if table is None or low < table.since or high >= table.until:
            table = _table(self, *_years(table, _instant(low).year, _instant(high).year))
            object.__setattr__(self, "_table", table)
        return table


@dataclass(frozen=True, slots=True)
class _Table:
    """Every window of some years. Instants are microseconds since the epoch, `days` are days since the epoch."""

    first: int
    last: int
    since: int
    until: int
    starts: list[int]
    ends: list[int]
    worked: list[int]  # before each window, then in all of them
    days: list[int]  # the local days that hold a window

    def worked_until(self, at: int) -> int:
        index = bisect_right(self.starts, at) - 1
        return self.worked[index] + min(at, self.ends[index]) - self.starts[index] if index >= 0 else 0

    def moved(self, at: int, budget: int) -> int | None:
        goal = self.worked_until(at) + budget
        if not 0 <= goal <= self.worked[-1]:
            return None
        if budget > 0:
            index = bisect_left(self.worked, goal) - 1
            return self.ends[index] - self.worked[index + 1] + goal
        index = bisect_right(self.worked, goal) - 1
        return self.starts[index] - self.worked[index] + goal

    def rolled_forward(self, at: int) -> int | None:
        index = bisect_right(self.ends, at)
        return max(self.starts[index], at) if index < len(self.ends) else None

    def rolled_back(self, at: int) -> int | None:
        index = bisect_left(self.starts, at) - 1
        return min(self.ends[index], at) if index >= 0 else None

    def moved_day(self, day: int, days: int) -> int | None:
        index = bisect_right(self.days, day) - 1 if days > 0 else bisect_left(self.days, day)
        return self.days[index + days] if 0 <= index + days < len(self.days) else None


def _years(table: _Table | None, first: int, last: int) -> tuple[int, int]:
    """The years that a wider table covers: at least twice as many on the side it grows, so that growing stays cheap."""
    if first < FIRST_YEAR or last > LAST_YEAR:
        raise ValueError(f"No working hours between {FIRST_YEAR} and {LAST_YEAR} answer that.")
    if table is None:
        return max(first - 1, FIRST_YEAR), min(last + 1, LAST_YEAR)
    length = table.last - table.first + 1
    first = table.first if first >= table.first else max(first - length, FIRST_YEAR)
    last = table.last if last <= table.last else min(last + length, LAST_YEAR)
    return first, last


def _table(calendar: Calendar, first: int, last: int) -> _Table:
    since, until = _micros(datetime(first, 1, 1, tzinfo=UTC)), _micros(datetime(last + 1, 1, 1, tzinfo=UTC))
    windows = list(_windows(calendar, since, until))
    starts, ends = [start for _, start, _ in windows], [end for _, _, end in windows]
    worked = list(accumulate((end - start for _, start, end in windows), initial=0))
    return _Table(first, last, since, until, starts, ends, worked, sorted({day for day, _, _ in windows}))


def _windows(calendar: Calendar, since: int, until: int) -> Iterator[tuple[int, int, int]]:
    """Each window as (local day, start, end), cut to the stretches in which the zone keeps one offset."""
    closed = {day.toordinal() - _EPOCH_DAY for day in calendar.holidays}
    week = [calendar.week.get(name, ()) for name in WEEKDAYS]
    for begin, end, offset in _offsets(calendar._tz, since, until):
        for day in range((begin + offset) // _DAY, (end + offset - 1) // _DAY + 1):
            if day in closed:
                continue
            midnight = day * _DAY - offset
            for opens, closes in week[(day + 3) % 7]:  # the epoch was a Thursday
                start, stop = max(midnight + opens * _MINUTE, begin), min(midnight + closes * _MINUTE, end)
                if start < stop:
                    yield day, start, stop


def _offsets(zone: ZoneInfo, since: int, until: int) -> Iterator[tuple[int, int, int]]:
    """The stretches (from, to, offset from UTC) between a zone's clock changes."""

    def offset(at: int) -> int:
        utc = _instant(at)
        return (utc.astimezone(zone).replace(tzinfo=None) - utc.replace(tzinfo=None)) // _MICROSECOND

    # Since 1900 no zone has changed its clocks twice within six days, so a look every third day misses no change.
    begin, current = since, offset(since)
    for low, high in pairwise([*range(since, until, 3 * _DAY), until]):
        if (later := offset(high)) != current:
            changed = low + bisect_left(range(low, high), True, key=lambda at: offset(at) == later)
            yield begin, changed, current
            begin, current = changed, later
    yield begin, until, current


def _checked_week(week: Mapping[str, Sequence[tuple[int, int]]]) -> Mapping[str, Sequence[tuple[int, int]]]:
    if unknown := sorted(set(week) - set(WEEKDAYS)):
        raise ValueError(f"{unknown[0]!r} is no weekday; they are {', '.join(WEEKDAYS)}.")
    days = {name: tuple(sorted((opens, closes) for opens, closes in week[name])) for name in WEEKDAYS if week.get(name)}
    if not days:
        raise ValueError("A calendar needs at least one window in its week.")
    for name, windows in days.items():
        for opens, closes in windows:
            if not 0 <= opens < closes <= 1440:
                raise ValueError(f"A window on {name} must open before it closes, between 00:00 and 24:00.")
        if any(closes > opens for (_, closes), (opens, _) in pairwise(windows)):
            raise ValueError(f"The windows on {name} overlap.")
    return MappingProxyType(days)


def _known_zone(zone: str) -> ZoneInfo:
    try:
        return ZoneInfo(zone)
    except (KeyError, ValueError, OSError):  # what zoneinfo raises differs with the shape of the wrong name
        raise ValueError(f"{zone!r} is no time zone of the IANA database.") from None


def _checked_holidays(holidays: frozenset[date]) -> frozenset[date]:
    if any(isinstance(day, datetime) for day in holidays):
        raise ValueError("A holiday is a date, without a time.")
    return frozenset(holidays)


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def _instant(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)


AROUND_THE_CLOCK = Calendar(dict.fromkeys(WEEKDAYS, ((0, 1440),)), "UTC")
