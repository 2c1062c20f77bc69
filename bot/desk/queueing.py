"""The desk's queue, a page at a time: narrowed by words that can be combined, with counts of what is in it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bot.desk.views import CaseView, view
from bot.desk.working import staff_named
from bot.turn import Turn
from rules import sla
from rules.lifecycle import Verb, permit
from rules.refusals import NobodyLikeThat, NoSuchChoice
from store.queues import SOONEST, Narrow, Order, Unanswered

AT_RISK = 75  # percent of the response time
ROWS = 20  # of a page: more is no list to read, and more buttons than vendors take
UNCONFIRMED = "unconfirmed"
STATES = ("at-risk", "unassigned", "mine", "waiting-customer", "waiting-confirmation")
"""Those whose counts are told."""
FILTERS = ("all", *STATES[:3], "waiting", *STATES[3:], UNCONFIRMED)
KINDS = ("account", "queue", "plan", "priority", "with")
"""Say of what sort the next word is, where it could be several."""
SORTS = ("due", "case", "customer", "status", "priority", "with", "changed")


@dataclass(frozen=True)
class Queue:
    rows: tuple[CaseView, ...]
    """Of this page."""
    counts: Mapping[str, int]
    """By STATES, of all that is in hand, or in hand for the account, queue, plan or priority that was named."""
    many: int
    """How many there are on all pages."""
    page: int
    pages: int
    words: str
    """What it was narrowed by, as it was said: with ``page 2`` after it, it is the line of the next page."""
    forced: bool = False
    """What was closed without confirmation, which is in nobody's hands (W59)."""
    states: tuple[str, ...] = ()
    """Of what it was narrowed by the FILTERS, and"""
    besides: str = ""
    """all the other words."""


EVERYTHING = Narrow()


@dataclass(frozen=True)
class Wanted:
    narrow: Narrow = EVERYTHING
    states: tuple[str, ...] = ()
    page: int = 1
    words: str = ""
    besides: str = ""


def queue(turn: Turn, words: str = "", sort: str = "due", down: bool = False, rows: int = ROWS) -> Queue:
    """``at-risk northwind page 2``: soonest due first, or by another of SORTS. Refuses a word that names nothing."""
    permit(turn.actor, Verb.QUEUE)
    wanted, work, me = read(turn, words), turn.work, turn.actor.id
    narrow, forced = wanted.narrow, UNCONFIRMED in wanted.states
    risky = at_risk_now(turn, narrow)
    counts = work.count_queue(narrow, STATES, me, risky)
    many = work.count_forced(narrow) if forced else work.count_cases(narrow, wanted.states, me, risky)
    pages = max(1, -(-many // rows))
    page = min(wanted.page, pages)
    skip, order = (page - 1) * rows, _order(turn, sort, down)
    if forced:
        numbers = work.forced_numbers(narrow, rows, skip, order)
    else:
        numbers = work.queue_numbers(narrow, wanted.states, me, risky, rows, skip, order)
    found = tuple(view(turn, case) for case in work.cases_numbered(numbers))
    return Queue(found, counts, many, page, pages, wanted.words, forced, wanted.states, wanted.besides)


def _order(turn: Turn, sort: str, down: bool) -> Order:
    """Priorities as the providers rank them, the first provider's first."""
    ranks = dict.fromkeys(name for each in turn.catalogues.providers.values() for name in each.desk.priorities)
    return Order(sort, down, tuple(ranks)) if (sort, down) != ("due", False) else SOONEST


def at_risk(seen: CaseView) -> bool:
    """Unanswered, and three quarters of its time are gone."""
    used = seen.used()
    return seen.case.owed and used is not None and used >= AT_RISK


def at_risk_now(turn: Turn, narrow: Narrow) -> list[int]:
    """By business time, which no database counts; so by reading what is unanswered, and of that only what it takes."""
    return [case.id for case in turn.work.promised(narrow) if _short_of_time(turn, case)]


def _short_of_time(turn: Turn, case: Unanswered) -> bool:
    if case.due_at <= turn.now:
        return True
    plan = turn.catalogues.plan(case.plan) if case.plan else None
    calendar = (plan.provider if plan else turn.provider).counted()
    return sla.share_used(calendar, case.received_at, case.target_minutes, turn.now) >= AT_RISK


_PAGE = re.compile(r"(?:^|[\s,]+)page\s+(\d{1,4})$", re.I)
_BETWEEN = re.compile(r"[\s,]+")
MOST_WORDS = 4  # of a company's or queue's name
SHORTEST_NAME = 3  # of letters that may begin a colleague's


def read(turn: Turn, words: str) -> Wanted:
    """Longest names first, so that a queue called "at risk customers" can be named as well."""
    page = _PAGE.search(words.strip())
    rest = words.strip()[: page.start()] if page else words.strip()
    said = [word for word in _BETWEEN.split(rest) if word]
    wanted, kind = Wanted(words=" ".join(said), page=max(1, int(page[1])) if page else 1), ""
    besides: list[str] = []
    while said:
        if said[0].lower() in KINDS and len(said) > 1 and not kind:
            besides.append(said[0])
            kind = said.pop(0).lower()
            continue
        found = next(_named(turn, wanted, said, kind), None)
        if found is None:
            raise NoSuchChoice(given=" ".join(said[:1]), choices=", ".join((*FILTERS, *KINDS)))
        before, (wanted, taken) = wanted, found
        besides += said[:taken] if wanted.narrow != before.narrow else ()
        said, kind = said[taken:], ""
    return replace(wanted, besides=" ".join(besides))


def _named(turn: Turn, wanted: Wanted, said: list[str], kind: str) -> Iterator[tuple[Wanted, int]]:
    """What the first of these words name, and how many of them it takes."""
    for taken in range(min(MOST_WORDS, len(said)), 0, -1):
        name = " ".join(said[:taken]).lower()
        if kind == "" and (state := name.replace(" ", "-")) in FILTERS:
            yield replace(wanted, states=(*wanted.states, *((state,) if state != "all" else ()))), taken
        narrow = _narrow(turn, wanted.narrow, name, kind)
        if narrow is not None:
            yield replace(wanted, narrow=narrow), taken


def _narrow(turn: Turn, narrow: Narrow, name: str, kind: str) -> Narrow | None:
    providers = turn.catalogues.providers.values()
    if kind in ("", "priority") and any(name in each.desk.priorities for each in providers):
        return replace(narrow, priorities=(*narrow.priorities, name))
    if kind in ("", "plan") and (plans := _plans(turn, name)):
        return replace(narrow, plans=(*narrow.plans, *plans))
    if kind in ("", "account") and len(accounts := turn.work.accounts_called(name)) == 1:
        return replace(narrow, accounts=(*narrow.accounts, accounts[0].id))
    there = turn.work.queues_called([name])
    known = bool(there) or name.casefold() in {each.desk.queue.casefold() for each in providers}
    if kind == "queue" or (not kind and known):
        return replace(narrow, queues=(*narrow.queues, name, *there))
    if kind in ("", "with") and len(name) >= SHORTEST_NAME and (person := _colleague(turn, name)):
        return replace(narrow, people=(*narrow.people, person))
    return None


def _colleague(turn: Turn, name: str) -> int | None:
    """By a name or e-mail that only one of them has, or how it begins."""
    try:
        return staff_named(turn, name).id
    except NobodyLikeThat:
        return None


def _plans(turn: Turn, name: str) -> list[str]:
    """By its id, with the provider's or without."""
    return [id for id in turn.catalogues.plans if name in (id.lower(), id.lower().partition("/")[2])]
