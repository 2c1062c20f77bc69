"""Everything the product remembers. Instants are UTC: of cases in business time, of messages in machine time."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Enum,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy import Text as Long
from sqlmodel import Field, SQLModel

from rules.lifecycle import Status, Verb
from rules.people import Role

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING

BIG = BigInteger().with_variant(Integer(), "sqlite")
FIRST_CASE = 1001  # short enough to say on the telephone (W55)


def key(**more: Any) -> Any:
    return Field(default=None, primary_key=True, sa_type=BIG, **more)


def link(to: str, **more: Any) -> Any:
    return Field(foreign_key=to, sa_type=BIG, **more)


def one_of(kind: type[StrEnum], **more: Any) -> Any:
    """Kept as its value, so that the database reads like the product; a new value needs no migration."""
    values = Enum(kind, native_enum=False, create_constraint=False, length=40, values_callable=list)
    return Field(sa_type=values, **more)


class Account(SQLModel, table=True):
    """A customer company."""

    id: int = key()
    slug: str = Field(unique=True, max_length=200)
    name: str = Field(max_length=200)


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


class Contract(SQLModel, table=True):
    """What an account has bought, and from when; ``plan`` is "websan/success"."""

    id: int = key()
    account_id: int = link("account.id", index=True)
    plan: str = Field(max_length=100)
    starts: date
    ends: date | None = None
    licences: int
    licence_total: Decimal | None = Field(default=None, max_digits=14, decimal_places=2)
    products: list[str] = Field(default_factory=list, sa_type=JSON)
    paid_until: date | None = None


class Person(SQLModel, table=True):
    """A contact of an account, or staff of the desk; never both (C4)."""

    __table_args__ = (
        UniqueConstraint("id", "account_id"),
        CheckConstraint("(role = 'customer') = (account_id IS NOT NULL)", name="customers_have_accounts"),
        CheckConstraint("guest OR email IS NOT NULL", name="only_guests_have_no_address"),
        CheckConstraint("NOT guest OR (role = 'customer' AND NOT licensed)", name="guests_are_no_members"),
        CheckConstraint("licensed OR NOT nominated", name="nominated_are_licensed"),
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
    """The one in charge of consultations, where the provider wants exactly one (T10)."""
    deputy_until: date | None = None
    conversation_id: int | None = link("conversation.id", default=None)
    """Where they were last met on their own: messages to them go there."""
    any_hour: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """They asked to be warned outside business hours too (R10)."""
    language: str | None = Field(default=None, max_length=16)
    """In which they are written to. None: English."""


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


class Conversation(SQLModel, table=True):
    """A place, and the lane of messages owed to it: at most one is on its way at a time, in order."""

    __table_args__ = (
        UniqueConstraint("channel", "tenant", "room"),
        Index(
            "ix_conversation_next_at",
            "next_at",
            sqlite_where=text("next_at IS NOT NULL"),
            postgresql_where=text("next_at IS NOT NULL"),
        ),
    )
    id: int = key()
    channel: str = Field(max_length=20)
    tenant: str = Field(max_length=200)
    room: str = Field(max_length=254)
    account_id: int | None = link("account.id", default=None)
    """Outsiders in a shared room speak for this account."""
    desk: bool = False
    """Whether work is announced here."""
    next_at: datetime | None = None
    """When there is something to send, at the earliest."""
    not_before: datetime | None = None
    """The channel's pace: nothing leaves earlier, whatever is owed meanwhile."""
    leased_until: datetime | None = None
    """Somebody is sending; after this they are thought dead."""
    fence: int = 0
    """Counts claims: whoever lost the lease changes nothing."""
    warned_at: datetime | None = None
    """When the latest warning was sent there, as long as nobody is known to have seen it."""
    vendor: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    """What the channel keeps to write there; the store does not read it."""
    heard_at: datetime | None = None
    """When ``vendor`` was told."""


