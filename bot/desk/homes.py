"""People's own pages: what the desk has in hand, or how a company's matters stand. Nothing here changes anything."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from bot.desk.contracts import Standing, looked_at
from bot.desk.duty import OnCall, who_is_on_call
from bot.desk.handing_over import asked
from bot.desk.queueing import EVERYTHING, Queue, queue
from bot.desk.views import CaseView, view
from bot.turn import Turn
from rules import agreements
from rules.appointments import OFFERED
from rules.eligibility import Handover
from rules.lifecycle import Status, Verb, offered, permit
from rules.refusals import Misunderstood
from store.tables import Case, Person

ROWS = 10  # of a page: other things stand beside it
FIRST = 5  # of what stands beside it
MOST = 500  # of a company's live cases


@dataclass(frozen=True)
class Gone:
    """Somebody of the desk who is away."""

    who: Person
    until: datetime
    stand_in: Person | None


@dataclass(frozen=True)
class Around:
    """What stands beside the queue."""

    planned: tuple[CaseView, ...]
    on_call: tuple[OnCall, ...]
    away: tuple[Gone, ...]


@dataclass(frozen=True)
class DeskHome:
    queue: Queue
    many: int
    """All that is in hand, however the queue is narrowed."""
    mine: tuple[CaseView, ...]
    """Those of the reader's that are due first, while the queue is not narrowed."""
    around: Around


@dataclass(frozen=True)
class Matter:
    """A case, for one of its company."""

    view: CaseView
    waits: bool
    """For a word of this very reader's, or"""
    asked: bool
    """for theirs whether the desk shall have it at all (W27, T10)."""
    wanted: frozenset[Verb] = frozenset()
    """What would give the word."""
    asker: Person | None = None
    until: datetime | None = None
    """By when an answer is expected, where a time says."""


@dataclass(frozen=True)
class CompanyHome:
    matters: tuple[Matter, ...]
    """Of this page: first, over all pages, those that wait for the reader; then the others, the latest first."""
    waiting: int
    """How many wait, on all pages."""
    many: int
    page: int
    pages: int
    planned: tuple[CaseView, ...]
    standing: Standing | None
    """Of their contract; a guest is told none."""
    team: tuple[Person, ...]
    """Concierge and coach."""


def desk_home(turn: Turn, words: str = "") -> DeskHome:
    """``words`` as the queue takes them: ``at-risk northwind page 2``."""
    work, me = turn.work, turn.actor.id
    found = queue(turn, words, rows=ROWS)
    narrowed = bool(found.words) or found.page > 1
    first = [] if narrowed else work.queue_numbers(EVERYTHING, ("mine",), me, (), FIRST, 0)
    mine = tuple(view(turn, case) for case in work.cases_numbered(first))
    many = work.count_cases(EVERYTHING, (), me, ())
    return DeskHome(found, many, mine, around(turn))


def around(turn: Turn) -> Around:
    return Around(planned(turn), tuple(who_is_on_call(turn)), away(turn))


def company_home(turn: Turn, words: str = "") -> CompanyHome:
    """``words``: ``page 2`` or nothing."""
    permit(turn.actor, Verb.COMPANY)
    wanted, guest, account = _page(words), turn.actor.guest, turn.actor.account
    cases = turn.work.live_of(turn.actor.scope, MOST)
    waiting = [one for case in cases if _may_wait(case) and (one := matter(turn, view(turn, case))).waits]
    first = {one.view.case.id: one for one in waiting}
    order = [*first, *(case.id for case in cases if case.id not in first)]
    pages = max(1, -(-len(order) // ROWS))
    page = min(wanted, pages)
    others = {case.id: case for case in cases}
    shown = order[(page - 1) * ROWS : page * ROWS]
    matters = tuple(
        _asked(turn, first[number]) if number in first else Matter(view(turn, others[number]), False, False)
        for number in shown
    )
    standing = None if guest else looked_at(turn, account)
    return CompanyHome(matters, len(waiting), len(order), page, pages, planned(turn), standing, team(turn))


_PAGE = re.compile(r"(?:page\s+(\d{1,4}))?", re.I)


def _page(words: str) -> int:
    found = _PAGE.fullmatch(words.strip())
    if found is None:
        raise Misunderstood(usage="home [page 2]")
    return max(1, int(found[1] or 1))


def _may_wait(case: Case) -> bool:
    """By its row alone: most wait for nobody, and need not be looked at any closer."""
    return (
        case.status in (Status.WAITING, Status.AWAITING)
        or case.quote_state == agreements.OFFERED
        or case.priority_state == agreements.Standing.COUNTERED
        or case.slot_state == OFFERED
        or case.handover == Handover.ASKED
        or case.coverage is None  # it may be about the contract
    )


def matter(turn: Turn, seen: CaseView) -> Matter:
    """Whether a word of the reader's is waited for, and they may give it."""
    case, reader = seen.case, turn.actor
    can = offered(reader, case.status, seen.opened_by(reader))
    first = Verb.HAND_OVER in can and reader.id in {person.id for person in asked(turn, case)}
    wanted = {
        Verb.SAY: case.status is Status.WAITING,
        Verb.CONFIRM: case.status is Status.AWAITING,
        Verb.ACCEPT: case.quote_state == agreements.OFFERED,
        Verb.ACCEPT_PRIORITY: case.priority_state == agreements.Standing.COUNTERED,
        Verb.AGREE: seen.waits_for(reader),
        Verb.ACCEPT_UPGRADE: bool(
            seen.change and seen.change.change.waits and reader.id in seen.change.answered_by and not case.over_at
        ),
    }
    gives = frozenset(verb for verb in can if wanted.get(verb))
    return Matter(seen, first or bool(gives), first, gives)


_ASKS = {
    Verb.SAY: {Verb.WAIT, Verb.REPLY},
    Verb.CONFIRM: {Verb.RESOLVE, Verb.SOLVED},
    Verb.ACCEPT: {Verb.QUOTE},
    Verb.ACCEPT_PRIORITY: {Verb.PRIORITISE},
    Verb.AGREE: {Verb.SCHEDULE},
    Verb.ACCEPT_UPGRADE: {Verb.UPGRADE},
}


def _asked(turn: Turn, one: Matter) -> Matter:
    """With whoever asked last for the word that it waits for."""
    case = one.view.case
    if one.asked:
        return replace(one, asker=one.view.opener, until=case.handover_until)
    by = turn.work.last_to(case.id, {each for verb in one.wanted for each in _ASKS[verb]})
    asker = turn.work.person(by) if by and by != turn.actor.id else None
    return replace(one, asker=asker, until=case.slot_at if Verb.AGREE in one.wanted else None)


def planned(turn: Turn) -> tuple[CaseView, ...]:
    """The next appointments that this reader may know of."""
    return tuple(view(turn, case) for case in turn.work.planned(turn.actor.scope, turn.now, FIRST))


def away(turn: Turn) -> tuple[Gone, ...]:
    person = turn.work.person
    gone = (each for each in turn.work.absences(turn.now) if each.starts <= turn.now)
    return tuple(
        Gone(person(each.person_id), each.ends, person(each.stand_in_id) if each.stand_in_id else None) for each in gone
    )


def team(turn: Turn) -> tuple[Person, ...]:
    """Who looks after the reader's company."""
    account = turn.actor.account
    if account is None or turn.actor.guest:
        return ()
    found = (turn.work.concierge(account), turn.work.coach(account))
    return tuple({one.id: one for one in found if one is not None}.values())
