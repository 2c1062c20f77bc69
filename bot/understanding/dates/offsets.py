"""Distances from now: "in half an hour", "within 2 days", "3 weeks later", "in 2 business days"."""

import re
from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import TypeVar

_LENGTHS = {
    "week": timedelta(days=7),
    "day": timedelta(days=1),
    "hour": timedelta(hours=1),
    "hr": timedelta(hours=1),
    "min": timedelta(minutes=1),
    "sec": timedelta(seconds=1),
}
MONTHS = {"year": 12, "month": 1}
_UNIT = f"(?:year|month|{'|'.join(_LENGTHS)})[a-z]*"
_AMOUNT = rf"\d{{1,4}}(?:\.\d)? {_UNIT}"
AMOUNTS = rf"{_AMOUNT}(?: (?:and )?{_AMOUNT})*"
_EACH = re.compile(rf"(\d{{1,4}}(?:\.\d)?) (?=(year|month|{'|'.join(_LENGTHS)}))")

_NOW = re.compile(r"(?:right |just )?now|asap|as soon as possible|immediately|at (?:the )?(?:present(?: time)?|moment)")
_INSTANT = r"\d{4}-\d\d-\d\d[ t]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:z|[+-]\d\d:?\d\d)"
_WRITTEN = re.compile(rf"({_INSTANT})(?:/({_INSTANT}))?", re.IGNORECASE | re.ASCII)
_WITHIN = re.compile(
    rf"(?:(?:within|in|for) )?(?:the )?(?:next|coming|upcoming) (?:({AMOUNTS})|hour)|within (?:the )?({AMOUNTS})"
)
_REST = re.compile(r"(?:the )?rest (?:of )?(?:the |my |this |current )?day")
_LATER = re.compile(rf"in ({AMOUNTS})|({AMOUNTS}) (?:later|from now|hence)")
_OF_HOURS = re.compile(r"hour|hr|min|sec")
_BUSINESS = re.compile(r"(?:in |within )?(\d{1,3}) (?:business|working) days?(?: (?:from (?:now|today)|later))?")

D = TypeVar("D", date, datetime)


def written(text: str) -> tuple[datetime, datetime | None] | None:
    """An instant as machines write it, or two of them; aware."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        return None
    start, end = (datetime.fromisoformat(each.upper()) if each else None for each in found.groups())
    assert start is not None, "the pattern has it"
    if end is not None and end <= start:
        raise ValueError("That ends before it begins.")
    return start, end


def exact(said: str, now: datetime) -> tuple[datetime, datetime | None] | None:
    """What needs no clock: from now on, or hours and minutes later."""
    if _NOW.fullmatch(said):
        return now, None
    if found := _WITHIN.fullmatch(said):
        return now, later(now, found[1] or found[2] or "1 hour")
    if _REST.fullmatch(said):
        return now, datetime(now.year, now.month, now.day) + timedelta(days=1)
    found = _LATER.fullmatch(said)
    if found and _OF_HOURS.search(said):
        return later(now, found[1] or found[2]), None
    return None


def later(at: D, amounts: str) -> D:
    """Months and years end on the last day of a shorter month."""
    found = [(float(number), unit) for number, unit in _EACH.findall(amounts)]
    months = sum(int(number * MONTHS[unit]) for number, unit in found if unit in MONTHS)
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    at = at.replace(year=year, month=month + 1, day=min(at.day, monthrange(year, month + 1)[1]))
    return at + sum((number * _LENGTHS[unit] for number, unit in found if unit in _LENGTHS), timedelta())


def length(amounts: str) -> timedelta:
    start = datetime(2000, 1, 1)
    return later(start, amounts) - start


def business_days(said: str) -> int | None:
    found = _BUSINESS.fullmatch(said)
    return int(found[1]) if found else None


def weekdays_later(day: date, number: int) -> date:
    """Where no calendar says which days are worked."""
    while number:
        day += timedelta(days=1)
        number -= day.weekday() < 5
    return day
