"""What the desk says to a customer, and the seconds in which it can be taken back.

What would be refused now is refused now: it is tried, after all that waits before it, and undone again.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from bot import desk, text
from bot.attachments import unopened
from bot.desk import CaseRef, holding
from bot.desk.replies import worded
from bot.files import MARK
from bot.lines import Does, cases, given, with_words
from bot.messages import Message
from bot.turn import Turn
from bot.who import UNSEEN
from rules.lifecycle import RULES, Verb, permit
from rules.refusals import NoNote, NotYourNote, OnlyFiles, Refusal, SentOn
from store.tables import CaseEvent, HeldAct


@dataclass(frozen=True)
class Outward:
    verb: Verb
    does: Does
    saved: bool = True
    """Whether ``!looking`` may stand for its words."""


OUTWARD: Mapping[str, Outward] = {
    "reply": Outward(Verb.REPLY, with_words(desk.reply)),
    "call": Outward(Verb.CALL, with_words(desk.call)),
    "wait": Outward(Verb.WAIT, with_words(desk.wait)),
    "quote": Outward(Verb.QUOTE, with_words(desk.quote)),
    "close": Outward(Verb.RESOLVE, cases.close),
    "force-close": Outward(Verb.FORCE_CLOSE, with_words(desk.force_close)),
    "reopen": Outward(Verb.REOPEN, cases.reopen, saved=False),
    "client-caused": Outward(Verb.CLIENT_CAUSED, with_words(desk.client_caused), saved=False),
    "ineligible": Outward(Verb.INELIGIBLE, with_words(desk.ineligible), saved=False),
}
VERBS = tuple(one.verb for one in OUTWARD.values() if RULES[one.verb].responds)


def says(line: str) -> Does:
    return lambda turn, ref, words: _say(turn, line, given(ref), words)


def reopen(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    """At once where there is nothing in it to say better."""
    return (says("reopen") if words else cases.reopen)(turn, ref, words)


def send_on(turn: Turn, message: str) -> Message:
    """What they wrote there to the desk only leaves as an answer; never what was not kept as a note of theirs."""
    notes = [event for event in turn.work.said_as(message) if event.verb is Verb.NOTE]
    mine = [event for event in notes if event.person_id == turn.actor.id and event.deleted_at is None]
    if not mine:
        raise NotYourNote()
    return _pass_on(turn, mine[-1])


def send_note(turn: Turn, ref: CaseRef | None, _: str) -> Message:
    """Their last one on the case."""
    case = desk.find(turn, Verb.NOTE, given(ref))  # it is looked at only: nothing leaves before that
    note = turn.work.last_note(case.id, turn.actor.id)
    if note is None:
        raise NoNote(case=case.id)
    return _pass_on(turn, note)


def _pass_on(turn: Turn, note: CaseEvent) -> Message:
    """Once, as it reads now; said in the message of the note, with which it can be taken back."""
    once, edits = holding.sending(note.id), turn.work.edits_of(note.id)
    words = edits[-1].words if edits else note.words
    if all(line.startswith(f"{MARK} ") for line in words.splitlines()):
        raise OnlyFiles(case=note.case_id)  # their names are words to nobody but the desk
    if not turn.work.first_time(once, turn.time.machine):
        raise SentOn(case=note.case_id)
    return _say(replace(turn, said_as=note.said_as or ""), "reply", CaseRef(note.case_id), words, once)


def undo(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    permit(turn.actor, Verb.UNDO)
    row = holding.take_back(turn, ref.number if ref else None, words)
    if row is None:
        return text.nothing_held(holding.taken_back(turn, words), turn.actor)
    said = text.taken_back(row.case_id, row.words, turn.actor)
    holding.replace_notice(turn, row, said)
    return said


def send_anyway(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    permit(turn.actor, Verb.UNDO)
    row = holding.release(turn, ref.number if ref else None, words)
    if row is None:
        return text.nothing_held(holding.taken_back(turn, words), turn.actor)
    return text.goes_out(row.case_id, turn.actor)


def carry_out(turn: Turn, row: HeldAct) -> None:
    """The time to undo it is over; ``turn`` is anybody's. Its author hears what they would have heard at once."""
    then = holding.again(turn, row)
    turn.work.drop(row)
    if row.asked:
        return _answer(then, row, text.never_sent(row.case_id, row.words, then.actor))
    try:
        with turn.work.attempt():
            said = _does(then, row)
    except Refusal as refusal:
        case = turn.work.case(refusal.case, None) if refusal.case else None
        why = text.refused(refusal, then.actor, desk.view(then, case) if case else None)
        return _answer(then, row, text.did_not_leave(row.case_id, row.words, why, then.actor))
    if not holding.replace_notice(then, row, said) and then.place and then.place.channel not in UNSEEN:
        then.answer(said, row.case_id)


