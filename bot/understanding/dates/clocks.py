"""Times of the day: clocks, spans of them, and parts of the day, as distances from midnight."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.understanding.dates import offsets

Times = Sequence[tuple[timedelta, timedelta | None]]
"""(start, end), the likeliest first; empty if no time of day is named."""
QUARTER, HALF, WHOLE = timedelta(minutes=15), timedelta(hours=12), timedelta(hours=24)
AFTERNOONS = range(1, 7)
"""Hours that mean the afternoon where nothing else is said: nobody schedules anything at 3 in the morning."""


@dataclass(frozen=True)
class Part:
    start: timedelta
    end: timedelta | None
    late: bool | None
    """Whether its clocks are p.m.; None: they say themselves."""


def _part(start: int, end: int | None, late: bool | None) -> Part:
    return Part(timedelta(hours=start), timedelta(hours=end) if end else None, late)


PARTS = {
    "after lunch": _part(13, None, True),
    "lunch ?(?:time)?": _part(12, 13, None),
    "early mornings?": _part(8, 10, False),
    "late(?:r in the)? mornings?": _part(10, 12, False),
    "mornings?": _part(8, 12, False),
    "mid afternoon": _part(14, None, True),
    "early afternoons?": _part(12, 14, True),
    "late(?:r in the|r this)? afternoons?": _part(14, 16, True),
    "afternoons?": _part(12, 16, True),
    "early evenings?": _part(16, 18, True),
    "late evenings?": _part(18, 20, True),
    "evenings?": _part(16, 20, True),
    "early nights?": _part(20, 22, True),
    "late nights?": _part(22, 24, True),
    "(?:to)?night(?: ?time)?": _part(20, 24, True),
    "am": _part(8, 12, False),
    "pm": _part(12, 16, True),
}
_ENDS = re.compile(
    r"\b(?:(?:by|at|the) )*(?:eod|e o d|cob|close of business"
    r"|end of (?:(?:(?:the|my|this) )?(?:(?:business|working) )?day\b|(?=today|tomorrow|this|mon|tue|wed|thu|fri)))"
)
_BEGINS = re.compile(r"\bfirst thing(?: in the morning)?\b")
_PARTS = {re.compile(rf"\b(?:(?:in|at|over|during|the) )*{said}\b"): part for said, part in PARTS.items()}

_CLOCK = r"(\d{1,2})(?:[:.](\d\d)(?::(\d\d))?)? ?(am|pm)?\b"
_BEFORE, _AFTER = r"(?<![\d/:.-])", r"(?![\d/:]|-\d|\.\d)"
_SPAN = re.compile(
    rf"(?:\b(between|from) )?(?:at )?{_BEFORE}{_CLOCK} ?(?:-|\b(?:to|and|until|till)\b) ?{_CLOCK}{_AFTER}"
)
_CERTAIN = re.compile(rf"{_BEFORE}(?=\d{{1,2}}(?::| ?[ap]m\b)){_CLOCK}{_AFTER}")
_AT = re.compile(rf"(?:\b(?:at|by|from|after) |@ ?){_BEFORE}{_CLOCK}{_AFTER}")
_UNTIL = re.compile(rf"\b(?:before|until|till|no later than) {_BEFORE}{_CLOCK}{_AFTER}")
_AFTER_IT = re.compile(rf"\bafter {_BEFORE}(?=\d{{1,2}}(?::| ?[ap]m\b)){_CLOCK}{_AFTER}")
_ALONE = re.compile(rf"{_BEFORE}(\d{{1,2}})()()()\b{_AFTER}")
_SAYS_CLOCK = re.compile(r":|[ap]m\b")
_HOUR = re.compile(r"[1-9]|1[0-2]")
_DAY_NAMED = re.compile(r"\b(?:today|tomorrow|next|this|mon|tue|wed|thu|fri|sat|sun)")
_FOR = re.compile(rf"\bfor ({offsets.AMOUNTS})")

Written = Sequence[str | None]
"""Hour, minute, second, am or pm."""


def take(said: str, opens: timedelta, closes: timedelta) -> tuple[Times, str]:
    """The times, and what is said besides. Raises ValueError for a clock that cannot be, such as 25:00."""
    for pattern, at in ((_ENDS, closes), (_BEGINS, opens)):
        if found := pattern.search(said):
            return [(at, None)], _without(said, found)
    lasts = _FOR.search(said)
    part, rest = _part_of_day(_without(said, lasts) if lasts else said)
    times, rest = _clocks(rest, part, opens)
    if lasts and times:
        times = [(start, start + offsets.length(lasts[1])) for start, _ in times]
    if part and not times:
        times = [(part.start, part.end)]
    return times, rest


def either(times: Times, opens: timedelta, closes: timedelta) -> bool:
    """Whether both halves of the day are as likely: of 7 o'clock, where the day goes from 8 to 6, nobody can tell."""
    return len(times) > 1 and not any(opens <= start <= closes for start, _ in times)


def _without(said: str, found: re.Match[str], instead: str = "") -> str:
    return " ".join(f"{said[: found.start()]} {instead} {said[found.end() :]}".split())


def _part_of_day(said: str) -> tuple[Part | None, str]:
    for pattern, part in _PARTS.items():
        if found := pattern.search(said):
            return part, _without(said, found, "today" if found[0].endswith("tonight") else "")
    return None, said


def _clocks(said: str, part: Part | None, opens: timedelta) -> tuple[Times, str]:
    found = _SPAN.search(said)
    if found and (found[1] or part or _SAYS_CLOCK.search(found[0]) or _DAY_NAMED.search(said)):
        return _span(found.groups()[1:5], found.groups()[5:9], part), _without(said, found)
    if until := _UNTIL.search(said):
        ends = _readings(until.groups(), part)
        return [(max(min(opens, end - QUARTER), timedelta()), end) for end in ends], _without(said, until) or "today"
    found = _AFTER_IT.search(said) or _CERTAIN.search(said) or _AT.search(said)
    if not found and (part or _HOUR.fullmatch(said)):
        found = _ALONE.search(said)
    return ([(at, None) for at in _readings(found.groups(), part)], _without(said, found)) if found else ([], said)


def _span(first: Written, last: Written, part: Part | None) -> Times:
    """Where a side leaves open which half of the day it is in, the shortest span is meant."""
    starts, ends = _readings(first, part), _readings(last, part)
    spans = [(start, start + min((end - start) % WHOLE or WHOLE for end in ends)) for start in starts]
    return sorted(spans, key=lambda span: span[1] - span[0])[:1] if len(ends) == 1 else spans


def _readings(written: Written, part: Part | None) -> list[timedelta]:
    """The likeliest first; two where it could be in either half of the day."""
    hour, minute, second = (int(it or 0) for it in written[:3])
    if hour > 23 or minute > 59 or second > 59 or (written[3] == "am" and hour > 12):
        raise ValueError("There is no such clock.")
    at = timedelta(hours=hour, minutes=minute, seconds=second)
    if hour in (0, *range(13, 24)) or str(written[0]).startswith("0"):
        return [at]
    early, late = (at - HALF, at) if hour == 12 else (at, at + HALF)
    if hour == 12 and part and part.start > at:
        return [at + HALF]  # 12 at night
    if written[3]:
        return [late if written[3] == "pm" else early]
    if part and part.late is not None:
        return [late if part.late else early]
    return [late, early] if hour == 12 or hour in AFTERNOONS else [early, late]
