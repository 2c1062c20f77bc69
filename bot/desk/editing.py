"""What somebody changed, or took back, of what they had said: followed wherever the words went, and never obeyed.

An edit is of words alone. It runs no line, starts and stops no clock, reopens nothing; and what the desk wrote to
itself stays with the desk, whatever it is changed to.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from bot import text
from bot.attachments import AT_REST
from bot.desk import holding
from bot.desk.doors import record, tell_desk
from bot.desk.followers import reads_there
from bot.desk.opening import subject
from bot.desk.replies import worded
from bot.desk.views import view
from bot.desk.waiting import (
    WAITING,
    Edit,
    drop_drafts,
    held,
    reword_draft,
    reword_held,
    reword_sent_on,
    same_case,
    waits,
)
from bot.messages import Message, from_json, to_json
from bot.turn import Turn
from bot.who import MAIL
from rules.lifecycle import OVER, Verb
from rules.people import Role
from rules.refusals import EditChangesNothing, EditIsNoLine
from store.said import short_key
from store.tables import Case, CaseEvent, Outbox, Person
from store.work import Work

V = Verb
WORDS = frozenset({V.OPEN, V.OPEN_FOR, V.SAY, V.REPLY, V.CALL, V.WAIT, V.NOTE, V.RESOLVE, V.NOT_SOLVED} | {V.REOPEN})
WORDS |= {V.ESCALATE, V.ENRICH}
"""What consists of its author's words. Whatever else a line did stays done, whatever becomes of the line."""
LINES = {V.RESOLVE: "close"}
"""Those that are not called as their verb is."""
ANSWERED = ("details", "changed")
"""Answers that are words: "details: Error 500"."""
LONGEST_ANSWER = 4000
DELETED = "[deleted by its author]"
"""In the place of a subject."""


def change(turn: Turn, edit: Edit) -> None:
    events = _theirs(turn, edit.of)
    waiting = reword_draft(turn, edit) + reword_held(turn, edit)
    if not events and not waiting:
        raise EditChangesNothing()
    for event in _one_a_case(events):
        case = _case(turn, event)
        if case is not None and event.deleted_at is None:
            _change(turn, case, event, edit)


def gone_author(work: Work, of: str) -> Person | None:
    """Whoever wrote that message, where they have left since: what they delete is followed all the same."""
    authors = {event.author_id or event.person_id for event in work.said_as(of)}
    found = [work.person(number) for number in authors if number]
    return next((person for person in found if person.left_at is not None and person.erased_at is None), None)


def take_back(turn: Turn, of: str) -> Message | None:
    """The words go wherever they went; that there were some stays in the history."""
    turn.work.first_time(of, turn.time.machine)  # should it be delivered only now, it is nothing any more
    drop_drafts(turn, of)
    for row in held(turn, of):
        holding.replace_notice(turn, row, text.taken_back(row.case_id, "", turn.actor))
        holding.take_back(turn, None, str(row.id))
    holding.quoted_beside(turn, of, None)
    theirs = _all_theirs(turn, of)
    words = {event.id for event in _one_a_case(each for each in theirs if each.verb in WORDS and not each.moved_to)}
    began = [case for event in theirs if (case := _take_away(turn, event, event.id in words)) is not None]
    return text.began_with_nothing(view(turn, began[-1]), turn.actor) if began else None


def _take_away(turn: Turn, event: CaseEvent, words: bool) -> Case | None:
    """The case, if its opener began it with these words, and it goes on."""
    case = turn.work.case(event.case_id, None)  # the words are theirs, wherever they themselves belong by now
    if case is None or event.deleted_at is not None:
        return None
    if words:
        _delete(turn, case, event)
    elif event.moved_to is not None:
        _leave_nothing(turn, event)
    else:
        _delete_files(turn, case, event)
    began = words and event.verb is V.OPEN and case.opened_by == turn.actor.id
    return case if began and case.status not in OVER else None


def knows(work: Work, of: str, person: Person) -> bool:
    """Whether anything came of that message of theirs, or waits to."""
    waiting = any(waits(draft.answers) == of for draft in work.drafts_of(person.id))
    held = any(holding.said_as(row) == short_key(of) for row in work.held_of_person(person.id))
    return waiting or held or any(_wrote(event, person) for event in work.said_as(of))


def _theirs(turn: Turn, of: str) -> list[CaseEvent]:
    """A message of which anything was for the desk only is followed there alone, whatever else was made of it."""
    found = [event for event in _all_theirs(turn, of) if event.verb in WORDS and event.moved_to is None]
    theirs = [event for event in found if event.verb is not V.OPEN_FOR or event.author_id is not None]
    notes = [event for event in theirs if event.internal]
    return notes or theirs


def _all_theirs(turn: Turn, of: str) -> list[CaseEvent]:
    me = turn.work.person(turn.actor.id)
    return [event for event in turn.work.said_as(of) if _wrote(event, me)]


def _wrote(event: CaseEvent, person: Person) -> bool:
    """Their words; also where somebody else made a case of their message."""
    return (event.author_id or event.person_id) == person.id


