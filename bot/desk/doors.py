"""The two doors to a case: ``find`` lets its own people in, ``record`` changes it, and nothing else does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from bot import text
from bot.attachments import attach, with_files
from bot.desk import escalation, inviting, stamps
from bot.desk.followers import tell_followers
from bot.desk.subscribing import TOLD_QUIETLY, tell_systems
from bot.desk.views import view
from bot.messages import Message
from bot.turn import Turn, Words, as_actor, the_desk, zone_of
from bot.who import MAIL
from rules.appointments import AGREED, CALLED_OFF, Slot
from rules.eligibility import Handover
from rules.lifecycle import OVER, OVERTAKEN, RULES, Side, Status, Verb, authorise
from rules.people import Actor, Role
from rules.refusals import CaseMoved, NoSuchCase
from store.tables import Attachment, Case, CaseEvent, Person

NOTHING: Mapping[Side, Words] = MappingProxyType({})


@dataclass(frozen=True)
class CaseRef:
    """``1042``, or ``1042 r2``: case 1042 as it was called solved the second time."""

    number: int
    resolution: int | None = None


def find(turn: Turn, verb: Verb, ref: CaseRef) -> Case:
    """Locks the case. Absent and another company's read alike (C1); then comes what was seen, then what is allowed."""
    _leave_before(turn, verb, ref.number)
    case = turn.work.case(ref.number, *turn.actor.scope)
    while case is not None and case.merged_into is not None and verb is not Verb.SEE:
        beyond = None if verb in JOINED else turn.actor.scope[1]
        _leave_before(turn, verb, case.merged_into)
        case = turn.work.case(case.merged_into, turn.actor.scope[0], beyond)  # said to the one that goes on (R9)
    if case is None:
        raise NoSuchCase(number=ref.number)
    if ref.resolution is not None and (case.id, case.resolutions) != (ref.number, ref.resolution):
        if not case.resolutions:
            authorise(turn.actor, verb, case.id, case.status, opened_by(turn, case))  # it was never called solved
        raise CaseMoved(case=case.id)
    authorise(turn.actor, verb, case.id, case.status, opened_by(turn, case))
    return case


IN_NO_ORDER = frozenset({Verb.TAKE, Verb.ASSIGN})
"""They say nothing that an answer would have to come before, and cut nobody's time to undo one short."""


def _leave_before(turn: Turn, verb: Verb, case: int) -> None:
    """What of the desk's words still waits there comes before whatever else the customer hears of the desk."""
    if turn.hold and turn.actor.staff and Side.CUSTOMER in RULES[verb].told and verb not in IN_NO_ORDER:
        from bot.lines.outward import let_leave

        let_leave(turn, case)


JOINED = frozenset({Verb.SAY, Verb.PERSON, Verb.ESCALATE})
"""What guests may do to a case that theirs was merged into, and which they may not look at."""


def opened_by(turn: Turn, case: Case) -> int:
    """Whoever acts, where one of the cases that go on as this one was theirs (R9)."""
    theirs = case.resolutions and turn.work.opened_one_of(case.id, turn.actor.id) and not turn.actor.guest
    return turn.actor.id if theirs else case.opened_by


def record(
    turn: Turn,
    case: Case,
    verb: Verb,
    words: str = "",
    *,
    quiet: bool = False,
    gone: inviting.Gone | None = None,
    instead: Mapping[Side, Words] = NOTHING,
    of: CaseEvent | None = None,
    edited_at: datetime | None = None,
) -> Case:
    """Status, clock, history, cards and news, together. ``quiet`` tells nobody but the cards; ``gone`` is a time that
    was agreed on until just now; ``instead`` of the news is what the customer hears, or whoever works on it.
    ``of``: whose words it changes or takes away; who may know of those may know of this."""
    rule, before, agreed = RULES[verb], case.status, inviting.agreed(case)
    case.status = rule.moves.get(before, before)
    wrote = _meanwhile(turn, case, verb)
    if wrote is not None:
        case.status = OVERTAKEN.get(verb, case.status)
    _taken_up(turn, case, verb)
    if of is None:  # whoever takes words back takes nothing over
        _carried_on(turn, case)
    case.version, case.updated_at = case.version + 1, turn.now
    _awaited(turn, case, verb, before)
    _clock(turn, case, verb, wrote)
    gone = gone or (agreed if case.slot_state == CALLED_OFF else None)
    if not turn.work.has(case):
        turn.work.add(case)
    stamps.leave(turn, case, verb, before)
    turn.work.add(case)
    internal = of.internal if of else Side.CUSTOMER not in rule.told and turn.actor.role is not Role.CUSTOMER
    event = turn.work.note_event(
        case_id=case.id,
        at=turn.now,
        verb=verb,
        person_id=turn.actor.id or None,
        by_name=turn.actor.name,
        internal=internal,
        before=before,
        after=case.status,
        words=words,
        said_as=turn.said_as if turn.actor.id else None,
        of_event=of.id if of else None,
        author_id=turn.author if verb in BEGINS else None,
        edited_at=edited_at,
    )
    files = attach(turn, case, verb, event)
    turn.work.refresh_cards(case.id, turn.time.machine)
    if not quiet:
        _tell(turn, case, verb, words, event, gone, instead, files)
    if files and (quiet or Side.DESK not in rule.told):  # else they were told of along with the words
        _tell_of_files(turn, case, files, event)
    if not internal and (not quiet or verb in TOLD_QUIETLY):
        tell_systems(turn, case, verb, words, event, before)
    if verb in FOR_THE_COACH:
        _tell_coach(turn, case)
    return case


