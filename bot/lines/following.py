"""Following a case, and following it no more."""

from bot import desk, text
from bot.desk import CaseRef
from bot.lines import given
from bot.messages import Message
from bot.turn import Turn


def follow(turn: Turn, ref: CaseRef | None, _: str) -> Message:
    return text.followed(desk.view(turn, desk.follow(turn, given(ref))), turn.actor)


def unfollow(turn: Turn, ref: CaseRef | None, _: str) -> Message:
    return text.unfollowed(desk.view(turn, desk.unfollow(turn, given(ref))), turn.actor)
