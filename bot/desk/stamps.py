"""Both sides' stamps: what each verb leaves of proposals and answers, and what a human answer agrees to on the way."""

from dataclasses import dataclass

from bot.desk import escalation
from bot.desk.eligibility import confirm_eligibility
from bot.desk.promising import follow_proposal
from bot.turn import Turn
from rules.agreements import DECLINED, UNDONE, Standing, State, What
from rules.appointments import CALLED_OFF, Slot
from rules.catalogue import INCLUDED
from rules.lifecycle import OVER, RULES, Status, Verb
from store.tables import Agreement, Case, Person

ANSWERS = {
    Verb.ACCEPT: (What.QUOTE, State.AGREED),
    Verb.DECLINE: (What.QUOTE, State.DECLINED),
    Verb.AGREE: (What.SLOT, State.AGREED),
    Verb.TURN_DOWN: (What.SLOT, State.DECLINED),
    Verb.ACCEPT_PRIORITY: (What.PRIORITY, State.AGREED),
    Verb.DECLINE_PRIORITY: (What.PRIORITY, State.DECLINED),
    Verb.CONFIRM: (What.CLOSING, State.AGREED),
    Verb.NOT_SOLVED: (What.CLOSING, State.DECLINED),
}
UNASKED = frozenset({Verb.REOPEN, Verb.FORCE_CLOSE, Verb.WITHDRAW, Verb.MERGE, Verb.JOIN})
"""After these nobody is asked any more whether it is solved."""
HELD = frozenset({What.PRIORITY, What.SLOT})
"""Of these the latest alone holds, agreed on or not; of quotes each one that was accepted does."""
SOLVED = "solved"
OFFERING = frozenset({Verb.QUOTE, Verb.UPGRADE})
"""These answers say nothing of what is covered."""


def leave(turn: Turn, case: Case, verb: Verb, before: Status) -> None:
    """Once the verb has made the case what it is, before it is kept; it was ``before`` in that state."""
    work = turn.work
    match verb:
        case Verb.ENRICH if case.priority and not case.prioritised_by:
            _proposed_priority(turn, case)
        case Verb.QUOTE:
            propose(turn, case, What.QUOTE, case.quotes, str(case.quote_minutes))
        case Verb.SCHEDULE if case.slot_at is not None:
            propose(turn, case, What.SLOT, case.slots, str(Slot(case.slot_at, case.slot_ends)))
        case Verb.RESOLVE:
            propose(turn, case, What.CLOSING, case.resolutions, UNDONE if case.quote_state == DECLINED else SOLVED)
        case Verb.SOLVED if before is not Status.AWAITING:
            propose(turn, case, What.CLOSING, case.resolutions, SOLVED)
    if verb in ANSWERS:
        work.answer_proposal(case.id, *ANSWERS[verb], turn.actor.id, turn.now)
    if verb in UNASKED:
        work.supersede(case.id, What.CLOSING, State.OFFERED)
    if case.slot_state == CALLED_OFF and (verb is Verb.CALL_OFF or case.status in OVER):
        work.supersede(case.id, What.SLOT, State.AGREED)
    if RULES[verb].responds and turn.actor.staff:
        _answered(turn, case, verb)


def propose(turn: Turn, case: Case, what: What, number: int, terms: str) -> None:
    """It takes the place of the one before."""
    gone = (State.OFFERED, State.AGREED) if what in HELD else (State.OFFERED,)
    turn.work.supersede(case.id, what, *gone)
    turn.work.propose(case.id, what, number, terms, turn.actor.id, turn.now)


def _proposed_priority(turn: Turn, case: Case) -> None:
    """By the customer, who may change their mind (W57)."""
    last = turn.work.last_proposal(case.id, What.PRIORITY)
    if case.priority is None or (last is not None and last.terms == case.priority):
        return
    case.priorities, case.priority_state = case.priorities + 1, Standing.PROPOSED
    follow_proposal(turn, case)
    escalation.schedule(turn, case)
    propose(turn, case, What.PRIORITY, case.priorities, case.priority)


def _answered(turn: Turn, case: Case, verb: Verb) -> None:
    """Without a click or a message more: the priority as proposed, and what speaks for covering it (W56, W57)."""
    by, now = turn.actor.id, turn.now
    if case.priority_state == Standing.PROPOSED:
        turn.work.answer_proposal(case.id, What.PRIORITY, State.AGREED, by, now)
        case.priority_state = Standing.AGREED
    if case.covered_by is None and case.coverage in INCLUDED and verb not in OFFERING:
        case.covered_by, case.covered_at = by, now
    confirm_eligibility(turn, case)


@dataclass(frozen=True)
class Stamped:
    """One proposal with the people whose stamps it bears."""

    agreement: Agreement
    proposer: Person
    answerer: Person | None


@dataclass(frozen=True)
class Stamps:
    proposals: tuple[Stamped, ...]
    judge: Person | None
    """Of the desk: who said what the case is covered by, expressly or by answering it."""


def stamps(turn: Turn, case: Case) -> Stamps:
    """What a case's two sides proposed and answered, in the order in which it was proposed."""
    person = turn.work.person
    proposals = tuple(
        Stamped(each, person(each.proposed_by), person(each.answered_by) if each.answered_by else None)
        for each in turn.work.agreements(case.id)
    )
    return Stamps(proposals, person(case.covered_by) if case.covered_by else None)
