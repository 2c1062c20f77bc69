"""The live line to an open page: every change of the log, and the business time."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from weakref import WeakSet

from aiohttp import WSCloseCode, web

from adapters.web.edge import Refused
from adapters.web.log import Log
from adapters.web.manners import Manners
from adapters.web.playground import on_the_page

log = logging.getLogger(__name__)
PULSE = 5
"""Seconds after which the log and the clock are looked at although no bell rang: another process may have written."""


class Live:
    def __init__(self, rooms: Log, now: Callable[[], datetime], run: str, manners: Manners) -> None:
        """``run`` names this start of the server: a page that sees another one asks for everything again."""
        self._rooms, self._now, self._run, self._manners = rooms, now, run, manners
        self._open: WeakSet[web.WebSocketResponse] = WeakSet()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        since = _revision(request.query.get("since", "0"))
        socket = web.WebSocketResponse(heartbeat=20, max_msg_size=1024)
        await socket.prepare(request)
        self._open.add(socket)
        pushing = asyncio.create_task(self._push(socket, since))
        try:
            async for _ in socket:  # pages only listen; reading is how their leaving is noticed
                pass
        finally:
            pushing.cancel()
        return socket

    async def close(self, _app: web.Application) -> None:
        """Without this a stopping server would wait for every open page to leave by itself."""
        for socket in set(self._open):
            await socket.close(code=WSCloseCode.GOING_AWAY)

    async def _push(self, socket: web.WebSocketResponse, since: int) -> None:
        told = ""
        try:
            while True:
                change = self._rooms.change
                entries = await self._rooms.since(since)
                now = self._now().isoformat(timespec="minutes")
                shown = self._manners.shown(on_the_page(entries))
                if shown or now != told:
                    await socket.send_json({"run": self._run, "now": now, "entries": shown})
                since, told = max([since, *(entry.revision for entry in entries)]), now
                with suppress(TimeoutError):
                    async with asyncio.timeout(PULSE):
                        await change.wait()
        except ConnectionError:
            pass  # the page has left
        except Exception:
            log.exception("the live line broke; the page will connect again")
            await socket.close(code=WSCloseCode.INTERNAL_ERROR)


def _revision(raw: str) -> int:
    if not (raw.isascii() and raw.isdigit() and len(raw) < 19):
        raise Refused(400, "Say since which revision, as a whole number.")
    return int(raw)
