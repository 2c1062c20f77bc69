"""What the pages of the desk's own people show."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.messages import Day, Message, Moment, Person, Spans
from bot.shown.customers import Happened


@dataclass(frozen=True)
class BoardRow:
    """A case on the board, its values worded for whoever reads it."""

    number: int
    subject: str
    opener: str
    account: str
    state: str
    """The status as a plain word, for its colour."""
    status: Spans
    priority: Spans
    assignee: Person | None
    mine: bool
    left: Spans
    """Of the response time, while a promised answer is owed."""
    percent: int | None
    """Of the response time that is gone; None where no promised answer is owed."""
    response: Spans
    """By when it is expected, when it came, or why no time is promised."""
    asked: Moment | None
    """Since when the customer waits for the next answer, which nobody promised."""
    changed: Moment
    version: int
    """Grows with every change."""
    takes: bool
    """Whether this reader can take it."""


@dataclass(frozen=True)
class Filter:
    name: str
    many: int | None
    """How many it leaves, where they are counted."""
    words: str
    """What it narrows the queue by, with all else that was named."""
    on: bool


@dataclass(frozen=True)
class Board:
    held: Sequence[Message]
    """What whoever looks said and has not left."""
    rows: Sequence[BoardRow]
    filters: Sequence[Filter]
    many: int
    page: int
    pages: int
    words: str
    at: Moment
    names: Sequence[str]
    """Words that the queue can be narrowed by."""
    wrong: Message | None
    """Why it can't be narrowed so."""
    around: Message
    """Appointments, and who is there: as on the desk's home in chat."""


@dataclass(frozen=True)
class Other:
    """A case beside the one that is shown."""

    number: int
    subject: str
    account: str
    state: str
    status: Spans


@dataclass(frozen=True)
class Group:
    """The incident that a case is one of."""

    number: int
    title: str
    cases: Sequence[Other]


@dataclass(frozen=True)
class StaffCase:
    number: int
    subject: str
    state: str
    status: Spans
    opener: str
    account: str
    slug: str
    row: BoardRow
    held: Sequence[Message]
    """What was said to the customer and has not left."""
    card: Message
    history: Sequence[Happened]
    why: Message
    agreed: Message | None
    warned: Message | None
    related: Sequence[Other]
    incident: Group | None
    can: frozenset[str]
    """The verbs that this reader may use now."""
    levels: Sequence[tuple[str, str]]
    verdicts: Sequence[tuple[str, str]]
    staff: Sequence[tuple[str, str]]
    """Address and name."""
    saved: Sequence[tuple[str, str]]
    """Answers that are given often: name and words."""
    incidents: Sequence[tuple[int, str]]
    """Those that last."""


@dataclass(frozen=True)
class Company:
    name: str
    slug: str
    plan: str
    """Its name; empty where no contract is in force."""
    licences: int | None
    used: int | None
    """Seats, by the highest count that there is; None where seats are not counted."""
    drift: bool
    """Whether more are used than were bought."""
    lapsed: bool
    last_day: Day | None
    concierge: Person | None
    open: int


@dataclass(frozen=True)
class Companies:
    rows: Sequence[Company]
    many: int
    page: int
    pages: int


@dataclass(frozen=True)
class Contact:
    name: str
    email: str
    nominated: bool
    licensed: bool
    contact_person: bool
    deputy_until: Day | None


@dataclass(frozen=True)
class CompanyPage:
    company: Company
    contract: Message
    contacts: Sequence[Contact]
