"""The priority of a case: the customer proposes, the desk may counter, and the promise moves along (W45, W57, R7)."""

from dataclasses import replace

from bot import text
from bot.desk import escalation, stamps
from bot.desk.agreeing import named, split
from bot.desk.doors import CaseRef, find, record
from bot.desk.hearing import Heard, heard, tell
from bot.desk.promising import retarget, target_minutes
from bot.desk.views import CaseView, view
from bot.turn import Turn
from rules.agreements import Reassessed, Standing, State, What
from rules.ladder import Hearer
from rules.lifecycle import Verb
from rules.people import CLOCK
from rules.refusals import CaseMoved
from rules.sla import ON_PLAN_CHANGE, Breach
from store.tables import Case

PAST = 100  # percent of the response time


def prioritise(turn: Turn, ref: CaseRef, words: str) -> Case:
    """``high They invoice tomorrow``: reassessed, for a reason the customer reads (W45).

    Another one than the customer proposes holds at once, and is not agreed until they accept it (W57).
    """
    case = find(turn, Verb.PRIORITISE, ref)
    seen = view(turn, case)
    level, reason = split(words, seen.provider.desk.priorities, "priority 1042 high REASON")
    change = Reassessed(case.priority, level, reason)
    _set(turn, case, level)
    breach = retarget(turn, case, target_minutes(turn, case, level))
    record(turn, case, Verb.PRIORITISE, str(change))
    if breach:
        record_breach(turn, case, breach)
    return case


def accept_priority(turn: Turn, ref: CaseRef, words: str = "") -> Case:
    return _answer(turn, ref, Verb.ACCEPT_PRIORITY, words, Standing.AGREED)


def decline_priority(turn: Turn, ref: CaseRef, words: str = "") -> Case:
    """It holds all the same, and says wherever it is shown that it is not agreed."""
    return _answer(turn, ref, Verb.DECLINE_PRIORITY, words, Standing.DECLINED)


def record_breach(turn: Turn, case: Case, kind: Breach, *, by_contract: bool = False) -> None:
    """Once, in the clock's name; where the change itself is what broke it, those hear who hear of 100 % (R7)."""
    case.response_met = False
    by_change = kind is Breach.ON_REPRIORITISATION
    name = ON_PLAN_CHANGE if by_contract and by_change else kind.value
    record(replace(turn, actor=CLOCK), case, Verb.BREACH, name)
    if by_change:
        _notify(turn, case, view(turn, case), name)


def _notify(turn: Turn, case: Case, seen: CaseView, name: str) -> None:
    """While the hours are over only who asked for it; all others hear of it by the ladder when they begin (R10)."""
    by_contract = name == ON_PLAN_CHANGE
    hearers = escalation.terms(turn.catalogues, case)[1].at.get(PAST, ())
    whom = heard(turn, seen, (*hearers, Hearer.ASSIGNEE) if by_contract else hearers)
    if escalation.quiet_until(turn, case) is not None:
        whom = Heard(tuple(person for person in whom.people if person.any_hour))
        if not whom.people:
            return
    else:
        whom = replace(whom, desk=whom.desk or seen.assignee is None)
        case.warned_at = turn.now  # the ladder goes on from here
        escalation.schedule(turn, case)
        turn.work.add(case)
    key = f"warn {case.id}.{case.cycle}.{name}"
    words = text.overtaken if by_contract else text.breached
    tell(turn, seen, whom, key, lambda reader: words(seen, reader))


def _set(turn: Turn, case: Case, level: str) -> None:
    """What the customer asked for is agreed by being set; what both agreed on before stays so."""
    case.prioritised_by = turn.actor.id
    if (case.priority, case.priority_state) == (level, Standing.AGREED):
        return
    theirs = turn.work.last_proposal(case.id, What.PRIORITY, of_customer=True)
    case.priority = level
    if theirs is not None and theirs.terms == level:
        turn.work.supersede(case.id, What.PRIORITY, State.OFFERED, State.AGREED)
        turn.work.answer_proposal(case.id, What.PRIORITY, State.AGREED, turn.actor.id, turn.now, theirs.number)
        case.priority_state = Standing.AGREED
    else:
        case.priorities, case.priority_state = case.priorities + 1, Standing.COUNTERED
        stamps.propose(turn, case, What.PRIORITY, case.priorities, level)


def _answer(turn: Turn, ref: CaseRef, verb: Verb, words: str, state: Standing) -> Case:
    """``priority-2``: only the one that they saw, and only while it is open."""
    case = find(turn, verb, ref)
    open_ = case.id == ref.number and case.priority_state == Standing.COUNTERED
    if not open_ or not named(words, What.PRIORITY, case.priorities):
        raise CaseMoved(case=case.id)
    case.priority_state = state
    return record(turn, case, verb, f"priority-{case.priorities}")
