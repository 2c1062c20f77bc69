"""Sentences in Slack's own mark-up, and the same sentences in plain words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import assert_never

from adapters.slack.lengths import cut, escape, one_line, size
from bot import figures
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

# Slack has no escape for these, and a zero-width space beside one does not stop it, so look-alikes stand in wherever
# one could act: not inside a word, where Slack leaves it alone. Pages are no exception: two could strike out our words.
_ALIKE = {"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ", "＊": "﹡", "＿": "ˍ", "｀": "ˋ"}
_ANY = re.compile(r"[*_~`>＊＿｀＞]")
_ACTING = re.compile(r"^([^\S\n]*)([>＞])|[`＊＿｀]|(?<![A-Za-z0-9])[*_~]|[*_~](?![A-Za-z0-9])", re.MULTILINE)
_SOFT_HYPHEN = "\N{SOFT HYPHEN}"  # before a ">" that would quote the rest; shown only where a line breaks at it
_PAGE = re.compile(
    r"https://[^\s|<>/]+[^\s|<>]*|mailto:[^\s|<>@]+@[^\s|<>@]+|tel:\+?[0-9().-]+(?:[,;][0-9a-z=,;]+)?", re.ASCII
)
_LONGEST_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Line:
    """The same words twice: as Slack shows them, and plain but escaped."""

    shown: str
    said: str


def mrkdwn(spans: Spans, reader: Reader) -> str:
    return "".join(_both(span, reader)[0] for span in spans)


def said(spans: Spans, reader: Reader) -> str:
    """The reference wording, without mark-up and not escaped."""
    return "".join(_both(span, reader)[1] for span in spans)


def flowing(spans: Spans, reader: Reader, most: int) -> list[Line]:
    """The sentence in as few lines of ``most`` characters as it takes; none where there are no words."""
    values = [_both(span, reader) for span in spans]
    whole = Line("".join([shown for shown, _ in values]), escape("".join([words for _, words in values])))
    if size(whole.shown) <= most and size(whole.said) <= most:
        return [whole] if whole.said.strip() else []
    lines = [Line("", "")]
    for piece in (piece for shown, words in values for piece in _pieces(shown, words, most // 2)):
        longer = Line(lines[-1].shown + piece.shown, lines[-1].said + piece.said)
        if size(longer.shown) <= most and size(longer.said) <= most:
            lines[-1] = longer
        else:
            lines.append(piece)
    return [line for line in lines if line.said.strip()]


def bold(words: str) -> str:
    """Bold takes no line break and no other star."""
    whole = one_line(words).replace("*", _ALIKE["*"])
    return f"*{_quiet(whole)}*" if whole else ""


def _pieces(shown: str, words: str, most: int) -> Iterator[Line]:
    whole = Line(shown, escape(words))
    if size(whole.shown) <= most and size(whole.said) <= most:
        yield whole
    else:
        yield from (Line(_quiet(piece), escape(piece)) for piece in cut(words, most))


def _both(span: Span, reader: Reader) -> tuple[str, str]:
    """In mark-up, and in plain words not escaped yet."""
    match span:
        case str():
            return escape(span), span
        case Quoted(text) | Printed(text) | Clause(text):
            return _quiet(text), text
        case Person(name, role):
            return (f"{bold(name)} ({_quiet(role)})", f"{name} ({role})") if role else (bold(name), name)
        case CaseNumber(number):
            return f"*#{number}*", f"#{number}"
        case Moment(at, there, label, year):
            return _moment(at, reader, there, label, year)
        case Link(text, url):
            return _link(text, url), text
        case Code(text):
            return _code(text), text
        case Money(amount, sign):
            words = figures.money(amount, sign, reader.language)
        case Day(on):
            words = figures.date_(on, reader.language)
        case Duration(minutes, business):
            words = figures.duration(minutes, business, reader.language)
        case Count(number):
            words = figures.count(number, reader.language)
        case Percent(number):
            words = figures.percent(number, reader.language)
        case _:
            assert_never(span)
    return _quiet(words), words


def _quiet(text: str) -> str:
    """People's words, of which nothing acts as mark-up: on themselves, nor on ours after them."""
    return escape(_ACTING.sub(_alike, text) if _ANY.search(text) else text)


def _alike(found: re.Match[str]) -> str:
    return f"{found[1]}{_SOFT_HYPHEN}{found[2]}" if found[2] else _ALIKE[found[0]]


def _code(text: str) -> str:
    """A code span takes no backtick and no line break, and neither begins nor ends with a space."""
    fits = "`" not in text and text.strip() == text and len(text.splitlines()) == 1
    return f"`{escape(text)}`" if fits else _quiet(text)


def _link(text: str, url: str) -> str:
    if len(url) > _LONGEST_PAGE or not _PAGE.fullmatch(url):
        return _quiet(text)
    label = _quiet(one_line(text).replace("|", "∣"))
    return f"<{escape(url)}|{label or escape(url)}>"


def _moment(at: datetime, reader: Reader, there: str, label: str, year: bool) -> tuple[str, str]:
    """On each reader's own clock, as Slack knows it; first in the moment's own zone where it has one."""
    first, second = figures.both(at, reader, there, label, year)
    if not there:
        return _native(at, first), first
    if reader.zone == "UTC":  # nobody's clock in particular
        here = f"{figures.day(at.astimezone(UTC), reader.language)} UTC"
        return f"{_quiet(first)} ({_native(at, here)})", first
    if not second:
        return _quiet(first), first
    return f"{_quiet(first)} ({_native(at, second)})", f"{first} ({second})"


def _native(at: datetime, words: str) -> str:
    unix = int(at.timestamp())
    return f"<!date^{unix}^{{date_short_pretty}} {{time}}|{escape(words)}>" if unix > 0 else escape(words)
