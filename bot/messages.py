"""What the bot says, the same for every channel; what people say to it is in bot/incoming.py.

Everything said is kept as JSON in the outbox and outlives releases, so each tagged class names its ``kind`` for good.
A plain ``str`` among the spans is the bot's own wording and carries no figure: figures, times, names and people's words
are values with a type, and every renderer escapes them all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field, TypeAdapter

ENGLISH = "en"


# Values -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Quoted:
    """People's own words inside a sentence."""

    text: str
    kind: Literal["quoted"] = "quoted"


@dataclass(frozen=True)
class Person:
    """Somebody by name; the role is ours to draw, so that nobody becomes staff by calling themselves so."""

    name: str
    role: str
    kind: Literal["person"] = "person"


@dataclass(frozen=True)
class CaseNumber:
    number: int
    kind: Literal["case"] = "case"


@dataclass(frozen=True)
class Moment:
    """An instant (UTC). Shown in the reader's zone; with ``zone`` first in that one, under its ``label`` ("ET")."""

    at: datetime
    zone: str = ""
    label: str = ""
    year: bool = False
    """Whether its year is said too: it is not the one that is meant unsaid."""
    kind: Literal["moment"] = "moment"


@dataclass(frozen=True)
class Day:
    """A day of the calendar, the same for every reader; always with its year."""

    on: date
    kind: Literal["day"] = "day"


@dataclass(frozen=True)
class Duration:
    """Whole minutes, never negative; ``business`` where only working time counts."""

    minutes: int
    business: bool = False
    kind: Literal["duration"] = "duration"


@dataclass(frozen=True)
class Count:
    number: int
    kind: Literal["count"] = "count"


@dataclass(frozen=True)
class Percent:
    number: int
    kind: Literal["percent"] = "percent"


@dataclass(frozen=True)
class Money:
    """An amount with the sign the catalogue prints; no currency code unless it names one (W10)."""

    amount: Decimal
    sign: str
    kind: Literal["money"] = "money"


@dataclass(frozen=True)
class Clause:
    """The row of the provider's terms that a promise or a refusal came from."""

    id: str
    kind: Literal["clause"] = "clause"


@dataclass(frozen=True)
class Printed:
    """Words taken from the catalogue as they stand: a plan's name, opening hours, a stated assumption."""

    text: str
    kind: Literal["printed"] = "printed"


@dataclass(frozen=True)
class Link:
    """A telephone number, mail address or page of the provider's: ``url`` is tel:, mailto: or https:."""

    text: str
    url: str
    kind: Literal["link"] = "link"


@dataclass(frozen=True)
class Code:
    """A line to type, or a reference to quote."""

    text: str
    kind: Literal["code"] = "code"


Value = (
    Quoted | Person | CaseNumber | Moment | Day | Duration | Count | Percent | Money | Clause | Printed | Link | Code
)
Span = str | Annotated[Value, Field(discriminator="kind")]
Spans = tuple[Span, ...]


# Parts -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Text:
    spans: Spans
    style: Literal["normal", "heading", "small", "alert"] = "normal"
    kind: Literal["text"] = "text"


@dataclass(frozen=True)
class Facts:
    """Labels with their values, such as a card shows."""

    facts: tuple[tuple[str, Spans], ...]
    kind: Literal["facts"] = "facts"


@dataclass(frozen=True)
class Quote:
    """What somebody wrote, as a block of its own; ``internal`` never leaves the desk's side and says so."""

    by: Person
    words: str
    internal: bool = False
    kind: Literal["quote"] = "quote"


@dataclass(frozen=True)
class Button:
    label: str
    line: str
    """Pressing says this line, so whatever a button does can also be typed."""
    style: Literal["normal", "primary", "danger"] = "normal"
    within: bool = False
    """Whether its answer is another view of the message that it stands in, and takes its place where a channel can."""


@dataclass(frozen=True)
class Buttons:
    buttons: tuple[Button, ...]
    kind: Literal["buttons"] = "buttons"


@dataclass(frozen=True)
class Item:
    spans: Spans
    button: Button | None = None


@dataclass(frozen=True)
class Items:
    """A list, such as a queue."""

    items: tuple[Item, ...]
    kind: Literal["items"] = "items"


@dataclass(frozen=True)
class Bar:
    """How much of a case's response time is gone, as it was drawn; ``spans`` say the same in words."""

    percent: int
    """Of the target, 0 and up; more than 100 once it is past."""
    spans: Spans
    kind: Literal["bar"] = "bar"


@dataclass(frozen=True)
class Picture:
    """Fetched from ``url`` by whoever shows it; ``spans`` say in words what is in it."""

    url: str
    spans: Spans
    kind: Literal["picture"] = "picture"


Part = Annotated[Text | Facts | Quote | Buttons | Items | Bar | Picture, Field(discriminator="kind")]


class Reader(NamedTuple):
    """By whose habits values are written."""

    zone: str = "UTC"
    """IANA name; UTC: nobody's in particular."""
    language: str = ENGLISH


@dataclass(frozen=True)
class Message:
    parts: tuple[Part, ...]
    zone: str = "UTC"
    """The reader's IANA zone."""
    language: str = ENGLISH
    """In which it is worded."""
    calendar: str = ""
    """An agreed time as a calendar's file (RFC 5545), for channels that carry files."""
    refused: str = ""
    """What kind of refusal it words, for programs; empty where what was asked for was done."""
    way_in: str = ""
    """The fingerprint of the link or code that it holds, if any: whoever reads that can be its owner."""

    @property
    def reader(self) -> Reader:
        return Reader(self.zone, self.language)


_JSON = TypeAdapter(Message)


def to_json(message: Message) -> dict[str, Any]:
    made: dict[str, Any] = _JSON.dump_python(message, mode="json")
    return made


def from_json(kept: Mapping[str, Any]) -> Message:
    return _JSON.validate_python(kept)
