"""The desk's board: what is in hand, sorted and narrowed by links, and the stream that keeps open pages up to date."""

import asyncio
import re
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from weakref import WeakSet

from aiohttp import web

from adapters.portal.edge import SAYS, Refused
from adapters.portal.pages import Pages, Site
from adapters.portal.saying import Saying
from adapters.portal.sessions import Visitor
from adapters.portal.signing_in import Door
from adapters.portal.views import DeskViews
from bot.channel import Busy

PATH = "/board"
SOONEST = "due"
COLUMNS = ("case", "customer", "status", "priority", "with", SOONEST, "changed")
LONGEST = 80
NUMBER = re.compile(r"#?(\d{4,9})", re.ASCII)
EVERY = 1.0
"""Seconds between two looks for changes, for all open pages together."""
PULSE = 15.0
"""Seconds after which a stream asks again who is there, though nothing changed."""


@dataclass(frozen=True)
class Asked:
    """What a page of the board is asked for, as its address has it."""

    words: str = ""
    sort: str = SOONEST
    down: bool = False
    page: int = 1
    keys: bool = True
    """Whether single keys do something there."""

    def to(self, **changed: object) -> str:
        """The address of the same with something changed; of what is usual it says nothing."""
        now = {"q": self.words, "sort": f"{'-' if self.down else ''}{self.sort}", "page": self.page} | changed
        now = {"keys": "on" if self.keys else "off", **now}
        said = {name: value for name, value in now.items() if str(value) != USUAL[name]}
        return f"{PATH}?{urlencode(said)}" if said else PATH

    def by(self, column: str) -> str:
        """Sorted by it; the other way round where it is so already."""
        return self.to(sort=f"-{column}" if column == self.sort and not self.down else column, page=1)

    def order(self, column: str) -> str:
        """As aria-sort has it."""
        return "none" if column != self.sort else "descending" if self.down else "ascending"


USUAL: Mapping[str, str] = {"q": "", "sort": SOONEST, "page": "1", "keys": "on"}


def asked(query: Mapping[str, str]) -> Asked:
    sort, page = query.get("sort", SOONEST), query.get("page", "1")
    column, words = sort.removeprefix("-"), " ".join(query.get("q", "").split())[:LONGEST]
    if column not in COLUMNS or not (page.isascii() and page.isdigit() and 0 < len(page) < 5):
        raise Refused(404, SAYS[404])
    return Asked(words, column, sort.startswith("-"), max(1, int(page)), query.get("keys") != "off")


@dataclass
class BoardPage:
    pages: Pages
    views: DeskViews
    saying: Saying
    door: Door
    every: float = EVERY
    _open: "WeakSet[asyncio.Task[object]]" = field(default_factory=WeakSet)
    _looks: "dict[int | None, tuple[float, asyncio.Task[str | None]]]" = field(default_factory=dict)

    async def page(self, request: web.Request, site: Site, visitor: Visitor) -> web.StreamResponse:
        wanted = asked(request.query)
        if (number := NUMBER.fullmatch(wanted.words)) is not None:
            raise web.HTTPSeeOther(f"{site.prefix}/cases/{number[1]}")
        mark = await self.mark(visitor, None)  # before the list: what changes in between is told
        board = await self.views.board(visitor, wanted.words, wanted.page, wanted.sort, wanted.down)
        if board is None:
            raise Refused(404, SAYS[404])
        given: dict[str, Any] = {"board": board, "asked": wanted, "columns": COLUMNS, "mark": mark}
        said = await self.saying.answer(request, visitor)
        return self.pages.page(site, "board.html", visitor, path=wanted.to(), said=said, **given)

    async def live(self, request: web.Request, site: Site, visitor: Visitor) -> web.StreamResponse:
        """A word whenever the board would look otherwise, or with ``case`` that case's page; the page then asks."""
        named = request.query.get("case", "")
        if named and NUMBER.fullmatch(named) is None:
            raise Refused(404, SAYS[404])
        case, since = int(named) if named else None, request.query.get("since", "")[: 4 * LONGEST]
        if await self.views.mark(visitor, case) is None:
            raise Refused(404, SAYS[404])
        stream = web.StreamResponse(headers={**site.headers, "Content-Type": "text/event-stream"})
        await stream.prepare(request)
        task = asyncio.current_task()
        assert task is not None, "a handler is one"
        self._open.add(task)
        with suppress(ConnectionResetError):
            await self._follow(request, site, stream, case, since)
        return stream

    async def _follow(
        self, request: web.Request, site: Site, stream: web.StreamResponse, case: int | None, since: str
    ) -> None:
        """Whoever signs out, leaves or is of the desk no more hears nothing further."""
        while True:
            visitor = await self._still(request, site)
            if visitor is None:
                return
            new = await self._changed(visitor, case, since)
            if new != since and await self._still(request, site) is None:
                return
            await stream.write(f"data: {new}\n\n".encode() if new != since else b":\n\n")
            since = new

    async def _still(self, request: web.Request, site: Site) -> Visitor | None:
        try:
            visitor = await self.door.visitor(request, site)
        except Refused:  # the database is away: nothing is sent, and the page comes again
            return None
        return visitor if visitor is not None and visitor.staff else None

    async def _changed(self, visitor: Visitor, case: int | None, since: str) -> str:
        until = time.monotonic() + PULSE
        while time.monotonic() < until:
            found = await self.mark(visitor, case)
            if found not in ("", since):
                return found
            await asyncio.sleep(self.every)
        return since

    async def mark(self, visitor: Visitor, case: int | None) -> str:
        """One look for all who watch the same; it tells nothing that one of them may not know. Empty: not now."""
        at, look = self._looks.get(case, (0.0, None))
        if look is None or at < time.monotonic() - self.every or (look.done() and look.cancelled()):
            look = asyncio.ensure_future(self._look(visitor, case))
            self._looks = {key: kept for key, kept in self._looks.items() if kept[0] > time.monotonic() - PULSE}
            self._looks[case] = (time.monotonic(), look)
        return await asyncio.shield(look) or ""

    async def _look(self, visitor: Visitor, case: int | None) -> str | None:
        try:
            return await self.views.mark(visitor, case)
        except Busy:
            return None

    async def close(self, _app: web.Application) -> None:
        for task in list(self._open):
            task.cancel()
