"""Sentences as runs of words that look the same, worded as the reference words them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import assert_never

from bot import figures
from bot.languages import translated
from bot.messages import (
    CaseNumber,
    Clause,
    Code,
    Count,
    Day,
    Duration,
    Link,
    Moment,
    Money,
    Percent,
    Person,
    Printed,
    Quoted,
    Reader,
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


def sentence(spans: Spans, reader: Reader) -> list[Run]:
    return [run for span in spans for run in _runs(span, reader)]


def _runs(span: Span, reader: Reader) -> Iterator[Run]:
    match span:
        case str(text) | Quoted(text) | Printed(text) | Clause(text):
            yield Run(text)
        case Person(name, role):
            yield Run(name, bold=True)
            if role:
                yield Run(f" ({role})")
        case CaseNumber(number):
            yield Run(f"#{number}", bold=True)
        case Moment(at, there, label, year):
            # Teams tells every person's zone; the clock is for where many read and nobody's zone is meant.
            clock = _clock(at, reader.language) if reader.zone == "UTC" else ""
            yield Run(figures.moment(at, reader, there, label, year), clock=clock)
        case Link(text, url):
            yield Run(text, url=url if _page(url) else "")
        case Code(text):
            yield Run(text, code=True)
        case Money(amount, sign):
            yield Run(figures.money(amount, sign, reader.language))
        case Day(on):
            yield Run(figures.date_(on, reader.language))
        case Duration(minutes, business):
            yield Run(figures.duration(minutes, business, reader.language))
        case Count(number):
            yield Run(figures.count(number, reader.language))
        case Percent(number):
            yield Run(figures.percent(number, reader.language))
        case _:
            assert_never(span)


def _page(url: str) -> bool:
    return len(url) <= _LONGEST_PAGE and "{{" not in url and "${" not in url and bool(_PAGE.fullmatch(url))


def _clock(at: datetime, language: str) -> str:
    instant = at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds")
    return f"{{{{DATE({instant}Z, SHORT)}}}} {{{{TIME({instant}Z)}}}} {translated(language, 'your time')}"
