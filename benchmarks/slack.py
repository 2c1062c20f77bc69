"""A signed slash command and its answer in Slack, beside bare Bolt and bare aiohttp (python -m benchmarks.slack).

Each server has a process to itself, and so has Slack's Web API, which only says "ok"; their rounds take turns, so that
noise hits all alike. Bolt is used as its documentation shows it. Ours authorises, remembers each command so that none
counts twice, and answers after a commit (SQLite, synchronous=FULL). Its pace of one message a second is off, since Bolt
has none. CPU is that of a server's whole process, until its last message has left.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from statistics import quantiles
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.server import EVENTS, Credentials, SlackConnection
from bot.delivery import Delivery
from bot.dispatch import Bot
from bot.messages import Address, Incoming, Said, User
from bot.turn import Now
from rules.people import Role
from store.store import open_store
from store.tables import Person
from store.work import Work
from tests.slack.delivery import signed
from tests.slack.stage import IDS, TEAM
from tests.world import CATALOGUES, KNOWLEDGE, seed

SECRET, DIRECT, SAM = "8f742231b10e8888abcd99yyyzzz85a5", "D0SAM", IDS.user("sam")
ROUNDS, SECONDS, AT_ONCE = 4, 2.0, (1, 16)
CASES = 16  # each in a room of its own
TICKS = os.sysconf("SC_CLK_TCK")


# The servers ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Given:
    api: str
    token: str
    folder: str


async def aiohttp_only(app: web.Application, _: Given) -> None:
    async def ok(request: web.Request) -> web.Response:
        await request.read()
        return web.Response()

    app.router.add_post(EVENTS, ok)


async def bolt(app: web.Application, given: Given, post: bool = False) -> None:
    made = AsyncApp(client=AsyncWebClient(given.token, given.api), signing_secret=SECRET)

    @made.command("/case")
    async def case(ack: AsyncAck, client: AsyncWebClient) -> None:
        await ack()
        if post:
            await client.chat_postMessage(channel=DIRECT, text="Sam Ortiz (support desk) answered on #1001.")

    async def serve(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await made.async_dispatch(await to_bolt_request(request)))

    app.router.add_post(EVENTS, serve)


async def bolt_posting(app: web.Application, given: Given) -> None:
    await bolt(app, given, post=True)


async def ours(app: web.Application, given: Given, room: bool = False) -> None:
    """Cases of as many customers, all with Sam; ``room``: the desk has a channel, with a live card for each."""
    store = open_store(f"sqlite:///{tempfile.mkdtemp(dir=given.folder)}/desk.db")
    await store.migrate()
    await store.write(seed, "slack", room, IDS)
    await store.write(add_people)
    connection = SlackConnection(Credentials(given.api, SECRET, given.token), None, None, lambda: datetime.now(UTC))
    connection.channel.gap = connection.channel.burst = timedelta(0)
    delivery = Delivery(store, {"slack": connection.channel}, CATALOGUES, now)
    bot = Bot(store, CATALOGUES, now, delivery.wake.set, KNOWLEDGE)
    for number in range(CASES):
        await says(bot, f"U0CUSTOMER{number}", "The quote form is broken since this morning")
        await says(bot, SAM, f"take {1001 + number}")
    await delivery.deliver_all()
    connection.register(app, bot)
    await connection.start()
    app["delivery"] = asyncio.create_task(delivery.run())


async def ours_with_a_desk(app: web.Application, given: Given) -> None:
    await ours(app, given, room=True)


def now() -> Now:
    at = datetime.now(UTC)
    return Now(at, at)


def add_people(work: Work) -> None:
    account = next(person.account_id for person in work.customers())
    people = [(SAM, next(person for person in work.staff() if person.name.startswith("Sam")))]
    for number in range(CASES):
        name = f"customer{number}"
        customer = Person(name=name, email=f"{name}@northwind.example", role=Role.CUSTOMER, account_id=account)
        work.add(customer)
        people.append((f"U0CUSTOMER{number}", customer))
    for user, person in people:
        person.conversation_id = work.conversation("slack", TEAM, user).id
        work.add(person)
        if work.person_of("slack", [TEAM], user) is None:
            work.link("slack", TEAM, user, person, "benchmark", now().machine)


async def says(bot: Bot, user: str, line: str) -> None:
    await bot.hear(Incoming(f"{user} {line}", User(user), Address("slack", TEAM, user), Said(line), now().business))


async def web_api(app: web.Application, _: Given) -> None:
    """Says "ok" to everything, and counts by token what it was asked and what was posted."""
    asked: Counter[str] = Counter()
    posted: Counter[str] = Counter()
    stamps = count(1)

    async def call(request: web.Request) -> web.Response:
        await request.read()
        method, token = request.match_info["method"], request.headers.get("Authorization", "").removeprefix("Bearer ")
        asked[token] += 1
        posted[token] += method == "chat.postMessage"
        user = {"id": SAM, "team_id": TEAM, "tz": "America/New_York", "real_name": "Sam"}
        said = {"ts": f"1700000000.{next(stamps):06}", "team_id": TEAM, "user_id": "U0BOT", "bot_id": "B0BOT"}
        return web.json_response({"ok": True, "channel": {"id": DIRECT}, "user": user, "url": "https://x/", **said})

    async def counts(request: web.Request) -> web.Response:
        token = request.query["token"]
        return web.json_response([posted[token], asked[token]])

    app.router.add_route("*", "/api/{method}", call)
    app.router.add_get("/counts", counts)


SERVERS: dict[str, Callable[[web.Application, Given], Awaitable[None]]] = {
    each.__name__: each for each in (web_api, aiohttp_only, bolt, bolt_posting, ours, ours_with_a_desk)
}


async def serve(name: str, *given: str) -> None:
    app = web.Application()
    await SERVERS[name](app, Given(*given))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


# What is measured -------------------------------------------------------------------------------------------------


@dataclass
class Contender:
    label: str
    server: str
    line: Callable[[int], str]
    posts: int = 0
    """Messages that each command leads to."""
    url: str = ""
    pid: int = 0
    done: "dict[int, Result]" = field(default_factory=dict)

    @property
    def token(self) -> str:
        return f"xoxb-{self.label}"

    def cpu(self) -> float:
        """Seconds, of all its threads."""
        with open(f"/proc/{self.pid}/stat") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


@dataclass
class Result:
    took: list[float] = field(default_factory=list)
    seconds: float = 0
    cpu: float = 0
    refused: int = 0

    @property
    def each(self) -> float:
        """Microseconds of CPU a request."""
        return self.cpu / len(self.took) * 1e6


NUMBERS = count(1)
CONTENDERS = [
    Contender("(a) aiohttp, 200", "aiohttp_only", lambda n: "queue"),
    Contender("(b) Bolt, ack", "bolt", lambda n: "queue"),
    Contender("(c) Bolt, ack + post", "bolt_posting", lambda n: f"reply {1001 + n % CASES} Looking into it", 1),
    Contender("(d) ours, answered at once", "ours", lambda n: f"status {1001 + n % CASES}"),
    Contender("(d) ours, a queue of 16", "ours", lambda n: "queue"),
    Contender("(e) ours, answer posted", "ours", lambda n: f"reply {1001 + n % CASES} Looking into it", 1),
    Contender(
        "(e) with the desk's thread", "ours_with_a_desk", lambda n: f"reply {1001 + n % CASES} Looking into it", 2
    ),
]


def request(line: str, number: int) -> tuple[bytes, dict[str, str]]:
    """Each its own command: nothing is saved because it was heard before."""
    body = urlencode(
        {
            "token": "an old one",
            "team_id": TEAM,
            "team_domain": "provider",
            "channel_id": DIRECT,
            "channel_name": "directmessage",
            "user_id": SAM,
            "user_name": "sam",
            "command": "/case",
            "text": line,
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


async def drive(one: Contender, session: aiohttp.ClientSession, at_once: int, seconds: float, into: Result) -> int:
    """How many commands were given; each client waits for its answer before it gives the next."""
    until, given = time.perf_counter() + seconds, 0

    async def client() -> None:
        nonlocal given
        while time.perf_counter() < until:
            number = next(NUMBERS)
            body, headers = request(one.line(number), number)
            began = time.perf_counter()
            async with session.post(one.url, data=body, headers=headers) as response:
                await response.read()
            into.took.append(time.perf_counter() - began)
            into.refused += response.status != 200
            given += 1

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(at_once)))
    into.seconds += time.perf_counter() - began
    return given


async def measure(one: Contender, session: aiohttp.ClientSession, api: str, at_once: int, seconds: float) -> None:
    into = one.done.setdefault(at_once, Result())
    before, _ = await counts(session, api, one)
    cpu = one.cpu()
    given = await drive(one, session, at_once, seconds, into)
    if one.posts:
        async with asyncio.timeout(120):
            await left(session, api, one, before + given * one.posts)
    into.cpu += one.cpu() - cpu


async def left(session: aiohttp.ClientSession, api: str, one: Contender, posts: int) -> None:
    """So many messages stand there, and nothing more is edited."""
    seen, asked = await counts(session, api, one)
    while True:
        await asyncio.sleep(0.1)
        before, (seen, asked) = asked, await counts(session, api, one)
        if seen >= posts and asked == before:
            return


async def counts(session: aiohttp.ClientSession, api: str, one: Contender) -> tuple[int, int]:
    """What it posted, and what it asked of Slack in all."""
    async with session.get(api.replace("/api/", "/counts"), params={"token": one.token}) as response:
        posted, asked = await response.json()
        return posted, asked


@asynccontextmanager
async def process(name: str, *given: str) -> AsyncIterator[tuple[str, int]]:
    """A server's address and process."""
    command = (sys.executable, "-m", "benchmarks.slack", name, *given)
    started = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        assert started.stdout
        port = int(await started.stdout.readline())
        yield f"http://127.0.0.1:{port}", started.pid
    finally:
        with suppress(ProcessLookupError):
            started.kill()
        await started.wait()


