"""Working on a case together: acts that wait a moment, followers, related cases, incidents, saved replies, files."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint
from sqlalchemy import Text as Long
from sqlmodel import Field, SQLModel

from store.tables.columns import BIG, key, link


class HeldAct(SQLModel, table=True):
    """Something outward that somebody of the desk said: it happens when the time to undo it is over. Of one case they
    happen in the order of their numbers."""

    __tablename__ = "held_act"
    __table_args__ = {"sqlite_autoincrement": True}
    id: int = key()
    case_id: int = link("cases.id", index=True)
    person_id: int = link("person.id")
    conversation_id: int = link("conversation.id")
    thread: str = Field(default="", max_length=254)
    line: str = Field(max_length=20)
    """The name of the line that they said: reply, close"""
    resolution: int | None = None
    """The 2 of ``close 1042 r2``."""
    words: str = Field(sa_type=Long)
    """As the customer will read them."""
    at: datetime
    """When they said it: the clock counts from there (R2)."""
    due_at: datetime = Field(index=True)
    """Machine time."""
    asked: bool = False
    """It waits for their word, since somebody else has answered: when it is due it is given back to them."""
    origin: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    """What is needed to answer them where they are."""


class Follower(SQLModel, table=True):
    """Somebody who hears of a case besides those whom it concerns: staff, or a colleague of its account."""

    case_id: int = link("cases.id", primary_key=True)
    person_id: int = link("person.id", primary_key=True)
    at: datetime


class CaseLink(SQLModel, table=True):
    """Two cases that have to do with each other, the smaller number first."""

    __tablename__ = "case_link"
    __table_args__ = (CheckConstraint("case_id < other_id", name="smaller_first"),)
    case_id: int = link("cases.id", primary_key=True)
    other_id: int = link("cases.id", primary_key=True)
    by_id: int | None = link("person.id", default=None)
    at: datetime


class InTurn(SQLModel, table=True):
    """When somebody was last given a case in turn.

    No column of theirs: whoever acts has their own row locked before a case, and this is written after one.
    """

    __tablename__ = "in_turn"
    person_id: int = link("person.id", primary_key=True)
    at: datetime


class Incident(SQLModel, table=True):
    """One cause behind cases of several accounts; no customer sees that there are others."""

    id: int = key()
    title: str = Field(max_length=200)
    by_id: int = link("person.id")
    at: datetime
    over_at: datetime | None = None


class SavedReply(SQLModel, table=True):
    """An answer that the desk gives often; its fields are filled in when it is used."""

    __tablename__ = "saved_reply"
    name: str = Field(primary_key=True, max_length=60)
    words: str = Field(sa_type=Long)
    by_id: int = link("person.id")
    at: datetime


class Attachment(SQLModel, table=True):
    """A file that came with somebody's words: what is known of it, and where it can be had."""

    id: int = key()
    case_id: int = link("cases.id", index=True)
    event_id: int | None = link("case_event.id", default=None)
    by_id: int | None = link("person.id", default=None)
    internal: bool = False
    name: str = Field(max_length=254)
    media_type: str = Field(default="", max_length=100)
    size: int | None = Field(default=None, sa_type=BIG)
    channel: str = Field(max_length=20)
    tenant: str = Field(default="", max_length=200)
    source: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    """The channel's own reference; the store does not read it."""
    ref: str = Field(default="", max_length=100)
    """What the channel calls it, where it tells of one file that it is gone."""
    state: str = Field(max_length=20)
    """offered (only known of), wanted (to be fetched), held (not known to be harmless), kept, refused, or gone"""
    reason: str = Field(default="", max_length=200)
    sha256: str | None = Field(default=None, max_length=64, index=True)
    """Names the kept file."""
    link: str = Field(default="", sa_type=Long)
    """Where whoever may read what it came with opens it, in its own channel."""
    next_at: datetime | None = Field(default=None, index=True)
    """Machine time at which it is to be fetched; None: it is not."""
    tries: int = 0
    at: datetime
