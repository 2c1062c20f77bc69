"""The conversation with the desk as a page, and the stream that keeps an open one up to date."""

import asyncio
import logging
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from weakref import WeakSet

from aiohttp import web

from adapters.portal.edge import Refused
from adapters.portal.log import Entry, Log
from adapters.portal.pages import Pages, Site
from adapters.portal.saying import DESK, Saying
from adapters.portal.sessions import Visitor
from adapters.portal.signing_in import Door
from bot.channel import Listener
from bot.incoming import Address
from bot.messages import Message, from_json

log = logging.getLogger(__name__)
PULSE = 15.0
"""Seconds after which a stream looks without a bell: another server may have written, or the session may be over."""


@dataclass(frozen=True)
class Line:
    """One entry of a conversation."""

    by: str
    at: datetime
    text: str
    message: Message | None
    mine: bool


@dataclass
class Talk:
    pages: Pages
    log: Log
    saying: Saying
    door: Door
    bot: Listener
    _open: "WeakSet[asyncio.Task[object]]" = field(default_factory=WeakSet)

    async def page(self, request: web.Request, site: Site, visitor: Visitor) -> web.StreamResponse:
        room, path = _room(request, visitor)
        entries = await self.log.since(room)
        await self.bot.seen(Address("portal", "", room), self.saying.now())
        template = "lines.html" if request.query.get("part") else "talk.html"
        latest = max((entry.revision for entry in entries), default=0)
        given: dict[str, Any] = {"entries": list(lines(entries, visitor)), "room": room, "latest": latest}
        said = await self.saying.answer(request, visitor)
        return self.pages.page(site, template, visitor, path=path, said=said, **given)

    async def live(self, request: web.Request, site: Site, visitor: Visitor) -> web.StreamResponse:
        """A word whenever something is new there; the page then asks for it."""
        room, _ = _room(request, visitor)
        since = request.query.get("since", "0")
        if not (since.isascii() and since.isdigit() and len(since) < 19):
            raise Refused(400, "There is no such page.")
        stream = web.StreamResponse(headers={**site.headers, "Content-Type": "text/event-stream"})
        await stream.prepare(request)
        task = asyncio.current_task()
        assert task is not None, "a handler is one"
        self._open.add(task)
        with suppress(ConnectionResetError):
            await self._follow(request, site, stream, room, int(since))
        return stream

    async def _follow(
        self, request: web.Request, site: Site, stream: web.StreamResponse, room: str, since: int
    ) -> None:
        while await self.door.visitor(request, site) is not None:
            new = await self.log.wait(room, since, PULSE)
            since = max((entry.revision for entry in new), default=since)
            await stream.write(f"data: {since}\n\n".encode() if new else b":\n\n")

    async def close(self, _app: web.Application) -> None:
        for task in list(self._open):
            task.cancel()


def lines(entries: Iterable[Entry], visitor: Visitor) -> Iterator[Line]:
    for entry in entries:
        kept, at = entry.entry, datetime.fromisoformat(str(entry.entry["at"]))
        message = kept.get("message")
        if kept.get("only_for") and kept["only_for"] != visitor.user:
            continue
        if isinstance(message, dict):
            yield Line("", at, "", from_json(message), mine=False)
        else:
            yield Line(str(kept["by"]), at, str(kept["text"]), None, kept["user"] == visitor.user)


def _room(request: web.Request, visitor: Visitor) -> tuple[str, str]:
    """Their own; of the desk's people also the one that they share. With the page's path."""
    if request.query.get("room") == DESK:
        if not visitor.staff:
            raise Refused(404, "There is no such page.")
        return DESK, f"/talk?room={DESK}"
    return visitor.user, "/talk"