class Case(SQLModel, table=True):
    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint(
            "status <> 'closed' OR (confirmed_by IS NOT NULL AND confirmed_at IS NOT NULL)",
            name="closed_means_confirmed",
        ),
        CheckConstraint("status <> 'closed_unconfirmed' OR force_reason IS NOT NULL", name="forced_has_a_reason"),
        # With the account in the key only a contact of the case's own company can have confirmed it (W59).
        ForeignKeyConstraint(["confirmed_by", "account_id"], ["person.id", "person.account_id"]),
        ForeignKeyConstraint(["opened_by", "account_id"], ["person.id", "person.account_id"]),
        Index(
            "ix_cases_live",
            "account_id",
            "updated_at",
            sqlite_where=text("over_at IS NULL"),
            postgresql_where=text("over_at IS NULL"),
        ),
        Index("ix_cases_place", "conversation_id", "thread"),
        Index(
            "ix_cases_merged",
            "merged_into",
            sqlite_where=text("merged_into IS NOT NULL"),
            postgresql_where=text("merged_into IS NOT NULL"),
        ),
        Index(
            "ix_cases_alarm",
            "next_alarm_at",
            sqlite_where=text("next_alarm_at IS NOT NULL"),
            postgresql_where=text("next_alarm_at IS NOT NULL"),
        ),
        {"sqlite_autoincrement": True},
    )
    id: int = Field(default=None, primary_key=True, sa_type=BIG, sa_column_args=[Identity(start=FIRST_CASE)])
    account_id: int = link("account.id")
    opened_by: int = Field(sa_type=BIG)
    conversation_id: int = link("conversation.id")
    """Where the customer's side of it lives, with ``thread``."""
    thread: str = Field(default="", max_length=254)
    subject: str = Field(max_length=200)
    details: str | None = Field(default=None, sa_type=Long)
    changed: str | None = Field(default=None, sa_type=Long)
    """What changed just before, in the customer's words (W38)."""
    priority: str | None = Field(default=None, max_length=20)
    """As the customer proposes it (W57), until ``prioritised_by`` says who of the desk set it (W45)."""
    prioritised_by: int | None = link("person.id", default=None)
    status: Status = one_of(Status, default=Status.NEW)
    incomplete: bool = True
    """Questions are unanswered: asked, skipped or left."""
    eligibility: str = Field(default="eligible", max_length=40)
    kind: str | None = Field(default=None, max_length=40)
    """What is asked for, as far as the report tells; None where it does not."""
    coverage: str | None = Field(default=None, max_length=60)
    """The verdict: provisional until ``covered_by`` says that a person gave it (W37)."""
    covered_by: int | None = link("person.id", default=None)
    client_caused: bool = False
    """The desk thinks that a change of the customer's caused it, and has said so (W38)."""
    quotes: int = 0
    """How often time and materials were quoted: what ``accept 1042 quote-2`` agrees to (W24)."""
    quote_minutes: int | None = None
    quote_state: str | None = Field(default=None, max_length=20)
    slots: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How often a time was proposed: what ``accept 1042 slot-2`` agrees to (W29). The rest is about the latest."""
    slot_at: datetime | None = None
    slot_ends: datetime | None = None
    slot_state: str | None = Field(default=None, max_length=20)
    slot_by: int | None = link("person.id", default=None)
    reminded_at: datetime | None = None
    """Its reminders up to then were told, or need not be; None: there are none."""
    queue: str = Field(default="", max_length=40)
    merged_into: int | None = link("cases.id", default=None)
    split_from: int | None = link("cases.id", default=None)
    rating: int | None = None
    assignee_id: int | None = link("person.id", default=None, index=True)
    plan: str | None = Field(default=None, max_length=100)
    """The contract's plan and terms at receipt: later changes never touch it (W36, R7)."""
    terms: str | None = Field(default=None, max_length=40)
    received_at: datetime
    target_minutes: int | None = None
    """Business minutes to the first human answer; None where the provider publishes none (R12)."""
    due_at: datetime | None = None
    next_alarm_at: datetime | None = None
    """When somebody is to be warned next; empty while nobody is."""
    warned_at: datetime | None = None
    """Every step of the ladder up to then has been told, or need not be any more (R10)."""
    acknowledged_at: datetime | None = None
    """Somebody said that they see to it: the ladder stands still for a while (R11)."""
    asked_at: datetime | None = None
    """The customer's oldest message that waits for its next answer; the desk's own clock, promised to nobody (R3)."""
    responded_at: datetime | None = None
    response_met: bool | None = None
    """The first cycle's verdict, kept when it fell (R14)."""
    cycle: int = 1
    answered_in_cycle: bool = False
    resolutions: int = 0
    """How often it was called solved: what a person agrees to when a button says ``confirm 1042 r2``."""
    confirmed_by: int | None = Field(default=None, sa_type=BIG)
    confirmed_at: datetime | None = None
    force_reason: str | None = Field(default=None, sa_type=Long)
    over_at: datetime | None = None
    """When it was closed or withdrawn; empty while it lives."""
    updated_at: datetime
    version: int = 0