async def compare() -> None:
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        address, _ = await stack.enter_async_context(process("web_api", "", "", folder))
        api = f"{address}/api/"
        for one in CONTENDERS:
            address, one.pid = await stack.enter_async_context(process(one.server, api, one.token, folder))
            one.url = address + EVENTS
        session = await stack.enter_async_context(aiohttp.ClientSession())
        for one in CONTENDERS:
            await measure(one, session, api, 1, 0.5)
            one.done.clear()
        for number in range(ROUNDS):
            first = number % len(CONTENDERS)
            for at_once in AT_ONCE:
                for one in CONTENDERS[first:] + CONTENDERS[:first]:
                    await measure(one, session, api, at_once, SECONDS)
    report()


def report() -> None:
    posting = next(one for one in CONTENDERS if one.server == "bolt_posting")
    print(f"{'':28} at once    p50 ms    p99 ms   requests/s   CPU µs each   of (c)'s   not 200")
    for at_once in AT_ONCE:
        for one in CONTENDERS:
            it = one.done[at_once]
            cuts, rate = quantiles(it.took, n=100), len(it.took) / it.seconds
            share = it.each / posting.done[at_once].each
            figures = f"{cuts[49] * 1e3:>9.2f} {cuts[98] * 1e3:>9.2f} {rate:>12.0f} {it.each:>13.0f} {share:>9.0%}"
            print(f"{one.label:28} {at_once:>7} {figures} {it.refused:>9}")
    for one in CONTENDERS:
        if one.server.startswith("ours"):
            less = all(one.done[n].each < posting.done[n].each for n in AT_ONCE)
            print(f"{one.label}: {'less' if less else 'NOT less'} CPU a request than {posting.label}")


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:]) if sys.argv[1:] else compare())
