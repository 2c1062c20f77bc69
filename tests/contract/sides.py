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
from bot.incoming import Pressed, Said
from bot.messages import Message, from_json
from bot.plain import plain
from store.store import Store
from tests.contract.seeing import Seen
from tests.fake import buttons_of
from tests.portal.stage import Browser
from tests.portal.stage import Stage as PortalStage
from tests.portal.stage import staged as portal_staged
from tests.slack.delivery import Delivered
from tests.slack.mrkdwn import unescaped
from tests.slack.stage import DESK as SLACK_DESK
from tests.slack.stage import Stage, staged, user
from tests.teams.delivery import Delivered as TeamsDelivered
from tests.teams.places import guid
from tests.teams.stage import DESK as TEAMS_DESK
from tests.teams.stage import Stage as TeamsStage
from tests.teams.stage import lines, plain_of
from tests.teams.stage import staged as teams_staged
from tests.world import World


class Side(Protocol):
    world: World
    nothing: str
    """The channel's id of a message that is not there."""

    @property
    def channel(self) -> Channel: ...

    async def says(self, who: str, text: str, key: str = "", room: str = "") -> None: ...
    async def presses(self, who: str, line: str, key: str = "", room: str = "") -> None: ...
    async def reads(self, room: str) -> list["Seen"]:
        """What the bot has said there for everybody, as it stands now, in order."""


def seen(message: Message) -> Seen:
    buttons = (b for part in message.parts for b in buttons_of(part))
    return Seen(plain(message), tuple((b.label, b.line) for b in buttons))


async def texts(side: Side, room: str) -> list[str]:
    return [one.text for one in await side.reads(room)]


async def told(side: Side, room: str) -> list[str]:
    """What was said to somebody, without the live cards that a channel keeps beside it."""
    return [text for text in await texts(side, room) if not text.startswith("#")]


async def line(side: Side, room: str, label: str) -> str:
    """What the latest button of that label says."""
    return [said for one in await side.reads(room) for shown, said in one.buttons if shown == label][-1]


class FakeSide:
    """The reference: nothing between the people and the bot."""

    nothing = "p999"

    def __init__(self, world: World) -> None:
        self.world, self.channel = world, world.fake

    async def says(self, who: str, text: str, key: str = "", room: str = "") -> None:
        await self._does(who, Said(text), key, room)

    async def presses(self, who: str, line: str, key: str = "", room: str = "") -> None:
        await self._does(who, Pressed(line), key, room)

    async def reads(self, room: str) -> list[Seen]:
        return [seen(post.message) for post in self.world.posts(room)]

    async def _does(self, who: str, body: Said | Pressed, key: str, room: str) -> None:
        how: dict[str, Any] = {"key": key} if key else {}
        await self.world.does(who, body, room=room or who, **how)


class WebSide:
    """The page's own requests over a real socket, and the room log that pages read."""

    nothing = "p999"

    def __init__(self, world: World, log: Log, channel: Web, client: "TestClient[Any, Any]") -> None:
        self.world, self.channel, self._log, self._client = world, channel, log, client

    async def says(self, who: str, text: str, key: str = "", room: str = "") -> None:
        await self._post(who, room, key, {"kind": "said", "text": text})

    async def presses(self, who: str, line: str, key: str = "", room: str = "") -> None:
        await self._post(who, room, key, {"kind": "pressed", "line": line})

    async def reads(self, room: str) -> list[Seen]:
        entries = [entry for entry in await self._log.since(0) if entry.room == room]
        kept = (each for entry in entries if isinstance(each := entry.entry.get("message"), dict))
        return [seen(from_json(dict(each))) for each in kept]

    async def _post(self, who: str, room: str, key: str, act: dict[str, str]) -> None:
        self.world.acts += 1
        body = {"who": who, "room": room or who, "key": (key or f"act-{self.world.acts}").ljust(8, "-"), **act}
        origin = {"Origin": str(self._client.make_url("")).rstrip("/")}
        async with self._client.post("/play/act", json=body, headers=origin) as response:
            assert response.status == 200, await response.text()
        await self.world.delivery.deliver_all()


