"""Following a case: somebody of the desk, or a colleague at the customer's, wants to hear what happens to it."""

from bot.desk.doors import CaseRef, find
from bot.turn import Turn
from rules.lifecycle import Verb
from store.tables import Case


def follow(turn: Turn, ref: CaseRef) -> Case:
    case = find(turn, Verb.FOLLOW, ref)
    turn.work.follow(case.id, turn.actor.id, turn.now)
    turn.work.refresh_cards(case.id, turn.time.machine)
    return case


def unfollow(turn: Turn, ref: CaseRef) -> Case:
    """Twice is as good as once."""
    case = find(turn, Verb.UNFOLLOW, ref)
    turn.work.unfollow(case.id, turn.actor.id)
    turn.work.refresh_cards(case.id, turn.time.machine)
    return case


def follow_no_more(turn: Turn, person: int) -> None:
    """Whoever leaves."""
    for number in turn.work.unfollow_all(person):
        turn.work.refresh_cards(number, turn.time.machine)
