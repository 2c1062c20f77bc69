"""How a case begins: ID first (W55), then eligibility (W56), then what the questions add."""

from collections.abc import Mapping

from bot.desk import escalation, handing_over
from bot.desk.contracts import look_after
from bot.desk.covering import judged
from bot.desk.doors import CaseRef, find, record
from bot.desk.eligibility import checked, covering, rule
from bot.desk.promising import promise, unpromised
from bot.turn import Turn
from rules.eligibility import Eligibility, Handover
from rules.lifecycle import Verb, permit
from store.tables import Case, Person

ENRICHING = ("details", "priority", "changed")
LONGEST_SUBJECT = 120
CRITICAL = "critical"


def open_case(
    turn: Turn, problem: str, *, critical: bool = False, person: bool = False, about: str | None = None
) -> Case:
    """Opens it for the customer who acts, in the place where they are; the clock runs from their own message (R1).

    ``critical``: they say so along with it. ``person``: they ask for nothing but a person, and get one. ``about``: what
    they want of their contract, as we put it; then ``problem`` may be empty, and nothing in it is judged for coverage.
    """
    permit(turn.actor, Verb.OPEN)
    assert turn.place is not None, "a case is opened from somewhere"
    by = turn.work.person(turn.actor.id)
    case = _new(turn, by, problem, *turn.home(by), critical=critical, by_desk=person, about=about)
    record(turn, case, Verb.OPEN, problem)
    handing_over.ask(turn, case)
    if turn.single:  # where everything they have stands below one another, its picture stays with it
        turn.work.want_card(case.id, turn.place.id, turn.time.machine)
    return case


def offer_to(turn: Turn, person: Person, about: str, place: int) -> Case:
    """The desk's own offer of another contract: who has asked nothing waits for no answer."""
    case = _new(turn, person, "", place, "", critical=False, by_desk=True, about=about)
    unpromised(case)
    case.incomplete = False
    return record(turn, case, Verb.OPEN_FOR)


def open_for(
    turn: Turn, person: Person, problem: str, place: int, thread: str, *, split_from: int | None = None
) -> Case:
    """Opens it for somebody else, who hears of it in that place; received when the turn says so."""
    case = _new(turn, person, problem, place, thread, critical=False, by_desk=True)
    case.split_from, case.incomplete = split_from, False
    return record(turn, case, Verb.OPEN_FOR, problem)


def bring_in(turn: Turn, person: Person, subject: str, details: str, place: int) -> Case:
    """As another desk had it; to be recorded, and told to nobody."""
    words = "\n\n".join(filter(None, (subject, details)))
    case = _new(turn, person, words, place, "", critical=False, by_desk=True)
    case.subject, case.details, case.incomplete = subject, details or None, False
    return case


def _new(
    turn: Turn,
    person: Person,
    problem: str,
    place: int,
    thread: str,
    *,
    critical: bool,
    by_desk: bool,
    about: str | None = None,
) -> Case:
    """To be recorded: only then has it a number."""
    assert person.account_id is not None, "only customers have cases"
    found = covering(turn, person.account_id)
    plan = found.plan
    case = Case(
        account_id=person.account_id,
        opened_by=person.id,
        conversation_id=place,
        thread=thread,
        subject=subject(about or problem),
        details=problem if problem and subject(about or problem) != problem.strip() else None,
        eligibility=checked(person, found),
        plan=plan.id if plan else None,
        terms=plan.provider.terms_on(found.day).version if plan else None,
        queue=plan.provider.desk.queue if plan else "",
        received_at=turn.received,
        updated_at=turn.now,
    )
    if plan:
        promise(case, plan, found.contract)
        look_after(turn, person, found.contract)
        if about is None and (ruling := judged(found, problem)):
            case.kind, case.coverage = ruling.kind, ruling.verdict
        handing_over.stands(turn, case, plan.provider, person, critical=critical, by_desk=by_desk)
    return case


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
        handing_over.accept_critical(turn, case)
    there = case.handover != Handover.ASKED
    if answers.get("priority") == CRITICAL and there:
        escalation.critical(turn, case)
    return case, there and case.priority == CRITICAL != before


def complete(turn: Turn, number: int, *, quiet: bool) -> Case:
    """The questions are through; ``quiet`` where nothing came of them."""
    case = find(turn, Verb.COMPLETE, CaseRef(number))
    case.incomplete = False
    return record(turn, case, Verb.COMPLETE, quiet=quiet)


def subject(problem: str) -> str:
    """The first line or sentence, short enough for a card."""
    first = (problem.strip().splitlines() or [""])[0].strip()
    return first if len(first) <= LONGEST_SUBJECT else first[: LONGEST_SUBJECT - 1].rstrip() + "…"


def eligible(turn: Turn, ref: CaseRef, words: str = "") -> Case:
    """Somebody of the desk rules that it may have support (W56)."""
    case = find(turn, Verb.ELIGIBLE, ref)
    rule(turn, case, Eligibility.ELIGIBLE, words or None)
    return record(turn, case, Verb.ELIGIBLE, words)


def ineligible(turn: Turn, ref: CaseRef, reason: str) -> Case:
    """For a reason that the customer reads. The case lives on: what becomes of it is for people to say (W37)."""
    case = find(turn, Verb.INELIGIBLE, ref)
    rule(turn, case, Eligibility.INELIGIBLE, reason)
    return record(turn, case, Verb.INELIGIBLE, reason)
