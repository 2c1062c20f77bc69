"""Putting cases in order: split, move to a queue, open for somebody who telephoned; and who is who."""

from collections.abc import Sequence

from bot import text
from bot.desk.doors import CaseRef, find, record
from bot.desk.opening import open_for
from bot.desk.views import view
from bot.turn import Turn
from rules.lifecycle import Verb, permit
from rules.refusals import Misunderstood, NobodyLikeThat
from store.tables import Case, Person

LONGEST_QUEUE = 40


def split(turn: Turn, ref: CaseRef, words: str) -> Case:
    """A second matter out of one case: a case of its own, received now, for the same person in the same place."""
    case = find(turn, Verb.SPLIT, ref)
    record(turn, case, Verb.SPLIT, words)
    return open_for(
        turn, turn.work.person(case.opened_by), words, case.conversation_id, case.thread, split_from=case.id
    )


def transfer(turn: Turn, ref: CaseRef, queue: str) -> Case:
    """To another queue of the desk; whoever had it no longer has."""
    case = find(turn, Verb.TRANSFER, ref)
    before = case.assignee_id
    case.queue, case.assignee_id = queue.strip()[:LONGEST_QUEUE], None
    record(turn, case, Verb.TRANSFER, case.queue)
    if before not in (None, turn.actor.id):
        seen = view(turn, case)
        had = turn.work.person(before or 0)
        turn.tell(had, lambda reader: text.news(seen, Verb.TRANSFER, turn.actor, case.queue, reader), case.id)
    return case


def open_for_contact(turn: Turn, words: str) -> Case:
    """``ann@northwind.example the form is broken``: for who telephoned; they hear of it where they were last met."""
    permit(turn.actor, Verb.OPEN_FOR)
    who, _, problem = words.partition(" ")
    person = person_named(turn, who)
    if person.account_id is None or len(problem.strip()) < 3:
        raise Misunderstood(usage="open-for ann@company.example WHAT IS WRONG")
    place = person.conversation_id or turn.work.conversation("email", "", person.email or "").id
    return open_for(turn, person, problem.strip(), place, "")


def person_named(turn: Turn, who: str, among: Sequence[Person] | None = None) -> Person:
    """By a mention, by e-mail, or by a name that only one person has; ``among`` whom, if not everybody."""
    named = turn.mentioned(who)
    if named and (among is None or named.id in {person.id for person in among}):
        return named
    wanted = who.strip().removeprefix("@").casefold()
    people = turn.work.everybody() if among is None else among
    found = [p for p in people if p.email == wanted or (wanted and p.name.casefold().startswith(wanted))]
    exact = [person for person in found if person.email == wanted]
    if len(exact or found) != 1:
        raise NobodyLikeThat(who=who, several=", ".join(person.email or person.name for person in found[:5]))
    return (exact or found)[0]
