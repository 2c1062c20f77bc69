"""Putting cases in order: merge, split, move to a queue, open for somebody who telephoned; and who is who."""

from bot import text
from bot.desk.doors import CaseRef, find, record
from bot.desk.opening import open_for
from bot.desk.views import view
from bot.turn import Turn
from rules import sla
from rules.lifecycle import Verb, permit
from rules.refusals import CantMerge, Misunderstood, NobodyLikeThat
from store.tables import Case, Person

LONGEST_QUEUE = 40


def merge(turn: Turn, ref: CaseRef, into: str) -> Case:
    """One of the two goes on: the one received first, whichever was named first (R9). Returns the one that does."""
    number = into.strip().removeprefix("case").strip().lstrip("#")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise Misunderstood(usage="merge 1042 1043")
    pair = {case.id: case for case in (find(turn, Verb.MERGE, CaseRef(n)) for n in sorted({ref.number, int(number)}))}
    if len(pair) != 2 or len({case.account_id for case in pair.values()}) != 1:
        raise CantMerge(case=ref.number)
    lives = pair.pop(sla.survivor({n: case.received_at for n, case in pair.items()}))
    [ends] = pair.values()
    ends.merged_into = lives.id
    lives.resolutions += 1  # whoever was asked whether it is solved was not asked about this
    turn.work.add(lives)
    record(turn, ends, Verb.MERGE, f"#{lives.id}")
    return lives


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


def whois(turn: Turn, who: str) -> Person:
    permit(turn.actor, Verb.WHOIS)
    return person_named(turn, who)


def nominate(turn: Turn, who: str) -> Person:
    """From now on they may speak for their company; only who holds a licence can (W27)."""
    permit(turn.actor, Verb.NOMINATE)
    person = person_named(turn, who)
    if person.account_id is None or not person.licensed:
        raise NobodyLikeThat(who=who, several="")
    person.nominated = True
    turn.work.add(person)
    turn.work.audit(at=turn.now, person_id=turn.actor.id, what="nominate", about=person.email or "", outcome="done")
    return person


def person_named(turn: Turn, who: str) -> Person:
    """By a mention, by e-mail, or by a name that only one person has."""
    if named := turn.mentioned(who):
        return named
    wanted = who.strip().removeprefix("@").casefold()
    found = [p for p in turn.work.everybody() if p.email == wanted or (wanted and p.name.casefold().startswith(wanted))]
    exact = [person for person in found if person.email == wanted]
    if len(exact or found) != 1:
        raise NobodyLikeThat(who=who, several=", ".join(person.email or person.name for person in found[:5]))
    return (exact or found)[0]
