"""What the desk says to a customer waits some seconds, in which its author can take it back, and then leaves."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot import text
from bot.attachments import AT_REST, at_rest
from bot.desk.doors import CaseRef
from bot.messages import Message, from_json, to_json
from bot.turn import Turn, as_actor
from bot.who import MAIL, PORTAL
from rules.lifecycle import Verb
from rules.people import Actor
from rules.refusals import Misunderstood
from store.holding import FAILED
from store.said import short_key
from store.tables import HeldAct, Outbox, Person, RoomEntry

LATELY = timedelta(minutes=2)
"""Within it two of the desk answer one case at the same time."""
ASKED = timedelta(hours=1)  # for "send anyway?"; then it is given back
UNDO = "undo 1042"


@dataclass(frozen=True)
class Colleague:
    """Somebody else of the desk who answers the same case."""

    person: Person
    words: str
    at: datetime | None
    """Business time; None: it still waits to leave."""
    said_as: str = ""
    """The key of the message that their words stand in."""


def holds(turn: Turn, ref: CaseRef, verb: Verb) -> bool:
    """Not what the customer has read already, since it was written where they read; nor what was mailed, since a mail
    that takes it back comes too late."""
    if not turn.hold or not turn.actor.staff or (turn.place is not None and turn.place.channel == MAIL):
        return False
    case = turn.work.glance(ref.number, None)
    there = (case.conversation_id, case.thread) if case else None
    here = (turn.place.id, turn.thread) if turn.place else None
    return not (turn.typed and verb is Verb.REPLY and there == here)


def keep(turn: Turn, line: str, ref: CaseRef, words: str, beside: Colleague | None, once: str) -> HeldAct:
    """``beside``: who has answered, so that they are asked whether they want it at all; ``once``: a key of the inbox,
    forgotten should they take it back."""
    assert turn.place is not None, "whoever says something is somewhere"
    files, turn.files[:] = [each.kept() for each in turn.files], []
    origin = {name: getattr(turn, name) for name in ORIGIN} | {"zone": turn.actor.zone, "once": once, AT_REST: files}
    asked = beside is not None
    origin |= _shown(turn)
    origin |= {"beside": short_key(beside.said_as)} if beside and beside.said_as else {}
    row = HeldAct(
        case_id=ref.number,
        person_id=turn.actor.id,
        conversation_id=turn.place.id,
        thread=turn.thread,
        line=line,
        resolution=ref.resolution,
        words=words,
        at=turn.received,
        due_at=turn.time.machine + (ASKED if asked else turn.hold),
        asked=asked,
        origin=origin,
    )
    turn.work.add(row)
    return row


ORIGIN = ("said_as", "case", "user", "begins", "single", "typed", "personal", "whispers")


def again(turn: Turn, row: HeldAct) -> Turn:
    """As it was when they said it; time alone has gone on."""
    origin: Mapping[str, Any] = row.origin or {}
    then: dict[str, Any] = {name: origin[name] for name in ORIGIN if name in origin}
    actor = as_actor(turn.work.person(row.person_id), str(origin.get("zone") or "UTC"))
    then |= {"place": turn.work.place(row.conversation_id), "thread": row.thread, "files": at_rest(origin)}
    now: dict[str, Any] = {"hold": timedelta(0), "at_once": False, "forms": False, "silent": False, "mentions": {}}
    return replace(turn, actor=actor, received=row.at, **then, **now, shown=[], greeting=[], keyed=[], left_out=[])


def colleague(turn: Turn, case: int, verbs: Collection[Verb]) -> Colleague | None:
    """Who of the desk but them has just answered, or is about to."""
    others = [row for row in turn.work.held_on(case) if row.person_id != turn.actor.id]
    if others:
        return Colleague(turn.work.person(others[-1].person_id), others[-1].words, None, said_as(others[-1]))
    event = turn.work.answered_lately(case, verbs, turn.actor.id, turn.now - LATELY)
    by = turn.work.person(event.person_id) if event and event.person_id else None
    if event is None or by is None:
        return None
    edits = turn.work.edits_of(event.id)
    return Colleague(by, edits[-1].words if edits else event.words, event.at, event.said_as or "")


def said_as(row: HeldAct) -> str:
    """As it is kept with events, too."""
    return short_key(str((row.origin or {}).get("said_as") or ""))


def sending(note: int) -> str:
    """The key under which a note is sent on once."""
    return f"sent on {note}"


def sent_on(row: HeldAct) -> str:
    """The same, if it is a note."""
    return str((row.origin or {}).get("once") or "")


def failed(row: HeldAct) -> bool:
    """Whether not even giving it back has gone well so far."""
    return bool((row.origin or {}).get(FAILED))


def take_back(turn: Turn, case: int | None, words: str) -> HeldAct | None:
    """``17`` names one of theirs, otherwise it is their last; None: it is too late."""
    row = _theirs(turn, case, words)
    if row is not None:
        turn.work.drop(row)
        turn.work.first_time(_undone(row.id), turn.time.machine)
        if once := sent_on(row):
            turn.work.forget_key(once)
    return row


def taken_back(turn: Turn, words: str) -> bool:
    """Whether they did so before: buttons are pressed twice."""
    return words.isdigit() and turn.work.handled(_undone(int(words)))


def release(turn: Turn, case: int | None, words: str) -> HeldAct | None:
    """Their word that it leaves in spite of the other answer: it counts from now."""
    row = _theirs(turn, case, words)
    if row is not None and row.asked:
        row.asked, row.at, row.due_at = False, turn.received, turn.time.machine
        row.origin = {**(row.origin or {}), **_shown(turn)}
        turn.work.add(row)
    return row


def notice(number: int) -> str:
    """Finds what its author was told of it, which changes once it has left."""
    return f"held {number}"


def replace_notice(turn: Turn, row: HeldAct, said: Message) -> bool:
    """In the place of what they were told when they said it; False where that stands nowhere any more."""
    told = _told(turn, row)
    if told is not None:
        turn.work.overwrite(told.id, to_json(said))  # the words may be taken back: none are kept in what stands no more
    changes = told is not None and told.only_for is None  # what one alone sees in a room cannot be changed there
    if told is not None and changes:
        turn.owe(row.conversation_id, said, row.case_id, thread=row.thread, replaces=told.id)
    return reword_shown(turn, row, said) or changes


def _told(turn: Turn, row: HeldAct) -> Outbox | None:
    number = turn.work.owed_as(notice(row.id))
    found: Outbox | None = turn.work.find(Outbox, id=number) if number is not None else None
    return found


def _shown(turn: Turn) -> dict[str, str]:
    """The act whose answer stands on a page, and is changed there."""
    there = turn.at_once and turn.place is not None and turn.place.channel == PORTAL
    return {"shown": turn.key} if there and turn.key else {}


def reword_shown(turn: Turn, row: HeldAct, said: Message) -> bool:
    """On the page that answered them when they said it; False where none did."""
    page = _page(turn, row)
    if page is None:
        return False
    turn.work.keep_answer(page.key.removeprefix(f"{PORTAL} "), to_json(said))
    turn.work.keep_entry(page.room, page.key, {**page.entry, "message": to_json(said)}, page.thread)
    return True


def _page(turn: Turn, row: HeldAct) -> RoomEntry | None:
    act = str((row.origin or {}).get("shown") or "")
    return turn.work.entry(f"{PORTAL} {act}") if act else None


def reword_notice(turn: Turn, row: HeldAct, by: Actor, words: str | None) -> None:
    """In what its author was asked, what ``by`` is quoted with; None: no more at all."""
    told, page = _told(turn, row), _page(turn, row)
    asked = told.message if told is not None else page.entry.get("message") if page is not None else None
    if asked is not None:
        replace_notice(turn, row, text.requoted(from_json(asked), by, words))


def quoted_beside(turn: Turn, of: str, words: str | None) -> None:
    """Whoever is asked "Send anyway?" beside what somebody else has said sees how that reads now."""
    for row in turn.work.asked_beside(short_key(of)):
        reword_notice(turn, row, turn.actor, words)


def _theirs(turn: Turn, case: int | None, words: str) -> HeldAct | None:
    number = words.strip().rstrip(".!")
    if not number:
        return turn.work.held_of(turn.actor.id, case)
    if not (number.isascii() and number.isdigit() and len(number) < 16):
        raise Misunderstood(usage=UNDO)
    row = turn.work.held(int(number))
    theirs = row is not None and row.person_id == turn.actor.id and case in (None, row.case_id)
    return row if theirs else None


def _undone(number: int) -> str:
    return f"undone {number}"
