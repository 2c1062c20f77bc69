"""What the portal's pages show to the desk's own people: the board, a whole case, the companies. Nothing is changed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot import desk, text
from bot.desk import incidents, replies
from bot.desk.contracts import Standing, looked_at
from bot.desk.entitlements import customer_of
from bot.desk.homes import around
from bot.desk.proof import proofs
from bot.desk.queueing import FILTERS, SORTS, UNCONFIRMED
from bot.desk.queueing import STATES as COUNTED
from bot.desk.stamps import stamps
from bot.desk.views import CaseView, pictured
from bot.messages import Buttons, Day, Message, Moment
from bot.messages import Person as Named
from bot.portal import below
from bot.shown.desk import Board, Companies, Company, CompanyPage, Contact, Filter, Group, Other, StaffCase
from bot.text import board as words_of
from bot.text import portal as pages
from bot.text.values import ROLES
from bot.turn import Turn
from rules.lifecycle import Verb, offered, permit
from rules.refusals import NoSuchChoice
from store.tables import Account, HeldAct
from store.tables import Person as Somebody

COMPANIES = 25
"""On one page."""
NAMES = 200
"""Companies that the filter's field suggests."""
SHOWN = (FILTERS[0], *COUNTED, UNCONFIRMED)


def board(turn: Turn, words: str, page: int, sort: str, down: bool) -> Board:
    """A word that names nothing leaves an empty page that says so."""
    wrong: Message | None = None
    sort = sort if sort in SORTS else SORTS[0]
    try:
        found = desk.queue(turn, f"{words} page {page}" if page > 1 else words, sort, down)
    except NoSuchChoice as refusal:
        wrong = text.refused(refusal, turn.actor)
        found = replace(desk.queue(turn), rows=(), many=0, pages=1, words=words)
    rows = [words_of.board_row(view, turn.actor) for view in found.rows]
    filters = [_filter(name, found, wrong is None) for name in SHOWN]
    at = Moment(turn.now)
    beside = text.desk_around(around(turn), turn.actor)
    held = [_held(turn, each) for each in turn.work.waiting_of(turn.actor.id)]
    return Board(held, rows, filters, found.many, found.page, found.pages, found.words, at, _names(turn), wrong, beside)


def _filter(name: str, found: "desk.Queue", right: bool) -> Filter:
    every = name == FILTERS[0]
    words = " ".join(filter(None, ("" if every else name, found.besides)))
    on = name in found.states or (every and not found.states)
    return Filter(name, found.counts.get(name), words, on and right)


def _names(turn: Turn) -> list[str]:
    plans = (id.partition("/")[2] for id in turn.catalogues.plans)
    levels = (name for each in turn.catalogues.providers.values() for name in each.desk.priorities)
    companies = (account.slug for account in turn.work.accounts_like("", NAMES, 0))
    return list(dict.fromkeys((*FILTERS, *levels, *plans, *turn.work.queue_names(), *companies)))


def mark(turn: Turn, case: int | None) -> str:
    """Another one whenever the board, or the page of that case, would show something else; so every minute."""
    permit(turn.actor, Verb.QUEUE)
    minute = int(turn.now.timestamp()) // 60
    what = turn.work.case_mark(case) if case else f"{turn.work.queue_mark()}.{turn.work.held_mark()}"
    return f"{what}.{minute}"


