"""Cases that have to do with each other: named on each other's card, and nothing more."""

from bot.desk.doors import CaseRef, find, record
from bot.turn import Turn
from rules.lifecycle import Verb
from rules.refusals import Misunderstood, NotRelated
from store.tables import Case


def link_cases(turn: Turn, ref: CaseRef, other: str) -> tuple[Case, Case]:
    """Across companies too: what the reader may not see is on none of their cards."""
    case, second = _pair(turn, Verb.LINK_CASES, ref, other)
    if turn.work.case_link(case.id, second.id) is None:
        relate(turn, case, second)
    return case, second


def unlink_cases(turn: Turn, ref: CaseRef, other: str) -> tuple[Case, Case]:
    case, second = _pair(turn, Verb.UNLINK_CASES, ref, other)
    link = turn.work.case_link(case.id, second.id)
    if link is None:
        raise NotRelated(case=case.id, other=second.id)
    turn.work.drop(link)
    for one, two in ((case, second), (second, case)):
        record(turn, one, Verb.UNLINK_CASES, f"#{two.id}", quiet=True)
    return case, second


def relate(turn: Turn, case: Case, second: Case) -> None:
    turn.work.relate(case.id, second.id, turn.actor.id or None, turn.now)
    for one, two in ((case, second), (second, case)):
        record(turn, one, Verb.LINK_CASES, f"#{two.id}", quiet=True)


def _pair(turn: Turn, verb: Verb, ref: CaseRef, other: str) -> tuple[Case, Case]:
    """Locked in the one order in which several cases are."""
    number = other.strip().lower().removeprefix("case").strip().lstrip("#")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise Misunderstood(usage=f"{verb} 1042 1043")
    found = {n: find(turn, verb, CaseRef(n)) for n in sorted({ref.number, int(number)})}
    case, second = found[ref.number], found[int(number)]
    if case.id == second.id:
        raise NotRelated(case=case.id, other=second.id)
    return case, second
