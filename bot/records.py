"""The record of a case, as one side may read it: facts, plan and terms at receipt, clock, stamps, history."""

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from bot.desk.stamps import Stamped, stamps
from bot.desk.views import CaseView, view
from bot.invitations import Links
from bot.turn import Now, Turn
from rules import sla
from rules.catalogue import Catalogues
from rules.lifecycle import Status, Verb
from rules.people import CLOCK, STAFF, Actor
from store.tables import Case, CaseEvent, Person
from store.work import Work

FORMAT = "supporthub case record 1"
LIVES = timedelta(days=1)
"""How long the link to one leads anywhere."""
_PURPOSE = b"a record's link"


def link(links: Links, case: int, reader: Actor, now: datetime) -> str:
    """For that reader: what stands behind it is theirs to read, and nobody else's side of it."""
    named = f"{case}-{reader.id}-{int((now + LIVES).timestamp())}"
    return f"{links.origin}/records/{named}-{_signature(links, named)}.json"


def read_link(links: Links, token: str, now: datetime) -> tuple[int, int] | None:
    """The case and its reader; None for anything that was not made here, or is over."""
    named, _, signature = token.rpartition("-")
    if not hmac.compare_digest(signature.encode(), _signature(links, named).encode()):
        return None
    case, reader, until = (int(each) for each in named.split("-"))
    return (case, reader) if now.timestamp() < until else None


def _signature(links: Links, named: str) -> str:
    key = hmac.digest(links.key, _PURPOSE, sha256)
    return hmac.digest(key, named.encode(), sha256).hex()[:40]


def for_reader(work: Work, case: int, reader: int, now: Now, catalogues: Catalogues) -> dict[str, Any] | None:
    """As whoever was given the link may read it today; None where they no longer may."""
    person = work.find(Person, id=reader)
    if person is None or person.left_at is not None or person.erased_at is not None:
        return None
    staff = person.role in STAFF
    found = work.glance(case, None if staff else person.account_id, person.id if person.guest else None)
    return record(work, found, now, catalogues, internal=staff) if found else None


def record(work: Work, case: Case, now: Now, catalogues: Catalogues, *, internal: bool) -> dict[str, Any]:
    """Plain values for JSON, no fractions among them; instants in UTC. ``internal``: with what only the desk reads."""
    turn = Turn(work, catalogues, CLOCK, now, now.business)
    seen, both = view(turn, case), stamps(turn, case)
    every = work.events(case.id, internal=True)
    return {
        "format": FORMAT,
        "made_at": _at(now.business),
        "for": "desk" if internal else "customer",
        "provider": {"id": seen.provider.id, "name": seen.provider.name},
        "case": _facts(seen),
        "plan": _plan(seen),
        "clock": _clock(seen, every),
        "eligibility": {
            "ruling": case.eligibility,
            "confirmed": _stamp(_person(work, case.eligibility_by), case.eligibility_at),
            "reason": case.eligibility_reason,
        },
        "coverage": {
            "kind": case.kind,
            "verdict": case.coverage,
            "judged": _stamp(both.judge, case.covered_at),
            "client_caused": case.client_caused,
        },
        "priority": {"level": case.priority, "state": case.priority_state},
        "quote": {"minutes": case.quote_minutes, "state": case.quote_state},
        "code_delivered": case.code_delivered,
        "closing": _closing(work, case),
        "agreements": [_agreement(each) for each in both.proposals],
        "history": [_happened(event) for event in every if internal or not event.internal],
    }


def _facts(seen: CaseView) -> dict[str, Any]:
    case = seen.case
    return {
        "number": case.id,
        "account": seen.account.name,
        "opened_by": seen.opener.name,
        "subject": case.subject,
        "details": case.details,
        "changed_before": case.changed,
        "status": case.status,
        "with": seen.assignee.name if seen.assignee else None,
        "merged_into": case.merged_into,
        "split_from": case.split_from,
        "rating": case.rating,
    }


def _plan(seen: CaseView) -> dict[str, Any] | None:
    """As it was when the case was received (W36)."""
    if seen.plan is None:
        return None
    terms = next((each for each in seen.provider.terms if each.version == seen.case.terms), None)
    effective = terms.effective.isoformat() if terms else None
    return {"id": seen.plan.id, "name": seen.plan.name, "terms": seen.case.terms, "terms_effective": effective}


def _clock(seen: CaseView, events: list[CaseEvent]) -> dict[str, Any]:
    case, calendar = seen.case, seen.provider.calendar()
    target = seen.plan.target(case.priority) if seen.plan else None
    clock: dict[str, Any] = {
        "received_at": _at(case.received_at),
        "target_business_minutes": case.target_minutes,
        "clauses": list(target.clauses) if target and case.target_minutes is not None else [],
        "due_at": _at(case.due_at),
        "first_response_at": _at(case.responded_at),
        "in_time": case.response_met,
        "breaches": [{"at": _at(one.at), "kind": one.words} for one in events if one.verb is Verb.BREACH],
    }
    if calendar is not None and case.target_minutes is not None:
        steps = sla.explain(calendar, case.received_at, case.target_minutes)
        clock["windows"] = [{"from": _at(one.start), "to": _at(one.end), "seconds_used": one.used} for one in steps]
    return clock


def _closing(work: Work, case: Case) -> dict[str, Any]:
    return {
        "over_at": _at(case.over_at),
        "confirmed": _stamp(_person(work, case.confirmed_by), case.confirmed_at),
        "without_confirmation": case.force_reason if case.status is Status.UNCONFIRMED else None,
    }


def _agreement(each: Stamped) -> dict[str, Any]:
    row = each.agreement
    return {
        "what": row.what,
        "number": row.number,
        "terms": row.terms,
        "proposed": _stamp(each.proposer, row.proposed_at),
        "state": row.state,
        "answered": _stamp(each.answerer, row.answered_at),
    }


def _happened(event: CaseEvent) -> dict[str, Any]:
    moved: Mapping[str, Any] = {"moved_to": event.moved_to} if event.moved_to else {}
    moved = {**moved, "deleted_at": _at(event.deleted_at)} if event.deleted_at else moved
    told = {"at": _at(event.at), "by": event.by_name, "did": event.verb, "words": event.words, "status": event.after}
    return {**told, **moved, **({"internal": True} if event.internal else {})}


def _person(work: Work, number: int | None) -> Person | None:
    return work.person(number) if number else None


def _stamp(person: Person | None, at: datetime | None) -> dict[str, Any] | None:
    if person is None:
        return None
    return {"by": person.name, "side": "desk" if person.role in STAFF else "customer", "at": _at(at)}


def _at(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None
