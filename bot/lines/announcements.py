"""What many accounts are told at once."""

from bot import text
from bot.desk import CaseRef, announcing
from bot.messages import Message
from bot.turn import Turn


def announce(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    number = announcing.sending(words)
    if number is not None:
        return text.announcement_sent(*announcing.send(turn, number), turn.actor)
    return text.announcement_preview(announcing.announce(turn, words), turn.actor)


def announcements(turn: Turn, _ref: CaseRef | None, _words: str) -> Message:
    return text.announcement_list(announcing.latest(turn), turn.actor)


def announcement(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    return text.announcement(announcing.shown(turn, words), turn.actor)
