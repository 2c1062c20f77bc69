"""Putting cases in order: split, move to a queue, open for somebody who telephoned; and who is who."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot import text
from bot.desk.doors import CaseRef, find, record
from bot.desk.opening import open_for
from bot.desk.views import view
from bot.turn import Turn
from rules.lifecycle import Verb, permit
from rules.refusals import Misunderstood, NobodyLikeThat, NoSuchTime, NotReceivedThen
from store.tables import Case, Person

LONGEST_QUEUE = 40


def split(turn: Turn, ref: CaseRef, words: str) -> Case:
    """A second matter out of one case: a case of its own, received now, for the same person in the same place."""
    case = find(turn, Verb.SPLIT, ref)
    record(turn, case, Verb.SPLIT, words)
    return open_for(
        turn, turn.work.person(case.opened_by), words, case.conversation_id, case.thread, split_from=case.id
    )


def transfer(turn: Turn, ref: CaseRef, words: str) -> tuple[Case, bool]:
    """ "L2", "to l2": to another queue of the desk, and whether there was none of that name; whoever had it no longer
    has."""
    case = find(turn, Verb.TRANSFER, ref)
    before, asked = case.assignee_id, re.sub(r"^to\s+", "", words.strip(), flags=re.I)[:LONGEST_QUEUE]
    known = turn.work.queues_called([asked]) or _published(turn, asked)
    case.queue, case.assignee_id = min(known, default=asked), None
    record(turn, case, Verb.TRANSFER, case.queue)
    if before not in (None, turn.actor.id) and not turn.work.follows(case.id, before or 0):
        seen = view(turn, case)
        had = turn.work.person(before or 0)
        turn.tell(had, lambda reader: text.news(seen, Verb.TRANSFER, turn.actor, case.queue, reader), case.id)
    return case, not known


def _published(turn: Turn, name: str) -> list[str]:
    """As the catalogues write it."""
    desks = [each.desk for each in turn.catalogues.providers.values()]
    every = (queue for desk in desks for queue in (desk.queue, *desk.in_turn))
    return [queue for queue in every if queue.casefold() == name.casefold()]


def open_for_contact(turn: Turn, words: str) -> Case:
    """``ann@northwind.example [at INSTANT] It fails``: for who telephoned; they hear of it where they were last met."""
    permit(turn.actor, Verb.OPEN_FOR)
    who, _, problem = words.partition(" ")
    person = person_named(turn, who)
    if person.account_id is None:
        raise Misunderstood(usage="open-for ann@company.example WHAT IS WRONG")
    at, problem = _received(turn, problem.strip())
    if len(problem) < 3:
        raise Misunderstood(usage="open-for ann@company.example WHAT IS WRONG")
    place = person.conversation_id or turn.work.conversation("email", "", person.email or "").id
    return open_for(replace(turn, received=at), person, problem, place, "")


BACK = timedelta(days=7)
"""How far a call may be dated back."""
_AT = re.compile(r"at (?P<at>\d{4}-\d\d-\d\dT\S+)\s*(?P<problem>.*)", re.S)


def _received(turn: Turn, problem: str) -> tuple[datetime, str]:
    """``at 2026-01-19T13:30:00+00:00 TEXT``: the clock counts from there (R1)."""
    found = _AT.fullmatch(problem)
    try:
        at = datetime.fromisoformat(found["at"]).astimezone(UTC) if found else turn.received
    except ValueError:
        raise NoSuchTime(line="open-for ann@company.example at 8:30 WHAT IS WRONG") from None
    if at > turn.now:
        raise NotReceivedThen()
    if at < turn.now - BACK:
        raise NotReceivedThen(days=BACK.days)
    return at, found["problem"] if found else problem


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
