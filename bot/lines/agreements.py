"""What one side proposes and the other answers, and the record of it."""

from bot import desk, records, text
from bot.desk import CaseRef, upgrading
from bot.desk.inviting import dated
from bot.lines import given
from bot.messages import Message
from bot.turn import Turn
from rules.agreements import What
from rules.lifecycle import Verb
from store.tables import Case


def schedule(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    return text.proposed(desk.view(turn, desk.schedule(turn, given(ref), words)), turn.actor)


def accept(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    """A quote, a priority, or the time of an appointment."""
    match desk.what_is_meant(turn, given(ref), "accept", words):
        case What.SLOT:
            seen = desk.view(turn, desk.agree(turn, given(ref), words))
            return dated(text.agreed(seen, turn.actor), seen, turn.actor)
        case What.UPGRADE:
            return _of_contract(turn, upgrading.accept_upgrade(turn, given(ref), words), accepted=True)
        case What.PRIORITY:
            return text.priority_answered(desk.view(turn, desk.accept_priority(turn, given(ref), words)), turn.actor)
    return text.quote_answered(desk.view(turn, desk.accept(turn, given(ref), words)), turn.actor)


def decline(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    match desk.what_is_meant(turn, given(ref), "decline", words):
        case What.SLOT:
            seen = desk.view(turn, desk.turn_down(turn, given(ref), words))
            return dated(text.turned_down(seen, turn.actor), seen, turn.actor)
        case What.UPGRADE:
            return _of_contract(turn, upgrading.decline_upgrade(turn, given(ref), words), accepted=False)
        case What.PRIORITY:
            return text.priority_answered(desk.view(turn, desk.decline_priority(turn, given(ref), words)), turn.actor)
    return text.quote_answered(desk.view(turn, desk.decline(turn, given(ref), words)), turn.actor)


def _of_contract(turn: Turn, case: Case, *, accepted: bool) -> Message:
    last = turn.work.last_proposal(case.id, What.UPGRADE)
    assert last is not None, "it was just answered"
    return text.upgrade_answered(desk.view(turn, case), last.terms, turn.actor, accepted=accepted)


def prioritise(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    return text.prioritised(desk.view(turn, desk.prioritise(turn, given(ref), words)), turn.actor)


def record(turn: Turn, ref: CaseRef | None, _: str) -> Message:
    """Not in chat itself: as a link that leads to it for a while, where this server has an address."""
    case = desk.find(turn, Verb.RECORD, given(ref))
    link = records.link(turn.links, case.id, turn.actor, turn.now) if turn.links else None
    return text.record(desk.view(turn, case), link, turn.now + records.LIVES, turn.actor)
