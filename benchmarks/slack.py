"""A signed slash command and its answer in Slack, beside bare Bolt (python -m benchmarks slack).

Each server has a process to itself, and so has Slack's Web API, which only says "ok"; their rounds take turns, so that
noise hits all alike. Bolt is used as its documentation shows it: it acknowledges and posts. Ours authorises, remembers
each command so that none counts twice, minds its limits, and answers after a commit (on SQLite with synchronous=FULL).
Its pace of one message a second is off, since Bolt has none. CPU is that of a server's whole process, until its last
message has left, and PostgreSQL's own.
"""

import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from statistics import median
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.server import EVENTS, Credentials, SlackConnection
from benchmarks.databases import Database, databases
from benchmarks.desk import PEOPLE, desk
from benchmarks.processes import process
from benchmarks.processor import of
from benchmarks.table import Row
from store.store import open_store
from tests.slack.delivery import signed
from tests.slack.stage import IDS, TEAM

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
AT_ONCE = (1, 8, 64)
ROUNDS, SECONDS, FULL_SECONDS = 4, 0.7, 3.0
LEAST = 40  # turns of a round, however slow the machine: what is done beside them weighs little then


# The servers ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Given:
    api: str
    token: str
    database: str


async def bolt(app: web.Application, given: Given) -> None:
    made = AsyncApp(client=AsyncWebClient(given.token, given.api), signing_secret=SECRET)

    @made.command("/case")
    async def case(ack: AsyncAck, client: AsyncWebClient) -> None:
        await ack()
        await client.chat_postMessage(channel="D0SAM", text="Sam Ortiz (support desk) answered on #1001.")

    async def serve(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await made.async_dispatch(await to_bolt_request(request)))

    app.router.add_post(EVENTS, serve)


async def ours(app: web.Application, given: Given) -> None:
    connection = SlackConnection(Credentials(given.api, SECRET, given.token), None, None, lambda: datetime.now(UTC))
    connection.channel.gap = connection.channel.burst = timedelta(0)
    await (store := open_store(given.database)).migrate()
    connection.register(app, await desk(app, store, "slack", TEAM, IDS, connection.channel, user))
    await connection.start()


def user(name: str) -> str:
    return f"U0{name.upper()}"


async def web_api(app: web.Application, _: Given) -> None:
    """Says "ok" to everything, and counts by token what it was asked and what was posted."""
    asked: Counter[str] = Counter()
    posted: Counter[str] = Counter()
    stamps = count(1)

    async def call(request: web.Request) -> web.Response:
        await request.read()
        given = {**request.query, **await request.post()}  # of a body in JSON nothing
        method, token = request.match_info["method"], request.headers.get("Authorization", "").removeprefix("Bearer ")
        asked[token] += 1
        posted[token] += method == "chat.postMessage"
        who = str(given.get("user") or given.get("users") or "U0SAM")
        about = {"id": who, "team_id": TEAM, "tz": "America/New_York", "real_name": "Somebody"}
        said = {"ts": f"1700000000.{next(stamps):06}", "team_id": TEAM, "user_id": "U0BOT", "bot_id": "B0BOT"}
        return web.json_response(
            {"ok": True, "channel": {"id": f"D{who[1:]}"}, "user": about, "url": "https://x/", **said}
        )

    async def counts(request: web.Request) -> web.Response:
        token = request.query["token"]
        return web.json_response([posted[token], asked[token]])

    app.router.add_route("*", "/api/{method}", call)
    app.router.add_get("/counts", counts)


SERVERS: dict[str, Callable[[web.Application, Given], Awaitable[None]]] = {
    each.__name__: each for each in (web_api, bolt, ours)
}


async def serve(name: str, *given: str) -> None:
    app = web.Application()
    await SERVERS[name](app, Given(*given))
    runner = web.AppRunner(app, access_log=None, keepalive_timeout=3600)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


# What is measured -------------------------------------------------------------------------------------------------


@dataclass
class Result:
    rates: list[float] = field(default_factory=list)
    """Turns a second, for each round."""
    cpus: list[float] = field(default_factory=list)
    """Milliseconds a turn, for each round."""


@dataclass
class Contender:
    label: str
    server: str
    line: str
    posts: int
    """Messages that each command leads to."""
    database: Database | None = None
    url: str = ""
    pid: int = 0
    refused: int = 0
    """Nothing could be done in time, and that was said: too much at once for this machine, and no turn."""
    done: "dict[int, Result]" = field(default_factory=dict)

    @property
    def token(self) -> str:
        return f"xoxb-{self.server}-{self.database.name if self.database else ''}"

    def used(self) -> float:
        return of(self.pid) + (self.database.used() if self.database else 0.0)

    def figures(self, of: str) -> tuple[float, ...]:
        return tuple(median(getattr(self.done[at_once], of)) for at_once in AT_ONCE)


NUMBERS = count(1)


