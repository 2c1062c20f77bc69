"""Everything that is stored about a person, or a company and its people, section by section: docs/privacy.md."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bot import records
from bot.erasing.subjects import Subject
from bot.messages import from_json
from bot.plain import plain
from bot.turn import Now
from rules.catalogue import Catalogues
from store.erasing import ACCOUNT
from store.tables import (
    Absence,
    Account,
    Agreement,
    Announced,
    Announcement,
    ApiToken,
    Assignment,
    Attachment,
    Audit,
    CaseEvent,
    Contract,
    ContractChange,
    Draft,
    Enquiry,
    Follower,
    HeldAct,
    LinkCode,
    LinkedIdentity,
    LinkProposal,
    Outbox,
    Person,
    RoomEntry,
    Session,
    SignIn,
    StoredArticle,
    Tenant,
    Webhook,
)
from store.work import Work

FORMAT = "supporthub export 1"
PAGE = 200
Section = tuple[str, Iterator[dict[str, Any]]]
BOOKKEEPING = {"source", "next_at", "tries"}
"""Of a file: how the desk fetched it."""
SECRET = {"hash", "sealed", "vendor", "message"}
"""Columns that say nothing of them, or say it again in words."""


def sections(work: Work, subject: Subject, catalogues: Catalogues, now: Now) -> Iterator[Section]:
    """Each a name and its rows, read as they are asked for."""
    people, cases = sorted(subject.people), sorted(subject.scrub.cases)
    if subject.kind == ACCOUNT:
        yield from _company(work, subject)
    yield "people", _rows(work, Person, Person.id, people)
    for name, kind in OF_PEOPLE.items():
        yield name, _rows(work, kind, kind.person_id, people)
    yield "cases", _cases(work, cases, catalogues, now)
    yield "words_in_other_cases", _words(work, people, subject.scrub.cases)
    yield "files", _files(work, people, cases)
    yield "agreements", _rows(work, Agreement, Agreement.case_id, cases)
    yield "articles", _rows(work, StoredArticle, StoredArticle.case_id, cases)
    yield "announcements", _announced(work, people)
    yield "messages", _messages(work, subject)
    yield "rooms", (row for room in sorted(subject.rooms) for row in _rows(work, RoomEntry, RoomEntry.room, [room]))


OF_PEOPLE: dict[str, Any] = {
    "identities": LinkedIdentity,
    "link_codes": LinkCode,
    "sessions": Session,
    "sign_ins": SignIn,
    "link_proposals": LinkProposal,
    "absences": Absence,
    "drafts": Draft,
    "held": HeldAct,
    "followed": Follower,
    "tokens": ApiToken,
    "questions": Enquiry,
    "audit": Audit,
}


def _company(work: Work, subject: Subject) -> Iterator[Section]:
    mine = [subject.number]
    yield "account", _rows(work, Account, Account.id, mine)
    for name, kind in OF_COMPANY.items():
        yield name, _rows(work, kind, kind.account_id, mine)


OF_COMPANY: dict[str, Any] = {
    "contracts": Contract,
    "contract_changes": ContractChange,
    "tenants": Tenant,
    "assignments": Assignment,
    "webhooks": Webhook,
}


def _rows(work: Work, kind: Any, column: Any, values: Sequence[Any]) -> Iterator[dict[str, Any]]:
    for start in range(0, len(values), PAGE):
        after: tuple[Any, ...] | None = None
        while page := work.rows_where(kind, column, values[start : start + PAGE], after, PAGE):
            after = work.key_of(page[-1])
            yield from map(_row, page)


def _row(row: Any) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in type(row).model_fields if name not in SECRET}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _cases(work: Work, cases: Sequence[int], catalogues: Catalogues, now: Now) -> Iterator[dict[str, Any]]:
    """Each as the customer may read it: what the desk noted for itself alone is not in it."""
    for number in cases:
        case = work.glance(number, None)
        if case is not None:
            yield records.record(work, case, now, catalogues, internal=False)


def _words(work: Work, people: Sequence[int], theirs: set[int]) -> Iterator[dict[str, Any]]:
    for event in _rows(work, CaseEvent, CaseEvent.person_id, people):
        if event["case_id"] not in theirs:
            yield {name: event[name] for name in ("case_id", "at", "verb", "words", "person_id")}


def _files(work: Work, people: Sequence[int], cases: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Of their cases, but for what the desk keeps to itself, and theirs on others; ``sha256`` names what is kept."""
    for file in _rows(work, Attachment, Attachment.case_id, cases):
        if not file["internal"] or file["by_id"] in people:
            yield {name: value for name, value in file.items() if name not in BOOKKEEPING}
    for file in _rows(work, Attachment, Attachment.by_id, people):
        if file["case_id"] not in cases:
            yield {name: value for name, value in file.items() if name not in BOOKKEEPING}


def _announced(work: Work, people: Sequence[int]) -> Iterator[dict[str, Any]]:
    for told in _rows(work, Announced, Announced.person_id, people):
        row = work.find(Announcement, id=told["announcement_id"])
        if row.sent_at is None:
            continue  # only previewed: they were told nothing
        yield {**told, "kind": row.kind, "words": row.words, "sent_at": _plain(row.sent_at)}


def _messages(work: Work, subject: Subject) -> Iterator[dict[str, Any]]:
    """What was said to them alone, and how it ended."""
    for lane in sorted(subject.lanes.own):
        place, after = work.place(lane), None
        while page := work.rows_where(Outbox, Outbox.conversation_id, [lane], after, PAGE):
            after = work.key_of(page[-1])
            for row in page:
                yield {
                    **{name: _plain(getattr(row, name)) for name in ("id", "case_id", "owed_at", "done_at", "seen_at")},
                    **{"channel": place.channel, "room": place.room, "state": _state(row)},
                    "words": plain(from_json(row.message)),
                }


def _state(row: Outbox) -> str:
    if row.withdrawn:
        return "withdrawn"
    if row.dead is not None:
        return "undeliverable"
    return "sent" if row.receipt is not None else "waiting"
