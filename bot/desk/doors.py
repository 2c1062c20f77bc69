"""The two doors to a case: ``find`` lets its own people in, ``record`` changes it, and nothing else does."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from bot import text
from bot.desk import escalation, inviting, stamps
from bot.desk.subscribing import TOLD_QUIETLY, tell_systems
from bot.desk.views import view
from bot.messages import Message
from bot.turn import Turn, Words, as_actor, the_desk, zone_of
from rules.appointments import AGREED, CALLED_OFF, Slot
from rules.eligibility import Handover
from rules.lifecycle import OVER, RULES, Side, Status, Verb, authorise
from rules.people import Actor, Role
from rules.refusals import CaseMoved, NoSuchCase
from store.tables import Case, Person

NOTHING: Mapping[Side, Words] = MappingProxyType({})


@dataclass(frozen=True)
class CaseRef:
    """``1042``, or ``1042 r2``: case 1042 as it was called solved the second time."""

    number: int
    resolution: int | None = None


def find(turn: Turn, verb: Verb, ref: CaseRef) -> Case:
    """Locks the case. Absent and another company's read alike (C1); then comes what was seen, then what is allowed."""
    case = turn.work.case(ref.number, *turn.actor.scope)
    while case is not None and case.merged_into is not None and verb is not Verb.SEE:
        case = turn.work.case(case.merged_into, *turn.actor.scope)  # said to the one that goes on (R9)
    if case is None:
        raise NoSuchCase(number=ref.number)
    if ref.resolution is not None and (case.id, case.resolutions) != (ref.number, ref.resolution):
        raise CaseMoved(case=case.id)
    authorise(turn.actor, verb, case.id, case.status, case.opened_by)
    return case


def record(
    turn: Turn,
    case: Case,
    verb: Verb,
    words: str = "",
    *,
    quiet: bool = False,
    gone: inviting.Gone | None = None,
    instead: Mapping[Side, Words] = NOTHING,
) -> Case:
    """Status, clock, history, cards and news, together. ``quiet`` tells nobody but the cards; ``gone`` is a time that
    was agreed on until just now; ``instead`` of the news is what the customer hears, or whoever works on it."""
    rule, before, agreed = RULES[verb], case.status, inviting.agreed(case)
    case.status = rule.moves.get(before, before)
    _taken_up(turn, case, verb)
    _carried_on(turn, case)
    case.version, case.updated_at = case.version + 1, turn.now
    _awaited(turn, case, verb, before)
    _clock(turn, case, verb)
    gone = gone or (agreed if case.slot_state == CALLED_OFF else None)
    turn.work.add(case)
    stamps.leave(turn, case, verb, before)
    internal = Side.CUSTOMER not in rule.told and turn.actor.role is not Role.CUSTOMER
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
    )
    turn.work.refresh_cards(case.id, turn.time.machine)
    if not quiet:
        _tell(turn, case, verb, words, event, gone, instead)
    if not internal and (not quiet or verb in TOLD_QUIETLY):
        tell_systems(turn, case, verb, words, event, before)
    if verb in FOR_THE_COACH:
        _tell_coach(turn, case)
    return case


def copy_key(event: int, room: int) -> str:
    """Finds the desk's copy of what was said, should it have to change."""
    return f"said {event} {room}"


ASKING = frozenset({Verb.SAY, Verb.NOT_SOLVED, Verb.REOPEN, Verb.ESCALATE})


def _awaited(turn: Turn, case: Case, verb: Verb, before: Status) -> None:
    """Reminders to confirm count from when it was called solved, or from what the desk has said since (W59)."""
    if case.status is not Status.AWAITING:
        case.awaiting_since = None
    elif before is not Status.AWAITING or RULES[verb].responds:
        case.awaiting_since, case.confirm_reminders = turn.now, 0


def _clock(turn: Turn, case: Case, verb: Verb) -> None:
    """The first human answer settles the promise once and for all (R2, R14); a reopening starts a new cycle (R8)."""
    if RULES[verb].responds:
        case.answered_in_cycle = True
        turn.work.withdraw_warnings(case.id, turn.time.machine)
        case.asked_at = case.acknowledged_at = None
        if case.responded_at is None:
            case.responded_at = turn.received  # when it was written, as the customer's words count too
            if case.due_at is not None and case.response_met is None:  # a breach was recorded before (R7)
                case.response_met = turn.received <= case.due_at
        if case.slot_at is not None:
            case.slot_state = Slot(case.slot_at).contact(case.slot_state, turn.received)
    if case.status in OVER:
        case.over_at = case.over_at or turn.now
        case.slot_state = CALLED_OFF if case.slot_state == AGREED else case.slot_state
        turn.work.withdraw_warnings(case.id, turn.time.machine)
    elif case.over_at is not None or verb in (Verb.NOT_SOLVED, Verb.REOPEN):
        case.over_at = case.confirmed_at = case.confirmed_by = case.force_reason = None
        case.cycle, case.answered_in_cycle = case.cycle + 1, False
    if verb in ASKING and turn.actor.role is Role.CUSTOMER and case.responded_at is not None and case.asked_at is None:
        case.asked_at = turn.received  # the oldest customer's message without an answer (R3)
    escalation.schedule(turn, case)


