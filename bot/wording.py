"""Turns a sentence, its values and its reader into a message: the one seam through which every word goes.

A template is the bot's own English and the key of its translation. It holds no figure: whatever varies is a value.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from string import Formatter
from typing import Literal

from bot.messages import Bar, Button, Buttons, Facts, Item, Items, Message, Quote, Span, Spans, Text, Value
from rules.people import Actor

Style = Literal["normal", "heading", "small", "alert"]


@dataclass(frozen=True)
class Sentence:
    template: str
    values: "Mapping[str, Value | Sentence]" = field(default_factory=dict)
    style: Style = "normal"


@dataclass(frozen=True)
class Choice:
    """A button to be: its label is a sentence too."""

    label: Sentence
    line: str
    style: Literal["normal", "primary", "danger"] = "normal"


@dataclass(frozen=True)
class Table:
    rows: tuple[tuple[str, "Sentence | Value"], ...]


@dataclass(frozen=True)
class Row:
    says: Sentence
    choice: Choice | None = None


@dataclass(frozen=True)
class Gauge:
    """A bar to be."""

    percent: int
    says: Sentence


Part = Gauge | Sentence | Table | Quote | tuple[Choice, ...] | tuple[Row, ...]


def say(template: str, /, style: Style = "normal", **values: "Value | Sentence") -> Sentence:
    return Sentence(template, values, style)


def message(reader: Actor, *parts: Part | None) -> Message:
    """What this reader is told. None and empty parts are left out."""
    return Message(tuple(_part(part) for part in parts if part), zone=reader.zone)


def label(sentence: Sentence) -> str:
    """A sentence as one string, where a channel takes no spans: buttons and form labels."""
    from bot.plain import plain_spans

    return plain_spans(_spans(sentence), "UTC")


def _part(part: Part) -> "Text | Facts | Quote | Buttons | Items | Bar":
    match part:
        case Sentence():
            return Text(_spans(part), part.style)
        case Gauge(percent, says):
            return Bar(percent, _spans(says))
        case Table(rows):
            return Facts(tuple((name, _value(value)) for name, value in rows))
        case Quote():
            return part
        case (Row(), *_):
            return Items(tuple(Item(_spans(row.says), _button(row.choice)) for row in part if isinstance(row, Row)))
        case _:
            return Buttons(tuple(made for choice in part if (made := _button(choice))))


def _button(choice: object) -> Button | None:
    return Button(label(choice.label), choice.line, choice.style) if isinstance(choice, Choice) else None


def _value(value: "Sentence | Value") -> Spans:
    return _spans(value) if isinstance(value, Sentence) else (value,)


def _spans(sentence: Sentence) -> Spans:
    return tuple(_parts(sentence))


def _parts(sentence: Sentence) -> Iterable[Span]:
    for words, name in _split(sentence.template):
        if words:
            yield words
        if name:
            yield from _value(sentence.values[name])


@cache
def _split(template: str) -> tuple[tuple[str, str | None], ...]:
    return tuple((words, name) for words, name, _, _ in Formatter().parse(template))
