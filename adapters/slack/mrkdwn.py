"""Sentences in Slack's own mark-up, and the same sentences in plain words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from adapters.slack.lengths import cut, escape, one_line, size
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


def mrkdwn(spans: Spans, zone: str) -> str:
    """``zone`` is the reader's."""
    return "".join(_both(span, zone)[0] for span in spans)


def said(spans: Spans, zone: str) -> str:
    """The reference wording, without mark-up and not escaped."""
    return "".join(_both(span, zone)[1] for span in spans)


def flowing(spans: Spans, zone: str, most: int) -> list[Line]:
    """The sentence in as few lines of ``most`` characters as it takes; none where there are no words."""
    values = [_both(span, zone) for span in spans]
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


def _both(span: Span, zone: str) -> tuple[str, str]:
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
        case Moment(at, there, label):
            return _moment(at, zone, there, label)
        case Link(text, url):
            return _link(text, url), text
        case Code(text):
            return _code(text), text
        case Money(amount, sign):
            words = f"{sign}{amount:,.2f}".removesuffix(".00")
        case Duration(minutes, business):
            words = _duration(minutes, business)
        case Count(number):
            words = str(number)
        case Percent(number):
            words = f"{number} %"
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


def _moment(at: datetime, zone: str, there: str, label: str) -> tuple[str, str]:
    """On each reader's own clock, as Slack knows it; first in the moment's own zone where it has one."""
    here = at.astimezone(ZoneInfo(zone))
    if not there:
        words = f"{_day(here)} {_city(zone, here)}"
        return _native(at, words), words
    first = at.astimezone(ZoneInfo(there))
    words = f"{_day(first)} {label or _city(there, first)}"
    if zone == "UTC":  # nobody's clock in particular
        return f"{_quiet(words)} ({_native(at, f'{_day(here)} UTC')})", words
    if here.utcoffset() == first.utcoffset():
        return _quiet(words), words
    day = "" if here.date() == first.date() else f"{here:%a} "
    second = f"{day}{here:%H:%M} {_city(zone, here)}"
    return f"{_quiet(words)} ({_native(at, second)})", f"{words} ({second})"


def _native(at: datetime, words: str) -> str:
    unix = int(at.timestamp())
    return f"<!date^{unix}^{{date_short_pretty}} {{time}}|{escape(words)}>" if unix > 0 else escape(words)


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
