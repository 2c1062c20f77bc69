"""Giving cases to people in turn: by what they can do and how much they have, never to somebody who is away."""

import re

from bot.desk.doors import record
from bot.desk.hearing import duty
from bot.desk.views import CaseView, view
from bot.turn import Turn
from rules import on_call
from rules.assigning import Candidate, whose_turn
from rules.lifecycle import RULES, Verb
from rules.refusals import NobodyInTurn
from store.tables import Case, Person

AUTO = "auto"
TURN = "in_turn"  # held while it is decided whose turn it is, so that two replicas never give to the same one at once


def whom(words: str) -> str:
    """ "to Sam"."""
    return re.sub(r"^to\s+", "", words.strip(), flags=re.I)


def by_turn(words: str) -> bool:
    return whom(words).lower() == AUTO


def in_turn(turn: Turn, case: Case) -> Person:
    """Whose turn it is; theirs is over with it. Everywhere the case is locked before: no two wait for each other."""
    turn.work.hold(TURN)
    there = duty(turn).away
    loads, last = turn.work.loads(), turn.work.last_given()
    staff = {each.id: each for each in turn.work.staff() if on_call.absent(each.id, there, turn.now) is None}
    others = (each for each in staff.values() if each.id != case.assignee_id)  # whoever has it gives it away
    able = (Candidate(one.id, one.role, one.skills, loads.get(one.id, 0), last.get(one.id)) for one in others)
    chosen = whose_turn(able, case.queue, case.kind)
    if chosen is None:
        raise NobodyInTurn(case=case.id)
    turn.work.give(chosen, turn.now)
    return staff[chosen]


def waiting(turn: Turn, limit: int, after: int = 0) -> list[int]:
    """Numbers of the cases that are to be given to somebody now: in such a queue, within its provider's hours."""
    providers = turn.catalogues.providers.values()
    there = [each for each in providers if (hours := each.calendar()) is None or hours.is_open(turn.now)]
    return turn.work.to_be_given([name for each in there for name in each.desk.in_turn], after, limit)


def give(turn: Turn, number: int) -> bool:
    """In the clock's name; whether somebody has it now."""
    case = turn.work.case(number, None)
    if case is None or case.assignee_id is not None or case.over_at is not None or not _wanted(view(turn, case)):
        return False
    try:
        person = in_turn(turn, case)
    except NobodyInTurn:
        return False
    case.assignee_id = person.id
    record(turn, case, Verb.ASSIGN, person.name)
    return True


def _wanted(seen: CaseView) -> bool:
    """Of a provider that gives this queue's cases in turn, and has business hours now."""
    calendar, case = seen.provider.calendar(), seen.case
    queues = {name.casefold() for name in seen.provider.desk.in_turn}
    there = calendar is None or calendar.is_open(seen.now)
    return there and case.queue.casefold() in queues and case.status in RULES[Verb.ASSIGN].moves
