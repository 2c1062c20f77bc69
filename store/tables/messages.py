"""What came in and what is owed: places, their lanes, messages and live cards."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlalchemy import Text as Long
from sqlmodel import Field, SQLModel

from store.tables.columns import BIG, key, link


class Conversation(SQLModel, table=True):
    """A place, and the lane of messages owed to it: at most one is on its way at a time, in order."""

    __table_args__ = (
        UniqueConstraint("channel", "tenant", "room"),
        Index(
            "ix_conversation_forget_at",
            "forget_at",
            sqlite_where=text("forget_at IS NOT NULL"),
            postgresql_where=text("forget_at IS NOT NULL"),
        ),
        Index(
            "ix_conversation_next_at",
            "next_at",
            sqlite_where=text("next_at IS NOT NULL"),
            postgresql_where=text("next_at IS NOT NULL"),
        ),
        Index("ix_conversation_desk", "desk", sqlite_where=text("desk"), postgresql_where=text("desk")),
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
    told_at: datetime | None = None
    """The same of the latest announcement."""
    forget_at: datetime | None = None
    """Whose room it was is erased: where it is goes too, once all that stood there has been overwritten."""
    vendor: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    """What the channel keeps to write there; the store does not read it."""
    heard_at: datetime | None = None
    """When ``vendor`` was told."""


class Inbox(SQLModel, table=True):
    """What people did that has been handled: the same act delivered again changes nothing (C6)."""

    key: str = Field(primary_key=True, max_length=200)
    at: datetime = Field(index=True)
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
            "ix_outbox_event",
            "event_id",
            sqlite_where=text("event_id IS NOT NULL"),
            postgresql_where=text("event_id IS NOT NULL"),
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
    event_id: int | None = Field(default=None, sa_type=BIG)
    """The event whose words it carries: should they change, so does this."""
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
