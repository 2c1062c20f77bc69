"""Who may ask for a company, and whether a case may have support."""

from bot import desk, text
from bot.desk import CaseRef
from bot.lines import given
from bot.messages import Message
from bot.turn import Turn


def hand_over(turn: Turn, ref: CaseRef | None, _: str) -> Message:
    return text.handed_over(desk.view(turn, desk.hand_over(turn, given(ref))), turn.actor)


def nominate(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    person = desk.nominate(turn, words)
    return text.whois(person, turn.work.account(person.account_id or 0), turn.actor)


def contact_person(turn: Turn, _ref: CaseRef | None, who: str) -> Message:
    person, provider = desk.change_contact_person(turn, who)
    return text.contact_person(person, turn.actor, turn.work.account(person.account_id or 0), provider, turn.actor)


def deputy(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    person, provider = desk.appoint_deputy(turn, words)
    return text.deputy(person, turn.actor, turn.work.account(person.account_id or 0), provider, turn.actor)
