"""A channel seen from its far side: people say, press and read there, by the channel's own means."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.web.cast import DESK, CastMember
from adapters.web.channel import Web
from adapters.web.log import Log
from adapters.web.server import register
from app.rooms import StoredRooms
from bot.channel import Channel
from bot.messages import Button, Message, Pressed, Said, from_json
from bot.plain import plain
from store.store import Store
from tests.fake import buttons_of
from tests.world import World


class Side(Protocol):
    world: World

    @property
    def channel(self) -> Channel: ...

    async def says(self, who: str, text: str, key: str = "", room: str = "") -> None: ...
    async def presses(self, who: str, line: str, key: str = "", room: str = "") -> None: ...
    async def reads(self, room: str) -> list[Message]:
        """What the bot has said there, as it stands now, in order."""


async def texts(side: Side, room: str) -> list[str]:
    return [plain(message) for message in await side.reads(room)]


async def button(side: Side, room: str, label: str) -> Button:
    seen = [b for message in await side.reads(room) for part in message.parts for b in buttons_of(part)]
    return [b for b in seen if b.label == label][-1]


class FakeSide:
    """The reference: nothing between the people and the bot."""

    def __init__(self, world: World) -> None:
        self.world, self.channel = world, world.fake

    async def says(self, who: str, text: str, key: str = "", room: str = "") -> None:
        await self._does(who, Said(text), key, room)

    async def presses(self, who: str, line: str, key: str = "", room: str = "") -> None:
        await self._does(who, Pressed(line), key, room)

    async def reads(self, room: str) -> list[Message]:
        return [post.message for post in self.world.posts(room)]

    async def _does(self, who: str, body: Said | Pressed, key: str, room: str) -> None:
        how: dict[str, Any] = {"key": key} if key else {}
        await self.world.does(who, body, room=room or who, **how)


class WebSide:
    """The page's own requests over a real socket, and the room log that pages read."""

    def __init__(self, world: World, log: Log, channel: Web, client: "TestClient[Any, Any]") -> None:
        self.world, self.channel, self._log, self._client = world, channel, log, client

    async def says(self, who: str, text: str, key: str = "", room: str = "") -> None:
        await self._post(who, room, key, {"kind": "said", "text": text})

    async def presses(self, who: str, line: str, key: str = "", room: str = "") -> None:
        await self._post(who, room, key, {"kind": "pressed", "line": line})

    async def reads(self, room: str) -> list[Message]:
        entries = [entry for entry in await self._log.since(0) if entry.room == room]
        return [from_json(dict(kept)) for entry in entries if isinstance(kept := entry.entry.get("message"), dict)]

    async def _post(self, who: str, room: str, key: str, act: dict[str, str]) -> None:
        self.world.acts += 1
        body = {"who": who, "room": room or who, "key": (key or f"act-{self.world.acts}").ljust(8, "-"), **act}
        origin = {"Origin": str(self._client.make_url("")).rstrip("/")}
        async with self._client.post("/play/act", json=body, headers=origin) as response:
            assert response.status == 200, await response.text()
        await self.world.delivery.deliver_all()


class _Clock:
    def __init__(self, world: Callable[[], World]) -> None:
        self._world = world

    def now(self) -> Any:
        return self._world().time.business

    async def forward(self, to: Any) -> None:
        raise NotImplementedError


@asynccontextmanager
async def fake_side(store: Store) -> AsyncIterator[Side]:
    yield FakeSide(await World(store).open())


@asynccontextmanager
async def web_side(store: Store) -> AsyncIterator[Side]:
    log = Log(StoredRooms(store))
    clock = _Clock(lambda: world)
    channel = Web(log, clock.now)
    world = await World(store, "web", channel).open()
    app = web.Application()
    names = ("ann", "bob", "eve", "cora", "sam")
    cast = [CastMember(name, name.title(), "", desk=name in ("cora", "sam")) for name in names]
    register(app, world.bot, log, clock, cast)
    async with TestClient(TestServer(app)) as client:
        yield WebSide(world, log, channel, client)


SIDES: dict[str, Callable[[Store], AbstractAsyncContextManager[Side]]] = {"fake": fake_side, "web": web_side}
"""Every channel of the house. A new one adds its side here and passes the whole suite."""

DESK_ROOM = DESK
