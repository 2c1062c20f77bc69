"""What a plan includes and costs, and how it ends."""

from bot import desk, text
from bot.desk import CaseRef
from bot.messages import Message
from bot.turn import Turn
from rules.lifecycle import Verb, permit


def plan(turn: Turn, _ref: CaseRef | None, _words: str) -> Message:
    permit(turn.actor, Verb.PLAN)
    return text.entitlement(desk.entitlement(turn), desk.provider_of(turn), turn.actor)


def price(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    permit(turn.actor, Verb.PLAN)
    return text.prices(desk.offers(turn, words), turn.actor)


def fact(turn: Turn, _ref: CaseRef | None, question: str) -> Message:
    return text.fact(desk.fact(turn, question), desk.provider_of(turn), turn.actor)


def termination(turn: Turn, _ref: CaseRef | None, _words: str) -> Message:
    """Explained, drafted, never accepted here (W48, W49)."""
    permit(turn.actor, Verb.PLAN)
    return text.termination(desk.provider_of(turn), turn.now, turn.actor)
