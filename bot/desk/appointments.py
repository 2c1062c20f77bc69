"""A time that both sides agree on (W29, W58): either proposes, the other accepts, declines or proposes another."""

from bot.desk import inviting
from bot.desk.covering import within_hours
from bot.desk.doors import CaseRef, find, record
from bot.desk.views import view
from bot.turn import Turn
from rules.appointments import AGREED, CALLED_OFF, DECLINED, MISSED, OFFERED, Slot
from rules.lifecycle import Verb
from rules.people import Role
from rules.refusals import CaseMoved, NoSuchTime, OwnProposal, PastTime
from store.tables import Case


def schedule(turn: Turn, ref: CaseRef, words: str) -> Case:
    """``words`` as Slot writes itself: what people said was read before. It takes the place of the one before."""
    case = find(turn, Verb.SCHEDULE, ref)
    try:
        slot = Slot.read(words)
    except ValueError:
        raise NoSuchTime(case=case.id) from None
    if slot.at < turn.now:
        raise PastTime(case=case.id)
    within_hours(turn, case, slot)
    gone = inviting.agreed(case)
    case.slots, case.slot_state, case.slot_by = case.slots + 1, OFFERED, turn.actor.id
    case.slot_at, case.slot_ends = slot.at, slot.ends
    return record(turn, case, Verb.SCHEDULE, str(slot), gone=gone)


def agree(turn: Turn, ref: CaseRef, words: str = "") -> Case:
    """From now on its time is what is due (R13); the first answer is promised all the same (R2)."""
    return _settle(turn, ref, Verb.AGREE, words, AGREED)


def turn_down(turn: Turn, ref: CaseRef, words: str = "") -> Case:
    """What was proposed; ``slot-2 agreed``, from either side, calls off what both had agreed on."""
    case = find(turn, Verb.TURN_DOWN, ref)
    agreed = case.id == ref.number and case.slot_state in (AGREED, MISSED)
    if agreed and words.lower().split() == [f"slot-{case.slots}", "agreed"]:
        return _call_off(turn, case)
    return _settle(turn, ref, Verb.TURN_DOWN, words, DECLINED)


def _call_off(turn: Turn, case: Case) -> Case:
    slot, gone = view(turn, case).slot, inviting.agreed(case)
    if case.slot_state == MISSED:
        turn.work.withdraw_warnings(case.id, turn.time.machine)
    case.slot_state = CALLED_OFF
    if not case.owed and turn.actor.role is Role.CUSTOMER:
        case.asked_at = case.asked_at or turn.received  # they wait for the next word (R3)
    return record(turn, case, Verb.CALL_OFF, str(slot), gone=gone)


def _settle(turn: Turn, ref: CaseRef, verb: Verb, words: str, state: str) -> Case:
    """``slot-2``: only the time that they saw, only while it is open, and only by the side that did not propose it."""
    case = find(turn, verb, ref)
    seen = words.partition(" ")[0].lower()
    now = view(turn, case)
    slot = now.slot if case.slot_state == OFFERED and case.id == ref.number else None
    if slot is None or seen not in ("", "slot", f"slot-{case.slots}"):
        raise CaseMoved(case=case.id)
    if now.theirs(turn.actor):
        raise OwnProposal(case=case.id)
    if state == AGREED and slot.at <= turn.now:
        raise PastTime(case=case.id)
    case.slot_state = state
    if state == AGREED:
        case.asked_at = None  # what they wait for is the appointment (R5)
        case.reminded_at = turn.now
    return record(turn, case, verb, str(slot))
