"""The reference rendering of a message, as plain text: notifications, mail, tests, a new channel's first day."""

from typing import assert_never

from bot import figures
from bot.languages import translated
from bot.messages import (
    Bar,
    Buttons,
    CaseNumber,
    Clause,
    Code,
    Count,
    Day,
    Duration,
    Facts,
    Items,
    Link,
    Message,
    Moment,
    Money,
    Percent,
    Person,
    Picture,
    Printed,
    Quote,
    Quoted,
    Reader,
    Span,
    Spans,
    Text,
)

Part = Text | Facts | Quote | Buttons | Items | Bar | Picture


def plain(message: Message) -> str:
    return "\n".join(_part(part, message.reader) for part in message.parts)


def plain_spans(spans: Spans, reader: Reader) -> str:
    return "".join(_span(span, reader) for span in spans)


def _part(part: Part, reader: Reader) -> str:
    colon = translated(reader.language, ":")
    match part:
        case Text(spans) | Bar(_, spans) | Picture(_, spans):
            return plain_spans(spans, reader)
        case Facts(facts):
            return "\n".join(f"{name}{colon} {plain_spans(spans, reader)}" for name, spans in facts)
        case Quote(by, words, internal):
            badge = " " + translated(reader.language, "[internal]") if internal else ""
            return f"{_span(by, reader)}{badge}{colon}\n" + "\n".join(f"> {line}" for line in words.splitlines())
        case Buttons(buttons):
            return " ".join(f"[{button.label}]" for button in buttons)
        case Items(items):
            return "\n".join(
                f"- {plain_spans(i.spans, reader)}" + (f" [{i.button.label}]" if i.button else "") for i in items
            )
    assert_never(part)


def _span(span: Span, reader: Reader) -> str:
    match span:
        case str():
            return span
        case Quoted(text) | Printed(text) | Code(text) | Link(text, _):
            return text
        case Person(name, role):
            return f"{name} ({role})" if role else name
        case CaseNumber(number):
            return f"#{number}"
        case Moment(at, there, label, year):
            return figures.moment(at, reader, there, label, year)
        case Day(on):
            return figures.date_(on, reader.language)
        case Duration(minutes, business):
            return figures.duration(minutes, business, reader.language)
        case Count(number):
            return figures.count(number, reader.language)
        case Percent(number):
            return figures.percent(number, reader.language)
        case Money(amount, sign):
            return figures.money(amount, sign, reader.language)
        case Clause(id):
            return id
    assert_never(span)
