"""The single things a provider publishes, each with the clauses it rests on; read from the file as they stand here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from rules.catalogue.fields import (
    Cited,
    Day,
    Flag,
    Ids,
    Mail,
    Money,
    Percent,
    Positive,
    Priority,
    Tel,
    Tell,
    Text,
    Url,
    Week,
    Zone,
)
from rules.catalogue.kinds import Verdict


@dataclass(frozen=True)
class Clause:
    """One row of what the provider's page says."""

    id: str
    says: str
    """In our own words."""
    quote: str | None = None
    """In the provider's own words, where a person must read exactly those (W39-W41)."""


@dataclass(frozen=True)
class Phone:
    printed: Text
    tel: Tel
    clauses: Cited

    @property
    def link(self) -> str:
        return f"tel:{self.tel}"


@dataclass(frozen=True)
class Mailbox:
    address: Mail
    clauses: Cited


@dataclass(frozen=True)
class Page:
    url: Url
    clauses: Cited


@dataclass(frozen=True)
class Currency:
    """The page prints a symbol; a code is shown only if the operator knows it (W10)."""

    symbol: Text
    clauses: Cited
    code: Text | None = None


@dataclass(frozen=True)
class Hours:
    week: Week
    """Minutes of the day, half open, by day: {"mon": ((480, 1080),)}."""
    zone: Zone
    label: Text
    clauses: Cited
    holidays: frozenset[Day] = frozenset()
    assumptions: tuple[Text, ...] = ()
    """What we read into the page's silence; said along with every due time that rests on it."""


@dataclass(frozen=True)
class Terms:
    """One version of the terms; a case keeps the version that held when it was received (W36)."""

    version: Text
    published: Day
    effective: Day


@dataclass(frozen=True)
class TermsNotice:
    days: Positive
    clauses: Cited


@dataclass(frozen=True)
class Notice:
    """How a customer ends the contract. Days of the calendar, not of business."""

    days: Positive
    to: Mail
    clauses: Cited
    refund: Ids = ()


@dataclass(frozen=True)
class Contacts:
    """Who may ask. Ours, with no clause behind it: after how many business minutes a hand-over reaches the desk."""

    rule: Literal["nominated", "one_contact"]
    clauses: Cited
    deputy: Flag = False
    critical_accepted: Flag = False
    """An outage is taken from any licensed person, and flagged."""
    unanswered_minutes: Positive = 60


@dataclass(frozen=True)
class AtLeast:
    count: Positive
    clauses: Cited


@dataclass(frozen=True)
class Contracts:
    """What a contract must fulfil; an empty rule is one the page does not make."""

    months: AtLeast | None = None
    all_products: Ids = ()
    support_with_licences: Ids = ()
    latest_versions: Ids = ()


@dataclass(frozen=True)
class Extension:
    """How added licences lengthen a contract: the name of a formula in rules.contracts."""

    rule: Literal["co_term"]
    clauses: Cited


@dataclass(frozen=True)
class Picks:
    """Names to choose from. Closed: nothing else is supported; open: accept anything and let staff judge."""

    names: tuple[Text, ...]
    clauses: Cited
    closed: Flag = False


@dataclass(frozen=True)
class Desk:
    """How the desk itself works. All of it ours: no clause promises it."""

    reopen_days: Positive = 14
    """Days of the calendar in which a customer may reopen; afterwards a new case is linked."""
    remind_days: tuple[Positive, ...] = (1, 3, 7)
    """Business days after which a customer is reminded to confirm a solution."""
    remind_before_minutes: tuple[Positive, ...] = (24 * 60, 30)
    """How long before an agreed time both sides are reminded of it."""
    queue: Text = "L1"
    in_turn: tuple[Text, ...] = ()
    """Queues whose cases are given to somebody by themselves, in turn and within business hours."""
    priorities: tuple[Text, ...] = ("critical", "high", "normal", "low")
    """Most urgent first. Pages name "critical" at most."""


@dataclass(frozen=True)
class PerUser:
    """A price per month for so many licensed users."""

    first: Money
    additional: Money
    clauses: Cited
    per: Literal["month"] = "month"


@dataclass(frozen=True)
class OfLicences:
    """A percentage of what the licences cost. The page names no period, so neither do we."""

    percent: Percent
    clauses: Cited
    per: Literal["contract"] = "contract"


@dataclass(frozen=True)
class Target:
    """Business minutes to the first response: expected, not guaranteed."""

    minutes: Positive
    clauses: Cited


@dataclass(frozen=True)
class Response:
    """A plan's targets as its file gives them: one for every priority, others for some, or expressly none."""

    minutes: Positive | None = None
    clauses: Ids = ()
    by_priority: Mapping[Priority, Target] = field(default_factory=dict)


@dataclass(frozen=True)
class Rungs:
    """What a file says about a ladder; whatever it leaves out stays as it was."""

    tell: Tell = field(default_factory=dict)
    """By step: a percentage of the target, or one of STEPS."""
    climb_minutes: Positive | None = None
    acknowledged_minutes: Positive | None = None


@dataclass(frozen=True)
class Climbing(Rungs):
    by_priority: Mapping[Priority, Rungs] = field(default_factory=dict)


Share = Literal["licences", "advice", "work"]


@dataclass(frozen=True)
class Ruling:
    """How a plan stands to one kind of request. The first clause is the one that explains it."""

    verdict: Verdict
    clauses: Ids = ()
    by: Literal["person", "knowledge"] = "person"
    """Who answers: a human, or videos and articles."""
    up_to_minutes: Positive | None = None
    """Holds for work of at most so many minutes ..."""
    beyond: "Ruling | None" = None
    """... and this for more."""
    in_hours: Flag = False
    """The work itself is done in business hours only."""
    split: Mapping[Share, Verdict] = field(default_factory=dict)
    """Where parts of what is asked for stand differently (T11); ``verdict`` is about the work."""
    contract_may_allow: Flag = False
