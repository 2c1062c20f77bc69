"""Sentences as runs of words that look the same, worded as the reference words them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.messages import (
    CaseNumber,
    Clause,
    Code,
    Count,
    Duration,
    Link,
    Moment,
    Money,
    Percent,
    Person,
    Printed,
    Quoted,
    Span,
    Spans,
)

_PAGE = re.compile(r"https://[^\s<>/?#]+[^\s<>]*|mailto:[^\s<>@]+@[^\s<>@]+|tel:\+?[0-9().-]+", re.ASCII)
_LONGEST_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Run:
    """Some words of a sentence that look the same."""

    said: str
    bold: bool = False
    code: bool = False
    badge: bool = False
    url: str = ""
    clock: str = ""
    """The same moment on each reader's own clock, in a function that only a TextBlock knows."""


Line = Sequence[Run]


def said(runs: Iterable[Run]) -> str:
    """The reference wording."""
    return "".join(run.said for run in runs)


def sentence(spans: Spans, zone: str) -> list[Run]:
    """``zone`` is the reader's."""
    return [run for span in spans for run in _runs(span, zone)]


def _runs(span: Span, zone: str) -> Iterator[Run]:
    match span:
        case str(text) | Quoted(text) | Printed(text) | Clause(text):
            yield Run(text)
        case Person(name, role):
            yield Run(name, bold=True)
            if role:
                yield Run(f" ({role})")
        case CaseNumber(number):
            yield Run(f"#{number}", bold=True)
        case Moment(at, there, label):
            # Teams tells every person's zone; the clock is for where many read and nobody's zone is meant.
            yield Run(_moment(at, zone, there, label), clock=_clock(at) if zone == "UTC" else "")
        case Link(text, url):
            yield Run(text, url=url if _page(url) else "")
        case Code(text):
            yield Run(text, code=True)
        case Money(amount, sign):
            yield Run(f"{sign}{amount:,.2f}".removesuffix(".00"))
        case Duration(minutes, business):
            yield Run(_duration(minutes, business))
        case Count(number):
            yield Run(str(number))
        case Percent(number):
            yield Run(f"{number} %")
        case _:
            assert_never(span)


def _page(url: str) -> bool:
    return len(url) <= _LONGEST_PAGE and "{{" not in url and "${" not in url and bool(_PAGE.fullmatch(url))


def _clock(at: datetime) -> str:
    instant = at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds")
    return f"{{{{DATE({instant}Z, SHORT)}}}} {{{{TIME({instant}Z)}}}} your time"


def _moment(at: datetime, zone: str, there: str, label: str) -> str:
    """In the reader's zone; a moment with a zone of its own in that first."""
    here = at.astimezone(ZoneInfo(zone))
    if not there:
        return f"{_day(here)} {_city(zone, here)}"
    first = at.astimezone(ZoneInfo(there))
    words = f"{_day(first)} {label or _city(there, first)}"
    if zone == "UTC" or here.utcoffset() == first.utcoffset():
        return words
    day = "" if here.date() == first.date() else f"{here:%a} "
    return f"{words} ({day}{here:%H:%M} {_city(zone, here)})"


def _day(at: datetime) -> str:
    return f"{at:%a} {at.day} {at:%b %H:%M}"


def _duration(minutes: int, business: bool) -> str:
    hours, rest = divmod(minutes, 60)
    kind = "business " if business else ""
    if not rest and hours:
        return f"{hours} {kind}hour{'s' if hours > 1 else ''}"
    spelt = f"{rest} {kind}minute{'s' if rest != 1 else ''}"
    return f"{hours} h {spelt}" if hours else spelt


def _city(zone: str, at: datetime) -> str:
    return "UTC" if zone == "UTC" or at.tzinfo is UTC else zone.rpartition("/")[2].replace("_", " ")