class CaseEvent(SQLModel, table=True):
    """The append-only history: a case is the sum of these."""

    __tablename__ = "case_event"
    id: int = key()
    case_id: int = link("cases.id", index=True)
    at: datetime
    verb: Verb = one_of(Verb)
    person_id: int | None = link("person.id", default=None)
    by_name: str = Field(max_length=200)
    internal: bool = False
    """Never shown on the customer's side."""
    before: Status | None = one_of(Status, default=None)
    after: Status = one_of(Status)
    words: str = Field(default="", sa_type=Long)
    moved_to: int | None = Field(default=None, sa_type=BIG)
    """The case to which its author moved these words."""
    received_at: datetime | None = None
    """With the next three, the case's promise as this event left it (R14); None in a history older than these."""
    target_minutes: int | None = None
    due_at: datetime | None = None
    responded_at: datetime | None = None


class Draft(SQLModel, table=True):
    """A dialog somebody is halfway through, in one place."""

    # An id is never given twice: an old button must not answer another dialog.
    __table_args__ = (UniqueConstraint("person_id", "conversation_id", "thread"), {"sqlite_autoincrement": True})
    id: int = key()
    person_id: int = link("person.id")
    conversation_id: int = link("conversation.id")
    thread: str = Field(default="", max_length=254)
    dialog: str = Field(max_length=40)
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    received_at: datetime
    """When the message that began it was written (R1)."""
    expires_at: datetime


class Inbox(SQLModel, table=True):
    """What people did that has been handled: the same act delivered again changes nothing (C6)."""

    key: str = Field(primary_key=True, max_length=200)
    at: datetime
    answer: dict[str, Any] | None = Field(default=None, sa_type=JSON)


