"""What the desk itself keeps: its audit, its installs, its settings, the web channel's rooms."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlalchemy import Text as Long
from sqlmodel import Field, SQLModel

from store.tables.columns import BIG, key, link


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
