"""What somebody may want, as data: decided before the transaction, carried out inside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bot.desk import CaseRef, Edit
from bot.forms import Mistake
from bot.incoming import User
from rules.business_time import Calendar
from rules.people import Actor
from rules.refusals import Refusal


@dataclass(frozen=True)
class OpenQuestion:
    draft: int
    dialog: str
    question: str
    case: int | None = None
    """The case that the dialog enriches."""
    words: str = ""
    """What they wrote before they were asked; it must not be lost."""
    as_form: bool = False
    """Whether it was shown as a form among people, who may have put it away and gone on talking."""
    line: str = ""
    """The line whose words are asked for."""


@dataclass(frozen=True)
class Scene:
    """Who is speaking, what they were last asked, and which cases they could mean."""

    actor: Actor | None
    asked: OpenQuestion | None = None
    case: int | None = None
    """The case of the thread or of the quoted message."""
    over: bool = False
    """Whether that case is over."""
    company: str | None = None
    """The account's slug: whose articles they may read besides everybody's (C1)."""
    mine: tuple[int, ...] = ()
    """Live cases that they opened, latest first."""
    card: int | None = None
    """The case whose live card they put a sign on."""
    free: bool = False
    """Whether nobody works on that one yet."""
    desk: bool = False
    """Whether this is a room of the desk."""
    outward: bool = False
    """Whether this is where the case's customer reads."""
    single: bool = False
    """Whether all their matters share this one conversation."""
    now: datetime | None = None
    """Business time; the zone that they say times in is the actor's."""
    hours: Calendar | None = None
    """When the desk works."""
    provider: str | None = None
    """Whose customer they are, by the contract in force."""
    said: Literal["", "followed", "heard"] = ""
    """Of the message that they changed or deleted: whether its words went anywhere, or it was heard at all."""
    plans: frozenset[str] = frozenset()
    """What that provider's plans are called, in short and in full, as ``str.casefold`` writes them."""
    over_at: datetime | None = None
    """Since when ``case`` is over, where they may reopen it."""
    reopens: bool = False
    """Whether that is not too long ago (R8)."""


@dataclass(frozen=True)
class Do:
    command: str
    case: CaseRef | None
    words: str = ""
    also: "Do | None" = None
    """A second wish of the same message, which changes nothing and is answered first."""


@dataclass(frozen=True)
class Begin:
    dialog: str
    known: Mapping[str, Any]
    also: Do | None = None


@dataclass(frozen=True)
class Answer:
    draft: int
    question: str
    value: Any


@dataclass(frozen=True)
class Fix:
    """Answers that cannot be taken as they are."""

    dialog: str
    raw: Mapping[str, str]
    mistakes: Mapping[str, Mistake]


@dataclass(frozen=True)
class Filled:
    dialog: str
    answers: Mapping[str, Any]
    draft: int | None


@dataclass(frozen=True)
class Back:
    pass


@dataclass(frozen=True)
class Cancel:
    pass


@dataclass(frozen=True)
class Raise:
    """A message becomes a case."""

    text: str
    author: User
    at: datetime
    message: str
    """Names the message."""


@dataclass(frozen=True)
class SendOn:
    """What they wrote to the desk only goes on to the customer of its case."""

    message: str
    """The key under which they wrote it."""


@dataclass(frozen=True)
class Letter:
    """A customer's letter."""

    words: str
    """All of it."""
    subject: str
    case: int | None
    """The case that it goes on, if it does."""
    id: str
    line: Do | None = None
    """The line at its beginning, where that is obeyed."""
    rest: str = ""
    """What it says beside that line."""
    priority: str = ""
    """As its author marked it."""


@dataclass(frozen=True)
class Change:
    """They changed a message that did something."""

    edit: Edit


@dataclass(frozen=True)
class TakeBack:
    """They deleted one, or only these ``files`` of it."""

    of: str
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ignore:
    """People talking among themselves: nothing is kept of it, not even that it was heard."""


@dataclass(frozen=True)
class Lost:
    refusal: Refusal


Intent = (
    Do | Begin | Answer | Fix | Filled | Back | Cancel | Raise | SendOn | Change | TakeBack | Letter | Lost | Ignore
)
