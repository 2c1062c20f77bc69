"""Days of the calendar: weekdays, days of the month, offsets of days; what is left is for dateparser."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta

from bot.understanding.dates import offsets

DAY, WEEK = timedelta(days=1), timedelta(days=7)
FARTHEST = 6 * 366
"""Days in which "Tuesday the 13th" or the 29th of February must come round."""
CENTURY_MEANT = timedelta(days=30 * 365)
"""Beyond it, dateparser has moved a past year such as '89 by a hundred years."""
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?)"
)
_WEEKDAY = "(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
_THIS = "(?:next|this|coming|this coming|upcoming|this upcoming) "
_PREPOSITIONS = re.compile(
    r"^(?:(?:on|at|by|for|the|of|in|from|and) ?\b)+|(?:\b(?:on|at|by|for|the|of|in|from) ?)+$|-$"
)
_DATE = re.compile(rf"(?=.*(?:\d ?[/.-] ?\d|\b{_MONTH}\b))(?:{_MONTH}\b|\d+(?:st|nd|rd|th)?|[ /.,-])+")
_PAST = re.compile(r"\b(?:ago|last|past|previous|yesterday|before)\b")


MONTHS = 12
_THIS_OR_NEXT = re.compile(rf"next (?P<weekday>{_WEEKDAY})")
_ON = re.compile(rf"(?:in )?(?P<amounts>{offsets.AMOUNTS})(?: from (?:now|today))? on (?P<weekday>{_WEEKDAY})")
_FIGURES = re.compile(
    rf"(?:(?:{_THIS})?(?P<weekday>{_WEEKDAY})(?: the)? )?"
    r"(?P<date>(?P<first>\d{1,2}) ?(?P<by>[/.-]) ?(?P<second>\d{1,2})(?:(?P=by) ?(?P<year>\d{4}|\d\d))?\.?)"
)
HOUR_OR_DAY = re.compile(rf"({_WEEKDAY}) (\d{{1,2}})")
"""Friday 13: the day of the month, or one o'clock in the afternoon."""
_NAMED = re.compile(rf"(?:{_THIS})?(?P<weekday>{_WEEKDAY}) (?P<date>.*\b{_MONTH}\b.*)")


class Past(ValueError):
    """Understood, and over."""


def find(said: str, today: date) -> Iterator[date]:
    """Candidates, the next one first, for as long as they may come round again. ValueError: not understood, or past."""
    said = bare(said)
    if _PAST.search(said):
        if rest := bare(_PAST.sub("", said)):
            find(rest, today)  # "last Friday" was a day, "the last straw" is none
        raise Past()
    for pattern, read in RULES.items():
        if found := pattern.fullmatch(said):
            return iter(read(found, today))
    return iter([_by_dateparser(said, today)])


def doubtful(said: str, today: date) -> list[date]:
    """All the days that the words name equally well, where those are several; some may be past."""
    said = bare(said)
    if found := _THIS_OR_NEXT.fullmatch(said):
        this = today + (_weekday(found["weekday"]) - today.weekday()) * DAY
        return [this, this + WEEK] if this > today else []
    if found := _ON.fullmatch(said):
        [after] = _later_on(found, today)
        return [after - WEEK, after] if after != offsets.later(today, found["amounts"]) else []
    if found := _FIGURES.fullmatch(said):
        return _either(found, today)
    if found := _NAMED.fullmatch(said):
        return _at_odds(found["weekday"], list(find(found["date"], today)), today)
    return []


def _either(found: re.Match[str], today: date) -> list[date]:
    """4/5 is the fifth of April or the fourth of May, unless a weekday that is named with it tells."""
    first, second, year = found["first"], found["second"], f"/{found['year']}" if found["year"] else ""
    both = [f"{first}/{second}{year}", f"{second}/{first}{year}"] if first != second else []
    read = [day for written in both if max(int(first), int(second)) <= MONTHS for day in _unless_past(written, today)]
    read = read or _unless_past(found["date"], today)
    if not found["weekday"]:
        return sorted(read)
    return _at_odds(found["weekday"], read, today)


def _at_odds(weekday: str, read: list[date], today: date) -> list[date]:
    """The ones on that weekday, or else what was written besides what was named."""
    fitting = [day for day in read if day.weekday() == _weekday(weekday)]
    return fitting or [*read, today + (_weekday(weekday) - today.weekday()) % 7 * DAY]


def _unless_past(said: str, today: date) -> list[date]:
    try:
        return [_by_dateparser(said, today)]
    except ValueError:
        return []


def bare(said: str) -> str:
    """Without the prepositions around it, which a clock may have left behind."""
    while (stripped := _PREPOSITIONS.sub("", said).strip()) != said:
        said = stripped
    return said


def _by_dateparser(said: str, today: date) -> date:
    said = re.sub(r"\bof\b|\bin\b|\bthe\b|\bnext\b", " ", said)
    said = re.sub(r"(?<![\d.])(\d{1,2})\.(\d{1,2})(?![\d.])", r"\1/\2", said)  # else it takes 5.12 for a clock
    if not _DATE.fullmatch(said):
        raise ValueError("That is no date.")
    from dateparser import parse  # type: ignore[import-untyped]  # costs 0.2 s: only who needs it waits for it

    # Never its TIMEZONE, which ignores daylight saving. The day before, so that "future" begins today.
    settings = {"PREFER_DATES_FROM": "future", "RELATIVE_BASE": datetime.combine(today - DAY, time())}
    found: datetime | None = parse(said, languages=["en"], settings=settings)
    if found is None or found.date() > today + CENTURY_MEANT:
        raise ValueError("That is no date.")
    if found.date() < today:
        raise Past()
    return found.date()


