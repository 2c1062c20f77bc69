"""Working on a case: the customer's words, and the desk's."""

from bot import text
from bot.desk.assigning import by_turn, in_turn, whom
from bot.desk.doors import CaseRef, find, record
from bot.desk.hearing import heard
from bot.desk.replies import worded
from bot.desk.views import view
from bot.turn import Turn, the_desk
from rules.ladder import Hearer
from rules.lifecycle import Verb
from rules.refusals import AlreadyTaken, NobodyLikeThat
from store.tables import Case, Person


def say(turn: Turn, ref: CaseRef, words: str) -> Case:
    """The customer adds something."""
    return record(turn, find(turn, Verb.SAY, ref), Verb.SAY, words)


def ask_person(turn: Turn, ref: CaseRef) -> Case:
    """No more questions: a person, please. The case stays as it is, marked incomplete."""
    return record(turn, find(turn, Verb.PERSON, ref), Verb.PERSON)


def escalate(turn: Turn, ref: CaseRef, words: str = "") -> Case:
    """The customer asks for more attention (W53): told to the desk, the concierge and the provider's own address."""
    case = record(turn, find(turn, Verb.ESCALATE, ref), Verb.ESCALATE, words)
    seen, said = view(turn, case), turn.work.last_event(case.id)
    for person in heard(turn, seen, (Hearer.CONCIERGE, Hearer.LEAD)).people:
        if person.id != case.assignee_id and not turn.work.follows(case.id, person.id):  # who have been told
            turn.tell(
                person,
                lambda reader: text.news(seen, Verb.ESCALATE, turn.actor, words, reader),
                case.id,
                event=said,
            )
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


def assign(turn: Turn, ref: CaseRef, who: str) -> Case:
    """Give it to a member of staff, by name or e-mail, or to whose turn it is; whoever had it before is told too."""
    case = find(turn, Verb.ASSIGN, ref)
    before = case.assignee_id
    person = in_turn(turn, case) if by_turn(who) else staff_named(turn, whom(who))
    case.assignee_id = person.id
    record(turn, case, Verb.ASSIGN, person.name)
    if before not in (None, person.id, turn.actor.id) and not turn.work.follows(case.id, before or 0):
        seen = view(turn, case)
        turn.tell(
            turn.work.person(before or 0),
            lambda reader: text.news(seen, Verb.ASSIGN, turn.actor, person.name, reader),
            case.id,
        )
    return case


def staff_named(turn: Turn, who: str) -> Person:
    """The one member of staff whose name or e-mail begins like this; "me" is whoever says it."""
    wanted = who.strip().removeprefix("@").casefold()
    named = turn.mentioned(who)
    found = [person for person in turn.work.staff() if (person.id == named.id if named else _matches(person, wanted))]
    if wanted == "me":
        found = [turn.work.person(turn.actor.id)]
    if len(found) != 1:
        raise NobodyLikeThat(who=who, several=", ".join(person.name for person in found))
    return found[0]


def _matches(person: Person, wanted: str) -> bool:
    return bool(wanted) and (person.name.casefold().startswith(wanted) or (person.email or "").startswith(wanted))


def reply(turn: Turn, ref: CaseRef, words: str) -> Case:
    """Write to the customer; this is the answer that was promised (R2). ``!greeting`` is a saved one."""
    case = find(turn, Verb.REPLY, ref)
    return record(turn, case, Verb.REPLY, worded(turn, view(turn, case), words))


def call(turn: Turn, ref: CaseRef, words: str) -> Case:
    """Log a telephone call with the customer: it counts as an answer (R2), so the customer sees that it was logged."""
    case = find(turn, Verb.CALL, ref)
    return record(turn, case, Verb.CALL, worded(turn, view(turn, case), words))


def wait(turn: Turn, ref: CaseRef, words: str) -> Case:
    """Ask the customer for something; the case waits for them (R5)."""
    case = find(turn, Verb.WAIT, ref)
    return record(turn, case, Verb.WAIT, worded(turn, view(turn, case), words))


def acknowledge(turn: Turn, ref: CaseRef) -> Case:
    """Somebody sees to it: the ladder stops for a while, the clock does not (R11)."""
    case = find(turn, Verb.ACKNOWLEDGE, ref)
    case.acknowledged_at = turn.now
    turn.work.withdraw_warnings(case.id, turn.time.machine)
    return record(turn, case, Verb.ACKNOWLEDGE)


def note(turn: Turn, ref: CaseRef, words: str) -> Case:
    """Write to the desk only."""
    return record(turn, find(turn, Verb.NOTE, ref), Verb.NOTE, words)