BEGINS = frozenset({Verb.OPEN, Verb.OPEN_FOR})
ASKING = frozenset({Verb.SAY, Verb.NOT_SOLVED, Verb.REOPEN, Verb.ESCALATE})


def _awaited(turn: Turn, case: Case, verb: Verb, before: Status) -> None:
    """Reminders to confirm count from when it was called solved, or from what the desk has said since (W59)."""
    if case.status is not Status.AWAITING:
        case.awaiting_since = None
    elif before is not Status.AWAITING or RULES[verb].responds:
        case.awaiting_since, case.confirm_reminders = turn.now, 0


def _meanwhile(turn: Turn, case: Case, verb: Verb) -> datetime | None:
    """When the customer wrote first since an answer was said that leaves only now: it is none to that (R3)."""
    if not RULES[verb].responds or turn.received >= turn.now:
        return None
    return turn.work.asked_since(case.id, ASKING, turn.received)


def _clock(turn: Turn, case: Case, verb: Verb, wrote: datetime | None) -> None:
    """The first human answer settles the promise once and for all (R2, R14); a reopening starts a new cycle (R8).
    ``wrote``: when the customer did first since that answer."""
    if RULES[verb].responds:
        case.answered_in_cycle = True
        turn.work.withdraw_warnings(case.id, turn.time.machine)
        case.acknowledged_at = None
        if case.asked_at is None or case.asked_at <= turn.received:  # later words are not answered by this
            case.asked_at = wrote
        earlier = _said_before(turn, case)
        if case.owed or earlier:
            case.responded_at = turn.received  # when it was written, as the customer's words count too
            unbroken = case.response_met is None or (earlier and not turn.work.breached(case.id))
            if case.due_at is not None and unbroken:  # a breach was recorded before (R7)
                case.response_met = turn.received <= case.due_at
        if case.slot_at is not None:
            case.slot_state = Slot(case.slot_at).contact(case.slot_state, turn.received)
    if case.owed and (case.status in OVER or verb is Verb.SOLVED):  # nobody waits for it any more (R8, R9)
        case.cancelled_at = turn.now
        turn.work.withdraw_warnings(case.id, turn.time.machine)
    if case.status in OVER:
        case.over_at = case.over_at or turn.now
        case.slot_state = CALLED_OFF if case.slot_state == AGREED else case.slot_state
        turn.work.withdraw_warnings(case.id, turn.time.machine)
    elif case.over_at is not None or verb in (Verb.NOT_SOLVED, Verb.REOPEN):
        case.over_at = case.confirmed_at = case.confirmed_by = case.force_reason = case.rating = None
        case.emptied_at = None  # what is said from now on is kept, and goes, anew
        case.cycle, case.answered_in_cycle = case.cycle + 1, False
    if verb in ASKING and turn.actor.role is Role.CUSTOMER and not case.owed and case.asked_at is None:
        case.asked_at = turn.received  # the oldest customer's message without an answer (R3)
    escalation.schedule(turn, case)


def _said_before(turn: Turn, case: Case) -> bool:
    """Whether it was said before the one that counts so far, and only left after it."""
    return case.responded_at is not None and case.received_at <= turn.received < case.responded_at


def _tell(
    turn: Turn,
    case: Case,
    verb: Verb,
    words: str,
    event: int,
    gone: inviting.Gone | None,
    instead: Mapping[Side, Words],
    files: Sequence[Attachment],
) -> None:
    """Both sides where they are; nobody is told what they just did in the place where they did it."""
    seen = view(turn, case)

    def news(reader: Actor) -> Message:
        said = text.news(seen, verb, turn.actor, words, reader)
        dated = verb is Verb.AGREE or gone is not None or (verb is Verb.CARRY_OVER and inviting.agreed(case))
        return replace(said, calendar=inviting.file(seen, reader, gone)) if dated else said

    told, said_in, heard = RULES[verb].told, event if words or files else None, frozenset[int]()
    if Side.CUSTOMER in told and not _stands_there(turn, case, verb) and not _nobodys(turn, case):
        customer = as_actor(seen.opener, seen.zone)
        said = instead.get(Side.CUSTOMER, news)(customer)
        said = with_files(turn, said, files, customer, turn.work.place(case.conversation_id)) if files else said
        turn.owe(case.conversation_id, said, case.id, thread=case.thread, event=said_in)
    if Side.DESK in told and case.handover not in (Handover.ASKED, Handover.DECLINED):
        heard = tell_desk(turn, case, news, said_in, instead.get(Side.DESK), files)
    tell_followers(turn, case, verb, said_in, lambda person: _to(turn, person, news, files), but=heard)


