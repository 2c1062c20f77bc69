"""What the pages of the desk's own people show, as the portal sees it; ``app`` supplies it from the house."""

from collections.abc import Collection, Sequence
from typing import Protocol

from adapters.portal.sessions import Visitor
from adapters.portal.shown import Happened
from bot.messages import Day, Message, Moment, Person, Spans


class BoardRow(Protocol):
    """A case on the board, its values worded for whoever reads it."""

    @property
    def number(self) -> int: ...
    @property
    def subject(self) -> str: ...
    @property
    def opener(self) -> str: ...
    @property
    def account(self) -> str: ...
    @property
    def state(self) -> str:
        """The status as a plain word, for its colour."""

    @property
    def status(self) -> Spans: ...
    @property
    def priority(self) -> Spans: ...
    @property
    def assignee(self) -> Person | None: ...
    @property
    def mine(self) -> bool: ...
    @property
    def left(self) -> Spans:
        """How much of the response time, while a promised answer is owed."""

    @property
    def percent(self) -> int | None:
        """Of the response time that is gone, while a promised answer is owed."""

    @property
    def response(self) -> Spans:
        """By when it is expected, when it came, or why no time is promised."""

    @property
    def asked(self) -> Moment | None:
        """Since when the customer waits for the next answer."""

    @property
    def changed(self) -> Moment: ...
    @property
    def version(self) -> int:
        """Grows with every change."""

    @property
    def takes(self) -> bool:
        """Whether whoever looks can take it."""


class Filter(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def many(self) -> int | None: ...
    @property
    def words(self) -> str: ...
    @property
    def on(self) -> bool: ...


class Board(Protocol):
    @property
    def held(self) -> Sequence[Message]:
        """What whoever looks said and has not left."""

    @property
    def rows(self) -> Sequence[BoardRow]: ...
    @property
    def filters(self) -> Sequence[Filter]: ...
    @property
    def many(self) -> int: ...
    @property
    def page(self) -> int: ...
    @property
    def pages(self) -> int: ...
    @property
    def words(self) -> str: ...
    @property
    def at(self) -> Moment: ...
    @property
    def names(self) -> Sequence[str]:
        """Words that the list can be narrowed by."""

    @property
    def wrong(self) -> Message | None:
        """Why it can't be narrowed so."""

    @property
    def around(self) -> Message:
        """The next appointments, and who is on call or away; without parts where there is nothing of it."""


class Other(Protocol):
    """A case beside the one that is shown."""

    @property
    def number(self) -> int: ...
    @property
    def subject(self) -> str: ...
    @property
    def account(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def status(self) -> Spans: ...


class Group(Protocol):
    """The incident that a case is one of."""

    @property
    def number(self) -> int: ...
    @property
    def title(self) -> str: ...
    @property
    def cases(self) -> Sequence[Other]: ...


class StaffCase(Protocol):
    @property
    def number(self) -> int: ...
    @property
    def subject(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def status(self) -> Spans: ...
    @property
    def opener(self) -> str: ...
    @property
    def account(self) -> str: ...
    @property
    def slug(self) -> str: ...
    @property
    def row(self) -> BoardRow: ...
    @property
    def held(self) -> Sequence[Message]:
        """What was said to the customer and has not left."""

    @property
    def card(self) -> Message: ...
    @property
    def history(self) -> Sequence[Happened]: ...
    @property
    def why(self) -> Message: ...
    @property
    def agreed(self) -> Message | None: ...
    @property
    def warned(self) -> Message | None: ...
    @property
    def related(self) -> Sequence[Other]: ...
    @property
    def incident(self) -> Group | None: ...
    @property
    def can(self) -> Collection[str]:
        """The verbs that this reader may use now."""

    @property
    def levels(self) -> Sequence[tuple[str, str]]: ...
    @property
    def verdicts(self) -> Sequence[tuple[str, str]]: ...
    @property
    def staff(self) -> Sequence[tuple[str, str]]: ...
    @property
    def saved(self) -> Sequence[tuple[str, str]]: ...
    @property
    def incidents(self) -> Sequence[tuple[int, str]]: ...


class Company(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def slug(self) -> str: ...
    @property
    def plan(self) -> str:
        """Its name; empty where no contract is in force."""

    @property
    def licences(self) -> int | None: ...
    @property
    def used(self) -> int | None: ...
    @property
    def drift(self) -> bool:
        """Whether more are used than were bought."""

    @property
    def lapsed(self) -> bool: ...
    @property
    def last_day(self) -> Day | None: ...
    @property
    def concierge(self) -> Person | None: ...
    @property
    def open(self) -> int: ...


class Companies(Protocol):
    @property
    def rows(self) -> Sequence[Company]: ...
    @property
    def many(self) -> int: ...
    @property
    def page(self) -> int: ...
    @property
    def pages(self) -> int: ...


class Contact(Protocol):
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
    @property
    def deputy_until(self) -> Day | None: ...


class CompanyPage(Protocol):
    @property
    def company(self) -> Company: ...
    @property
    def contract(self) -> Message: ...
    @property
    def contacts(self) -> Sequence[Contact]: ...


class DeskViews(Protocol):
    """Each reads only what this visitor may see, and may raise bot.channel.Busy. None: nothing, or not for them."""

    async def board(self, visitor: Visitor, words: str, page: int, sort: str, down: bool) -> Board | None: ...
    async def mark(self, visitor: Visitor, case: int | None) -> str | None:
        """Another one whenever the board, or that case's page, would show something else."""

    async def case(self, visitor: Visitor, number: int) -> StaffCase | None: ...
    async def companies(self, visitor: Visitor, words: str, page: int) -> Companies | None: ...
    async def company(self, visitor: Visitor, slug: str) -> CompanyPage | None: ...