def _tell(
    turn: Turn,
    case: Case,
    verb: Verb,
    words: str,
    event: int,
    gone: inviting.Gone | None,
    instead: Mapping[Side, Words],
) -> None:
    """Both sides where they are; nobody is told what they just did in the place where they did it."""
    seen = view(turn, case)

    def news(reader: Actor) -> Message:
        said = text.news(seen, verb, turn.actor, words, reader)
        dated = verb is Verb.AGREE or gone is not None or (verb is Verb.CARRY_OVER and inviting.agreed(case))
        return replace(said, calendar=inviting.file(seen, reader, gone)) if dated else said

    told = RULES[verb].told
    here = _here(turn, case.conversation_id, case.thread)
    stands_there = here and (not turn.actor.staff or (turn.typed and verb is Verb.REPLY))
    if Side.CUSTOMER in told and not stands_there and not _nobodys(turn, case):
        said = instead.get(Side.CUSTOMER, news)(as_actor(seen.opener, seen.zone))
        turn.owe(case.conversation_id, said, case.id, thread=case.thread)
    if Side.DESK in told and case.handover not in (Handover.ASKED, Handover.DECLINED):
        tell_desk(turn, case, news, event if verb is Verb.SAY else None, instead.get(Side.DESK))


def _taken_up(turn: Turn, case: Case, verb: Verb) -> None:
    """What waits for a word of those who may ask waits no more when the desk acts, or is expressly asked for (W53)."""
    asked = case.handover == Handover.ASKED and (turn.actor.staff or verb in FOR_PEOPLE)
    if asked or (case.handover == Handover.DECLINED and verb is Verb.REOPEN):
        case.handover, case.handover_until = Handover.FLAGGED, None


def _carried_on(turn: Turn, case: Case) -> None:
    """Whoever of the company goes on with a case of somebody who left is who it is for, from now on."""
    if turn.actor.role is Role.CUSTOMER and turn.actor.id != case.opened_by and _gone(turn, case):
        case.opened_by = turn.actor.id
        if turn.place is not None and turn.personal:
            case.conversation_id, case.thread = turn.home(turn.work.person(turn.actor.id))


def _gone(turn: Turn, case: Case) -> bool:
    return turn.work.person(case.opened_by).left_at is not None


def _nobodys(turn: Turn, case: Case) -> bool:
    """Whether its customer's side was in the room of somebody who left, and nobody has gone on with it."""
    place = turn.work.place(case.conversation_id)
    return _gone(turn, case) and place.account_id is None and turn.work.at_home_in(place) is None


FOR_PEOPLE = frozenset({Verb.PERSON, Verb.ESCALATE})
FOR_THE_COACH = frozenset({Verb.OPEN, Verb.OPEN_FOR, Verb.ENRICH, Verb.HAND_OVER, Verb.RELEASE})


def _tell_coach(turn: Turn, case: Case) -> None:
    """Tweaks and questions of process go to the account's coach, once a case (W17)."""
    seen = view(turn, case)
    if seen.coach is not None and case.handover not in (Handover.ASKED, Handover.DECLINED):
        key = f"coach {case.id} {seen.coach.id}"
        turn.tell(seen.coach, lambda reader: text.for_coach(seen, reader), case.id, key=key)


def tell_desk(turn: Turn, case: Case, words: Words, said: int | None, instead: Words | None = None) -> None:
    rooms = turn.work.desk_rooms()
    for room in rooms:
        turn.work.want_card(case.id, room.id, turn.time.machine)
        if not (turn.typed and _here(turn, room.id) and turn.case == case.id):
            key = copy_key(said, room.id) if said else None
            turn.owe(room.id, words(the_desk(zone_of(turn.provider))), case.id, under_card=True, key=key)
    for person in _pinged(turn, case, bool(rooms)):
        if person.id != turn.actor.id:
            turn.tell(person, instead or words, case.id)


def _pinged(turn: Turn, case: Case, announced: bool) -> list[Person]:
    """Whoever works on it; where nobody does and there is no room to announce it in, all of the desk."""
    if case.assignee_id is not None:
        return [turn.work.person(case.assignee_id)]
    return [] if announced else turn.work.staff()


def _here(turn: Turn, place: int, thread: str | None = None) -> bool:
    return turn.place is not None and turn.place.id == place and thread in (None, turn.thread)
