"""What the customers' pages show, as the portal sees it; ``app`` supplies it from the house."""

from collections.abc import Collection, Sequence
from typing import Protocol

from adapters.portal.sessions import Visitor
from bot.messages import Message, Moment, Person, Spans


class Row(Protocol):
    """A case in a list, its values worded for whoever reads it."""

    @property
    def number(self) -> int: ...
    @property
    def subject(self) -> str: ...
    @property
    def opener(self) -> str: ...
    @property
    def state(self) -> str:
        """The status as a plain word, for its colour."""

    @property
    def status(self) -> Spans: ...
    @property
    def with_(self) -> Spans: ...
    @property
    def response(self) -> Spans:
        """When it is or was answered."""

    @property
    def percent(self) -> int | None:
        """Of the response time that is gone, while somebody is owed an answer."""

    @property
    def waits(self) -> bool:
        """Whether it waits for a word of the customer's."""

    @property
    def changed(self) -> Moment: ...


class Appointment(Protocol):
    @property
    def number(self) -> int: ...
    @property
    def subject(self) -> str: ...
    @property
    def at(self) -> Spans: ...
    @property
    def agreed(self) -> bool: ...


class Helper(Protocol):
    """Somebody who looks after the company."""

    @property
    def who(self) -> Person: ...


class Waiting(Protocol):
    """What waits for the reader's word."""

    @property
    def row(self) -> Row: ...
    @property
    def asks(self) -> Message:
        """The buttons that give it."""


class Home(Protocol):
    @property
    def waiting(self) -> Sequence[Waiting]: ...
    @property
    def live(self) -> Sequence[Row]:
        """The others."""

    @property
    def many(self) -> int:
        """Both, on all pages."""

    @property
    def page(self) -> int: ...
    @property
    def pages(self) -> int: ...
    @property
    def appointments(self) -> Sequence[Appointment]: ...
    @property
    def plan(self) -> str:
        """Its name; empty where no contract is in force."""

    @property
    def licences(self) -> Spans: ...
    @property
    def team(self) -> Sequence[Person]:
        """Concierge and coach."""


class Listed(Protocol):
    @property
    def rows(self) -> Sequence[Row]: ...
    @property
    def counts(self) -> Sequence[tuple[str, int]]:
        """Each filter with how many cases it leaves."""

    @property
    def found(self) -> int: ...
    @property
    def page(self) -> int: ...
    @property
    def pages(self) -> int: ...


class Happened(Protocol):
    """One entry of a case's history."""

    @property
    def at(self) -> Moment: ...
    @property
    def who(self) -> Person: ...
    @property
    def did(self) -> Spans: ...
    @property
    def words(self) -> Spans: ...
    @property
    def mine(self) -> bool:
        """Of the reader's own side."""

    @property
    def internal(self) -> bool: ...


class Case(Protocol):
    @property
    def number(self) -> int: ...
    @property
    def subject(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def status(self) -> Spans: ...
    @property
    def card(self) -> Message: ...
    @property
    def history(self) -> Sequence[Happened]: ...
    @property
    def why(self) -> Message: ...
    @property
    def can(self) -> Collection[str]:
        """The verbs that this reader may use now."""

    @property
    def rating(self) -> int | None: ...


class Colleague(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def nominated(self) -> bool: ...
    @property
    def licensed(self) -> bool: ...
    @property
    def contact_person(self) -> bool: ...


class People(Protocol):
    @property
    def team(self) -> Sequence[Person]: ...
    @property
    def colleagues(self) -> Sequence[Colleague]: ...


class Clause(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def says(self) -> str: ...
    @property
    def quote(self) -> str: ...


class Terms(Protocol):
    @property
    def provider(self) -> str: ...
    @property
    def in_force(self) -> Message: ...
    @property
    def clauses(self) -> Sequence[Clause]: ...


class Views(Protocol):
    """Each reads only what this visitor may see, and may raise bot.channel.Busy."""

    async def home(self, visitor: Visitor, page: int) -> Home: ...
    async def cases(self, visitor: Visitor, only: str, words: str, page: int) -> Listed: ...
    async def case(self, visitor: Visitor, number: int) -> Case | None:
        """None: there is none, or it is not theirs to see."""

    async def plan(self, visitor: Visitor) -> Sequence[Message]: ...
    async def people(self, visitor: Visitor) -> People: ...
    async def terms(self, visitor: Visitor) -> Terms: ...
    async def privacy(self, visitor: Visitor) -> Message: ...
