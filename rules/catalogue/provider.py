"""A provider and its plans, whole: whatever is told to a customer about them comes from here, with its clause."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from rules.business_time import AROUND_THE_CLOCK, Calendar
from rules.catalogue.kinds import INCLUDED, UNDECIDED, Kind, Verdict
from rules.catalogue.parts import (
    AtLeast,
    Clause,
    Contacts,
    Contracts,
    Currency,
    Desk,
    Extension,
    Hours,
    Mailbox,
    Notice,
    OfLicences,
    Page,
    PerUser,
    Phone,
    Picks,
    Ruling,
    Target,
    Terms,
    TermsNotice,
)
from rules.ladder import Ladder


@dataclass(frozen=True)
class Fact:
    question: str
    answer: str
    clauses: tuple[str, ...]


@dataclass(frozen=True)
class NotPublished:
    """The page is silent. Clauses: where it comes near, if anywhere."""

    question: str
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Plan:
    """One plan with everything it inherits."""

    id: str
    """With its provider's, as contracts name it: websan/success."""
    name: str
    provider: "Provider" = field(repr=False)
    features: tuple[Clause, ...]
    price: PerUser | OfLicences | None
    targets: Mapping[str | None, Target]
    """By priority; under None, the target of every priority not named."""
    ladders: Mapping[str | None, Ladder] = field(repr=False)
    """By priority; under None, while none is said."""
    coverage: Mapping[Kind, Ruling]
    concierge: tuple[str, ...]
    """The clauses that promise a named concierge; empty if none does."""
    coach: tuple[str, ...]
    licences: AtLeast | None
    """How many licences a company must own to have this plan (T9)."""

    def target(self, priority: str | None = None) -> Target | None:
        """None: no response time is published, so none is computed, shown or warned of (T7)."""
        return self.targets.get(priority) or self.targets.get(None)

    def ladder(self, priority: str | None = None) -> Ladder:
        return self.ladders.get(priority) or self.ladders[None]

    @property
    def how_do_i(self) -> Ruling:
        return self.coverage.get(Kind.HOW_DO_I) or Ruling(Verdict.UNKNOWN)

    @property
    def exclusions(self) -> Mapping[Kind, Ruling]:
        return {kind: it for kind, it in self.coverage.items() if it.verdict not in INCLUDED | UNDECIDED}


@dataclass(frozen=True, eq=False)
class Provider:
    """One catalogue. What is None or empty is not published."""

    id: str
    name: str
    title: str
    clauses: Mapping[str, Clause]
    plans: Mapping[str, Plan] = field(repr=False)
    terms: tuple[Terms, ...]
    """By the day they take effect."""
    contacts: Contacts
    desk: Desk
    ladders: Mapping[str | None, Ladder] = field(repr=False)
    """By priority, where no plan says otherwise."""
    facts: Mapping[str, Fact]
    silences: Mapping[str, NotPublished]
    """What the page expressly leaves open."""
    phone: Phone | None
    email: Mailbox | None
    escalation: Mailbox | None
    privacy: Page | None
    currency: Currency | None
    hours: Hours | None
    clock: Calendar | None = field(repr=False)
    terms_notice: TermsNotice | None
    notice: Notice | None
    contracts: Contracts
    extension: Extension | None
    products: Picks | None
    areas: Picks | None
    browsers: Picks | None
    """Which are supported, as far as the operator of the desk knows: the page may be silent (W34)."""
    version_update: Ruling | None
    """Where somebody asks for one to be carried out (T11)."""
    status_page: Page | None
    """Where the platform's own maker tells of its outages."""
    seats: tuple[str, ...]
    """The clauses that ask for a licence for every user."""
    payment: tuple[Clause, ...]
    words: Mapping[Kind, tuple[str, ...]]
    """How this provider's customers call a kind of request, besides what everybody calls it."""

    def calendar(self) -> Calendar | None:
        """The business hours, for the clock."""
        return self.clock

    def counted(self) -> Calendar:
        """The hours in which a promised time is counted: every one, where a contract promises minutes and the page
        names no hours (T7)."""
        return self.clock or AROUND_THE_CLOCK

    def ladder(self, priority: str | None = None) -> Ladder:
        """For a case that no plan covers."""
        return self.ladders.get(priority) or self.ladders[None]

    def fact(self, question: str) -> Fact | NotPublished:
        """What the page answers to the question; what it is not known to answer counts as not published."""
        if question == "supported_browsers" and self.browsers and self.browsers.names:
            return Fact(question, ", ".join(self.browsers.names), self.browsers.clauses)
        return self.facts.get(question) or self.silences.get(question) or NotPublished(question)

    def product(self, text: str) -> str | None:
        """The product's own name for it, written with or without the provider's (T2)."""
        said = " ".join(text.casefold().split())
        full = {said, f"{self.name.casefold()} {said}"}
        return next((name for name in (self.products.names if self.products else ()) if name.casefold() in full), None)

    def terms_on(self, day: date) -> Terms:
        """The version in force on that day; before the first one, the first."""
        return next((terms for terms in reversed(self.terms) if terms.effective <= day), self.terms[0])


class UnknownPlan(KeyError):
    """No catalogue has a plan or provider of that name."""

    def __init__(self, id: str, known: Mapping[str, object]) -> None:
        super().__init__(id)
        self.id, self.known = id, tuple(known)

    def __str__(self) -> str:
        return f"There is no {self.id}. Known: {', '.join(self.known)}."


@dataclass(frozen=True)
class Catalogues:
    """Every provider this desk serves."""

    providers: Mapping[str, Provider]

    @property
    def plans(self) -> Mapping[str, Plan]:
        """By id (websan/success), in the order of the files."""
        return {plan.id: plan for provider in self.providers.values() for plan in provider.plans.values()}

    def plan(self, id: str) -> Plan:
        provider = self.providers.get(id.partition("/")[0])
        if provider is None or id not in provider.plans:
            raise UnknownPlan(id, self.plans)
        return provider.plans[id]

    def provider(self, id: str) -> Provider:
        if id not in self.providers:
            raise UnknownPlan(id, self.providers)
        return self.providers[id]
