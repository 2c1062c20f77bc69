"""People's own pages, the app's Home tab: drawn when opened, pressed or changed, as often as Slack takes it."""

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from adapters.slack.api import WAIT, Api
from adapters.slack.blocks import Block, section
from adapters.slack.people import People
from adapters.slack.render import NOTHING, Room, fitted
from bot.channel import Busy, Host, Undeliverable
from bot.incoming import Address
from bot.languages import translated
from bot.messages import Message

log = logging.getLogger(__name__)
# A view has 250 kB, and one character may take six bytes of it; it has no plain twin.
HOME = Room(95, 25_000, 10**9)
ROUND = 5.0  # seconds
A_ROUND = 5  # pages of one workspace in that time: 60 a minute, where Slack takes 100 from an app
LOOKED_AT = timedelta(hours=1)  # since it was opened or pressed, which is all that Slack tells: it may be open still
AGES = timedelta(minutes=5)  # times left and what is at risk change while nothing happens
MANY = 1000


def home(message: Message, line: str = "") -> Block:
    """What views.publish takes as ``view``; it carries ``line``, by which it is asked for again."""
    note = translated(message.language, "Shortened. Write to me for all of it.")
    blocks = [block for piece in fitted(message, HOME, (note,)) for block in piece.blocks]
    return {"type": "home", "private_metadata": line, "blocks": blocks or [section(NOTHING)]}


@dataclass
class Page:
    """Of somebody who has opened it."""

    tenant: str
    user: str
    enterprise: str
    line: str
    """Which view of it stands there."""
    opened_at: datetime
    drawn_at: datetime
    mark: str = ""
    """Of the house, when it was drawn."""
    shown: str = ""
    hash: str = ""
    """What Slack calls the very view that we put there."""
    drawing: asyncio.Lock = field(default_factory=asyncio.Lock)


class Homes:
    """What of people's pages this server has drawn. Whatever another one puts there since is left alone."""

    def __init__(self, host: Host, api: Api, people: People, now: Callable[[], datetime]) -> None:
        self._host, self._api, self._people, self._now = host, api, people, now
        self._pages: dict[tuple[str, str], Page] = {}
        self._paused: dict[str, datetime] = {}
        """By workspace, until when it gets no more of them."""

    async def opened(self, tenant: str, user: str, enterprise: str, line: str) -> None:
        """They look at it, or chose another view of it: it is drawn whatever stands there."""
        self._pages.pop((tenant, user), None)
        while len(self._pages) >= MANY:
            del self._pages[next(iter(self._pages))]
        page = self._pages[tenant, user] = Page(tenant, user, enterprise, line, self._now(), self._now())
        await self._draw(page, await self._host.mark())

    async def run(self) -> None:
        while True:
            await asyncio.sleep(ROUND)
            try:
                await self.round()
            except Busy as error:
                log.warning("pages are drawn later: %s", error)
            except Exception:
                log.exception("drawing pages")

    async def round(self) -> None:
        """Draws anew what has changed, longest undrawn first."""
        now, drawn = self._now(), Counter[str]()
        self._pages = {who: page for who, page in self._pages.items() if now - page.opened_at < LOOKED_AT}
        if not self._pages:
            return
        mark = await self._host.mark()
        stale = [page for page in self._pages.values() if page.mark != mark or now - page.drawn_at >= AGES]
        for page in sorted(stale, key=lambda page: page.drawn_at):
            if drawn[page.tenant] < A_ROUND and now >= self._paused.get(page.tenant, now):
                drawn[page.tenant] += 1
                await self._refresh(page, mark)

    async def _refresh(self, page: Page, mark: str) -> None:
        try:
            await self._draw(page, mark)
        except Undeliverable:  # gone, or another server's by now
            self._forget(page)
        except Exception as error:
            log.warning("a page is drawn later: %s", type(error).__name__)
            self._paused[page.tenant] = self._now() + (getattr(error, "after", None) or WAIT)

    async def _draw(self, page: Page, mark: str) -> None:
        async with page.drawing:
            by = await self._people.who(page.tenant, page.user, enterprise=page.enterprise)
            if by is None:
                return self._forget(page)
            greeting = await self._host.home(by, Address("slack", page.tenant, page.user), page.line)
            view = home(greeting.message, page.line)
            shown = json.dumps(view)
            if shown != page.shown:
                how: dict[str, Any] = {"user_id": page.user, "view": view} | ({"hash": page.hash} if page.hash else {})
                done = await self._api.call(page.tenant, lambda client: client.views_publish(**how))
                page.hash = str(done["view"]["hash"])
            page.shown, page.mark, page.drawn_at = shown, mark, self._now()

    def _forget(self, page: Page) -> None:
        if self._pages.get((page.tenant, page.user)) is page:
            del self._pages[page.tenant, page.user]
