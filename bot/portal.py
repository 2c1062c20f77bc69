"""What the portal's pages show to whoever is signed in: each a short read, by the same rules as every line."""

from collections.abc import Callable
from dataclasses import replace

from bot import desk, text
from bot.desk import CaseView
from bot.desk.contracts import looked_at
from bot.desk.eligibility import today
from bot.desk.homes import company_home, matter, team
from bot.desk.queueing import at_risk
from bot.invitations import Links
from bot.messages import Button, Buttons, Message
from bot.shown.customers import Case, Clause, Colleague, Home, Listed, People, Terms, Waiting
from bot.text import portal as pages
from bot.turn import Now, Turn, as_actor, zone_of
from rules.catalogue import Catalogues
from rules.lifecycle import Verb, offered, permit
from store.tables import Person as Somebody
from store.work import Work

MOST, SHOWN = 500, 25
"""Cases that are looked through, and shown on a page."""


def looking(work: Work, person: int, now: Now, catalogues: Catalogues, links: Links | None = None) -> Turn:
    """Their turn to look; nothing may be changed in it."""
    actor = as_actor(work.person(person), zone_of(next(iter(catalogues.providers.values()))))
    return Turn(work, catalogues, actor, now, now.business, links=links)


def home(turn: Turn, page: int = 1) -> Home:
    """The same as in chat."""
    found, reader = company_home(turn, f"page {page}"), turn.actor
    standing = found.standing
    return Home(
        [
            Waiting(pages.row(one.view, reader, True), pages.asked_by(one, reader), pages.asks(one, reader))
            for one in found.matters
            if one.waits
        ],
        [pages.row(one.view, reader, False) for one in found.matters if not one.waits],
        found.many,
        found.page,
        found.pages,
        [pages.planned(view, reader) for view in found.planned],
        standing.mine.plan.name if standing else "",
        pages.licensed(standing, reader) if standing else (),
        pages.team(found.team, reader),
    )


def cases(turn: Turn, only: str, words: str, page: int) -> Listed:
    views = [view for view in _company(turn) if _about(view, words)]
    found = [view for view in views if _FILTERS[only](view, turn)]
    counts = [(name, sum(keep(view, turn) for view in views)) for name, keep in _FILTERS.items()]
    last = max(1, -(-len(found) // SHOWN))
    page = min(max(page, 1), last)
    shown = found[(page - 1) * SHOWN : page * SHOWN]
    rows = [pages.row(view, turn.actor, matter(turn, view).waits) for view in shown]
    return Listed(rows, counts, len(found), page, last)


_FILTERS: dict[str, Callable[[CaseView, Turn], bool]] = {
    "open": lambda view, turn: view.case.over_at is None,
    "yours": lambda view, turn: matter(turn, view).waits,
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
    view, events = desk.pictured(turn, found), turn.work.events(found.id, internal=actor.staff)
    authors = {one.person_id: turn.work.person(one.person_id) for one in events if one.person_id}
    told = [pages.event(view, one, authors.get(one.person_id or 0), actor) for one in events]
    can = offered(actor, found.status, view.opened_by(actor))
    row = pages.row(view, actor, False)
    return Case(
        found.id,
        found.subject,
        found.status,
        row.status,
        below(text.card(view, actor)),
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
    return People(pages.team(team(turn), turn.actor), [_colleague(one) for one in here])


def terms(turn: Turn) -> Terms:
    """To the desk those of each provider that it serves."""
    theirs = list(turn.catalogues.providers.values()) if turn.actor.staff else [desk.provider_of(turn)]
    held = [(provider, provider.terms_on(today(provider, turn.now))) for provider in theirs]
    clauses = {one.id: Clause(one.id, one.says, one.quote or "") for each in theirs for one in each.clauses.values()}
    return Terms(theirs[0].name, pages.terms_in_force(held, turn.actor), list(clauses.values()))


def privacy(turn: Turn) -> Message:
    return pages.privacy_page(desk.provider_of(turn), turn.actor)


def _company(turn: Turn) -> list[CaseView]:
    permit(turn.actor, Verb.COMPANY)
    return [desk.view(turn, one) for one in turn.work.recent_cases(*turn.actor.scope, limit=MOST)]


def _about(view: CaseView, words: str) -> bool:
    wanted = words.lower().lstrip("#")
    return not wanted or wanted == str(view.case.id) or wanted in view.case.subject.lower()


def _colleague(one: Somebody) -> Colleague:
    return Colleague(one.name, one.email or "", one.nominated, one.licensed, one.contact_person)


def below(card: Message) -> Message:
    """Without its heading, which is the page's own, and without what the page asks in words of its own."""
    parts = (replace(each, buttons=_others(each)) if isinstance(each, Buttons) else each for each in card.parts[1:])
    return replace(card, parts=tuple(part for part in parts if not isinstance(part, Buttons) or part.buttons))


def _others(row: Buttons) -> tuple[Button, ...]:
    return tuple(each for each in row.buttons if not each.line.startswith("reopen "))