class SlackSide:
    """Slack, played: signed requests in, Web API calls out. A person goes on in the thread that they began."""

    nothing = "1700000000.000100"

    def __init__(self, stage: Stage) -> None:
        self.world, self.channel, self._stage = stage.world, stage.connection.channel, stage
        self._acts: dict[str, Delivered] = {}

    async def says(self, who: str, text: str, key: str = "", room: str = "") -> None:
        if key in self._acts:
            await self._stage.slack.redeliver(self._acts[key])
            return await self._stage.settle()
        place = _slack_place(room or who)
        thread = self._stage.threads.get((who, place), "")
        done = await self._stage.writes(who, text, place, thread)
        self._stage.threads.setdefault((who, place), done.ts)
        self._acts |= {key: done} if key else {}

    async def presses(self, who: str, line: str, key: str = "", room: str = "") -> None:
        await self._stage.presses(who, line, _slack_place(room or who))

    async def reads(self, room: str) -> list[Seen]:
        place = _slack_place(room)
        bot = self._stage.slack.bot(place)
        found = [one for one in self._stage.far.messages(place) if one.user == bot]
        return [Seen(unescaped(one.text), tuple((b["text"]["text"], b["value"]) for b in one.buttons)) for one in found]


def _slack_place(room: str) -> str:
    return SLACK_DESK if room == DESK_ROOM else user(room)


class TeamsSide:
    """Teams, played: signed activities in, Bot Connector calls out."""

    nothing = "1700000000000"

    def __init__(self, stage: TeamsStage) -> None:
        self.world, self.channel, self._stage = stage.world, stage.connection.channel, stage
        self._acts: dict[str, TeamsDelivered] = {}

    async def says(self, who: str, text: str, key: str = "", room: str = "") -> None:
        if key in self._acts:
            await self._stage.teams.redeliver(self._acts[key])
            return await self._stage.settle()
        done = await self._stage.writes(who, text, _teams_place(room or who))
        self._acts |= {key: done} if key else {}

    async def presses(self, who: str, line: str, key: str = "", room: str = "") -> None:
        await self._stage.presses(who, line, _teams_place(room or who))

    async def reads(self, room: str) -> list[Seen]:
        said = self._stage.far.said(_teams_place(room))
        buttons = (tuple(each for each in zip(one.labels, lines(one), strict=True) if each[1]) for one in said)
        return [Seen(plain_of(one), each) for one, each in zip(said, buttons, strict=True)]


def _teams_place(room: str) -> str:
    return TEAMS_DESK if room == DESK_ROOM else guid(room)


class PortalSide:
    """Browsers that are signed in by a one-time link: forms sent off, and the conversation's page as it is read."""

    nothing = "portal nothing"

    def __init__(self, stage: PortalStage) -> None:
        self.world, self.channel, self._stage = stage.world, stage.portal, stage
        self._browsers: dict[str, Browser] = {}

    async def says(self, who: str, text: str, key: str = "", room: str = "") -> None:
        page = await (await self._browser(who)).says("", text, key=key, **_portal_place(room or who, who))
        assert page.status == 200, page.words

    async def presses(self, who: str, line: str, key: str = "", room: str = "") -> None:
        page = await (await self._browser(who)).says(line, key=key, **_portal_place(room or who, who))
        assert page.status == 200, page.words

    async def reads(self, room: str) -> list[Seen]:
        browser = await self._browser("sam" if room == DESK_ROOM else room)
        page = await browser.gets(f"/portal/talk?part=yes&room={DESK_ROOM if room == DESK_ROOM else ''}")
        return page.said

    async def _browser(self, who: str) -> Browser:
        if who not in self._browsers:
            self._browsers[who] = await self._stage.signed_in(who)
        return self._browsers[who]


def _portal_place(room: str, who: str) -> dict[str, str]:
    return {} if room == who else {"room": room}


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
    names = ("ann", "bob", "eve", "cora", "sam", "lena")
    cast = [CastMember(name, name.title(), "", desk=name in ("cora", "sam", "lena")) for name in names]
    register(app, world.bot, log, clock, cast)
    async with TestClient(TestServer(app)) as client:
        yield WebSide(world, log, channel, client)


@asynccontextmanager
async def portal_side(store: Store) -> AsyncIterator[Side]:
    async with portal_staged(store, acts=10_000) as stage:  # every line there is, within a minute
        yield PortalSide(stage)


@asynccontextmanager
async def slack_side(store: Store) -> AsyncIterator[Side]:
    async with staged(store) as stage:
        yield SlackSide(stage)


@asynccontextmanager
async def teams_side(store: Store) -> AsyncIterator[Side]:
    async with teams_staged(store) as stage:
        yield TeamsSide(stage)


SIDES: dict[str, Callable[[Store], AbstractAsyncContextManager[Side]]] = {
    "fake": fake_side,
    "portal": portal_side,
    "slack": slack_side,
    "teams": teams_side,
    "web": web_side,
}
"""Every channel of the house. A new one adds its side here and passes the whole suite."""

DESK_ROOM = DESK