def _one_a_case(events: Iterable[CaseEvent]) -> list[CaseEvent]:
    """Of what one message did to a case: its words, or the answer that they were; a note, and what left of it."""
    chosen = dict[tuple[int, bool], CaseEvent]()
    for event in events:
        there = (event.case_id, event.internal)
        known = chosen.get(there)
        better = known is None or (known.verb is V.ENRICH and event.verb is not V.ENRICH)
        if better and (event.verb is not V.ENRICH or _answer(event.words)):
            chosen[there] = event
    return list(chosen.values())


def _case(turn: Turn, event: CaseEvent) -> Case | None:
    """Its own one, merged or not: that is where the words stand."""
    return turn.work.case(event.case_id, *turn.actor.scope)


# Changing ---------------------------------------------------------------------------------------------------------


def _change(turn: Turn, case: Case, event: CaseEvent, edit: Edit) -> None:
    edits = turn.work.edits_of(event.id)
    latest = edits[-1].edited_at if edits else None
    if latest is not None and edit.at is not None and edit.at < latest:
        return  # told of late: they have changed it again since
    before = edits[-1].words if edits else event.words
    name = _answer(event.words) if event.verb is V.ENRICH else ""
    reads = f"{name}: {edit.text[:LONGEST_ANSWER]}" if name else _reads(turn, case, event, edit)
    if reads == before:
        return
    _onto_the_case(case, event, before, reads)
    _into_the_dialog(turn, case, event, {before.removeprefix(f"{name}: ")}, reads.removeprefix(f"{name}: "))
    record(turn, case, V.EDIT, reads, quiet=True, of=event, edited_at=edit.at)
    for copy in turn.work.copies([event.id, *(each.id for each in edits)]):
        said, place = text.edited(from_json(copy.message), reads), turn.work.place(copy.conversation_id)
        if copy.replaces is None and reads_there(turn, case, event.internal, place):
            _replace(turn, copy, said)
    reword_sent_on(turn, case, event, reads)
    holding.quoted_beside(turn, edit.of, reads)
    if _to_be_read_again(turn, case, event):
        number = turn.work.edits_of(event.id)[-1].id
        seen = view(turn, case)
        tell_desk(turn, case, lambda reader: text.changed_later(seen, turn.actor, reads, reader), number)


def _reads(turn: Turn, case: Case, event: CaseEvent, edit: Edit) -> str:
    """Of a line its words, if it is the same line still. Raises EditIsNoLine for what could cross unmeant."""
    if edit.words and _same_line(turn, event, edit):
        outward = turn.actor.staff and not event.internal
        return worded(turn, view(turn, case), edit.words) if outward else edit.words
    if turn.actor.staff and not event.internal:
        there = turn.place is not None and turn.place.id == case.conversation_id and not turn.place.desk
        if not there:  # else they read it there, whatever it is
            raise EditIsNoLine(case=case.id, line=LINES.get(event.verb, event.verb))
    return edit.text


def _same_line(turn: Turn, event: CaseEvent, edit: Edit) -> bool:
    """Also as it was before its words were moved."""
    moved = [each for each in turn.work.said_as(edit.of) if each.moved_to is not None]
    stood = [event, *(each for each in moved if each.person_id == event.person_id)]
    return edit.verb in {each.verb for each in stood} and any(same_case(turn, edit, each.case_id) for each in stood)


def _onto_the_case(case: Case, event: CaseEvent, before: str, reads: str) -> None:
    """What was taken from those words, and says nothing else by now."""
    if event.verb in (V.OPEN, V.OPEN_FOR):
        if case.subject == subject(before):
            case.subject = subject(reads)
            if case.details in (None, before):
                case.details = reads if subject(reads) != reads.strip() else None
        if case.changed == before.strip()[:LONGEST_ANSWER]:
            case.changed = reads.strip()[:LONGEST_ANSWER]
    elif event.verb is V.ENRICH:
        name = _answer(reads)
        if name and f"{name}: {getattr(case, name)}" == before:
            setattr(case, name, reads.removeprefix(f"{name}: "))


def _into_the_dialog(turn: Turn, case: Case, event: CaseEvent, said: set[str], reads: str | None) -> None:
    """The questions about the case go on with whoever began it, and bring each answer anew."""
    same = said | {each.strip()[:LONGEST_ANSWER] for each in said}
    for draft in turn.work.drafts_of(event.person_id or turn.actor.id):
        if draft.answers.get("case") == case.id:
            names = [name for name in (*ANSWERED, *WAITING) if draft.answers.get(name) in same]
            draft.answers = {**draft.answers, **dict.fromkeys(names, reads)}
            turn.work.add(draft)


def _answer(words: str) -> str:
    name = words.partition(": ")[0]
    return name if name in ANSWERED else ""


def _to_be_read_again(turn: Turn, case: Case, event: CaseEvent) -> bool:
    """Where the desk has acted on what the customer said, it could miss that this reads otherwise now."""
    return turn.actor.role is Role.CUSTOMER and case.status not in OVER and turn.work.went_on(event)


