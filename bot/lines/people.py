"""Who is who, who is there, and what they chose for themselves."""

from bot import desk, text
from bot.desk import CaseRef
from bot.messages import Message
from bot.turn import Turn


def whois(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    person = desk.whois(turn, words)
    return text.whois(person, turn.work.account(person.account_id) if person.account_id else None, turn.actor)


def nominate(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    person = desk.nominate(turn, words)
    return text.whois(person, turn.work.account(person.account_id or 0), turn.actor)


def away(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    return text.went_away(*desk.go_away(turn, words), turn.actor)


def back(turn: Turn, _ref: CaseRef | None, _words: str) -> Message:
    return text.came_back(desk.come_back(turn), turn.actor)


def on_call(turn: Turn, _ref: CaseRef | None, _words: str) -> Message:
    return text.on_call(desk.who_is_on_call(turn), turn.actor)


def any_hour(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    return text.any_hour(desk.any_hour(turn, words), turn.actor)


def language(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    return text.language_chosen(desk.choose_language(turn, words))
