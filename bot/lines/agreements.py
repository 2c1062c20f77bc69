"""What one side proposes and the other answers."""

from bot import desk, text
from bot.desk import CaseRef
from bot.desk.inviting import dated
from bot.lines import given
from bot.messages import Message
from bot.turn import Turn


def schedule(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    return text.proposed(desk.view(turn, desk.schedule(turn, given(ref), words)), turn.actor)


def accept(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    """A quote, or the time of an appointment."""
    if desk.about_a_time(turn, given(ref), "accept", words):
        seen = desk.view(turn, desk.agree(turn, given(ref), words))
        return dated(text.agreed(seen, turn.actor), seen, turn.actor)
    return text.done(desk.view(turn, desk.accept(turn, given(ref), words)), turn.actor)


def decline(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    if desk.about_a_time(turn, given(ref), "decline", words):
        seen = desk.view(turn, desk.turn_down(turn, given(ref), words))
        return dated(text.turned_down(seen, turn.actor), seen, turn.actor)
    return text.done(desk.view(turn, desk.decline(turn, given(ref), words)), turn.actor)
