"""Turns a sentence, its values and its reader into a message: the one seam through which every word goes.

A template is the bot's own English and the key of its translation. It holds no figure: whatever varies is a value.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from bot.citing import with_why
from bot.firewall import free_of_figures, slotted
from bot.languages import counted, spans, translated
from bot.messages import (
    ENGLISH,
    Bar,
    Button,
    Buttons,
    Count,
    Facts,
    Item,
    Items,
    Message,
    Person,
    Picture,
    Quote,
    Reader,
    Spans,
    Text,
    Value,
)
from rules.people import Actor

Style = Literal["normal", "heading", "small", "alert"]


@dataclass(frozen=True)
class InTheir:
    """A value that the reader's language decides."""

    language: Callable[[str], Value]


@dataclass(frozen=True)
class Sentence:
    template: str
    values: "Mapping[str, Value | Sentence | InTheir]" = field(default_factory=dict)
    style: Style = "normal"
    many: str = ""
    """The template where it speaks of ``count`` things, and those are not one."""
    count: int = 1


@dataclass(frozen=True)
class Choice:
    """A button to be: its label is a sentence too."""

    label: Sentence
    line: str
    style: Literal["normal", "primary", "danger"] = "normal"
    within: bool = False


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


@dataclass(frozen=True)
class Drawing:
    """A picture to be, fetched from ``url``; ``says`` is for whoever does not see it."""

    url: str
    says: Sentence


Part = Gauge | Drawing | Sentence | Table | Quote | tuple[Choice, ...] | tuple[Row, ...]


def say(template: str, /, style: Style = "normal", **values: "Value | Sentence | InTheir") -> Sentence:
    return Sentence(template, values, style)


def several(
    one: str, many: str, n: int, /, style: Style = "normal", **values: "Value | Sentence | InTheir"
) -> Sentence:
    """A sentence whose wording depends on a number, which it has as ``{n}``."""
    return Sentence(one, {"n": Count(n), **values}, style, many, n)


def message(reader: Actor, *parts: Part | None, why: bool = True) -> Message:
    """What this reader is told, in their language. None and empty parts are left out.

    A customer can press for the clauses that it cites, unless ``why`` is noise there: in a picture, say.
    """
    worded = tuple(_part(part, reader.language) for part in parts if part)
    shown = with_why(worded, reader.language) if why and not reader.staff else worded
    return Message(shown, reader.zone, reader.language)


def worded(value: "Sentence | Value | InTheir", language: str) -> Spans:
    """For a page that places values by itself."""
    return _value(value, language)


def data(*rows: tuple[str, Value | None]) -> Message:
    """What another system reads: values under names of ours, which no language changes."""
    return Message((Facts(tuple((free_of_figures(name), (value,) if value else ()) for name, value in rows)),))


def label(sentence: Sentence, language: str = ENGLISH) -> str:
    """A sentence as one string, where a channel takes no spans: buttons and form labels."""
    from bot.plain import plain_spans

    return plain_spans(_spans(sentence, language), Reader(language=language))


def vouched(generated: str, plain: Sentence, reader: Actor) -> Sentence:
    """What a generator wrote in the place of a sentence, where each figure in it is one of the sentence's own values,
    written as we write it; otherwise the sentence. Nothing generates text today: whatever will must come through here.
    """
    from bot.plain import plain_spans

    values = [span for span in _spans(plain, reader.language) if not isinstance(span, str)]
    template = slotted(generated, [plain_spans((value,), Reader(reader.zone, reader.language)) for value in values])
    return plain if template is None else Sentence(template, {f"v{n}": it for n, it in enumerate(values)}, plain.style)


def _part(part: Part, language: str) -> "Text | Facts | Quote | Buttons | Items | Bar | Picture":
    match part:
        case Sentence():
            return Text(_spans(part, language), part.style)
        case Gauge(percent, says):
            return Bar(percent, _spans(says, language))
        case Drawing(url, says):
            return Picture(url, _spans(says, language))
        case Table(rows):
            return Facts(tuple((_name(name, language), _value(value, language)) for name, value in rows))
        case Quote(by):
            return replace(part, by=_person(by, language))
        case (Row(), *_):
            rows_ = (row for row in part if isinstance(row, Row))
            return Items(tuple(Item(_spans(row.says, language), _button(row.choice, language)) for row in rows_))
        case _:
            return Buttons(tuple(made for choice in part if (made := _button(choice, language))))


def _name(of: str, language: str) -> str:
    return free_of_figures(translated(language, of))


def _button(choice: object, language: str) -> Button | None:
    if not isinstance(choice, Choice):
        return None
    return Button(label(choice.label, language), choice.line, choice.style, choice.within)


def _value(value: "Sentence | Value | InTheir", language: str) -> Spans:
    match value:
        case Sentence():
            return _spans(value, language)
        case InTheir():
            return (value.language(language),)
        case Person():
            return (_person(value, language),)
    return (value,)


def _person(person: Person, language: str) -> Person:
    """The role is the desk's own word for them."""
    return person if language == ENGLISH else replace(person, role=translated(language, person.role))


def _spans(sentence: Sentence, language: str) -> Spans:
    one, many = sentence.template, sentence.many
    template = counted(language, one, many, sentence.count) if many else translated(language, one)
    return spans(template, lambda name: _value(sentence.values[name], language))
