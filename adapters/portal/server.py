"""The portal's routes: the same pages for browsers and, in a frame of Teams' alone, for its tab."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import web

from adapters.portal.board import EVERY, PATH, BoardPage
from adapters.portal.channel import Portal
from adapters.portal.customers import TABS, Customers
from adapters.portal.edge import SAYS, TEAMS, Origins, Refused, guarded, headers
from adapters.portal.filing import FileViews, Filing
from adapters.portal.oidc import Oidc, SignInElsewhere
from adapters.portal.pages import STATIC, TYPES, Pages, Site
from adapters.portal.saying import SOON, Saying
from adapters.portal.sessions import IN_TEAMS, SESSION, Sessions, Visitor
from adapters.portal.signing_in import ACTS, Door, Page
from adapters.portal.staff import DESK_TABS, Staff
from adapters.portal.talk import Talk
from adapters.portal.teams_tab import SCRIPT_HOST, TeamsTab, TokenCheck
from adapters.portal.views import DeskViews, Views
from bot.channel import Listener

PREFIX, TAB = "/portal", "/tab"
Shows = Callable[[web.Request, Site, Visitor], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Portals:
    """All that the pages need."""

    sessions: Sessions
    views: Views
    desk: DeskViews
    origins: Origins
    oidc: SignInElsewhere | None = None
    teams: TokenCheck | None = None
    files: FileViews | None = None
    """None: the pages know of none."""
    soon: float = SOON
    every: float = EVERY
    acts: int = ACTS
    """Of one person within a minute."""
    mail: bool = True
    """Whether links can be sent by mail."""
    cast: tuple[tuple[str, str, str], ...] = ()
    as_cast: Callable[[str], Awaitable[str | None]] | None = None
    """In the playground, where everybody may be anybody: a session for one of the cast."""


def register(app: web.Application, bot: Listener, portal: Portal, given: Portals) -> None:
    pages = Pages()
    door = Door(given.sessions, pages, given.origins, given.acts)
    filing = Filing(given.files)
    saying = Saying(bot, portal.log, portal.now, pages, filing, given.soon)
    talk = Talk(pages, portal.log, saying, door, bot)
    made = Made(
        talk,
        Customers(pages, given.views, saying, given.sessions, filing),
        board := BoardPage(pages, given.desk, saying, door, given.every),
        Staff(pages, given.desk, saying, board, filing),
        saying,
        filing,
    )
    tabs = (*DESK_TABS, *TABS)
    about = {"oidc": given.oidc is not None, "mail": given.mail}
    browser = Site(PREFIX, SESSION, headers(), tabs, cast=given.cast, takes=filing.takes, **about)
    _pages(app, browser, door, made)
    _doors(app, browser, door)
    if given.as_cast is not None:
        app.router.add_post(f"{PREFIX}/as/{{who}}", _guarded(partial(_be, given.as_cast, browser, door), browser, door))
    if given.oidc is not None:
        _elsewhere(app, browser, Oidc(given.oidc, door, given.sessions))
    if given.teams is not None:
        tab = Site(TAB, IN_TEAMS, headers(TEAMS), tabs, framed=True, takes=filing.takes)
        _pages(app, tab, door, made)
        _tab(app, tab, door, TeamsTab(given.teams, door, given.sessions))
    else:
        app.router.add_route("*", f"{TAB}/{{rest:.*}}", _guarded(_nowhere, browser, door))
    app.on_shutdown.extend((talk.close, board.close))
    app.on_cleanup.append(door.close)


@dataclass(frozen=True)
class Made:
    """The pages by what they are about."""

    talk: Talk
    customers: Customers
    board: BoardPage
    staff: Staff
    saying: Saying
    filing: Filing


def _pages(app: web.Application, site: Site, door: Door, made: Made) -> None:
    customers, staff, board, talk = made.customers, made.staff, made.board, made.talk

    async def first(request: web.Request, visitor: Visitor) -> web.StreamResponse:
        if visitor.staff:
            raise web.HTTPSeeOther(f"{site.prefix}{PATH}")
        return await customers.home(request, site, visitor)

    async def case(request: web.Request, site: Site, visitor: Visitor) -> web.StreamResponse:
        """Under one address, which links in messages lead to, for both sides."""
        return await (staff if visitor.staff else customers).case(request, site, visitor)

    def page(
        path: str, shows: Shows, method: str = "GET", desk: bool | None = False, wrapped: Callable[[Page], Page] = _bare
    ) -> None:
        shown = wrapped(lambda request, visitor: shows(request, site, visitor))
        checked = door.signed_in(site, shown, desk=desk)
        app.router.add_route(method, site.prefix + path, _guarded(checked, site, door))

    app.router.add_get(site.prefix, _guarded(partial(_below, site), site, door))
    app.router.add_get(f"{site.prefix}/", _guarded(door.signed_in(site, first), site, door))
    page("/cases", customers.cases)
    page(r"/cases/{number:\d{1,9}}", case, desk=None)
    page(r"/cases/{number:\d{1,9}}/files/{file:\d{1,15}}", made.filing.open, desk=None)
    for path in ("open", "ask", "plan", "people", "privacy"):
        page(f"/{path}", getattr(customers, path))
    for path in ("terms", "settings"):
        page(f"/{path}", getattr(customers, path), desk=None)
    for path, shows in ((PATH, board.page), ("/accounts", staff.accounts)):
        page(path, shows, desk=True)
    for path, follows, desk in ((f"{PATH}/live", board.live, True), ("/talk/live", talk.live, None)):
        page(path, follows, desk=desk, wrapped=partial(door.streaming, site))
    page("/accounts/{slug:[a-z0-9-]{1,200}}", staff.account, desk=True)
    page("/talk", talk.page, desk=None)
    for path, act in (("say", made.saying.say), ("submit", made.saying.submit)):
        page(f"/{path}", act, "POST", desk=None, wrapped=door.acting)
    app.router.add_post(f"{site.prefix}/sign-out", _guarded(partial(door.leave, site=site), site, door))
    files = {path.name: path for path in STATIC.iterdir() if path.suffix in TYPES}
    app.router.add_get(f"{site.prefix}/static/{{name}}", _guarded(partial(_file, files), site, door, kept=True))
    app.router.add_route("*", f"{site.prefix}/{{rest:.*}}", _guarded(_nowhere, site, door))


def _bare(page: Page) -> Page:
    return page


async def _nowhere(_request: web.Request) -> web.StreamResponse:
    """A page that there is not and one that is not theirs read alike."""
    raise Refused(404, SAYS[404])


def _doors(app: web.Application, site: Site, door: Door) -> None:
    at = f"{site.prefix}/sign-in"
    for method, path, shows in (
        ("GET", at, door.ask),
        ("POST", at, door.send),
        ("GET", f"{at}/{{token:[A-Za-z0-9_-]{{20,100}}}}", door.look),
        ("POST", f"{at}/{{token:[A-Za-z0-9_-]{{20,100}}}}", door.redeem),
    ):
        app.router.add_route(method, path, _guarded(partial(shows, site=site), site, door))


def _elsewhere(app: web.Application, site: Site, oidc: Oidc) -> None:
    app.router.add_get(f"{site.prefix}/oidc/begin", _guarded(partial(oidc.begin, site=site), site, oidc.door))
    app.router.add_get(f"{site.prefix}/oidc", _guarded(partial(oidc.end, site=site), site, oidc.door))


def _tab(app: web.Application, site: Site, door: Door, tab: TeamsTab) -> None:
    """Its script comes from Microsoft, on this one page."""
    framed = replace(site, headers=headers(TEAMS, f" {SCRIPT_HOST}"))
    app.router.add_get(f"{site.prefix}/sign-in", _guarded(partial(tab.ask, site=site), framed, door))
    app.router.add_post(f"{site.prefix}/sign-in", _guarded(partial(tab.enter, site=site), framed, door))


def _guarded(
    handler: Callable[..., Awaitable[web.StreamResponse]], site: Site, door: Door, *, kept: bool = False
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """``kept``: browsers may keep it a while."""

    def problem(_request: web.Request, status: int, sentence: str, quoted: str) -> web.Response:
        told: dict[str, Any] = {"sentence": sentence, "quoted": quoted, "again": None}
        return door.pages.page(site, "problem.html", None, status=status, **told)

    sent = {**site.headers, **({"Cache-Control": "private, max-age=300"} if kept else {})}
    return guarded(handler, door.origins, sent, problem)


async def _be(
    as_cast: Callable[[str], Awaitable[str | None]], site: Site, door: Door, request: web.Request
) -> web.StreamResponse:
    session = await as_cast(request.match_info["who"])
    if session is None:
        raise web.HTTPNotFound
    return door.let_in(request, site, session)


async def _below(site: Site, _request: web.Request) -> web.StreamResponse:
    raise web.HTTPSeeOther(f"{site.prefix}/")


async def _file(files: dict[str, Path], request: web.Request) -> web.StreamResponse:
    """Only what stands in the package's folder, found by name: a path is never put together from a request."""
    path = files.get(request.match_info["name"])
    if path is None:
        raise web.HTTPNotFound
    return web.FileResponse(path, headers={"Content-Type": f"{TYPES[path.suffix]}; charset=utf-8"})
