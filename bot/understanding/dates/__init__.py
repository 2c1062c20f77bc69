"""Which time somebody means: a thin layer over dateparser, which is left with nothing but a calendar date.

Clocks, parts of the day, weekdays, offsets and zones are read here: dateparser puts some of them in the past, drops
others, and takes impossible ones. Whoever uses this echoes the absolute time for confirmation.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.understanding.dates import clocks, days, french, offsets, writing
from rules.business_time import WEEKDAYS, Calendar

ENGLISH, FRENCH = "en", "fr"
LONGEST = 100
"""Characters looked at: long input is what makes dateparser slow."""
USUAL = (8 * 60, 18 * 60)
"""Minutes of the day, where nobody gave any hours."""


@dataclass(frozen=True)
class When:
    """In the asker's zone. Without a time of day it begins when the day opens, at midnight if nobody knows when."""

    start: datetime
    end: datetime | None = None


def when(text: str, now: datetime, zone: str, hours: Calendar | None = None, language: str = ENGLISH) -> When | None:
    """None: not understood, impossible or past. `now` is naive, as the asker's clock shows it; `zone` is theirs.

    The times of day in `hours` are taken to stand on the asker's clock; business days are the desk's own.
    """
    try:
        return _when(text, now, zone, hours, language)
    except (ValueError, OverflowError):  # not understood, or no such day or clock: the 31st of April, 25:00
        return None


def readings(
    text: str, now: datetime, zone: str, hours: Calendar | None = None, language: str = ENGLISH
) -> tuple[When, ...]:
    """What `when` finds, or all that the words say equally well, the earliest first: then it has to be asked."""
    found = when(text, now, zone, hours, language)
    if found is None:
        return ()
    if offsets.written(text):
        return (found,)
    try:
        said, here, there, local = _begun(text, now, zone, language)
        said_so = {found, *(_aware(each, there, here) for each in _doubtful(said, local, hours))}
    except (ValueError, OverflowError):
        return (found,)
    return tuple(sorted(said_so, key=lambda each: each.start))


def is_past(text: str, now: datetime, zone: str, hours: Calendar | None = None, language: str = ENGLISH) -> bool:
    """Whether that is why `when` finds nothing: it is understood, and was before `now`."""
    try:
        _when(text, now, zone, hours, language)
    except (ValueError, OverflowError) as error:
        return isinstance(error, days.Past)
    return False


def warm_up() -> None:
    """The first date of all costs dateparser some 0.2 s."""
    list(days.find("1 may", date(2000, 1, 1)))


def _when(text: str, now: datetime, zone: str, hours: Calendar | None, language: str) -> When:
    if instants := offsets.written(text):
        return _instants(*instants, now.replace(tzinfo=ZoneInfo(zone)))
    said, here, there, local = _begun(text, now, zone, language)
    for found in _to_come(said, local, hours):
        return _aware(found, there, here)
    raise days.Past()


def _instants(start: datetime, end: datetime | None, now: datetime) -> When:
    if start < now.astimezone(UTC):
        raise days.Past()
    return When(start.astimezone(now.tzinfo), end.astimezone(now.tzinfo) if end else None)


def _begun(text: str, now: datetime, zone: str, language: str) -> tuple[str, ZoneInfo, ZoneInfo, datetime]:
    """What is said, the asker's zone, the one that is named, and now in that one."""
    words = french.english(text[:LONGEST]) if language.startswith(FRENCH) else text[:LONGEST]
    said, named = writing.zoned(writing.plain(words))
    here, there = ZoneInfo(zone), ZoneInfo(named or zone)
    return said, here, there, now.replace(tzinfo=here).astimezone(there)


def _aware(found: When, there: ZoneInfo, here: ZoneInfo) -> When:
    return When(_at(found.start, there, here), _at(found.end, there, here) if found.end else None)


def _at(local: datetime, there: ZoneInfo, here: ZoneInfo) -> datetime:
    """By way of UTC, so that an hour which the clocks skip becomes one that exists."""
    return local.replace(tzinfo=there).astimezone(UTC).astimezone(here)


def _read(said: str, local: datetime, hours: Calendar | None) -> Iterator[When]:
    """What it can mean, the likeliest first; naive. Some of it may be past."""
    naive = local.replace(tzinfo=None)
    if exact := offsets.exact(said, naive):
        yield When(*exact)
        return
    clock, rest = clocks.take(said, *_usual(hours))
    rest = days.bare(rest)
    if not clock and not rest:
        raise ValueError("Nothing is said.")
    business = offsets.business_days(rest)
    if business and hours and not clock:
        yield When(hours.add_days(local, business).astimezone(local.tzinfo).replace(tzinfo=None))
        return
    found = iter([offsets.weekdays_later(naive.date(), business)]) if business else days.find(rest, naive.date())
    yield from _combined(list(found), clock, naive, hours)


def _combined(found: list[date], clock: clocks.Times, now: datetime, hours: Calendar | None) -> Iterator[When]:
    certain = len(found) == 1
    for day in found:
        midnight = datetime.combine(day, time())
        if not clock:
            yield _whole_day(day, now, hours)
        # Said of one certain day, "at 9" can be in the evening; otherwise it is the next 9 o'clock of a morning.
        for start, end in clock if certain else clock[:1]:
            begins, ends = midnight + start, midnight + end if end else None
            under_way = certain and ends and begins < now < ends
            yield When(now if under_way else begins, ends)


def _doubtful(said: str, local: datetime, hours: Calendar | None) -> Iterator[When]:
    """Everything to come that it means equally well; nothing where that is one thing."""
    now, (opens, closes) = local.replace(tzinfo=None), _usual(hours)
    if offsets.exact(said, now):
        return
    clock, rest = clocks.take(said, opens, closes)
    rest = days.bare(rest)
    found = days.doubtful(rest, now.date())
    either = clocks.either(clock, opens, closes)
    if not clock and (hour := days.HOUR_OR_DAY.fullmatch(rest)):
        yield from (next(_to_come(each, local, hours)) for each in (rest, f"{hour[1]} at {hour[2]}"))
    for one in clock if either else clock[:1] if found else ():
        each_day = found or list(days.find(rest, now.date()))[: 1 if rest else 2]
        to_come = [it for day in each_day for it in _combined([day], [one], now, hours) if it.start >= now]
        yield from to_come if found else to_come[:1]
    if found and not clock:
        yield from (it for day in found for it in _combined([day], (), now, hours) if it.start >= now)


def _to_come(said: str, local: datetime, hours: Calendar | None) -> Iterator[When]:
    return (found for found in _read(said, local, hours) if found.start >= local.replace(tzinfo=None))


def _whole_day(day: date, now: datetime, hours: Calendar | None) -> When:
    windows = hours.week.get(WEEKDAYS[day.weekday()]) if hours else None
    midnight = datetime.combine(day, time())
    opens = midnight + timedelta(minutes=windows[0][0]) if windows else midnight
    closes = midnight + timedelta(minutes=windows[-1][1]) if windows else None
    if day == now.date() and (closes or now) >= now:
        opens = max(opens, now)
    return When(opens, closes)


def _usual(hours: Calendar | None) -> tuple[timedelta, timedelta]:
    """When a day opens and closes."""
    windows: Iterable[tuple[int, int]] = [it for day in hours.week.values() for it in day] if hours else [USUAL]
    first, last = min(opens for opens, _ in windows), max(closes for _, closes in windows)
    return timedelta(minutes=first), timedelta(minutes=last)
