"""Who people are, which company they belong to, and who of the desk is there."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint, false, text, true
from sqlmodel import Field, SQLModel

from rules.people import Role
from store.tables.columns import key, link, one_of


class Account(SQLModel, table=True):
    """A customer company."""

    id: int = key()
    slug: str = Field(unique=True, max_length=200)
    name: str = Field(max_length=200)
    accept_all: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Everybody licensed may open cases; what comes from whom nobody nominated is flagged (W27)."""
    custom_code: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """They run code or plug-ins of their own: reminded to test them before an upgrade (W35)."""
    users: int | None = None
    """How many people of theirs use the system, as far as they said; compared with their seats (W11)."""
    keep_months: int | None = None
    """For how long the words and files of a closed case of theirs are kept; 0: for good, None: as the desk has it."""


class Assignment(SQLModel, table=True):
    """Who looks after an account (W13, W17)."""

    account_id: int = link("account.id", primary_key=True)
    concierge_id: int | None = link("person.id", default=None)
    coach_id: int | None = link("person.id", default=None)


class Tenant(SQLModel, table=True):
    """A tenant or workspace of a channel that belongs to one account (C1)."""

    channel: str = Field(primary_key=True, max_length=20)
    tenant: str = Field(primary_key=True, max_length=200)
    account_id: int = link("account.id")


class Person(SQLModel, table=True):
    """A contact of an account, or staff of the desk; never both (C4)."""

    __table_args__ = (
        UniqueConstraint("id", "account_id"),
        CheckConstraint("(role = 'customer') = (account_id IS NOT NULL)", name="customers_have_accounts"),
        CheckConstraint("guest OR email IS NOT NULL", name="only_guests_have_no_address"),
        CheckConstraint("NOT guest OR (role = 'customer' AND NOT licensed)", name="guests_are_no_members"),
        CheckConstraint("licensed OR NOT nominated", name="nominated_are_licensed"),
        Index(
            "ux_person_contact_person",
            "account_id",
            unique=True,
            sqlite_where=text("contact_person"),
            postgresql_where=text("contact_person"),
        ),
    )
    id: int = key()
    name: str = Field(max_length=200)
    email: str | None = Field(default=None, unique=True, max_length=254)
    role: Role = one_of(Role)
    account_id: int | None = link("account.id", default=None, index=True)
    zone: str | None = Field(default=None, max_length=64)
    """None: the provider's zone."""
    licensed: bool = False
    nominated: bool = False
    guest: bool = False
    """Met in a room or tenant of the account's, in no directory: speaks for it there and sees only their own cases."""
    contact_person: bool = False
    """The one in charge of consultations, where the provider wants exactly one (T10): at most one of an account."""
    deputy_until: date | None = None
    conversation_id: int | None = link("conversation.id", default=None)
    """Where they were last met on their own: messages to them go there."""
    any_hour: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """They asked to be warned outside business hours too (R10)."""
    language: str | None = Field(default=None, max_length=16)
    """In which they are written to. None: English."""
    welcomed_at: datetime | None = None
    """When they were first answered, and told how their data is handled (W31)."""
    skills: list[str] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    """Of staff: the queues and kinds of request that they are given in turn; None: all to agents, to others none."""
    digest: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    """Of leads and concierges: whether they want the week's report."""
    digested_on: date | None = None
    """The Monday of the week in which they last had one."""
    left_at: datetime | None = None
    """Since then they are nobody here: no identity leads to them, nothing is sent to them."""
    became: int | None = link("person.id", default=None)
    """Whom a guest was found to be: the cases are theirs since, and what is erased of them is the guest's too."""
    erased_at: datetime | None = None
    """Since then only the row is left, for what they did; nothing in it tells who it was."""


class Absence(SQLModel, table=True):
    """Somebody of the desk is away, from ``starts`` up to ``ends``; ``stand_in_id`` hears what they would."""

    __table_args__ = (CheckConstraint("starts < ends", name="ends_later"),)
    id: int = key()
    person_id: int = link("person.id", index=True)
    starts: datetime
    ends: datetime
    stand_in_id: int | None = link("person.id", default=None)


class Rota(SQLModel, table=True):
    """Who is on call in turn: each of ``people`` (ids) for so many days, handed over at that time of the zone's day."""

    name: str = Field(primary_key=True, max_length=200)
    people: list[int] = Field(default_factory=list, sa_type=JSON)
    begins: date
    """The day of the first handover, to the first of them."""
    handover: str = Field(max_length=5)
    """08:00"""
    zone: str = Field(max_length=64)
    days: int


class LinkedIdentity(SQLModel, table=True):
    """Who a channel's user is here. Made by import, administrator or one-time code; never by a name or an address."""

    __tablename__ = "identity"
    channel: str = Field(primary_key=True, max_length=20)
    tenant: str = Field(primary_key=True, max_length=200)
    user: str = Field(primary_key=True, max_length=254)
    person_id: int = link("person.id", index=True)
    how: str = Field(max_length=40)
    at: datetime


class LinkCode(SQLModel, table=True):
    """A one-time code with which somebody shows that a channel's user is this person; kept as its hash."""

    __tablename__ = "link_code"
    hash: str = Field(primary_key=True, max_length=64)
    person_id: int = link("person.id", index=True)
    made_by: int | None = link("person.id", default=None)
    """None: on the command line."""
    at: datetime
    expires_at: datetime
    used_at: datetime | None = None


class LinkProposal(SQLModel, table=True):
    """A user of a bound tenant whose address is a contact's: an administrator says whether they are one person."""

    __tablename__ = "link_proposal"
    __table_args__ = (UniqueConstraint("channel", "tenant", "user"),)
    id: int = key()
    channel: str = Field(max_length=20)
    tenant: str = Field(max_length=200)
    user: str = Field(max_length=254)
    name: str = Field(default="", max_length=200)
    person_id: int = link("person.id", index=True)
    at: datetime
    decided_at: datetime | None = None
    decided_by: int | None = link("person.id", default=None)
    """None, once decided: on the command line."""
    approved: bool | None = None


class Tombstone(SQLModel, table=True):
    """What was erased must not come back with the next import; ``hash`` is of the address or the slug."""

    kind: str = Field(primary_key=True, max_length=20)
    """person or account"""
    hash: str = Field(primary_key=True, max_length=64)
    at: datetime
