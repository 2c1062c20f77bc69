"""How a case begins: ID first (W55), then eligibility (W56), then what the questions add."""

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from bot.desk import escalation
from bot.desk.doors import CaseRef, find, record
from bot.turn import Turn, zone_of
from rules import sla
from rules.catalogue import Plan
from rules.lifecycle import Verb, permit
from store.tables import Case

ENRICHING = ("details", "priority", "changed")
LONGEST_SUBJECT = 120
CRITICAL = "critical"


def open_case(turn: Turn, problem: str) -> Case:
    """Opens it for the customer who acts, in the place where they are; the clock runs from their own message (R1)."""
    permit(turn.actor, Verb.OPEN)
    assert turn.actor.account is not None, "only customers may open"
    assert turn.place is not None, "a case is opened from somewhere"
    plan, day = _covering(turn, turn.actor.account)
    case = Case(
        account_id=turn.actor.account,
        opened_by=turn.actor.id,
        conversation_id=turn.place.id,
        thread=turn.thread,
        subject=subject(problem),
        details=problem if subject(problem) != problem.strip() else None,
        eligibility=_eligibility(turn, plan),
        plan=plan.id if plan else None,
        terms=plan.provider.terms_on(day).version if plan else None,
        received_at=turn.received,
        updated_at=turn.now,
    )
    if plan and (target := plan.target()) and (calendar := plan.provider.calendar()):
        case.target_minutes = target.minutes
        case.due_at = sla.due(calendar, turn.received, target.minutes)
        case.next_alarm_at = sla.next_alarm(calendar, turn.received, target.minutes, turn.received).at
    turn.work.add(case)
    return record(turn, case, Verb.OPEN, problem)


def enrich(turn: Turn, number: int, answers: Mapping[str, str]) -> Case:
    """Keeps each new answer on the case as it comes; the desk sees them on the card, without a message each."""
    case = find(turn, Verb.ENRICH, CaseRef(number))
    for name, value in answers.items():
        if getattr(case, name) != value:
            setattr(case, name, value)
            record(turn, case, Verb.ENRICH, f"{name}: {value}", quiet=True)
    if answers.get("priority") == CRITICAL:
        escalation.critical(turn, case)
    return case


def complete(turn: Turn, number: int) -> Case:
    """The questions are through."""
    case = find(turn, Verb.COMPLETE, CaseRef(number))
    case.incomplete = False
    return record(turn, case, Verb.COMPLETE)


def subject(problem: str) -> str:
    """The first line or sentence, short enough for a card."""
    first = problem.strip().splitlines()[0].strip()
    return first if len(first) <= LONGEST_SUBJECT else first[: LONGEST_SUBJECT - 1].rstrip() + "…"


def _covering(turn: Turn, account: int) -> tuple[Plan | None, date]:
    """The plan in force on the day of receipt, by its provider's calendar (W4): it stays with the case (W36, R7)."""
    day = turn.received.date()
    for contract in turn.work.contracts(account):
        plan = turn.catalogues.plan(contract.plan)
        day = turn.received.astimezone(ZoneInfo(zone_of(plan.provider))).date()
        if contract.starts <= day and (contract.ends is None or day <= contract.ends):
            return plan, day
    return None, day


def _eligibility(turn: Turn, plan: Plan | None) -> str:
    """Checked at once, confirmed by a person later (W56); whatever it says, there is an ID and the clock runs."""
    person = turn.work.person(turn.actor.id)
    if plan is None:
        return "no_contract"
    if not person.licensed:
        return "not_licensed"
    return "eligible" if person.nominated else "not_nominated"
