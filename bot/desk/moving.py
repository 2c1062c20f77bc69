"""Words that went to the wrong case: their author moves them, and the desk's copy moves along."""

from dataclasses import replace

from bot import text
from bot.desk.doors import CaseRef, find, record
from bot.desk.opening import open_case
from bot.desk.views import view
from bot.turn import Turn, the_desk
from rules.lifecycle import RULES, Verb
from rules.refusals import Misunderstood, QuestionClosed
from store.tables import Case, CaseEvent

NEW = "new"
USAGE = "move 1042 57 1043"


def movable(turn: Turn, ref: CaseRef, words: str) -> tuple[Case, CaseEvent, str]:
    """The case, what they said there, and where to, if they say it already."""
    case = find(turn, Verb.MOVE, ref)
    number, _, to = words.partition(" ")
    to = to.strip().lower().lstrip("#")
    if not (number.isascii() and number.isdigit() and len(number) < 16) or not (to in ("", NEW) or to.isdigit()):
        raise Misunderstood(usage=USAGE)
    event = turn.work.event(int(number))
    if event is None or (event.case_id, event.person_id, event.verb) != (case.id, turn.actor.id, Verb.SAY):
        raise Misunderstood(usage=USAGE)
    if event.moved_to is not None or event.deleted_at is not None:
        raise QuestionClosed()
    return case, event, to


def others(turn: Turn, case: Case) -> list[int]:
    """Their other open cases."""
    return [number for number in turn.work.live_cases_opened_by(turn.actor.id) if number != case.id]


def move(turn: Turn, case: Case, event: CaseEvent, to: str) -> Case:
    """To another case, or to a new one, as if it had been said there at the time."""
    then, edits = replace(turn.at(event.at), said_as=event.said_as or ""), turn.work.edits_of(event.id)
    words = edits[-1].words if edits else event.words
    if to == NEW:
        target = open_case(then, words)
    else:
        target = find(turn, Verb.SAY, CaseRef(int(to)))
        if target.status not in RULES[Verb.SAY].moves or target.id == case.id:
            raise Misunderstood(usage=USAGE)
        record(then, target, Verb.SAY, words)
    there = turn.work.last_of(target.id, turn.actor.id, Verb.OPEN if to == NEW else Verb.SAY)
    turn.work.move_files(event.id, target.id, there)
    event.moved_to = target.id
    turn.work.add(event)
    if case.asked_at == event.at:
        case.asked_at = None  # nobody waits there for an answer to this (R3)
    record(turn, case, Verb.MOVE, f"#{target.id}", quiet=True)
    _replace_copies(turn, case, event, target)
    return target


def _replace_copies(turn: Turn, case: Case, event: CaseEvent, target: Case) -> None:
    """Under the case where it stood, whoever read it reads that it went, instead of the words."""
    seen = view(turn, case)
    for copy in (each for each in turn.work.copies([event.id]) if each.replaces is None):
        said = text.moved_away(seen, target.id, turn.actor, the_desk(seen.zone))
        turn.owe(copy.conversation_id, said, case.id, thread=copy.thread, under_card=copy.under_card, replaces=copy.id)
