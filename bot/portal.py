"""What the portal's pages show to whoever is signed in: each a short read, by the same rules as every line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot import desk, text
from bot.desk import CaseView
from bot.desk.contracts import looked_at
from bot.desk.eligibility import today
from bot.desk.queueing import at_risk
from bot.invitations import Links
from bot.messages import Button, Buttons, Message, Person, Spans
from bot.text import portal as pages
from bot.text.portal import Appointment, Happened, Row
from bot.turn import Now, Turn, as_actor, zone_of
from rules.catalogue import Catalogues
from rules.lifecycle import Verb, offered, permit
from store.tables import Person as Somebody
from store.work import Work

MOST, SHOWN, FIRST = 500, 25, 8
"""Cases that are looked through; shown on a page, and on the first one."""
PLANNED = ("offered", "agreed")


@dataclass(frozen=True)
class Home:
    waiting: Sequence[Row]
    live: Sequence[Row]
    appointments: Sequence[Appointment]
    plan: str
    team: Sequence[Person]


@dataclass(frozen=True)
class Listed:
    rows: Sequence[Row]
    counts: Sequence[tuple[str, int]]
    found: int
    page: int
    pages: int


@dataclass(frozen=True)
class Case:
    number: int
    subject: str
    state: str
    status: Spans
    card: Message
    history: Sequence[Happened]
    why: Message
    can: frozenset[str]
    rating: int | None


@dataclass(frozen=True)
class Colleague:
    name: str
    email: str
    nominated: bool
    licensed: bool
    contact_person: bool


@dataclass(frozen=True)
class People:
    team: Sequence[Person]
    colleagues: Sequence[Colleague]


@dataclass(frozen=True)
class Clause:
    id: str
    says: str
    quote: str


@dataclass(frozen=True)
class Terms:
    provider: str
    in_force: Message
    clauses: Sequence[Clause]


def looking(work: Work, person: int, now: Now, catalogues: Catalogues, links: Links | None = None) -> Turn:
    """Their turn to look; nothing may be changed in it."""
    actor = as_actor(work.person(person), zone_of(next(iter(catalogues.providers.values()))))
    return Turn(work, catalogues, actor, now, now.business, links=links)


def home(turn: Turn) -> Home:
    views = _company(turn)
    live = [view for view in views if view.case.over_at is None]
    planned = [view for view in live if view.case.slot_state in PLANNED and view.slot and view.slot.at > turn.now]
    planned.sort(key=lambda view: view.case.slot_at or turn.now)
    mine = None if turn.actor.guest else desk.entitlement(turn)
    waiting = [view for view in live if pages.waits(view, turn.actor)]
    return Home(
        [pages.row(view, turn.actor) for view in waiting[:FIRST]],
        [pages.row(view, turn.actor) for view in live[:FIRST]],
        [pages.planned(view, turn.actor) for view in planned[:FIRST]],
        mine.plan.name if mine else "",
        _team(turn),
    )


def cases(turn: Turn, only: str, words: str, page: int) -> Listed:
    views = [view for view in _company(turn) if _about(view, words)]
    found = [view for view in views if _FILTERS[only](view, turn)]
    counts = [(name, sum(keep(view, turn) for view in views)) for name, keep in _FILTERS.items()]
    last = max(1, -(-len(found) // SHOWN))
    page = min(max(page, 1), last)
    shown = found[(page - 1) * SHOWN : page * SHOWN]
    return Listed([pages.row(view, turn.actor) for view in shown], counts, len(found), page, last)


_FILTERS: dict[str, Callable[[CaseView, Turn], bool]] = {
    "open": lambda view, turn: view.case.over_at is None,
    "yours": lambda view, turn: pages.waits(view, turn.actor),
    "mine": lambda view, turn: view.case.opened_by == turn.actor.id,
    "risk": lambda view, turn: view.case.over_at is None and at_risk(view),
    "over": lambda view, turn: view.case.over_at is not None,
    "all": lambda view, turn: True,
}


def case(turn: Turn, number: int) -> Case | None:
    """None: there is none of that number, or it is not theirs to see; nobody learns which (C1)."""
    permit(turn.actor, Verb.SEE)
    found, actor = turn.work.glance(number, *turn.actor.scope), turn.actor
    if found is None:
        return None
    view, events = desk.view(turn, found), turn.work.events(found.id, internal=actor.staff)
    authors = {one.person_id: turn.work.person(one.person_id) for one in events if one.person_id}
    told = [pages.event(view, one, authors.get(one.person_id or 0), actor) for one in events]
    can = offered(actor, found.status, found.opened_by)
    row = pages.row(view, actor)
    return Case(
        found.id,
        found.subject,
        found.status,
        row.status,
        _below(text.card(view, actor)),
        told,
        text.why(view, actor),
        frozenset(map(str, can)),
        found.rating,
    )


def plan(turn: Turn) -> list[Message]:
    """What they are entitled to, what plans cost, how a contract ends."""
    permit(turn.actor, Verb.PLAN)
    provider = desk.provider_of(turn)
    mine = text.entitlement(looked_at(turn, turn.actor.account), provider, turn.actor)
    return [mine, text.prices(desk.offers(turn, ""), turn.actor)]


def people(turn: Turn) -> People:
    """Who looks after them, and who of their own company may ask; a guest sees nobody else."""
    account = turn.actor.account
    colleagues = turn.work.people_of(account) if account and not turn.actor.guest else []
    here = (one for one in colleagues if not one.guest and one.left_at is None)
    return People(_team(turn), [_colleague(one) for one in here])


def terms(turn: Turn) -> Terms:
    provider = desk.provider_of(turn)
    held = provider.terms_on(today(provider, turn.now))
    clauses = [Clause(one.id, one.says, one.quote or "") for one in provider.clauses.values()]
    return Terms(provider.name, pages.terms_in_force(provider, held, turn.actor), clauses)


def privacy(turn: Turn) -> Message:
    return pages.privacy_page(desk.provider_of(turn), turn.actor)


def _company(turn: Turn) -> list[CaseView]:
    permit(turn.actor, Verb.COMPANY)
    return [desk.view(turn, one) for one in turn.work.recent_cases(*turn.actor.scope, limit=MOST)]


def _about(view: CaseView, words: str) -> bool:
    wanted = words.lower().lstrip("#")
    return not wanted or wanted == str(view.case.id) or wanted in view.case.subject.lower()


def _team(turn: Turn) -> Sequence[Person]:
    account = turn.actor.account
    if account is None or turn.actor.guest:
        return ()
    found = (turn.work.concierge(account), turn.work.coach(account))
    return pages.team(list({one.id: one for one in found if one is not None}.values()), turn.actor)


def _colleague(one: Somebody) -> Colleague:
    return Colleague(one.name, one.email or "", one.nominated, one.licensed, one.contact_person)


def _below(card: Message) -> Message:
    """Without its heading, which is the page's own, and without what the page asks in words of its own."""
    parts = (replace(each, buttons=_others(each)) if isinstance(each, Buttons) else each for each in card.parts[1:])
    return replace(card, parts=tuple(part for part in parts if not isinstance(part, Buttons) or part.buttons))


def _others(row: Buttons) -> tuple[Button, ...]:
    return tuple(each for each in row.buttons if not each.line.startswith("reopen "))
