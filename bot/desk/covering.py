"""What a plan makes of a request, before there is a case and on it: provisional until the desk says so (W37)."""

import re

from bot import text
from bot.desk.doors import CaseRef, find, record
from bot.desk.eligibility import Covering, covering
from bot.desk.entitlements import provider_of
from bot.desk.views import CaseView, view
from bot.turn import Turn
from rules.agreements import ACCEPTED, OFFERED, REQUESTED
from rules.appointments import Slot
from rules.catalogue import Kind, Provider, Verdict
from rules.coverage import CHANGES, Coverage, coverage, coverage_of_text, limit, turns_at
from rules.lifecycle import Verb, permit
from rules.refusals import CaseMoved, NothingWaits, OutsideHours
from store.tables import Case, Person

KINDS = {"existing": Kind.TWEAK, "new": Kind.OUT_OF_SCOPE_CHANGE}


def preview(turn: Turn, words: str) -> tuple[Provider, Coverage | None]:
    """What the same words would be told as a case; None where no contract is in force. Nothing is kept."""
    permit(turn.actor, Verb.COVERED)
    assert turn.actor.account is not None, "only customers have a plan"
    return provider_of(turn), judged(covering(turn, turn.actor.account), words, effort(words))


def judged(by: Covering, words: str, minutes: int | None = None) -> Coverage | None:
    """By the contract in force, with what it adds to its plan (T12)."""
    if by.plan is None or by.contract is None:
        return None
    return coverage_of_text(by.plan, words, minutes, by.contract.allowed or ())


def effort(words: str) -> int | None:
    """The minutes of work that they name: "a tweak of 90 minutes"."""
    found = _EFFORT.search(words)
    return int(found[1]) * (60 if found[2].lower() == "h" else 1) if found else None


_EFFORT = re.compile(r"\b(\d{1,3}) ?-?(m|h)(?:(?<=m)in(?:ute)?s?|(?<=h)(?:ou)?rs?)?\b", re.I | re.ASCII)


def asks_effort(seen: CaseView) -> int | None:
    """The minutes on which the verdict turns, where this is a change and its plan says so (W23)."""
    return limit(seen.plan) if seen.plan and seen.case.kind in CHANGES else None


def turning(seen: CaseView) -> list[str]:
    """What a change may be of, its scope left open included, where the verdict on such a one turns on minutes."""
    if seen.plan is None or seen.case.kind not in CHANGES:
        return []
    kinds = {**KINDS, "": Kind(seen.case.kind)}
    return [scope for scope, kind in kinds.items() if turns_at(seen.plan, kind)]


def reckon(turn: Turn, number: int, scope: str | None, minutes: int | None) -> Case:
    """What the customer says of a change: of something ``existing`` or ``new``, and how long it may take (W23, W24)."""
    case = find(turn, Verb.ENRICH, CaseRef(number))
    seen = view(turn, case)
    if case.id != number or case.covered_by is not None or case.kind is None or seen.plan is None:
        return case
    kind = KINDS.get(scope or "", Kind(case.kind))
    if (kind, minutes) == (case.kind, case.estimate_minutes):
        return case
    case.kind, case.estimate_minutes = kind, minutes
    case.coverage = coverage(seen.plan, kind, minutes).verdict
    said = {"scope": scope, "minutes": minutes}
    words = ", ".join(f"{name}: {value}" for name, value in said.items() if value is not None)
    return record(turn, case, Verb.ENRICH, words, quiet=True)


def not_that(turn: Turn, ref: CaseRef) -> Case:
    """ "Not a report: ask a person": nothing is guessed any more; what somebody of the desk ruled stands (W37)."""
    case = find(turn, Verb.NOT_THAT, ref)
    if case.covered_by is not None:
        raise CaseMoved(case=case.id)
    if undecided(case):
        raise NothingWaits(case=case.id)
    looked, case.kind, case.coverage = case.coverage, None, Verdict.UNKNOWN
    return record(turn, case, Verb.NOT_THAT, (looked or "").replace("_", " "))


def undecided(case: Case) -> bool:
    return case.coverage in (None, Verdict.UNKNOWN)


def request(turn: Turn, ref: CaseRef, verb: Verb) -> Case:
    """An estimate on time and materials, or a consultant to plan it: whoever looks after the account hears of it."""
    case = find(turn, verb, ref)
    if case.quote_state in (REQUESTED, OFFERED, ACCEPTED):
        raise CaseMoved(case=case.id)
    case.quote_state, case.quote_minutes = REQUESTED, None
    record(turn, case, verb)
    seen = view(turn, case)
    for person in _looking_after(turn, case):
        if person.id != case.assignee_id:  # who works on it has been told
            turn.tell(person, lambda reader: text.news(seen, verb, turn.actor, "", reader), case.id)
    return case


def within_hours(turn: Turn, case: Case, slot: Slot) -> None:
    """Raises OutsideHours where the plan has such work done in business hours only (W19)."""
    seen = view(turn, case)
    calendar = seen.provider.calendar()
    if seen.plan is None or case.kind is None or calendar is None or slot.within(calendar):
        return
    ruling = coverage(seen.plan, Kind(case.kind), case.estimate_minutes)
    if ruling.in_hours and ruling.verdict == case.coverage:
        raise OutsideHours(case=case.id, slot=slot, clauses=ruling.clauses)


def _looking_after(turn: Turn, case: Case) -> list[Person]:
    found = (turn.work.concierge(case.account_id), turn.work.coach(case.account_id))
    return [person for person in found if person is not None]