def case(turn: Turn, number: int) -> StaffCase | None:
    """All of it; None: there is none of that number."""
    permit(turn.actor, Verb.QUEUE)
    actor, found = turn.actor, turn.work.glance(number, *turn.actor.scope)
    if found is None:
        return None
    view, events = pictured(turn, found), turn.work.events(found.id, internal=True)
    authors = {one.person_id: turn.work.person(one.person_id) for one in events if one.person_id}
    row = words_of.board_row(view, actor)
    can = frozenset(map(str, offered(actor, found.status, found.opened_by)))
    return StaffCase(
        found.id,
        found.subject,
        found.status,
        row.status,
        view.opener.name,
        view.account.name,
        view.account.slug,
        row,
        [_held(turn, each) for each in turn.work.waiting_on(found.id) if not each.asked or each.person_id == actor.id],
        below(text.card(view, actor)),
        [pages.event(view, one, authors.get(one.person_id or 0), actor) for one in events],
        text.why(view, actor),
        words_of.agreed_on(view, stamps(turn, found), actor),
        words_of.who_was_warned(proofs(turn, found.id, events), actor),
        _others(turn, view.related(actor)),
        _group(turn, view),
        can if found.assignee_id is None else can - {Verb.TAKE},
        words_of.levels(view.provider.desk.priorities, actor),
        words_of.verdicts(actor),
        [(one.email or "", one.name) for one in turn.work.staff()],
        [(each.name, each.words) for each in replies.saved(turn)],
        [(each.id, each.title) for each, _ in incidents.incidents(turn)] if Verb.GROUP in can else [],
    )


def _held(turn: Turn, row: HeldAct) -> Message:
    case = turn.work.glance(row.case_id, None)
    assert case is not None, "what is held is about one"
    view = desk.view(turn, case)
    if row.person_id != turn.actor.id:
        return words_of.about_to_answer(view, turn.work.person(row.person_id), turn.actor)
    left = max(row.due_at - turn.time.machine, timedelta(seconds=1))
    return words_of.asked(view, row, turn.actor) if row.asked else text.held(view, row, left, True, turn.actor)


def _others(turn: Turn, numbers: Sequence[int]) -> list[Other]:
    return [words_of.other(desk.view(turn, each), turn.actor) for each in turn.work.cases_numbered(numbers)]


def _group(turn: Turn, view: CaseView) -> Group | None:
    group = view.incident
    if group is None:
        return None
    numbers = [each for each in turn.work.cases_of_incident(group.id) if each != view.case.id]
    return Group(group.id, group.title, _others(turn, numbers))


def companies(turn: Turn, words: str, page: int) -> Companies:
    """Every one of the desk's, by name."""
    permit(turn.actor, Verb.CONTRACT)
    many = turn.work.count_accounts(words)
    last = max(1, -(-many // COMPANIES))
    page = min(max(page, 1), last)
    found = turn.work.accounts_like(words, COMPANIES, (page - 1) * COMPANIES)
    live = turn.work.open_cases_of([account.id for account in found])
    rows = [_company(turn, each, looked_at(turn, each.id), live.get(each.id, 0)) for each in found]
    return Companies(rows, many, page, last)


def company(turn: Turn, slug: str) -> CompanyPage | None:
    """None: there is none of that name."""
    permit(turn.actor, Verb.CONTRACT)
    account = turn.work.account_of_slug(slug)
    if account is None:
        return None
    found = looked_at(turn, account.id)
    provider = customer_of(turn.work, turn.catalogues, account.id, turn.now) or turn.provider
    told = text.entitlement(found, provider, turn.actor)
    said = told.parts if found is None else told.parts[1:]  # its name is the page's own heading
    parts = tuple(part for part in said if not isinstance(part, Buttons))
    row = _company(turn, account, found, turn.work.open_cases_of([account.id]).get(account.id, 0))
    return CompanyPage(row, replace(told, parts=parts), [_contact(one) for one in turn.work.contacts(account.id)])


def _company(turn: Turn, account: Account, found: Standing | None, live: int) -> Company:
    concierge = turn.work.concierge(account.id)
    who = words_of.person(Named(concierge.name, ROLES[concierge.role]), turn.actor) if concierge else None
    if found is None:
        return Company(account.name, account.slug, "", None, None, False, False, None, who, live)
    seats, counted = found.seats, found.mine.plan.provider.seats
    return Company(
        account.name,
        account.slug,
        found.mine.plan.name,
        seats.licences,
        seats.used if counted else None,
        bool(counted) and seats.too_few,
        found.lapsed,
        Day(found.last_day) if found.last_day else None,
        who,
        live,
    )


def _contact(one: Somebody) -> Contact:
    until = Day(one.deputy_until) if one.deputy_until else None
    return Contact(one.name, one.email or "", one.nominated, one.licensed, one.contact_person, until)
