"""What a directory file says, as frozen values; each knows the line its table starts on."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal

from rules.people import Role
from rules.toml_lines import Mistake


@dataclass(frozen=True)
class Identity:
    """One person in one channel, by the channel's own ids; Teams ids are in small letters."""

    channel: str
    tenant: str
    user: str


@dataclass(frozen=True)
class Place:
    """A room in a channel. ``tenant`` is empty for Teams, whose conversation ids are unique by themselves."""

    channel: str
    tenant: str
    room: str


@dataclass(frozen=True)
class Account:
    name: str
    slug: str
    teams_tenants: tuple[str, ...]
    slack_teams: tuple[str, ...]
    line: int = field(compare=False)
    custom_code: bool = False
    """They run code or plug-ins of their own (W35)."""
    users: int | None = None
    """How many of them use the system, as far as they said (W11)."""
    accept_all: bool = False
    """What comes from whom nobody nominated is taken at once, and flagged (W27)."""
    keep_months: int | None = None
    """For how long their closed cases are kept; 0: for good, None: as the desk has it."""


@dataclass(frozen=True)
class Contract:
    account: str
    """The account's slug, here and below."""
    plan: str
    starts: date
    ends: date | None
    """The last day, included; None: it runs on."""
    licences: int
    licence_total: Decimal | None
    """Price of all licences by the list at signing, the base of Terrasoft's percentages (T13)."""
    products: tuple[str, ...]
    paid_until: date | None
    """Lapsed means that staff are warned, never that the customer is locked out (W43)."""
    line: int = field(compare=False)
    signed: date | None = None
    price_list: str | None = None
    """The version of the price list on the day of signing (T17)."""
    per_year: bool = False
    """The contract says that its price is due each contract year (T13)."""
    new_versions: bool | None = None
    """Whether it includes new versions; None: it does not say (T5)."""
    owned: tuple[str, ...] = ()
    """The products that they own, where they are others than those covered (T14)."""
    allowed: tuple[str, ...] = ()
    """Kinds of request that it adds to its plan (T12)."""
    response_minutes: int | None = None
    """Business minutes to the first answer, where the contract itself promises them (T7)."""
    trial: bool = False
    """Signed on a trial licence (W33)."""
    noticed_on: date | None = None
    """When the customer's written notice came in (W48)."""

    @property
    def provider(self) -> str:
        return provider_of(self.plan)


@dataclass(frozen=True)
class Contact:
    account: str
    name: str
    email: str
    """In small letters, here and below."""
    licensed: bool
    nominated: bool
    contact_person: bool
    """In charge of the account's consultations (T10)."""
    deputy_until: date | None
    """Stands in for the contact person up to this day, included."""
    timezone: str | None
    """IANA name; None: the provider's zone."""
    identities: tuple[Identity, ...]
    line: int = field(compare=False)
    language: str | None = None
    """In which they are written to; None: as they chose themselves, at first English."""
    left: bool | None = None
    """False brings back who left; None: the file does not say."""


@dataclass(frozen=True)
class Staff:
    name: str
    email: str
    role: Role
    timezone: str | None
    identities: tuple[Identity, ...]
    line: int = field(compare=False)
    any_hour: bool | None = None
    """Warned outside business hours too; None: as they said themselves."""
    language: str | None = None
    left: bool | None = None
    skills: tuple[str, ...] = ()
    """The queues and kinds of request that they are given in turn; none: all to agents, to others none."""


@dataclass(frozen=True)
class Rota:
    """Who is on call in turn, by e-mail: each for so many days, from the day it begins."""

    name: str
    people: tuple[str, ...]
    begins: date
    handover: time
    timezone: str
    days: int
    line: int = field(compare=False)


@dataclass(frozen=True)
class Absence:
    """Somebody of the staff is away from ``begins`` up to ``until``, both UTC."""

    staff: str
    begins: datetime
    until: datetime
    stand_in: str | None
    line: int = field(compare=False)


@dataclass(frozen=True)
class Assignment:
    """Who of the staff looks after an account, by e-mail; at least one of the two."""

    account: str
    concierge: str | None
    coach: str | None
    line: int = field(compare=False)


@dataclass(frozen=True)
class Channel:
    """Shared rooms in which outsiders speak for the account; at least one."""

    account: str
    places: tuple[Place, ...]
    line: int = field(compare=False)


@dataclass(frozen=True)
class Desk:
    """Where unassigned work is announced."""

    places: tuple[Place, ...]
    line: int = field(compare=False)
    keep_months: int = 0
    """For how long closed cases are kept; 0: for good."""


@dataclass(frozen=True)
class Directory:
    accounts: tuple[Account, ...] = ()
    contracts: tuple[Contract, ...] = ()
    contacts: tuple[Contact, ...] = ()
    staff: tuple[Staff, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    channels: tuple[Channel, ...] = ()
    desk: Desk | None = None
    rotas: tuple[Rota, ...] = ()
    absences: tuple[Absence, ...] = ()
    doubts: tuple[Mistake, ...] = field(default=(), compare=False)
    """What stands there against the provider's terms."""


def provider_of(plan: str) -> str:
    return plan.partition("/")[0]
