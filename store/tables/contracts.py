"""What an account has bought, how that changes, and what it is told about it."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint, false, text
from sqlalchemy import Text as Long
from sqlmodel import Field, SQLModel

from store.tables.columns import key, link


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
    signed: date | None = None
    """When it was signed; its prices are frozen from then (T13, T17)."""
    price_list: str | None = Field(default=None, max_length=200)
    """The version of the price list of that day (T17)."""
    per_year: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """The contract says that its price is due each contract year; no page does (T13)."""
    new_versions: bool | None = None
    """Whether it includes new product versions; None: it does not say (T5)."""
    owned: list[str] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    """The products they own, where that was said: support covers all of them or none (T14)."""
    allowed: list[str] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    """Kinds of request that it adds to its plan (T12)."""
    response_minutes: int | None = None
    """Business minutes to the first answer, where the contract itself promises them (T7)."""
    trial: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Signed on a trial licence of the product (W33)."""
    noticed_on: date | None = None
    """The day the customer's written notice was received (W48)."""
    ended_by: int | None = link("person.id", default=None)
    """The administrator who ended it for the provider (W30)."""
    ended_at: datetime | None = None
    ended_reason: str | None = Field(default=None, sa_type=Long)


class ContractChange(SQLModel, table=True):
    """An upgrade or more seats, as a case with a quote: asked, accepted by a nominated user, applied by a lead."""

    __tablename__ = "contract_change"
    __table_args__ = (
        CheckConstraint("applied_at IS NULL OR accepted_by IS NOT NULL", name="applied_means_accepted"),
        UniqueConstraint("case_id"),
    )
    id: int = key()
    case_id: int = link("cases.id")
    account_id: int = link("account.id", index=True)
    plan: str = Field(max_length=100)
    licences: int
    licence_total: Decimal | None = Field(default=None, max_digits=14, decimal_places=2)
    starts: date | None = None
    """From when it holds; None until a lead says."""
    number: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    """Counts what was proposed on the case: what ``accept 1042 upgrade-2`` agrees to."""
    at: datetime
    declined_at: datetime | None = None
    accepted_by: int | None = link("person.id", default=None)
    accepted_at: datetime | None = None
    applied_by: int | None = link("person.id", default=None)
    applied_at: datetime | None = None
    carried_at: datetime | None = None
    """Since then it holds for the cases that were open on its first day (R7)."""
    carried_to: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """The last of those cases that were looked at so far."""
    carry_at: datetime | None = None
    """Not before then: something was wrong with it."""

    @property
    def waits(self) -> bool:
        """For the customer's answer."""
        return self.accepted_at is None and self.declined_at is None


class Announcement(SQLModel, table=True):
    """What the provider tells many accounts at once: new terms, updates, reminders (W35, W36, T4)."""

    id: int = key()
    at: datetime
    by_id: int | None = link("person.id", default=None)
    provider: str = Field(max_length=100)
    kind: str = Field(max_length=40)
    audience: str = Field(max_length=200)
    """As it was said: the plan, product or flag."""
    words: str = Field(sa_type=Long)
    terms: str | None = Field(default=None, max_length=40)
    """The version of the terms that it announces."""
    effective: date | None = None
    sent_at: datetime | None = None
    """None: only previewed so far."""


class Announced(SQLModel, table=True):
    """One person to whom an announcement is owed; how it went is the outbox's to tell."""

    __table_args__ = (
        Index(
            "ix_announced_waiting",
            "announcement_id",
            sqlite_where=text("owed_at IS NULL"),
            postgresql_where=text("owed_at IS NULL"),
        ),
    )
    announcement_id: int = link("announcement.id", primary_key=True)
    person_id: int = link("person.id", primary_key=True)
    account_id: int = link("account.id")
    owed_at: datetime | None = None
    """When it was owed to them, or found that there is nowhere to write to them."""
    conversation_id: int | None = link("conversation.id", default=None)
    """Where; None once ``owed_at``: nowhere."""
