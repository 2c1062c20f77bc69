"""Which time somebody means: a thin layer over dateparser, which is left with nothing but a calendar date.

Clocks, parts of the day, weekdays, offsets and zones are read here: dateparser takes some for times in the past, drops
others and accepts impossible ones. Whoever uses this echoes the absolute time for confirmation.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rules.business_time import WEEKDAYS, Calendar

LONGEST = 100
"""Characters looked at: long input is what makes dateparser slow."""
OPENS, CLOSES = time(8), time(18)
"""Of a day whose hours nobody knows."""
DAY = timedelta(days=1)


@dataclass(frozen=True)
class When:
    """In the asker's zone. A day without a time begins when it opens, and at midnight if its hours are not known."""

    start: datetime
    end: datetime | None = None


def when(text: str, now: datetime, zone: str, hours: Calendar | None = None) -> When | None:
    """None: not understood, impossible or past. `now` is naive, as the asker's clock shows it; `zone` is theirs."""
    said, named = _zoned(_plain(text))
    here, there = ZoneInfo(zone), ZoneInfo(named or zone)
    local = now.replace(tzinfo=here).astimezone(there).replace(tzinfo=None)
    try:
        found = _read(said, local, hours)
    except (ValueError, OverflowError):  # no such day or clock: the 31st of April, 25:00
        return None
    if found is None or found.start < local or (found.end and found.end <= found.start):
        return None
    start, end = (at and at.replace(tzinfo=there).astimezone(UTC).astimezone(here) for at in (found.start, found.end))
    assert start is not None
    return When(start, end)


# How it is written: numbers for words, one way to write a clock, no small talk.

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
)
NUMBERS = {word: n for n, word in enumerate(f"{_UNITS} eighteen nineteen".split())}
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
ORDINALS = {
    word: n
    for n, word in enumerate(
        "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
        " fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split()
    )
} | {"thirtieth": 30}
_TENS, _SMALL = "|".join(TENS), "|".join(list(NUMBERS)[1:10])
_HOUR = "|".join(list(NUMBERS)[1:])
REWRITTEN: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"[’‘`]", "'"),
    (r"[‐-―]", "-"),
    (r"(?<=[a-z])-(?=[a-z])", " "),
    (r"[?!;()\"]|\.$|(?<=[a-z]),|\.(?=\s)(?<![ap].)(?<!m.)", " "),
    (r"\b(tmrw|tmr|tmrrw|tomm?orr?ow|2morrow|tomo)\b", "tomorrow"),
    (r"\b(hi|hello|please|pls|maybe|perhaps|let'?s|say|how about|what about|can we|could we|around|about|approximately)\b", ""),
    (r"(?<=\d)-?ish\b", ""),
    (rf"\b({_TENS}) (first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)\b", lambda m: f"{TENS[m[1]] + ORDINALS[m[2]]}th"),
    (rf"\b({'|'.join(ORDINALS)})\b(?! (?:{'|'.join(('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'))}))", lambda m: f"{ORDINALS[m[1]]}th"),
    (rf"\b({_HOUR}) ((?:{_TENS})(?: (?:{_SMALL}))?|fifteen|ten|o[h']? (?:{_SMALL}))\b", lambda m: f"{NUMBERS[m[1]]}:{_number(m[2]):02}"),
    (rf"\b({_TENS}) ({_SMALL})\b", lambda m: str(TENS[m[1]] + NUMBERS[m[2]])),
    (rf"\b({_TENS}|{_HOUR})\b", lambda m: str((TENS | NUMBERS)[m[1]])),
    (r"\bhalf (an?|1) (?=hour)", "30 minutes "),
    (r"(?<=minutes )hours?", ""),
    (r"\ba fortnight\b", "2 weeks"),
    (r"\b(an?|the) couple( of)?\b", "2"),
    (r"\ba few\b|\bfew\b", "3"),
    (r"\ban?(?= (minute|hour|day|week|month|year|business|working)\b)", "1"),
)  # fmt: skip


def _number(said: str) -> int:
    return sum((TENS | NUMBERS).get(word, 0) for word in said.split())


def _plain(text: str) -> str:
    said = unicodedata.normalize("NFKC", text[:LONGEST]).casefold()
    for pattern, instead in REWRITTEN:
        said = re.sub(pattern, instead, said)
    return " ".join(said.split())
