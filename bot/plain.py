"""The reference rendering of a message, as plain text: notifications, mail, tests, a new channel's first day."""

from datetime import UTC, datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.messages import (
    Bar,
    Buttons,
    CaseNumber,
    Clause,
    Code,
    Count,
    Duration,
    Facts,
    Items,
    Link,
    Message,
    Moment,
    Money,
    Percent,
    Person,
    Printed,
    Quote,
    Quoted,
    Span,
    Spans,
    Text,
)

Part = Text | Facts | Quote | Buttons | Items | Bar


def plain(message: Message) -> str:
    return "\n".join(_part(part, message.zone) for part in message.parts)


def plain_spans(spans: Spans, zone: str) -> str:
    return "".join(_span(span, zone) for span in spans)


def _part(part: Part, zone: str) -> str:
    match part:
        case Text(spans) | Bar(_, spans):
            return plain_spans(spans, zone)
        case Facts(facts):
            return "\n".join(f"{name}: {plain_spans(spans, zone)}" for name, spans in facts)
        case Quote(by, words, internal):
            badge = " [internal]" if internal else ""
            return f"{_span(by, zone)}{badge}:\n" + "\n".join(f"> {line}" for line in words.splitlines())
        case Buttons(buttons):
            return " ".join(f"[{button.label}]" for button in buttons)
        case Items(items):
            return "\n".join(
                f"- {plain_spans(i.spans, zone)}" + (f" [{i.button.label}]" if i.button else "") for i in items
            )
    assert_never(part)


def _span(span: Span, zone: str) -> str:
    match span:
        case str():
            return span
        case Quoted(text) | Printed(text) | Code(text) | Link(text, _):
            return text
        case Person(name, role):
            return f"{name} ({role})" if role else name
        case CaseNumber(number):
            return f"#{number}"
        case Moment(at, there, label):
            return moment(at, zone, there, label)
        case Duration(minutes, business):
            return duration(minutes, business)
        case Count(number):
            return str(number)
        case Percent(number):
            return f"{number} %"
        case Money(amount, sign):
            return f"{sign}{amount:,.2f}".removesuffix(".00")
        case Clause(id):
            return id
    assert_never(span)


def moment(at: datetime, zone: str, there: str = "", label: str = "") -> str:
    """In the reader's zone; a moment with a zone of its own in that first: "Mon 20 Jan 11:30 ET (16:30 London)"."""
    here = at.astimezone(ZoneInfo(zone))
    if not there:
        return f"{here:%a} {here.day} {here:%b %H:%M} {_city(zone, here)}"
    first = at.astimezone(ZoneInfo(there))
    said = f"{first:%a} {first.day} {first:%b %H:%M} {label or _city(there, first)}"
    if here.utcoffset() == first.utcoffset() or zone == "UTC":
        return said
    day = "" if here.date() == first.date() else f"{here:%a} "
    return f"{said} ({day}{here:%H:%M} {_city(zone, here)})"


def duration(minutes: int, business: bool = False) -> str:
    hours, rest = divmod(minutes, 60)
    kind = "business " if business else ""
    if not rest and hours:
        return f"{hours} {kind}hour{'s' if hours > 1 else ''}"
    spelt = f"{rest} {kind}minute{'s' if rest != 1 else ''}"
    return f"{hours} h {spelt}" if hours else spelt


def _city(zone: str, at: datetime) -> str:
    return "UTC" if zone == "UTC" or at.tzinfo is UTC else zone.rpartition("/")[2].replace("_", " ")