def request(line: str, number: int) -> tuple[bytes, dict[str, str]]:
    """Each its own command, of one after the other of the desk: nothing is saved because it was heard before."""
    person = number % PEOPLE
    body = urlencode(
        {
            "token": "an old one",
            "team_id": TEAM,
            "team_domain": "provider",
            "channel_id": f"D0AGENT{person}",
            "channel_name": "directmessage",
            "user_id": user(f"agent{person}"),
            "user_name": f"agent{person}",
            "command": "/case",
            "text": line.format(1001 + person),
            "api_app_id": "A0DESK",
            "is_enterprise_install": "false",
            "response_url": f"https://hooks.slack.com/commands/{TEAM}/{number}/abcdefghijklmnopqrstuvwx",
            "trigger_id": f"{number}.1234567890.0123456789abcdef",
        }
    ).encode()
    kind = {
        "Content-Type": "application/x-www-form-urlencoded",
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
    }
    return body, kind | signed(SECRET, body, time.time())


@dataclass
class Round:
    one: Contender
    session: aiohttp.ClientSession
    api: str

    async def measure(self, at_once: int, seconds: float) -> None:
        into = self.one.done.setdefault(at_once, Result())
        before, _ = await self._counts()
        used = self.one.used()
        given, took = await self._drive(at_once, seconds)
        if self.one.posts:
            async with asyncio.timeout(120):
                await self._left(before + given * self.one.posts)
        into.cpus.append((self.one.used() - used) / given * 1e3)
        into.rates.append(given / took)

    async def _drive(self, at_once: int, seconds: float) -> tuple[int, float]:
        """How many commands were given, and in how many seconds; each client waits for its answer before the next."""
        began, given = time.perf_counter(), 0

        async def client() -> None:
            nonlocal given
            while time.perf_counter() < began + seconds or given < LEAST:
                body, headers = request(self.one.line, next(NUMBERS))
                async with self.session.post(self.one.url, data=body, headers=headers) as response:
                    said = await response.read()
                    assert response.status in (200, 503), f"{self.one.label} answers {response.status}"
                    assert b"at once. This is not kept" not in said, "the limits slow it down"
                    refused = response.status == 503 or b"Nothing was kept" in said
                given += not refused
                self.one.refused += refused

        await asyncio.gather(*(client() for _ in range(at_once)))
        return given, time.perf_counter() - began

    async def _left(self, posts: int) -> None:
        """So many messages stand there, and nothing more is edited."""
        seen, asked = await self._counts()
        while True:
            await asyncio.sleep(0.1)
            before, (seen, asked) = asked, await self._counts()
            if seen >= posts and asked == before:
                return

    async def _counts(self) -> tuple[int, int]:
        """What it posted, and what it asked of Slack in all."""
        where = self.api.replace("/api/", "/counts")
        async with self.session.get(where, params={"token": self.one.token}) as response:
            posted, asked = await response.json()
            return posted, asked


async def compare(contenders: list[Contender], seconds: float) -> None:
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        (_, ports) = await stack.enter_async_context(process(folder, sys.executable, "slack", "web_api", "", "", ""))
        api = f"http://127.0.0.1:{ports[0]}/api/"
        servers: dict[str, tuple[str, int]] = {}
        for one in contenders:
            if one.token not in servers:
                told = (one.server, api, one.token, one.database.new() if one.database else "")
                started, ports = await stack.enter_async_context(process(folder, sys.executable, "slack", *told))
                servers[one.token] = f"http://127.0.0.1:{ports[0]}{EVENTS}", started.pid
            one.url, one.pid = servers[one.token]
        session = await stack.enter_async_context(
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=4))
        )
        rounds = [Round(one, session, api) for one in contenders]
        for each in rounds:
            await each.measure(8, 0.7)
            each.one.done.clear()
            each.one.refused = 0
        for number in range(ROUNDS):
            first = number % len(rounds)
            for at_once in AT_ONCE:
                for each in rounds[first:] + rounds[:first]:
                    await each.measure(at_once, seconds)


def rows(full: bool) -> list[Row]:
    framework, among = Contender("Bolt's ack + post", "bolt", "queue", 1), "at 1 / 8 / 64 at once"
    found = []
    with databases() as both:
        mine = [
            Contender(f"Slack on {each.name}: {what}", "ours", line, posts, each)
            for each in both
            for what, line, posts in (
                ("a command answered", "status {}", 0),
                ("a reply kept and posted", "reply {} Looking into it", 1),
            )
        ]
        asyncio.run(compare([framework, *mine], FULL_SECONDS if full else SECONDS))
    for one in mine:
        wanted = 1.0 if "SQLite" in one.label else None
        cpu = one.figures("cpus"), framework.label, framework.figures("cpus")
        rate = one.figures("rates"), framework.label, framework.figures("rates")
        told = f"{one.label}, {among}" + (f" ({one.refused} put off)" if one.refused else "")
        found.append(Row(told, "CPU ms a turn", *cpu, target=wanted))
        found.append(Row(told, "turns/s", *rate, more=True))
    return found


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:]))
