"""What goes in and out of the API: these models check it, and the OpenAPI document is made from them."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
)

from bot.incoming import LONGEST

Status = Literal[
    "new",
    "open",
    "waiting_customer",
    "awaiting_confirmation",
    "closed",
    "closed_unconfirmed",
    "withdrawn",
    "merged",
]
Side = Literal["customer", "desk"]
Act = Literal["say", "confirm", "not-solved", "reopen"]
LARGEST_NUMBER = 999_999_999
MOST = LONGEST - 2_000
"""Characters of one text: with the subject before it, or the line that it is said with, it is still kept whole."""
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:", re.ASCII)


def _said(text: str) -> str:
    """Signs that nobody sees say nothing: of NUL, which no database takes, nothing would be left."""
    if not any(sign.isprintable() and not sign.isspace() for sign in text):
        raise ValueError("must not be blank")
    return text


def _named(given: object) -> object:
    """A bare number would be taken for seconds since 1970."""
    if not (isinstance(given, str) and _INSTANT.match(given)):
        raise ValueError("must be an instant such as 2026-01-19T14:00:00Z")
    return given


def _in_utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise ValueError("must be an instant of this calendar") from None


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


Words = Annotated[str, Field(min_length=1, max_length=MOST), AfterValidator(_said)]
Instant = Annotated[
    AwareDatetime,
    PlainSerializer(_instant, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]
Number = Annotated[int, Field(ge=1, le=LARGEST_NUMBER)]


class _In(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class _Out(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", json_schema_serialization_defaults_required=True, use_attribute_docstrings=True
    )


# In --------------------------------------------------------------------------------------------------------------


class NewCase(_In):
    """A case to open. It is one from the moment that this is answered; what else matters is asked by people."""

    subject: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_said)]
    text: Words
    priority: Literal["critical", "high", "normal", "low"] | None = None
    """As you propose it."""


class NewWords(_In):
    """Something to add to a case."""

    text: Words


class Confirmation(_In):
    """That a case is solved."""

    resolution: Number
    """As the case has it: another one since then is not confirmed."""


class Reason(_In):
    """Why, if you like to say."""

    text: Annotated[str, Field(max_length=MOST)] = ""


class CaseFilter(_In):
    """Which cases."""

    state: Literal["live", "over", "all"] = "all"
    since: Annotated[AwareDatetime, BeforeValidator(_named), AfterValidator(_in_utc)] | None = None
    """Only those to which something happened since then."""
    before: Number | None = None
    """Only those with a lower number: the next page."""
    limit: Annotated[int, Field(ge=1, le=100)] = 50


# Out -------------------------------------------------------------------------------------------------------------


class Case(_Out):
    """A case, as its company may see it."""

    number: int
    subject: str
    status: Status
    priority: str | None
    opened_by: str
    assignee: str | None
    """Who of the desk works on it."""
    received_at: Instant
    expected_response_at: Instant | None
    """None: no response time is published for it."""
    responded_at: Instant | None
    last_event_at: Instant
    resolution: int | None
    """How often it was called solved: what a confirmation names. None: never."""
    merged_into: int | None
    can: tuple[Act, ...]
    """What this API can do to it now."""


class Event(_Out):
    """Something that happened to a case."""

    at: Instant
    by: str
    side: Side
    did: str
    words: str
    status: Status
    """As it left the case."""


class CaseInFull(Case):
    """A case with all that happened to it."""

    details: str | None
    history: tuple[Event, ...]


class CasePage(_Out):
    """Cases, the latest first."""

    cases: tuple[Case, ...]
    next: str | None
    """The path of the next page."""


class File(_Out):
    """A file that came with somebody's words: what is known of it."""

    name: str
    media_type: str
    size: int | None
    state: str
    at: Instant


class Files(_Out):
    files: tuple[File, ...]


class Target(_Out):
    """An expected, not guaranteed, time to the first response."""

    priority: str | None
    """None: every priority that is not named."""
    business_minutes: int
    clauses: tuple[str, ...]


class Plan(_Out):
    """The account's contract in force today, by its provider's calendar."""

    id: str
    name: str
    provider: str
    starts: date
    ends: date | None
    licences: int
    targets: tuple[Target, ...]
    concierge: str | None
    coach: str | None


class Me(_Out):
    """Whom the token acts for."""

    account: str
    """Its slug."""
    account_name: str
    acts_as: str
    token: str
    """What it is called."""
    writes: bool


class Problem(_Out):
    """Why not (RFC 9457)."""

    type: Literal["about:blank"] = "about:blank"
    title: str
    status: int
    code: str
    """The same for the same reason, for programs."""
    detail: str
