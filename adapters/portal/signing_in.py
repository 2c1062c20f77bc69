"""The way in: a mail address, a one-time link, a press; and the way out."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web

from adapters.portal.edge import SAYS, Origins, Rate, Refused, read
from adapters.portal.pages import Pages, Site
from adapters.portal.sessions import Sessions, Visitor
from bot.channel import Busy

log = logging.getLogger(__name__)
LONGEST = 254
WITHIN = 15 * 60
ANYBODY, ONE = 60, 5
"""Asked for a link from one machine, and for one address, within a quarter of an hour."""
TRIES = 30
"""Links tried from one machine in that time: there are far too many to guess."""
Page = Callable[[web.Request, Visitor], Awaitable[web.StreamResponse]]


@dataclass
class Door:
    """Who may see a page, and how to become somebody who may."""

    sessions: Sessions
    pages: Pages
    origins: Origins
    _sending: "set[asyncio.Task[None]]" = field(default_factory=set)

    def __post_init__(self) -> None:
        self._anybody, self._one = (Rate(most, WITHIN, time.monotonic) for most in (ANYBODY, ONE))
        self._tries = Rate(TRIES, WITHIN, time.monotonic)

    async def visitor(self, request: web.Request, site: Site) -> Visitor | None:
        token = site.cookie.read(request, self.origins.of(request))
        if not token or len(token) > LONGEST:
            return None
        try:
            return await self.sessions.visitor(token)
        except Busy:
            raise Refused(503, SAYS[503]) from None

    def signed_in(
        self, site: Site, page: Page, *, desk: bool | None = None
    ) -> Callable[..., Awaitable[web.StreamResponse]]:
        """Others are led to the way in. ``desk``: whether it is for its people alone, or for customers alone."""

        async def checked(request: web.Request) -> web.StreamResponse:
            visitor = await self.visitor(request, site)
            if visitor is None:
                if request.method != "GET":
                    raise Refused(401, "You are signed out. Sign in, and send it again.")
                raise web.HTTPSeeOther(f"{site.prefix}/sign-in")
            if desk is not None and visitor.staff is not desk:
                raise web.HTTPNotFound
            return await page(request, visitor)

        return checked

    async def ask(self, request: web.Request, site: Site) -> web.Response:
        """What is asked for an address."""
        if await self.visitor(request, site) is not None:
            raise web.HTTPSeeOther(f"{site.prefix}/")
        return self._page(site)

    async def send(self, request: web.Request, site: Site) -> web.Response:
        """The same answer after the same time for every address: whether anybody has it is looked up afterwards."""
        address = (await read(request)).get("address", "").strip().lower()
        if "@" not in address or len(address) > LONGEST:
            raise Refused(400, "That is no mail address.")
        if not self._anybody.allows(request.remote or ""):
            raise Refused(429, "That was often. Please wait a quarter of an hour.")
        if self._one.allows(address) and len(self._sending) < ANYBODY:
            sending = asyncio.create_task(self._send(address, self.origins.of(request)))
            self._sending.add(sending)
            sending.add_done_callback(self._sending.discard)
        return self._page(site, asked=True)

    async def _send(self, address: str, origin: str) -> None:
        try:
            await self.sessions.send_link(address, origin)
        except Exception as error:
            log.warning("a link could not be sent: %s", type(error).__name__)

    async def close(self, _app: web.Application) -> None:
        await asyncio.gather(*self._sending, return_exceptions=True)

    async def look(self, request: web.Request, site: Site) -> web.Response:
        """Mail scanners open links: looking changes nothing and tells nothing of it."""
        return self._page(site, token=True)

    async def redeem(self, request: web.Request, site: Site) -> web.StreamResponse:
        if not self._tries.allows(request.remote or ""):
            raise Refused(429, "That was often. Please wait a quarter of an hour.")
        try:
            session = await self.sessions.redeem(request.match_info["token"])
        except Busy:
            raise Refused(503, SAYS[503]) from None
        if session is None:
            raise Refused(403, "This link was used, or is too old. Ask for a new one.")
        return self.let_in(request, site, session)

    def let_in(self, request: web.Request, site: Site, session: str) -> web.StreamResponse:
        """A session of its own for each time: one that was there before is nobody's."""
        there = web.Response(status=303, headers={"Location": f"{site.prefix}/"})
        site.cookie.set(there, self.origins.of(request), session)
        return there

    async def leave(self, request: web.Request, site: Site) -> web.StreamResponse:
        origin = self.origins.of(request)
        visitor = await self.visitor(request, site)
        everywhere = visitor is not None and (await read(request)).get("everywhere") == "yes"
        if visitor is not None:
            await (self.sessions.end_all(visitor.person) if everywhere else self._end(request, site, origin))
        there = web.Response(status=303, headers={"Location": f"{site.prefix}/sign-in"})
        site.cookie.clear(there, origin)
        return there

    async def _end(self, request: web.Request, site: Site, origin: str) -> None:
        await self.sessions.end(site.cookie.read(request, origin))

    def _page(self, site: Site, *, asked: bool = False, token: bool = False) -> web.Response:
        return self.pages.page(site, "sign_in.html", None, asked=asked, token=token)