def let_leave(turn: Turn, case: int) -> None:
    """What was said there before, by anybody, goes before what is said now."""
    for row in turn.work.held_on(case, lock=True):
        if turn.work.person(row.person_id).left_at is None and not holding.failed(row):
            carry_out(turn, row)


def give_up(turn: Turn, row: HeldAct, reference: str) -> None:
    """It failed as nothing should: nothing of it was done, and its author has their words back."""
    then = holding.again(turn, row)
    turn.work.drop(row)
    why = text.broke(reference, turn.provider, then.actor)
    _answer(then, row, text.did_not_leave(row.case_id, row.words, why, then.actor))


def _answer(then: Turn, row: HeldAct, said: Message) -> None:
    """A message of its own, so that they notice it; where they are looked for if nobody may be looking there."""
    if then.place is not None and then.place.channel in UNSEEN:
        holding.reword_shown(then, row, said)
        room, thread = then.home(then.work.person(row.person_id))
        return then.owe(room, said, row.case_id, thread=thread)
    then.answer(said, row.case_id)


def _say(turn: Turn, line: str, ref: CaseRef, words: str, once: str = "") -> Message:
    return _warned(turn, line, ref, lambda: _leave(turn, line, ref, words, once))


def _warned(turn: Turn, line: str, ref: CaseRef, does: Callable[[], Message]) -> Message:
    """Of files that the customer could not open."""
    shut = unopened(turn, OUTWARD[line].verb, ref.number)
    said = does()
    return text.with_unopened(said, turn.actor) if shut else said


def _leave(turn: Turn, line: str, ref: CaseRef, words: str, once: str) -> Message:
    act = OUTWARD[line]
    if not holding.holds(turn, ref, act.verb):
        return act.does(turn, ref, words)
    number, shown = _rehearsed(turn, line, ref, words)
    case = turn.work.case(number, *turn.actor.scope)
    other = holding.colleague(turn, number, VERBS) if act.verb in VERBS else None
    assert case is not None, "it was found a moment ago"
    row = holding.keep(turn, line, replace(ref, number=number), shown, other, once)
    turn.keyed.append(holding.notice(row.id))
    seen = desk.view(turn, case)
    if other is not None:
        return text.answered_before(seen, row, other, turn.actor)
    return text.held(seen, row, turn.hold, shown != words or bool(once), turn.actor)


class _Rehearsed(Exception):
    """It would be done."""


def _rehearsed(turn: Turn, line: str, ref: CaseRef, words: str) -> tuple[int, str]:
    """The case, and the words as the customer would read them. Raises what refuses it; nothing of it is done."""
    act, trial = OUTWARD[line], replace(turn, files=[])
    number, shown = ref.number, words
    with suppress(_Rehearsed), turn.work.attempt():
        case = desk.find(trial, act.verb, ref)  # by then what waits there has left
        number = case.id
        shown = worded(trial, desk.view(trial, case), words) if act.saved else words
        act.does(trial, ref, words)
        raise _Rehearsed
    return number, shown


def _does(then: Turn, row: HeldAct) -> Message:
    ref = CaseRef(row.case_id, row.resolution)
    return _warned(then, row.line, ref, lambda: OUTWARD[row.line].does(then, ref, row.words))
