"""Answers that the desk gives often; ``reply 1042 !greeting``, or ``saved 1042 greeting``, says one."""

from bot import text
from bot.desk import CaseRef, replies
from bot.messages import Message
from bot.turn import Turn


def saved(turn: Turn, _ref: CaseRef | None, _words: str) -> Message:
    return text.saved_replies(replies.saved(turn), turn.actor)


def save(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    return text.saved(replies.save(turn, words), turn.actor)


def unsave(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    return text.forgotten(replies.forget(turn, words), turn.actor)
