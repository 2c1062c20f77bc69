"""Words that have not reached a case or a customer yet: a question about them is open, or they can still be taken back.

What their author changes or deletes meanwhile is followed there, too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import text
from bot.desk import holding
from bot.desk.replies import worded
from bot.desk.views import view
from bot.turn import Turn
from rules.lifecycle import Verb
from rules.refusals import EditIsNoLine
from store.said import short_key
from store.tables import Case, CaseEvent, Enquiry, HeldAct

WAITING = ("words", "question", "problem")
"""Under these the words of a dialog wait for what is asked about them."""
SAID_AS = "_said_as"  # beside a draft's answers: the key under which those words were said


@dataclass(frozen=True)
class Edit:
    of: str
    """The key under which it was said."""
    text: str
    """How it reads now."""
    line: str = ""
    """Which line it would be: understood, so that the same line's words are found, and not done."""
    verb: Verb | None = None
    case: int | None = None
    words: str = ""
    at: datetime | None = None
    """When they changed it, by the channel's account."""


def same_case(turn: Turn, edit: Edit, case: int) -> bool:
    """Whether it names no other one: a number that was merged goes on as another."""
    if edit.case in (None, case):
        return True
    meant = _goes_on_as(turn, edit.case)
    return meant is not None and meant == _goes_on_as(turn, case)


def _goes_on_as(turn: Turn, number: int | None) -> int | None:
    """None: there is no such case for them."""
    account, opener = turn.actor.scope
    case = turn.work.glance(number, account, opener) if number else None
    while case is not None and case.merged_into is not None:
        case = turn.work.glance(case.merged_into, account)
    return case.id if case else None


def waits(answers: Mapping[str, Any]) -> str:
    """The key of the words that wait there; once there is a case about them, they are on it."""
    return "" if isinstance(answers.get("case"), int) else str(answers.get(SAID_AS) or "")


def reword_draft(turn: Turn, edit: Edit) -> int:
    """Words about which something is still being asked."""
    many = 0
    for draft in turn.work.drafts_of(turn.actor.id):
        if waits(draft.answers) == edit.of:
            names = [name for name in WAITING if name in draft.answers]
            draft.answers = {**draft.answers, **dict.fromkeys(names, edit.text)}
            turn.work.add(draft)
            many += 1
    return many


def drop_drafts(turn: Turn, of: str) -> None:
    for draft in turn.work.drafts_of(turn.actor.id):
        if waits(draft.answers) == of:
            asked = turn.work.find(Enquiry, id=draft.answers.get("kept") or 0)
            if asked is not None:  # a question is kept as soon as articles are shown to it
                turn.work.drop(asked)
            turn.work.drop(draft)


def reword_held(turn: Turn, edit: Edit) -> int:
    """What has not left yet leaves as it reads now, if it is the same line still."""
    rows = [row for row in held(turn, edit.of) if not holding.sent_on(row)]
    for row in rows:
        if edit.line != row.line or not edit.words or not same_case(turn, edit, row.case_id):
            raise EditIsNoLine(case=row.case_id, line=row.line)
        case = turn.work.glance(row.case_id, None)
        assert case is not None, "what is held is about a case"
        _reword(turn, case, row, edit.words)
        holding.quoted_beside(turn, edit.of, row.words)
    return len(rows)


def reword_sent_on(turn: Turn, case: Case, note: CaseEvent, reads: str) -> None:
    """A note on its way to the customer leaves as it reads now."""
    for row in turn.work.held_of_person(turn.actor.id):
        if holding.sent_on(row) == holding.sending(note.id):
            _reword(turn, case, row, reads)


def _reword(turn: Turn, case: Case, row: HeldAct, words: str) -> None:
    row.words = worded(turn, view(turn, case), words)
    turn.work.add(row)
    if row.asked:
        holding.reword_notice(turn, row, turn.actor, row.words)
    else:
        holding.replace_notice(
            turn, row, text.held(view(turn, case), row, row.due_at - turn.time.machine, True, turn.actor)
        )


def held(turn: Turn, of: str) -> list[HeldAct]:
    return [row for row in turn.work.held_of_person(turn.actor.id) if holding.said_as(row) == short_key(of)]
