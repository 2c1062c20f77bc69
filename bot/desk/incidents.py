"""One cause behind cases of several companies: one answer of the desk's reaches each, and counts for each (R2).

No customer learns that there are other cases: the group stands in the desk's own history and on its cards alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.desk.closing import resolve
from bot.desk.doors import CaseRef, find, record
from bot.desk.replies import check
from bot.desk.views import CaseView, view
from bot.desk.working import reply
from bot.turn import Turn
from rules.lifecycle import Verb, permit
from rules.refusals import IncidentOver, Misunderstood, NoIncident, Refusal
from store.tables import Case, Incident

LISTED = 20
LONGEST_TITLE = 200
MOST = 200  # cases of one: an answer to all of them is one unit of work
USAGE = "incident open TITLE · incident 3 add 1042 1043 · incident 3 reply TEXT · incident 3 close TEXT"


@dataclass(frozen=True)
class Group:
    incident: Incident
    cases: tuple[CaseView, ...]


@dataclass(frozen=True)
class Reached:
    incident: Incident
    done: tuple[CaseView, ...]
    left: tuple[tuple[CaseView, Refusal], ...]
    """To which it could not be said as they stand, and why."""


def incidents(turn: Turn) -> list[tuple[Incident, int]]:
    """Those that last, each with its number of cases."""
    permit(turn.actor, Verb.GROUP)
    return turn.work.incidents(LISTED)


def incident(turn: Turn, number: int) -> Group:
    permit(turn.actor, Verb.GROUP)
    found = turn.work.incident(number)
    if found is None:
        raise NoIncident(number=number)
    return _group(turn, found)


def open_incident(turn: Turn, title: str) -> Incident:
    permit(turn.actor, Verb.INCIDENT)
    made = Incident(title=title.strip()[:LONGEST_TITLE], by_id=turn.actor.id, at=turn.now)
    turn.work.add(made)
    return made


def add(turn: Turn, number: int, cases: Sequence[int]) -> Group:
    """A case of another incident goes over to this one."""
    permit(turn.actor, Verb.GROUP)
    group, there = _open(turn, number), set(turn.work.cases_of_incident(number))
    for case in [find(turn, Verb.GROUP, CaseRef(n)) for n in sorted(set(cases))]:
        if case.id not in there and len(there) >= MOST:
            raise Misunderstood(usage=USAGE)
        if case.id not in there:
            there.add(case.id)
            _put(turn, case, group)
    return _group(turn, group)


def remove(turn: Turn, number: int, cases: Sequence[int]) -> Group:
    permit(turn.actor, Verb.GROUP)
    group = _open(turn, number)
    for case in [find(turn, Verb.GROUP, CaseRef(n)) for n in sorted(set(cases))]:
        if case.incident_id == number:
            _put(turn, case, None)
    return _group(turn, group)


def answer(turn: Turn, number: int, words: str) -> Reached:
    """Each customer reads it where their own case is, as an answer to that case."""
    return _each(turn, number, Verb.REPLY, words)


def close(turn: Turn, number: int, words: str) -> Reached:
    """Each is called solved with these words, and waits for its own customer's Yes (W59)."""
    reached = _each(turn, number, Verb.RESOLVE, words)
    reached.incident.over_at = turn.now
    turn.work.add(reached.incident)
    return reached


def _each(turn: Turn, number: int, verb: Verb, words: str) -> Reached:
    permit(turn.actor, Verb.INCIDENT)
    group, does = _open(turn, number), reply if verb is Verb.REPLY else resolve
    check(turn, words)  # else each would refuse it
    done, left, files = dict[int, Case](), dict[int, tuple[Case, Refusal]](), list(turn.files)
    for ref in map(CaseRef, turn.work.cases_of_incident(number)):
        case = find(turn, Verb.RECORD, ref)  # a merged one speaks for the one that goes on (R9)
        if case.id in done:
            continue
        turn.files[:], turn.left_out[:] = files, []  # each customer gets them
        try:
            done[case.id] = does(turn, CaseRef(case.id), words)
        except Refusal as refusal:  # before anything was done
            left[case.id] = case, refusal
    turn.files[:] = [] if done else files
    return Reached(group, _views(turn, done.values()), tuple((view(turn, case), why) for case, why in left.values()))


def _views(turn: Turn, cases: Iterable[Case]) -> tuple[CaseView, ...]:
    return tuple(view(turn, case) for case in cases)


def _put(turn: Turn, case: Case, group: Incident | None) -> None:
    case.incident_id = group.id if group else None
    record(turn, case, Verb.GROUP, f"{group.id} {group.title}" if group else "", quiet=True)


def _open(turn: Turn, number: int) -> Incident:
    """Locked, so that none is added to one that is just being closed."""
    found = turn.work.incident(number, lock=True)
    if found is None:
        raise NoIncident(number=number)
    if found.over_at is not None:
        raise IncidentOver(number=number)
    return found


def _group(turn: Turn, group: Incident) -> Group:
    return Group(group, _views(turn, turn.work.cases_numbered(turn.work.cases_of_incident(group.id))))
