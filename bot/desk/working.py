"""Working on a case: the customer's words, and the desk's."""

from bot import text
from bot.desk.doors import CaseRef, find, record
from bot.desk.views import view
from bot.turn import Turn, the_desk
from rules.lifecycle import Verb
from rules.refusals import AlreadyTaken
from store.tables import Case


def say(turn: Turn, ref: CaseRef, words: str) -> Case:
    """The customer adds something."""
    return record(turn, find(turn, Verb.SAY, ref), Verb.SAY, words)


def ask_person(turn: Turn, ref: CaseRef) -> Case:
    """No more questions: a person, please. The case stays as it is, marked incomplete."""
    return record(turn, find(turn, Verb.PERSON, ref), Verb.PERSON)


def escalate(turn: Turn, ref: CaseRef, words: str = "") -> Case:
    """The customer asks for more attention (W53): told to the desk, the concierge and the provider's own address."""
    case = record(turn, find(turn, Verb.ESCALATE, ref), Verb.ESCALATE, words)
    seen = view(turn, case)
    concierge = turn.work.concierge(case.account_id)
    if concierge is not None and concierge.id != case.assignee_id:
        turn.tell(concierge, lambda reader: text.news(seen, Verb.ESCALATE, turn.actor, words, reader), case.id)
    if seen.provider.escalation is not None:
        mailbox = turn.work.conversation("email", "", seen.provider.escalation.address)
        turn.owe(mailbox.id, text.news(seen, Verb.ESCALATE, turn.actor, words, the_desk(seen.zone)), case.id)
    return case


def take(turn: Turn, ref: CaseRef) -> Case:
    """Work on a case that nobody works on yet."""
    case = find(turn, Verb.TAKE, ref)
    if case.assignee_id is not None:
        raise AlreadyTaken(case=case.id, by=turn.work.person(case.assignee_id).name)
    case.assignee_id = turn.actor.id
    return record(turn, case, Verb.TAKE)


def reply(turn: Turn, ref: CaseRef, words: str) -> Case:
    """Write to the customer; this is the answer that was promised (R2)."""
    return record(turn, find(turn, Verb.REPLY, ref), Verb.REPLY, words)


def call(turn: Turn, ref: CaseRef, words: str) -> Case:
    """Log a telephone call with the customer: it counts as an answer (R2), so the customer sees that it was logged."""
    return record(turn, find(turn, Verb.CALL, ref), Verb.CALL, words)


def wait(turn: Turn, ref: CaseRef, words: str) -> Case:
    """Ask the customer for something; the case waits for them (R5)."""
    return record(turn, find(turn, Verb.WAIT, ref), Verb.WAIT, words)


def note(turn: Turn, ref: CaseRef, words: str) -> Case:
    """Write to the desk only."""
    return record(turn, find(turn, Verb.NOTE, ref), Verb.NOTE, words)
