"""What the customers' pages show."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.messages import Message, Moment, Person, Spans


@dataclass(frozen=True)
class Row:
    """A case in a list, its values worded for whoever reads it."""

    number: int
    subject: str
    opener: str
    state: str
    """The status as a plain word, for its colour."""
    status: Spans
    with_: Spans
    response: Spans
    """When it is or was answered."""
    percent: int | None
    """Of the response time that is gone, while somebody is owed an answer."""
    waits: bool
    """Whether it waits for a word of the reader's."""
    changed: Moment


@dataclass(frozen=True)
class Appointment:
    number: int
    subject: str
    at: Spans
    agreed: bool


@dataclass(frozen=True)
class Waiting:
    """What waits for the reader's word, with the buttons that give it."""

    row: Row
    asked: Spans
    """By whom, and until when, as far as there is either."""
    asks: Message


@dataclass(frozen=True)
class Home:
    waiting: Sequence[Waiting]
    live: Sequence[Row]
    """The others."""
    many: int
    """Both, on all pages."""
    page: int
    pages: int
    appointments: Sequence[Appointment]
    plan: str
    """Its name; empty where no contract is in force."""
    licences: Spans
    team: Sequence[Person]
    """Concierge and coach."""


@dataclass(frozen=True)
class Listed:
    rows: Sequence[Row]
    counts: Sequence[tuple[str, int]]
    """Each filter with how many cases it leaves."""
    found: int
    page: int
    pages: int


@dataclass(frozen=True)
class Happened:
    """One entry of a case's history."""

    at: Moment
    who: Person
    did: Spans
    words: Spans
    mine: bool
    """Of the reader's own side."""
    internal: bool


@dataclass(frozen=True)
class Case:
    number: int
    subject: str
    state: str
    status: Spans
    card: Message
    history: Sequence[Happened]
    why: Message
    can: frozenset[str]
    """The verbs that this reader may use now."""
    rating: int | None


@dataclass(frozen=True)
class Colleague:
    name: str
    email: str
    nominated: bool
    licensed: bool
    contact_person: bool


@dataclass(frozen=True)
class People:
    team: Sequence[Person]
    colleagues: Sequence[Colleague]


@dataclass(frozen=True)
class Clause:
    id: str
    says: str
    quote: str


@dataclass(frozen=True)
class Terms:
    provider: str
    in_force: Message
    clauses: Sequence[Clause]
