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
TRIES, ELSEWHERE = 30, 120
"""Wrong links, and ways in that ask somebody else, tried from one machine in that time: a company may be behind one."""
ACTS, A_MINUTE = 60, 60.0
"""That one person may do in so many seconds."""
STREAMS = 8
"""Pages of one browser that follow what is new at the same time."""
Page = Callable[[web.Request, Visitor], Awaitable[web.StreamResponse]]


@dataclass
class Door:
    """Who may see a page, and how to become somebody who may."""

    sessions: Sessions
    pages: Pages
    origins: Origins
    acts: int = ACTS
    """Of one person within a minute."""
    _sending: "set[asyncio.Task[None]]" = field(default_factory=set)
    _streams: "dict[str, list[asyncio.Task[object]]]" = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._anybody, self._one = (Rate(most, WITHIN, time.monotonic) for most in (ANYBODY, ONE))
        self._tries, self._elsewhere = (Rate(most, WITHIN, time.monotonic) for most in (TRIES, ELSEWHERE))
        self._acts = Rate(self.acts, A_MINUTE, time.monotonic)

    async def visitor(self, request: web.Request, site: Site) -> Visitor | None:
        """A stream, and what a page fetches by itself, is nobody's look: a page left open would keep its session."""
        token = site.cookie.read(request, self.origins.of(request))
        if not token or len(token) > LONGEST:
            return None
        fetched = request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
        by_itself = fetched or request.path.endswith("/live") or "part" in request.query
        try:
            return await self.sessions.visitor(token, seen=request.method == "POST" or not by_itself)
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

    def acting(self, page: Page) -> Page:
        """Nobody needs to do so much in a minute."""

        async def slowed(request: web.Request, visitor: Visitor) -> web.StreamResponse:
            if not self._acts.allows(str(visitor.person)):
                raise Refused(429, "That was much at once. Please wait a minute, and send it again.")
            return await page(request, visitor)

        return slowed

    def streaming(self, site: Site, page: Page) -> Page:
        """Only for a page of ours, and not without end: each is a look at the database every so often."""

        async def one_of_few(request: web.Request, visitor: Visitor) -> web.StreamResponse:
            if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
                raise Refused(403, "Only a page of this portal may do that.")
            browser, task = site.cookie.read(request, self.origins.of(request)), asyncio.current_task()
            assert task is not None, "a handler is one"
            streams = self._streams.setdefault(browser, [])
            if len(streams) >= STREAMS:  # the oldest is most likely a page that somebody has left
                streams.pop(0).cancel()
            streams.append(task)
            try:
                return await page(request, visitor)
            finally:
                if task in streams:
                    streams.remove(task)
                if not streams and self._streams.get(browser) is streams:
                    del self._streams[browser]

        return one_of_few

    def not_too_often(self, request: web.Request) -> None:
        """For ways in that ask somebody else. Raises Refused."""
        if not self._elsewhere.allows(self.origins.caller(request)):
            raise Refused(429, SAYS[429])

    async def ask(self, request: web.Request, site: Site) -> web.Response:
        """What is asked for an address."""
        if await self.visitor(request, site) is not None:
            raise web.HTTPSeeOther(f"{site.prefix}/")
        return self._page(site)

    async def send(self, request: web.Request, site: Site) -> web.Response:
        """The same answer after the same time for every address: whether anybody has it is looked up afterwards."""
        if not site.mail:
            raise Refused(404, SAYS[404])
        address = (await read(request)).get("address", "").strip().lower()
        if "@" not in address or len(address) > LONGEST:
            raise Refused(400, "That is no mail address.")
        if not self._anybody.allows(self.origins.caller(request)):
            raise Refused(429, SAYS[429])
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
        """A link that is good lets in however often others were wrong: only those are counted."""
        try:
            session = await self.sessions.redeem(request.match_info["token"])
        except Busy:
            raise Refused(503, SAYS[503]) from None
        if session is None:
            if not self._tries.allows(self.origins.caller(request)):
                raise Refused(429, SAYS[429])
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
            await (self.sessions.end_all(visitor.person) if everywhere else self._end(request, site, visitor))
        there = web.Response(status=303, headers={"Location": f"{site.prefix}/sign-in"})
        site.cookie.clear(there, origin)
        return there

    async def _end(self, request: web.Request, site: Site, visitor: Visitor) -> None:
        await self.sessions.end(site.cookie.read(request, self.origins.of(request)), visitor.person)

    def _page(self, site: Site, *, asked: bool = False, token: bool = False) -> web.Response:
        return self.pages.page(site, "sign_in.html", None, asked=asked, token=token)
