"""The shape of a catalogue file: its tables and keys, before anything is inherited or put together."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from rules.catalogue.fields import Cited, ClauseId, Ids, Name, Text
from rules.catalogue.kinds import Kind
from rules.catalogue.parts import (
    AtLeast,
    Climbing,
    Contacts,
    Contracts,
    Currency,
    Desk,
    Extension,
    Hours,
    Mailbox,
    Notice,
    OfLicences,
    Page,
    PerUser,
    Phone,
    Picks,
    Response,
    Ruling,
    Terms,
    TermsNotice,
)

SILENT = "not published"


@dataclass(frozen=True)
class Wording:
    says: Text
    quote: Text | None = None


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _wording(written: object) -> object:
    return {"says": written} if isinstance(written, str) else written


def _response(written: object) -> object:
    if written == SILENT:
        return Response()
    if isinstance(written, str) or (isinstance(written, dict) and not {"minutes", "by_priority"} & set(written)):
        raise ValueError(f'give minutes, by_priority, or "{SILENT}"')
    return written


class PlanFile(Part):
    name: Text
    extends: str | None = None
    features: Ids = ()
    price_per_user: PerUser | None = None
    price_of_licences: OfLicences | None = None
    response: Annotated[Response | None, BeforeValidator(_response)] = None
    ladder: Climbing = Climbing()
    coverage: dict[Kind, Ruling] = {}
    concierge: Ids = ()
    coach: Ids = ()
    licences: AtLeast | None = None


class File(Part):
    id: Name
    name: Text
    title: Text
    clauses: dict[ClauseId, Annotated[Wording, BeforeValidator(_wording)]]
    plans: Annotated[dict[Name, PlanFile], Field(min_length=1)]
    terms: Annotated[tuple[Terms, ...], Field(min_length=1)]
    contacts: Contacts
    coverage: dict[Kind, Ruling] = {}
    words: dict[Kind, tuple[Text, ...]] = {}
    facts: dict[Name, Cited] = {}
    not_published: dict[Name, Ids] = {}
    desk: Desk = Desk()
    ladder: Climbing = Climbing()
    contracts: Contracts = Contracts()
    phone: Phone | None = None
    email: Mailbox | None = None
    escalation: Mailbox | None = None
    privacy: Page | None = None
    currency: Currency | None = None
    hours: Hours | None = None
    terms_notice: TermsNotice | None = None
    notice: Notice | None = None
    extension: Extension | None = None
    products: Picks | None = None
    areas: Picks | None = None
    browsers: Picks | None = None
    version_update: Ruling | None = None
    status_page: Page | None = None
    seats: Ids = ()
    payment: Ids = ()
