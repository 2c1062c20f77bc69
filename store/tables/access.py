"""Who comes in by the portal or as another system: sign-ins, sessions, tokens, webhooks."""

from datetime import datetime

from sqlalchemy import Text as Long
from sqlmodel import Field, SQLModel

from store.tables.columns import key, link


class SignIn(SQLModel, table=True):
    """A one-time link into the portal, kept as its hash."""

    __tablename__ = "sign_in"
    hash: str = Field(primary_key=True, max_length=64)
    person_id: int = link("person.id", index=True)
    at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    mailed: str | None = Field(default=None, max_length=64)
    """The hash of the address that it went to by mail: whoever has another one since then is not let in by it."""


class Session(SQLModel, table=True):
    """A browser in which somebody is signed in; the cookie's hash."""

    hash: str = Field(primary_key=True, max_length=64)
    person_id: int = link("person.id", index=True)
    how: str = Field(max_length=20)
    """link, oidc or teams"""
    at: datetime
    seen_at: datetime
    expires_at: datetime


class ApiToken(SQLModel, table=True):
    """With which another system acts for an account; kept as its hash."""

    __tablename__ = "api_token"
    hash: str = Field(primary_key=True, max_length=64)
    name: str = Field(max_length=200)
    account_id: int = link("account.id", index=True)
    person_id: int = link("person.id")
    """In whose name it acts."""
    writes: bool = False
    at: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None


class Webhook(SQLModel, table=True):
    """Where another system hears of an account's cases; its lane is a conversation of the channel "webhook"."""

    id: int = key()
    account_id: int | None = link("account.id", default=None, index=True)
    """None: of every account's."""
    conversation_id: int = link("conversation.id")
    url: str = Field(sa_type=Long)
    sealed: str = Field(sa_type=Long)
    """Ciphertext of what signs each call."""
    by: str = Field(default="", max_length=200)
    at: datetime
    ended_at: datetime | None = None


class Allowance(SQLModel, table=True):
    """Of something that is to be had so often and no more, what is left: several servers draw from it."""

    name: str = Field(primary_key=True, max_length=254)
    remaining: float
    at: datetime
    """When that much was left."""
