"""The playground's server over real sockets, with the bot's part read from a script and the rooms kept in memory."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse, web
from aiohttp.test_utils import BaseTestServer

from adapters.web.cast import CastMember
from adapters.web.channel import Web
from adapters.web.log import Entry, Log
from adapters.web.mailbox import Mailbox
from adapters.web.server import register
from bot.channel import Outgoing
from bot.forms import FormField, ShowForm
from bot.incoming import Address, Incoming
from bot.messages import Button, Buttons, Message, Text

MONDAY = datetime(2025, 1, 20, 14, 0, tzinfo=UTC)  # 9:00 in New York
BROKEN = "The quote form is broken since this morning"
CAST = (
    CastMember("ann", "Ann Lee", "Northwind, nominated", zone="America/Toronto", suggestions=(BROKEN, "cases")),
    CastMember("bob", "Bob Shaw", "Northwind"),
    CastMember("eve", "Eve Stone", "Contoso", zone="Europe/London"),
    CastMember("cora", "Cora Diaz", "Concierge of Northwind", desk=True),
    CastMember("sam", "Sam Ortiz", "Support desk", desk=True),
)

FORM = ShowForm(
    "open_case",
    "Report a problem",
    "Open the case",
    (
        FormField("subject", "What is wrong?", (), True, 120),
        FormField("priority", "How bad is it?", (("low", "Low"), ("critical", "Critical")), True, None),
        FormField("details", "What do you see?", (), False, None),
    ),
    draft=12,
)
WRONG = replace(
    FORM,
    fields=(
        replace(FORM.fields[0], mistake="Please say what is wrong."),
        replace(FORM.fields[1], mistake="Please choose one."),
        replace(FORM.fields[2], answer="<b>500</b>"),
    ),
)


def words(text: str, *buttons: Button) -> Message:
    return Message((Text((text,)), *([Buttons(buttons)] if buttons else [])), "America/Toronto")


class MemoryRooms:
    """See adapters.web.log.Rooms."""

    def __init__(self) -> None:
        self.kept: dict[str, Entry] = {}
        self.revision = 0
        self.broken = False

    async def keep(self, room: str, key: str, entry: Mapping[str, object], thread: str = "") -> Entry:
        if self.broken:
            raise OSError("disk full at /secret")
        known = json.loads(json.dumps(entry))  # what is kept is JSON
        old = self.kept.get(key)
        if old is None or old.entry != known:
            self.revision += 1
            new = Entry(key, room, thread, len(self.kept) + 1, self.revision, known)
            self.kept[key] = replace(old, entry=known, revision=self.revision) if old else new
        return self.kept[key]

    async def find(self, key: str) -> Entry | None:
        return self.kept.get(key)

    async def since(self, revision: int) -> list[Entry]:
        return sorted((e for e in self.kept.values() if e.revision > revision), key=lambda entry: entry.place)


@dataclass
class Script:
    """A bot that answers as written, in order, and then keeps silent."""

    lines: list[ShowForm | Message | Exception | None] = field(default_factory=list)
    heard: list[Incoming] = field(default_factory=list)

    async def hear(self, incoming: Incoming, within: float = 2.5) -> ShowForm | Message | None:
        self.heard.append(incoming)
        line = self.lines.pop(0) if self.lines else None
        if isinstance(line, Exception):
            raise line
        return line

    async def seen(self, where: Address, until: datetime) -> None:
        """Pages tell nothing of the kind."""


@dataclass
class Hands:
    """A business clock that only moves by hand."""

    time: datetime = MONDAY

    def now(self) -> datetime:
        return self.time

    async def forward(self, to: datetime) -> None:
        self.time = max(self.time, to)


class Stage:
    """Everything but the network: what both this file and the page's tests play on."""

    def __init__(self) -> None:
        self.bot, self.clock, self.rooms = Script(), Hands(), MemoryRooms()
        self.log = Log(self.rooms)
        self.web = Web(self.log, self.clock.now)
        self.mailbox = Mailbox(self.log, self.clock.now)

    def app(self) -> web.Application:
        app = web.Application()
        register(app, self.bot, self.log, self.clock, CAST)
        return app

    def entries(self, room: str) -> list[Mapping[str, Any]]:
        kept = sorted(self.rooms.kept.values(), key=lambda entry: entry.place)
        return [entry.entry for entry in kept if entry.room == room]


class Visit(Stage):
    """The stage, served; ``get`` and ``act`` as the page does them."""

    server: BaseTestServer
    session: ClientSession

    @property
    def origin(self) -> str:
        return str(self.server.make_url("")).rstrip("/")

    async def post(self, path: str, body: Any = None, **how: Any) -> tuple[int, dict[str, Any]]:
        how.setdefault("headers", {"Origin": self.origin})
        how = how if "data" in how else {**how, "json": body}
        async with self.session.post(self.origin + path, **how) as response:
            assert "Traceback" not in await response.text()
            return response.status, await response.json()

    async def act(self, who: str = "ann", text: str | None = BROKEN, **other: Any) -> tuple[int, dict[str, Any]]:
        act = {"who": who, "room": who, "key": "nonce-0001", "kind": "said", "text": text, **other}
        return await self.post("/play/act", {name: value for name, value in act.items() if value is not None})

    async def live(self, since: int = 0) -> ClientWebSocketResponse:
        url = f"{self.origin}/play/live?since={since}"
        return await self.session.ws_connect(url, headers={"Origin": self.origin})

    async def state(self) -> dict[str, Any]:
        async with self.session.get(f"{self.origin}/play/state") as response:
            state: dict[str, Any] = await response.json()
            return state


def out(key: str, room: str = "desk", text: str = "Case #1001", **other: Any) -> Outgoing:
    thread = other.pop("thread", "")
    return Outgoing(key, Address("web", "", room, thread), words(text), **other)