class Outbox(SQLModel, table=True):
    """A message owed (C7). ``message`` is bot.messages' JSON; the store does not read it."""

    __table_args__ = (
        Index(
            "ix_outbox_lane",
            "conversation_id",
            "id",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
        Index("ix_outbox_receipt", "conversation_id", "receipt"),
        Index(
            "ix_outbox_dead",
            "id",
            sqlite_where=text("dead IS NOT NULL"),
            postgresql_where=text("dead IS NOT NULL"),
        ),
        Index(
            "ix_outbox_warning",
            "case_id",
            sqlite_where=text("warning"),
            postgresql_where=text("warning"),
        ),
        Index(
            "ix_outbox_unseen",
            "conversation_id",
            sqlite_where=text("warning AND seen_at IS NULL"),
            postgresql_where=text("warning AND seen_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )
    id: int = key()
    conversation_id: int = link("conversation.id")
    thread: str = Field(default="", max_length=254)
    under_card: bool = False
    """Belongs under the case's live card in that room, once that is there."""
    case_id: int | None = link("cases.id", default=None)
    message: dict[str, Any] = Field(sa_type=JSON)
    key: str | None = Field(default=None, unique=True, max_length=200)
    """Owed once ever: a repeated key is ignored."""
    only_for: str | None = Field(default=None, max_length=254)
    """The one user of the room who is to see it; None: everybody there."""
    replaces: int | None = Field(default=None, sa_type=BIG)
    """The message in the same room in whose place this one stands from now on."""
    instead_of: int | None = Field(default=None, sa_type=BIG)
    """The dead letter whose words this one carries to another address."""
    warning: bool = False
    """Jumps its lane, and is withdrawn when its case moves on."""
    owed_at: datetime
    due_at: datetime
    attempt: int = 0
    tried_at: datetime | None = None
    """Its first attempt: patience with it begins here."""
    joins: int | None = Field(default=None, sa_type=BIG)
    """0: it may share a message with others; then the first of those with which it left. None: it leaves alone."""
    unsure: bool = False
    """An attempt ended without anybody knowing whether it arrived."""
    seen_at: datetime | None = None
    """When whoever it was for had surely seen it: they acted there since, or the channel told."""
    done_at: datetime | None = None
    receipt: str | None = Field(default=None, max_length=254)
    dead: str | None = Field(default=None, sa_type=Long)
    withdrawn: bool = False


class Card(SQLModel, table=True):
    """A live picture of a case in one place, drawn at sending and edited there."""

    __table_args__ = (
        Index(
            "ix_card_stale",
            "conversation_id",
            sqlite_where=text("rendered < wanted"),
            postgresql_where=text("rendered < wanted"),
        ),
        Index("ix_card_receipt", "conversation_id", "receipt"),
        Index(
            "ix_card_dead",
            "case_id",
            sqlite_where=text("dead IS NOT NULL"),
            postgresql_where=text("dead IS NOT NULL"),
        ),
    )
    case_id: int = link("cases.id", primary_key=True)
    conversation_id: int = link("conversation.id", primary_key=True)
    receipt: str | None = Field(default=None, max_length=254)
    wanted: int = 1
    rendered: int = 0
    owed_at: datetime
    attempt: int = 0
    tried_at: datetime | None = None
    """The first attempt at what is wanted now."""
    unsure: bool = False
    due_at: datetime
    """When it may leave; of a dead one, when it died."""
    dead: str | None = Field(default=None, sa_type=Long)


class StoredArticle(SQLModel, table=True):
    """One version of an article. Never changed but to be retired; whoever was shown it can be told what it said."""

    __tablename__ = "article"
    __table_args__ = (
        UniqueConstraint("slug", "version"),
        Index(
            "ix_article_current",
            "slug",
            unique=True,
            sqlite_where=text("retired_at IS NULL"),
            postgresql_where=text("retired_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )
    id: int = key()
    slug: str = Field(max_length=200)
    version: int
    case_id: int | None = link("cases.id", default=None)
    """The case that it was drafted from."""
    title: str = Field(max_length=300)
    description: str = Field(default="", sa_type=Long)
    tags: list[str] = Field(default_factory=list, sa_type=JSON)
    body: str = Field(sa_type=Long)
    link: str | None = Field(default=None, sa_type=Long)
    video: str | None = Field(default=None, sa_type=Long)
    products: list[str] = Field(default_factory=list, sa_type=JSON)
    audience: str = Field(max_length=20)
    account: str | None = Field(default=None, max_length=200)
    """The slug of the only account that may read it."""
    file: str | None = Field(default=None, sa_type=Long)
    """Where it came from; whatever has none stays when the folder no longer has it."""
    draft: bool = False
    """Not searched yet."""
    at: datetime
    retired_at: datetime | None = None
    """When a later version took its place, or none did."""


class Enquiry(SQLModel, table=True):
    """A customer's question, and what became of it."""

    id: int = key()
    at: datetime = Field(index=True)
    account_id: int = link("account.id")
    person_id: int = link("person.id")
    question: str = Field(sa_type=Long)
    article_id: int | None = link("article.id", default=None)
    """The version that they looked at last."""
    outcome: str = Field(max_length=40)


class Audit(SQLModel, table=True):
    """What was refused or administered: who tried what, and how it ended."""

    id: int = key()
    at: datetime
    person_id: int | None = link("person.id", default=None)
    what: str = Field(max_length=40)
    about: str = Field(default="", max_length=200)
    outcome: str = Field(max_length=40)


class RoomEntry(SQLModel, table=True):
    """What stands in a room of the web channel: that channel's far side, since no vendor keeps it."""

    __tablename__ = "room_entry"
    id: int = key()
    room: str = Field(max_length=300, index=True)
    thread: str = Field(default="", max_length=254)
    key: str = Field(unique=True, max_length=200)
    entry: dict[str, Any] = Field(sa_type=JSON)
    revision: int = Field(unique=True, sa_type=BIG)


class Install(SQLModel, table=True):
    """What a channel's vendor gave us for one tenant, such as a token; ``sealed`` is ciphertext, opened by ``app``."""

    channel: str = Field(primary_key=True, max_length=20)
    tenant: str = Field(primary_key=True, max_length=200)
    sealed: str = Field(sa_type=Long)
    renewing_until: datetime | None = None
    """One process at a time fetches the next token; after this it is thought dead."""
    at: datetime


class Setting(SQLModel, table=True):
    """The few facts about the whole desk, such as how far the demo's clock was moved."""

    name: str = Field(primary_key=True, max_length=40)
    value: str = Field(max_length=200)
