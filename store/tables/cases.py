"""Cases, what happened to them, and the dialogs about them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, Identity, Index, UniqueConstraint, and_, text
from sqlalchemy import Text as Long
from sqlmodel import Field, SQLModel, col

from rules.lifecycle import Status, Verb
from store.tables.columns import BIG, key, link, one_of

FIRST_CASE = 1001  # short enough to say on the telephone (W55)


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
        Index("ix_cases_opened_by", "opened_by", "over_at"),
        Index("ix_cases_account_id", "account_id", "id"),
        Index("ux_cases_external_id", "external_id", unique=True),
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
        Index(
            "ix_cases_unassigned",
            "queue",
            "id",
            sqlite_where=text("over_at IS NULL AND assignee_id IS NULL"),
            postgresql_where=text("over_at IS NULL AND assignee_id IS NULL"),
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
    priorities: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How often one was proposed, by either side: what ``accept 1042 priority-2`` agrees to (W57)."""
    priority_state: str | None = Field(default=None, max_length=20)
    """proposed by the customer, agreed by both, or countered by the desk and, where the customer said so, declined; it
    holds all the same."""
    status: Status = one_of(Status, default=Status.NEW)
    incomplete: bool = True
    """Questions are unanswered: asked, skipped or left."""
    eligibility: str = Field(default="eligible", max_length=40)
    """As the directory tells at receipt, until ``eligibility_by`` says that a person confirmed it (W56)."""
    eligibility_by: int | None = link("person.id", default=None)
    eligibility_at: datetime | None = None
    eligibility_reason: str | None = Field(default=None, sa_type=Long)
    """Why not, in the words of whoever said so; the customer reads it."""
    handover: str | None = Field(default=None, max_length=20)
    """Whether somebody who may ask stands behind it: asked, granted, declined, lapsed, or flagged (W27, T10). None:
    nobody need be asked."""
    handover_until: datetime | None = None
    """While it is asked: when it reaches the desk without an answer."""
    handover_by: int | None = link("person.id", default=None)
    kind: str | None = Field(default=None, max_length=40)
    """What is asked for, as far as the report tells; None where it does not."""
    coverage: str | None = Field(default=None, max_length=60)
    """The verdict: provisional until ``covered_by`` says that a person gave it (W37)."""
    covered_by: int | None = link("person.id", default=None)
    covered_at: datetime | None = None
    client_caused: bool = False
    """The desk thinks that a change of the customer's caused it, and has said so (W38)."""
    estimate_minutes: int | None = None
    """Of work, as whoever asked for a change thinks (W19, W23)."""
    code_delivered: str | None = Field(default=None, max_length=20)
    """yes, no, or none: there was none to hand over (W39). None: not asked."""
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
    external_id: str | None = Field(default=None, max_length=200)
    """What another desk called it, from which it was imported once."""
    rating: int | None = None
    incident_id: int | None = link("incident.id", default=None, index=True)
    confirm_reminders: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How often the customer was reminded to confirm the latest solution (W59)."""
    awaiting_since: datetime | None = None
    """When the desk last said something while the customer's confirmation is awaited: reminders count from there."""
    assignee_id: int | None = link("person.id", default=None, index=True)
    plan: str | None = Field(default=None, max_length=100)
    """The contract's plan and terms at receipt: later changes never touch it (W36, R7)."""
    terms: str | None = Field(default=None, max_length=40)
    received_at: datetime
    target_minutes: int | None = None
    """Business minutes to the first human answer; None where the provider publishes none (R12)."""
    promised_by: str | None = Field(default=None, max_length=100)
    """Whose promise that is, where it is not the plan's at receipt: ``contract`` for minutes of its own (T7), or the
    later plan that answers sooner (R7)."""
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
    cancelled_at: datetime | None = None
    """When the clock of its first answer ended without one: nobody waited for it any more (R8, R9)."""
    cycle: int = 1
    answered_in_cycle: bool = False
    resolutions: int = 0
    """How often it was called solved: what a person agrees to when a button says ``confirm 1042 r2``."""
    confirmed_by: int | None = Field(default=None, sa_type=BIG)
    confirmed_at: datetime | None = None
    force_reason: str | None = Field(default=None, sa_type=Long)
    over_at: datetime | None = None
    """When it was closed or withdrawn; empty while it lives."""
    emptied_at: datetime | None = None
    """When its words and files were erased, since it was over for as long as they are kept."""
    updated_at: datetime
    version: int = 0

    @property
    def owed(self) -> bool:
        """Whether its first answer is still to come (R2)."""
        return self.responded_at is None and self.cancelled_at is None


OWED = and_(col(Case.responded_at).is_(None), col(Case.cancelled_at).is_(None))
"""``Case.owed``, asked of the database."""


class Agreement(SQLModel, table=True):
    """Something that one side proposed and the other answered: a priority, a time, a quote, the end. Both stamps."""

    __table_args__ = (
        CheckConstraint(
            "state <> 'agreed' OR (answered_by IS NOT NULL AND answered_at IS NOT NULL)", name="agreed_by_both"
        ),
    )
    case_id: int = link("cases.id", primary_key=True)
    what: str = Field(primary_key=True, max_length=20)
    number: int = Field(primary_key=True)
    """Counts each kind's proposals: quote-2."""
    terms: str = Field(sa_type=Long)
    """What was proposed, as the machine reads it: high, 120, an instant."""
    proposed_by: int = link("person.id")
    proposed_at: datetime
    state: str = Field(max_length=20)
    """offered, agreed, declined, or superseded"""
    answered_by: int | None = link("person.id", default=None)
    answered_at: datetime | None = None


class CaseEvent(SQLModel, table=True):
    """The append-only history: a case is the sum of these."""

    __tablename__ = "case_event"
    id: int = key()
    case_id: int = link("cases.id", index=True)
    at: datetime = Field(index=True)
    verb: Verb = one_of(Verb)
    person_id: int | None = link("person.id", default=None)
    by_name: str = Field(max_length=200)
    internal: bool = False
    """Never shown on the customer's side."""
    before: Status | None = one_of(Status, default=None)
    after: Status = one_of(Status)
    words: str = Field(default="", sa_type=Long)
    said_as: str | None = Field(default=None, max_length=254, index=True)
    """The key of the message that these words stood in: should its author change it there, it is found by that."""
    of_event: int | None = Field(default=None, sa_type=BIG, index=True)
    """Whose words this one changed, to these, or took away."""
    deleted_at: datetime | None = None
    """Since when its author has taken the words back: they are kept nowhere."""
    moved_to: int | None = Field(default=None, sa_type=BIG)
    """The case to which its author moved these words."""
    author_id: int | None = Field(default=None, sa_type=BIG)
    """Who had written them, where somebody else made a case of their message."""
    edited_at: datetime | None = None
    """Of words that changed others: when, by the channel's account. What arrives later and is older changes nothing."""
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
