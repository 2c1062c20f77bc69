"""How a case begins: ID first (W55), then eligibility (W56), then what the questions add."""

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from bot.desk import escalation
from bot.desk.doors import CaseRef, find, record
from bot.turn import Turn, zone_of
from rules import sla
from rules.catalogue import Plan
from rules.coverage import coverage_of_text
from rules.lifecycle import Verb, permit
from store.tables import Case, Person

ENRICHING = ("details", "priority", "changed")
LONGEST_SUBJECT = 120
CRITICAL = "critical"


def open_case(turn: Turn, problem: str) -> Case:
    """Opens it for the customer who acts, in the place where they are; the clock runs from their own message (R1)."""
    permit(turn.actor, Verb.OPEN)
    assert turn.place is not None, "a case is opened from somewhere"
    case = _new(turn, turn.work.person(turn.actor.id), problem, turn.place.id, turn.thread)
    record(turn, case, Verb.OPEN, problem)
    if turn.single:  # where everything they have stands below one another, its picture stays with it
        turn.work.want_card(case.id, turn.place.id, turn.time.machine)
    return case


def open_for(
    turn: Turn, person: Person, problem: str, place: int, thread: str, *, split_from: int | None = None
) -> Case:
    """Opens it for somebody else, who hears of it in that place; received now."""
    case = _new(turn, person, problem, place, thread)
    case.split_from, case.incomplete = split_from, False
    return record(turn, case, Verb.OPEN_FOR, problem)


def _new(turn: Turn, person: Person, problem: str, place: int, thread: str) -> Case:
    """To be recorded: only then has it a number."""
    assert person.account_id is not None, "only customers have cases"
    plan, day = _covering(turn, person.account_id)
    case = Case(
        account_id=person.account_id,
        opened_by=person.id,
        conversation_id=place,
        thread=thread,
        subject=subject(problem),
        details=problem if subject(problem) != problem.strip() else None,
        eligibility=_eligibility(person, plan),
        plan=plan.id if plan else None,
        terms=plan.provider.terms_on(day).version if plan else None,
        queue=plan.provider.desk.queue if plan else "",
        received_at=turn.received,
        updated_at=turn.now,
    )
    if plan:
        _promise(turn, case, plan)
        ruling = coverage_of_text(plan, problem)
        case.kind, case.coverage = ruling.kind, ruling.verdict
    return case


def _promise(turn: Turn, case: Case, plan: Plan) -> None:
    target, calendar = plan.target(), plan.provider.calendar()
    if target and calendar:
        case.target_minutes = target.minutes
        case.due_at = sla.due(calendar, turn.received, target.minutes)


def enrich(turn: Turn, number: int, answers: Mapping[str, str]) -> tuple[Case, bool]:
    """Keeps each new answer on the case as it comes; the desk sees them on the card, without a message each.

    The case, and whether it is proposed critical by now and was not before.
    """
    case = find(turn, Verb.ENRICH, CaseRef(number))
    before = case.priority
    for name, value in answers.items():
        if case.id != number:  # merged meanwhile: what they add must not replace what stands there
            record(turn, case, Verb.SAY, value)
        elif getattr(case, name) != value and not (name == "priority" and case.prioritised_by):
            setattr(case, name, value)
            record(turn, case, Verb.ENRICH, f"{name}: {value}", quiet=True)
    if answers.get("priority") == CRITICAL:
        escalation.critical(turn, case)
    return case, case.priority == CRITICAL != before


def complete(turn: Turn, number: int) -> Case:
    """The questions are through."""
    case = find(turn, Verb.COMPLETE, CaseRef(number))
    case.incomplete = False
    return record(turn, case, Verb.COMPLETE)


def subject(problem: str) -> str:
    """The first line or sentence, short enough for a card."""
    first = (problem.strip().splitlines() or [""])[0].strip()
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


def _eligibility(person: Person, plan: Plan | None) -> str:
    """Checked at once, confirmed by a person later (W56); whatever it says, there is an ID and the clock runs."""
    if plan is None:
        return "no_contract"
    if not person.licensed:
        return "not_licensed"
    return "eligible" if person.nominated else "not_nominated"
