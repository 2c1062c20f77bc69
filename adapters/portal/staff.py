"""The desk's pages beside the board: a whole case, the companies, and one company with its contract and contacts."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from adapters.portal.board import BoardPage
from adapters.portal.customers import NO_CASE
from adapters.portal.edge import SAYS, Refused
from adapters.portal.filing import Filing
from adapters.portal.pages import Pages, Site, Tab
from adapters.portal.saying import Saying
from adapters.portal.sessions import Visitor
from adapters.portal.views import DeskViews

DESK_TABS = (Tab("/board", "Board", desk=True), Tab("/accounts", "Accounts", desk=True))
LONGEST = 200


@dataclass
class Staff:
    pages: Pages
    views: DeskViews
    saying: Saying
    board: BoardPage
    filing: Filing

    async def case(self, request: web.Request, site: Site, visitor: Visitor) -> web.StreamResponse:
        number = int(request.match_info["number"])
        mark, case = await self.board.mark(visitor, number), await self.views.case(visitor, number)
        if case is None:
            raise Refused(404, NO_CASE)
        given: dict[str, Any] = {"case": case, "mark": mark, "files": await self.filing.of(visitor, number)}
        return await self._page(request, site, visitor, "staff_case.html", f"/cases/{number}", **given)

    async def accounts(self, request: web.Request, site: Site, visitor: Visitor) -> web.StreamResponse:
        words, page = request.query.get("q", "").strip()[:LONGEST], request.query.get("page", "1")
        if not (page.isascii() and page.isdigit() and len(page) < 6):
            raise Refused(404, SAYS[404])
        listed = await self.views.companies(visitor, words, int(page))
        if listed is None:
            raise Refused(404, SAYS[404])
        given: dict[str, Any] = {"listed": listed, "words": words}
        return await self._page(request, site, visitor, "staff_accounts.html", "/accounts", **given)

    async def account(self, request: web.Request, site: Site, visitor: Visitor) -> web.StreamResponse:
        slug = request.match_info["slug"]
        found = await self.views.company(visitor, slug)
        if found is None:
            raise Refused(404, SAYS[404])
        return await self._page(request, site, visitor, "staff_account.html", f"/accounts/{slug}", found=found)

    async def _page(
        self, request: web.Request, site: Site, visitor: Visitor, template: str, path: str, **given: Any
    ) -> web.Response:
        said = await self.saying.answer(request, visitor)
        return self.pages.page(site, template, visitor, path=path, said=said, **given)
