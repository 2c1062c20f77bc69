"""A desk with its portal on a real socket, and browsers without a screen: a cookie jar and forms as they stand."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from aiohttp import ClientResponse, ClientSession, CookieJar, web
from aiohttp.test_utils import TestServer

from adapters.portal.channel import Portal
from adapters.portal.edge import Origins
from adapters.portal.log import Log
from adapters.portal.server import Portals, register
from app.filed import FiledViews
from app.portal import DeskViews, House, StoredRooms, Views
from bot import signing_in
from bot.holding import Holding
from bot.turn import Now
from store.store import Store
from store.work import Work
from tests.portal.reading import Form, Page, read
from tests.world import World

LINK = re.compile(r"/portal/sign-in/([A-Za-z0-9_-]+)")


@dataclass
class Stage:
    world: World
    portal: Portal
    server: TestServer
    house: House
    _open: list["Browser"] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return str(self.server.make_url("")).rstrip("/")

    def browser(self) -> "Browser":
        found = Browser(self, ClientSession(cookie_jar=CookieJar(unsafe=True)))
        self._open.append(found)
        return found

    async def token(self, who: str) -> str:
        """Of a link that was made for them."""

        def unit(work: Work, now: Now) -> str | None:
            return signing_in.link_for(work, work.person_at(address(who)) or work.person(0), now.machine)

        made = await self.world.store.write(unit, self.world.time)
        assert made, "they have too many"
        return made

    async def signed_in(self, who: str) -> "Browser":
        browser = self.browser()
        there = f"/portal/sign-in/{await self.token(who)}"
        page = await browser.posts(there, {})
        assert page.status == 200, page.text
        return browser

    async def mailed(self) -> list[str]:
        """The links that left by mail, in order."""
        await self.world.delivery.deliver_all()
        mails: Any = self.world.channels["email"]
        return [found[1] for post in mails.posts if (found := LINK.search(post.text))]


@dataclass
class Browser:
    stage: Stage
    session: ClientSession

    async def gets(self, path: str, **more: Any) -> Page:
        async with self.session.get(f"{self.stage.origin}{path}", **more) as answer:
            return await page(answer)

    async def posts(self, path: str, fields: dict[str, str], **more: Any) -> Page:
        sent = {"Origin": self.stage.origin, **more.pop("headers", {})}
        async with self.session.post(f"{self.stage.origin}{path}", data=fields, headers=sent, **more) as answer:
            found = await page(answer)
        await self.stage.world.delivery.deliver_all()
        return found

    async def sends(self, form: Form, **filled: str) -> Page:
        """Fills in and sends off a form of a page, as it stands there."""
        unknown = set(filled) - {name for name in form.fields}
        assert not unknown, f"no such fields: {unknown}"
        return await self.posts(form.action, {**form.fields, **filled})

    async def says(self, line: str, words: str = "", back: str = "/talk", key: str = "", **more: str) -> Page:
        given = {"line": line, "words": words, "back": back, "key": key.ljust(8, "0") if key else f"{id(object())}key"}
        self.stage.world.acts += 1
        given["key"] = given["key"] if key else f"act-{self.stage.world.acts:08}"
        return await self.posts("/portal/say", {**given, **more})


async def page(answer: ClientResponse) -> Page:
    text = await answer.text()
    return read(answer.status, str(answer.url.relative()), dict(answer.headers), text)


def address(who: str) -> str:
    firm = {"ann": "northwind", "bob": "northwind", "eve": "contoso", "tess": "fabrikam", "theo": "fabrikam"}
    return f"{who}@{firm.get(who, 'desk')}.example"


@asynccontextmanager
async def staged(store: Store, living: str = "portal", **more: Any) -> AsyncIterator[Stage]:
    """``living``: the channel in which people are met; in another than the portal their rooms are there."""
    log = Log(StoredRooms(store))
    portal = Portal(log, lambda: world.time.business)
    world = World(store, living, portal if living == "portal" else None, hold=more.pop("hold", timedelta(0)))
    world.channels = {**world.channels, "portal": portal}
    world.delivery.channels = world.channels
    world.bot = replace(world.bot, channels=set(world.channels), keeping=more.pop("keeping", None))
    world.holding = Holding(world.bot)
    await world.open()
    app = web.Application(client_max_size=1024 * 1024)
    house = House(world.bot)
    shown = {"views": Views(world.bot), "desk": DeskViews(world.bot), "files": FiledViews(world.bot)}
    given = {"sessions": house, **shown, "origins": Origins(near=True), "soon": 0.0, "every": 0.02, **more}
    register(app, world.bot, portal, Portals(**given))
    server = TestServer(app)
    async with server:
        stage = Stage(world, portal, server, house)
        try:
            yield stage
        finally:
            for each in stage._open:
                await each.session.close()
