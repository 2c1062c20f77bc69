"""The customers' pages: their company's cases, their plan and people, and what they can do about them."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from adapters.portal.edge import Refused
from adapters.portal.filing import Filing
from adapters.portal.pages import Pages, Site, Tab
from adapters.portal.saying import Saying
from adapters.portal.sessions import Sessions, Visitor
from adapters.portal.views import Views
from bot.channel import Busy

TABS = (
    Tab("/", "Home"),
    Tab("/cases", "Cases"),
    Tab("/open", "Open a case"),
    Tab("/ask", "How do I?"),
    Tab("/plan", "Plan", guests=False),
    Tab("/people", "People"),
    Tab("/talk", "Messages", both=True),
)
SHOWS = {
    "open": "Open",
    "yours": "Your turn",
    "mine": "Opened by me",
    "risk": "Short of time",
    "over": "Over",
    "all": "All",
}
LONGEST = 200
NO_CASE = "There is no such case."
NO_PAGE = "There is no such page."


@dataclass
class Customers:
    pages: Pages
    views: Views
    saying: Saying
    sessions: Sessions
    filing: Filing

    async def home(self, request: web.Request, site: Site, visitor: Visitor) -> web.StreamResponse:
        found = await self.views.home(visitor, _number(request.query.get("page", "1")))
        return await self._page(request, site, visitor, "home.html", "/", home=found)

    async def cases(self, request: web.Request, site: Site, visitor: Visitor) -> web.StreamResponse:
        asked = request.query
        only, words = asked.get("show", "open"), asked.get("q", "").strip()[:LONGEST]
        page = _number(asked.get("page", "1"))
        if only not in SHOWS:
            raise Refused(404, NO_PAGE)
        listed = await self.views.cases(visitor, only, words, page)
        given: dict[str, Any] = {"listed": listed, "only": only, "words": words, "shows": SHOWS}
        return await self._page(request, site, visitor, "cases.html", "/cases", **given)

    async def case(self, request: web.Request, site: Site, visitor: Visitor) -> web.StreamResponse:
        number = int(request.match_info["number"])
        case = await self.views.case(visitor, number)
        if case is None:
            raise Refused(404, NO_CASE)
        given: dict[str, Any] = {"case": case, "files": await self.filing.of(visitor, number)}
        return await self._page(request, site, visitor, "case.html", f"/cases/{number}", **given)

    async def open(self, _request: web.Request, site: Site, visitor: Visitor) -> web.StreamResponse:
        return await self.saying.form(site, visitor, "open", "/open")

    async def ask(self, request: web.Request, site: Site, visitor: Visitor) -> web.StreamResponse:
        return await self._page(request, site, visitor, "ask.html", "/ask")

    async def plan(self, request: web.Request, site: Site, visitor: Visitor) -> web.StreamResponse:
        told = await self.views.plan(visitor)
        return await self._page(request, site, visitor, "plan.html", "/plan", told=told)

    async def people(self, request: web.Request, site: Site, visitor: Visitor) -> web.StreamResponse:
        found = await self.views.people(visitor)
        return await self._page(request, site, visitor, "people.html", "/people", people=found)

    async def terms(self, request: web.Request, site: Site, visitor: Visitor) -> web.StreamResponse:
        return await self._page(request, site, visitor, "terms.html", "/terms", terms=await self.views.terms(visitor))

    async def privacy(self, request: web.Request, site: Site, visitor: Visitor) -> web.StreamResponse:
        told = await self.views.privacy(visitor)
        return await self._page(request, site, visitor, "privacy.html", "/privacy", told=told)

    async def settings(self, request: web.Request, site: Site, visitor: Visitor) -> web.StreamResponse:
        browsers = await self.sessions.count(visitor.person)
        return await self._page(request, site, visitor, "settings.html", "/settings", browsers=browsers, zones=zones())

    async def _page(
        self, request: web.Request, site: Site, visitor: Visitor, template: str, path: str, **given: Any
    ) -> web.Response:
        try:
            said = await self.saying.answer(request, visitor)
        except Busy:
            said = None
        return self.pages.page(site, template, visitor, path=path, said=said, **given)


def _number(page: str) -> int:
    """Of a page of a list."""
    if not (page.isascii() and page.isdigit() and len(page) < 5):
        raise Refused(404, NO_PAGE)
    return int(page)


def zones() -> list[str]:
    """As the settings offer them."""
    from zoneinfo import available_timezones

    return sorted(
        zone
        for zone in available_timezones()
        if "/" in zone and not zone.startswith(("Etc/", "posix", "right", "SystemV"))
    )