def _stands_there(turn: Turn, case: Case, verb: Verb) -> bool:
    """Whether whoever reads at the customer's side of it sees it already, or has it from themselves."""
    if verb is not Verb.SAY:
        here = _here(turn, case.conversation_id, case.thread)
        return here and (not turn.actor.staff or (turn.typed and verb is Verb.REPLY))
    if _here(turn, case.conversation_id, None if turn.personal else case.thread):
        return True
    place = turn.work.place(case.conversation_id)
    own = case.opened_by == turn.actor.id and place.account_id is None
    return own and (turn.by_program or place.channel == MAIL)  # nobody is mailed what they have just written


def _tell_of_files(turn: Turn, case: Case, files: Sequence[Attachment], event: int) -> None:
    """What came with an answer to a question, or with a line of which nobody is told."""
    if case.handover not in (Handover.ASKED, Handover.DECLINED):
        tell_desk(turn, case, lambda reader: text.sent(case.id, turn.actor, reader), event, files=files)


def _taken_up(turn: Turn, case: Case, verb: Verb) -> None:
    """What waits for a word of those who may ask waits no more when the desk acts, or is expressly asked for (W53)."""
    asked = case.handover == Handover.ASKED and (turn.actor.staff or verb in FOR_PEOPLE)
    if asked or (case.handover == Handover.DECLINED and verb is Verb.REOPEN):
        case.handover, case.handover_until = Handover.FLAGGED, None


def _carried_on(turn: Turn, case: Case) -> None:
    """Whoever of the company goes on with a case of somebody who left is who it is for, from now on."""
    stranger = turn.actor.guest or turn.actor.id == case.opened_by
    if turn.actor.role is Role.CUSTOMER and not stranger and _gone(turn, case):
        case.opened_by = turn.actor.id
        if turn.place is not None and turn.personal:
            case.conversation_id, case.thread = turn.home(turn.work.person(turn.actor.id))


def _gone(turn: Turn, case: Case) -> bool:
    return turn.work.person(case.opened_by).left_at is not None


def _nobodys(turn: Turn, case: Case) -> bool:
    """Whether its customer's side was in the room of somebody who left, and nobody has gone on with it."""
    if not _gone(turn, case):
        return False
    place = turn.work.place(case.conversation_id)
    return place.account_id is None and turn.work.at_home_in(place) is None


FOR_PEOPLE = frozenset({Verb.PERSON, Verb.ESCALATE})
FOR_THE_COACH = frozenset({Verb.OPEN, Verb.OPEN_FOR, Verb.ENRICH, Verb.HAND_OVER, Verb.RELEASE})


def _tell_coach(turn: Turn, case: Case) -> None:
    """Tweaks and questions of process go to the account's coach, once a case (W17)."""
    seen = view(turn, case)
    if seen.coach is not None and case.handover not in (Handover.ASKED, Handover.DECLINED):
        key = f"coach {case.id} {seen.coach.id}"
        turn.tell(seen.coach, lambda reader: text.for_coach(seen, reader), case.id, key=key)


def tell_desk(
    turn: Turn,
    case: Case,
    words: Words,
    said: int | None,
    instead: Words | None = None,
    files: Sequence[Attachment] = (),
) -> frozenset[int]:
    """``said``: the event whose words it has. Returns whom of its people it reaches by themselves."""
    rooms = turn.work.desk_rooms()
    for room in rooms:
        turn.work.want_card(case.id, room.id, turn.time.machine)
        if not (turn.typed and _here(turn, room.id) and turn.case == case.id):
            reader = the_desk(zone_of(turn.provider))
            message = with_files(turn, words(reader), files, reader, room)
            turn.owe(room.id, message, case.id, under_card=True, event=said)
    pinged = [person for person in _pinged(turn, case, bool(rooms)) if person.id != turn.actor.id]
    for person in pinged:
        turn.tell(person, _to(turn, person, instead or words, files), case.id, event=said)
    return frozenset(person.id for person in pinged)


def _to(turn: Turn, person: Person, words: Words, files: Sequence[Attachment]) -> Words:
    if not files or person.conversation_id is None:
        return words
    place = turn.work.place(person.conversation_id)
    return lambda reader: with_files(turn, words(reader), files, reader, place)


def _pinged(turn: Turn, case: Case, announced: bool) -> list[Person]:
    """Whoever works on it; where nobody does and there is no room to announce it in, all of the desk."""
    if case.assignee_id is not None:
        return [turn.work.person(case.assignee_id)]
    return [] if announced else turn.work.staff()


def _here(turn: Turn, place: int, thread: str | None = None) -> bool:
    return turn.place is not None and turn.place.id == place and thread in (None, turn.thread)
