"""Letters, inside the one transaction: whose case they go on, what is kept of them, and who gets an answer."""

import logging
from collections.abc import Collection
from dataclasses import replace

from bot import desk, text
from bot.channel import Outgoing
from bot.dead_letters import lead_on
from bot.desk import CaseRef, view
from bot.dialogs.open_case import already_said
from bot.incoming import Address, Incoming, Returned, Written, marks
from bot.messages import Message, from_json
from bot.turn import Now, Turn, the_desk, zone_of
from bot.understanding.intents import Letter
from rules.catalogue import Catalogues
from rules.lifecycle import OVER
from rules.people import CLOCK, Actor
from store.sending import Claimed
from store.tables import Case, Outbox
from store.work import Work

log = logging.getLogger(__name__)
ANSWERS, STRANGERS = 10, 1  # a day to one address: no loop of two machines lives longer


def meant(work: Work, actor: Actor, written: Written) -> Case | None:
    """The case of a letter that it answers, or one that it names, where it is theirs to see; else it names none."""
    kept = (work.kept_answer(_place_of(letter)) for letter in written.before)
    numbers = [number for answer in kept if answer and isinstance(number := answer.get("case"), int)]
    found = (work.glance(number, *actor.scope) for number in (*numbers, *written.numbers))
    return next(filter(None, found), None)


def as_author(turn: Turn, written: Written) -> Turn:
    """Under their name, which says so where nobody vouches for it; after some letters a day without an answer."""
    if turn.by_program:
        return turn
    actor = turn.actor if written.proven else replace(turn.actor, name=text.unverified(turn.actor.name))
    most = STRANGERS if turn.actor.guest else ANSWERS
    who = f"{turn.user}{'' if written.proven else ' unverified'}"  # a forger uses up nobody else's answers
    days = (f"answered {who} {turn.time.machine:%Y%m%d} {n}" for n in range(most))
    answered = any(turn.work.first_time(key, turn.time.machine) for key in days)
    return replace(turn, actor=actor, silent=not answered)


def take_in(turn: Turn, letter: Letter, words: str) -> None:
    """Added to its case; to a new one, where it goes on from none that lives."""
    case = _living(turn, letter.case)
    if case is None:
        case = _opened(turn, letter, words)
        if letter.case is not None:
            desk.relate_to_closed(turn, case, letter.case)
    else:
        case = desk.say(turn, CaseRef(letter.case or case.id), words)
        if turn.place is None or case.conversation_id != turn.place.id:
            turn.answer(text.added(view(turn, case), turn.actor), case.id)
    if letter.id and turn.work.first_time(_place_of(letter.id), turn.time.machine):
        turn.work.keep_answer(_place_of(letter.id), {"case": case.id})


def _living(turn: Turn, number: int | None) -> Case | None:
    case = turn.work.case(number, *turn.actor.scope) if number else None
    while case is not None and case.merged_into is not None:
        case = turn.work.case(case.merged_into, case.account_id)  # of the same company
    return None if case is None or case.status in OVER else case


def _opened(turn: Turn, letter: Letter, words: str) -> Case:
    """ID first, and no questions: each would be a mail of its own."""
    problem = "\n\n".join(filter(None, (letter.subject, words)))
    said = {name: value for name, value in already_said(problem).items() if value}
    said |= {"priority": letter.priority} if letter.priority else {}
    if turn.actor.guest:
        said.pop("priority", None)  # nobody knows them: their words alone wake nobody at night
    case = desk.open_case(turn, problem, critical=said.get("priority") == "critical")
    case.incomplete = False
    turn.work.add(case)
    desk.enrich(turn, case.id, said)
    turn.answer(text.opened(view(turn, case), turn.actor, desk.asked(turn, case)), case.id)
    return case


def _place_of(letter: str) -> str:
    return f"letter {letter}"


# Without an author ------------------------------------------------------------------------------------------------


def without_author(work: Work, incoming: Incoming, now: Now, catalogues: Catalogues, channels: Collection[str]) -> None:
    """A message of ours that came back, or words that nobody signed: the desk sees to both."""
    if not work.first_time(incoming.key, now.machine):
        work.note("again")
        return
    match incoming.body:
        case Returned(receipt, key, reason):
            _returned(work, receipt, key, reason, now, catalogues, channels)
        case Written(words, subject):
            beside = marks(incoming.files) if incoming.files else ""
            told = "\n\n".join(filter(None, (subject, words, "" if words == beside else beside)))
            turn = Turn(work, catalogues, CLOCK, now, now.business)
            _tell_desk(turn, text.unsigned(told, the_desk(zone_of(turn.provider))))


def _returned(
    work: Work, receipt: str, key: str, reason: str, now: Now, catalogues: Catalogues, channels: Collection[str]
) -> None:
    number = key.removeprefix("m")
    rows = work.sent_as(int(number), receipt) if number.isdecimal() and len(number) < 19 else []
    if not rows or rows[0].dead is not None or rows[0].done_at is None:  # None: it is being sent again
        log.warning("what came back is nothing that was sent from here, or known already")
        return
    log.error("came back: %s", key)
    _dead(work, rows, reason, now, catalogues, channels)


def _dead(work: Work, rows: list[Outbox], reason: str, now: Now, catalogues: Catalogues, on: Collection[str]) -> None:
    """As if it had been refused at once: on to the next address, and the desk is told."""
    row, place = rows[0], work.place(rows[0].conversation_id)
    claimed = Claimed(place, place.fence, row, False, joined=tuple(rows[1:]))
    said = [from_json(each.message) for each in rows]
    whole = replace(said[0], parts=tuple(part for message in said for part in message.parts))
    to, only = Address(place.channel, place.tenant, place.room), row.only_for or ""
    out = Outgoing(f"m{row.id}", to, whole, case=row.case_id, only_for=only)
    letters = lead_on(work, claimed, out, reason, now.machine, catalogues, on)
    for each in rows:
        each.dead = reason
        work.add(each)
    for there, owed in letters:
        work.owe(there, now.machine, owed)


def _tell_desk(turn: Turn, said: Message) -> None:
    rooms = turn.work.desk_rooms()
    for room in rooms:
        turn.owe(room.id, said)
    for person in [] if rooms else turn.work.staff():
        turn.tell(person, lambda _: said)