def _replace(turn: Turn, copy: Outbox, said: Message) -> None:
    if _mailed(turn, copy):
        turn.work.withdraw(copy, turn.time.machine)  # what has left cannot be changed: it is written once more
    turn.owe(
        copy.conversation_id,
        said,
        copy.case_id,
        thread=copy.thread,
        under_card=copy.under_card,
        replaces=None if _mailed(turn, copy) else copy.id,
        event=copy.event_id,
    )


def _mailed(turn: Turn, copy: Outbox) -> bool:
    return turn.work.place(copy.conversation_id).channel == MAIL


# Taking back ------------------------------------------------------------------------------------------------------


def _delete(turn: Turn, case: Case, event: CaseEvent) -> None:
    same = [each for each in turn.work.said_as(event.said_as or "") if _goes_too(event, each)]
    edits = turn.work.edits_of(event.id)
    gone = {each.id: each for each in (event, *edits, *same)}.values()
    words = {each.words for each in gone}
    for each in gone:
        each.words, each.deleted_at = "", turn.now
        turn.work.add(each)
    _off_the_case(case, event, words)
    _into_the_dialog(turn, case, event, {each.removeprefix(f"{_answer(each)}: ") for each in words}, None)
    for each in gone:
        turn.work.forget_files(each.id, DELETED, turn.time.machine)
    record(turn, case, V.DELETE, quiet=True, of=event)
    for copy in turn.work.copies([each.id for each in gone]):
        _blank(turn, copy)


def _leave_nothing(turn: Turn, event: CaseEvent) -> None:
    """Where they stood before they were moved, it is told already that they went."""
    gone = [event, *turn.work.edits_of(event.id)]
    for each in gone:
        each.words, each.deleted_at = "", turn.now
        turn.work.add(each)
    for copy in turn.work.copies([each.id for each in gone]):
        copy.message = to_json(text.blanked(from_json(copy.message)))
        turn.work.add(copy)


def _delete_files(turn: Turn, case: Case, event: CaseEvent) -> None:
    """Of a line that was none of words, such as ``take``: what came with it goes, what it did stays done."""
    if turn.work.forget_files(event.id, DELETED, turn.time.machine):
        record(turn, case, V.DELETE, quiet=True, of=event)
        for copy in turn.work.copies([event.id]):
            _blank(turn, copy)


def _goes_too(event: CaseEvent, each: CaseEvent) -> bool:
    """An answer that was read out of the same words."""
    same = (each.case_id, each.internal, each.person_id) == (event.case_id, event.internal, event.person_id)
    return same and each.verb is V.ENRICH and bool(_answer(each.words))


def _off_the_case(case: Case, event: CaseEvent, words: set[str]) -> None:
    said = words | {each.partition(": ")[2] for each in words if _answer(each)}
    if event.verb in (V.OPEN, V.OPEN_FOR) and case.subject in {subject(each) for each in words}:
        case.subject = DELETED
    shortened = {each.strip()[:LONGEST_ANSWER] for each in said}
    for name in ANSWERED:
        if (kept := getattr(case, name)) is not None and (kept in said or kept in shortened):
            setattr(case, name, None)


def _blank(turn: Turn, copy: Outbox) -> None:
    """Of what was not sent yet as well: nothing of it is kept."""
    said = text.blanked(from_json(copy.message))
    if _mailed(turn, copy):
        turn.work.withdraw(copy, turn.time.machine)
    elif copy.replaces is None:
        _replace(turn, copy, said)
    copy.message = to_json(said)
    turn.work.add(copy)


def remove_files(turn: Turn, of: str, files: Collection[str]) -> None:
    """These of what came with that message, by their channel's own ids; its words stay."""
    me = turn.work.person(turn.actor.id)
    for draft in turn.work.drafts_of(me.id):
        if waits(draft.answers) == of:
            draft.answers = _without(draft.answers, files)
            turn.work.add(draft)
    for row in held(turn, of):
        row.origin = _without(row.origin or {}, files)
        turn.work.add(row)
    for event in (each for each in turn.work.said_as(of) if _wrote(each, me)):
        gone = turn.work.forget_files(event.id, DELETED, turn.time.machine, files)
        if gone and (case := turn.work.case(event.case_id, None)) is not None:
            _cross_out(turn, case, event, gone)


def _without(kept: Mapping[str, Any], files: Collection[str]) -> dict[str, Any]:
    return {**kept, AT_REST: [each for each in kept.get(AT_REST) or () if each.get("ref") not in files]}


def _cross_out(turn: Turn, case: Case, event: CaseEvent, gone: Collection[int]) -> None:
    edits = turn.work.edits_of(event.id)
    for copy in turn.work.copies([event.id, *(each.id for each in edits)]):
        said = text.without_files(from_json(copy.message), gone)
        copy.message = to_json(said)  # what is made of it later has them no more
        turn.work.add(copy)
        if copy.replaces is None and not _mailed(turn, copy):
            reads = edits and reads_there(turn, case, event.internal, turn.work.place(copy.conversation_id))
            _replace(turn, copy, text.edited(said, edits[-1].words) if reads else said)