def _weekday(name: str) -> int:
    return ("mon", "tue", "wed", "thu", "fri", "sat", "sun").index(name[:3])


def _next(found: re.Match[str], today: date) -> Iterable[date]:
    """The "next" Friday is that of the week to come; any other is the first that comes, today's included."""
    monday, day = today - today.weekday() * DAY, _weekday(found["weekday"])
    if found.groupdict().get("next") == "next " or found.groupdict().get("week"):
        return [monday + WEEK + day * DAY]
    first = today + (day - today.weekday()) % 7 * DAY
    return [first, first + WEEK]


def _of_month(found: re.Match[str], today: date) -> Iterable[date]:
    """The 15th, Tuesday the 13th, the 20th of next month."""
    number, weekday = int(found["day"]), found["weekday"]
    if found["month"]:
        first = offsets.later(today.replace(day=1), "1 month") if found["month"] == "next" else today.replace(day=1)
        return [first.replace(day=number)]
    days = (today + n * DAY for n in range(FARTHEST))
    return _first(2, (it for it in days if it.day == number and (not weekday or it.weekday() == _weekday(weekday))))


def _nth(found: re.Match[str], today: date) -> Iterable[date]:
    """The first Friday of July."""
    nth, weekday = int(found["nth"][0]), _weekday(found["weekday"])
    month = {"this": today.month, "next": today.month % 12 + 1}.get(found["month"])
    wanted = month or _MONTHS.index(found["month"][:3]) + 1
    days = (today + n * DAY for n in range(FARTHEST))
    return _first(1, (it for it in days if (it.month, it.weekday(), (it.day - 1) // 7 + 1) == (wanted, weekday, nth)))


def _first(number: int, days: Iterable[date]) -> list[date]:
    found = [day for _, day in zip(range(number), days, strict=False)]
    if not found:
        raise ValueError("There is no such day.")
    return found


def _later(found: re.Match[str], today: date) -> Iterable[date]:
    start = next(find(found["base"], today)) if found["base"] else today
    return [offsets.later(start, found["amounts"])]


def _later_on(found: re.Match[str], today: date) -> Iterable[date]:
    """In two weeks on Thursday: from then on the first."""
    there = offsets.later(today, found["amounts"])
    return [there + (_weekday(found["weekday"]) - there.weekday()) % 7 * DAY]


def _week_on(found: re.Match[str], today: date) -> Iterable[date]:
    """A week on Monday; Monday week."""
    return [today + (_weekday(found["weekday"]) - today.weekday()) % 7 * DAY + WEEK]


def _end_of_week(found: re.Match[str], today: date) -> Iterable[date]:
    friday = today + (4 - today.weekday()) * DAY
    return [friday + WEEK] if found["week"] else [friday, friday + WEEK]


def _named(found: re.Match[str], today: date) -> Iterator[date]:
    figures = _FIGURES.fullmatch(found[0])
    fitting = _either(figures, today) if figures else []
    return iter(fitting) if len(fitting) == 1 else find(found["date"], today)


RULES: dict[re.Pattern[str], Callable[[re.Match[str], date], Iterable[date]]] = {
    re.compile(pattern): read
    for pattern, read in (
        ("", lambda _, today: [today, today + DAY]),
        (r"today|this(?: very)? day|this|later today|today later", lambda _, today: [today]),
        (r"tomorrow|(?:next|following) day|next", lambda _, today: [today + DAY]),
        (r"day after tomorrow", lambda _, today: [today + 2 * DAY]),
        (r"next week", lambda _, today: [today + WEEK - today.weekday() * DAY]),
        (rf"(?P<next>{_THIS})?(?P<weekday>{_WEEKDAY})s?", _next),
        (rf"(?P<week>(?:next|following) week)(?: on| -)? (?P<weekday>{_WEEKDAY})", _next),
        (rf"(?P<weekday>{_WEEKDAY})(?: of)?(?: the)? (?P<week>(?:next|following) week)", _next),
        (rf"1 week on (?P<weekday>{_WEEKDAY})", _week_on),
        (rf"(?P<weekday>{_WEEKDAY}) week", _week_on),
        (r"(?:the )?end of (?:(?:the|this) )?(?P<week>next )?week", _end_of_week),
        (
            rf"(?:(?P<weekday>{_WEEKDAY}) )?(?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?"
            r"(?: of(?: the)? (?P<month>this|next) month)?",
            _of_month,
        ),
        (
            rf"(?P<nth>[1-5])(?:st|nd|rd|th) (?P<weekday>{_WEEKDAY}) (?:of|in) (?:the )?"
            rf"(?P<month>this|next|{_MONTH})(?: month)?",
            _nth,
        ),
        (rf"(?:in )?(?P<amounts>{offsets.AMOUNTS})(?: from (?:now|today))? on (?P<weekday>{_WEEKDAY})", _later_on),
        (rf"(?:in )?(?P<amounts>{offsets.AMOUNTS})(?: (?:from|after) (?P<base>.+))", _later),
        (rf"(?:in )?(?P<amounts>{offsets.AMOUNTS})(?P<base>)(?: (?:later|hence))?", _later),
        (rf"(?:{_THIS})?(?:{_WEEKDAY}|today|tomorrow) (?P<date>.*\d.*)", _named),
    )
}
