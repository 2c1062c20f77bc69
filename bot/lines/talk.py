"""Help, and what is only said in return."""

from bot import desk, text
from bot.desk import CaseRef
from bot.home import page
from bot.messages import Message
from bot.turn import Turn
from rules.lifecycle import Verb, permit


def help(turn: Turn, _ref: CaseRef | None, _words: str) -> Message:
    return text.help_(desk.provider_of(turn), turn.actor)


def home(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    return page(turn, words)


def hello(turn: Turn, _ref: CaseRef | None, _words: str) -> Message:
    return text.greeting(turn.actor)


def thanks(turn: Turn, _ref: CaseRef | None, _words: str) -> Message:
    return text.welcome(turn.actor)


def ask(turn: Turn, _ref: CaseRef | None, _words: str) -> Message:
    """Only reached by whoever may not ask: customers' questions begin the dialog with what the search found."""
    permit(turn.actor, Verb.ASK)
    return text.help_(desk.provider_of(turn), turn.actor)
