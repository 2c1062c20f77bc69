"""Several servers on one PostgreSQL: whichever answers, whoever dies, it is one desk."""

import asyncio
import secrets
import signal
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest
from aiohttp import ClientSession, CookieJar, TCPConnector

from bot.incoming import Said
from store.bell import Bell
from store.store import Store, open_store
from tests.app.test_command_line import run, running
from tests.app.test_serve_slack import DIRECTORY, modal, said
from tests.slack.far import Far
from tests.slack.places import Message
from tests.slack.slack import Slack
from tests.store.inside import Gate, on_postgresql, on_sqlite, until
from tests.world import BROKEN, World

pytestmark = pytest.mark.postgres
LISTENERS = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND query LIKE '%supporthub_owed%' AND pid <> pg_backend_pid()"""
CUT = LISTENERS.replace("count(*)", "count(pg_terminate_backend(pid, 5000))")


async def ask(url: str, query: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval(query))
    finally:
        await connection.close()


class Replica:
    """A desk that sends only when it is woken, for it does not look by itself."""

    def __init__(self, store: Store) -> None:
        self.store, self.world = store, World(store)
        self.woken = asyncio.Event()
        self.world.fake.after = lambda _: self.sent.set()
        self.sent = asyncio.Event()
        store.on_owed(self._wake)
        self._sending = asyncio.create_task(self.world.delivery.run())

    def _wake(self) -> None:
        self.woken.set()
        self.world.delivery.wake.set()

    async def listens(self) -> None:
        """It was woken once when it began, for what it may have missed."""
        await asyncio.wait_for(self.woken.wait(), 30)
        self.woken.clear()

    async def close(self) -> None:
        await self.world.delivery.stop()
        await self._sending
        await self.store.close()


@asynccontextmanager
async def another(url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Replica]:
    monkeypatch.setattr("bot.delivery.IDLE", 3600.0)
    replica = Replica(open_store(url))
    await replica.listens()
    try:
        yield replica
    finally:
        await replica.close()


@on_postgresql
async def test_what_one_owes_another_sends_at_once(
    desk: World, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that heard it sends nothing itself here, and neither looks for an hour."""
    listening = asyncio.Event()
    desk.store.on_owed(listening.set)
    await asyncio.wait_for(listening.wait(), 30)
    async with another(database_url, monkeypatch) as other:
        await desk.hear("ann", Said(BROKEN))
        await asyncio.wait_for(other.sent.wait(), 30)
        assert other.world.fake.posts
    assert not desk.fake.posts


@on_postgresql
async def test_who_lost_the_line_listens_again_and_looks_for_what_it_missed(
    desk: World, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with another(database_url, monkeypatch) as other:
        other.woken.clear()
        assert await ask(database_url, CUT) == 1
        await desk.hear("ann", Said(BROKEN))  # nobody rings for it: this desk has no line of its own
        await asyncio.wait_for(other.sent.wait(), 30)
        assert other.woken.is_set()


@on_postgresql
async def test_a_replica_is_not_woken_by_itself_nor_by_what_owes_nothing(desk: World, database_url: str) -> None:
    rung: asyncio.Queue[str] = asyncio.Queue()
    one, other = open_store(database_url), open_store(database_url)
    one.on_owed(partial(rung.put_nowait, "one"))
    other.on_owed(partial(rung.put_nowait, "other"))
    assert {await asyncio.wait_for(rung.get(), 30) for _ in range(2)} == {"one", "other"}
    await one.write(lambda work: work.set("a", "owes nothing"))
    await one.write(lambda work: work.refresh_cards(1, desk.time.machine))
    await one.write(lambda work: work.owe(1, desk.time.machine, {"message": {"parts": []}}))
    assert await asyncio.wait_for(rung.get(), 30) == "other"
    assert rung.empty()
    for each in (one, other):
        await each.close()


@on_postgresql
async def test_many_commits_at_once_ring_a_few_times(
    desk: World, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rings: asyncio.Queue[str] = asyncio.Queue()
    other = open_store(database_url)
    other.on_owed(partial(rings.put_nowait, "other"))
    await asyncio.wait_for(rings.get(), 30)
    monkeypatch.setattr("store.bell.BETWEEN", 0.5)
    desk.store.on_owed(lambda: None)
    row: dict[str, Any] = {"message": {"parts": []}}
    owing = (desk.store.write(lambda work: work.owe(1, desk.time.machine, row)) for _ in range(50))
    await asyncio.gather(*owing)
    bell = desk.store._bell  # type: ignore[attr-defined]
    assert isinstance(bell, Bell)

    async def said_all() -> bool:
        return not bell._rung.is_set()

    await until(said_all)
    assert rings.qsize() <= 2
    await other.close()


@on_sqlite
async def test_with_sqlite_there_is_nobody_else_to_listen_to(store: Store) -> None:
    store.on_owed(lambda: pytest.fail("nobody calls"))
    await store.write(lambda work: work.set("a", "b"))


@on_postgresql
async def test_a_replica_opens_its_pool_and_one_more_at_most(database_url: str) -> None:
    store = open_store(database_url, pool=3)
    gate, listening = Gate(store), asyncio.Event()
    store.on_owed(listening.set)
    await asyncio.wait_for(listening.wait(), 30)
    holding = [asyncio.create_task(store.write(gate.stand)) for _ in range(10)]
    await gate.reached(by=3)
    ours = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'supporthub'"
    )
    assert await ask(database_url, ours) == 3 + 1
    gate.open()
    await asyncio.gather(*holding)
    await store.close()


GRANTED = """
CREATE ROLE {role} LOGIN PASSWORD 'only-works';
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role};
"""


@on_postgresql
async def test_a_server_need_not_be_allowed_to_change_the_schema(database_url: str) -> None:
    parts, role = urlsplit(database_url), f"desk_{secrets.token_hex(4)}"
    owner = await asyncpg.connect(database_url)
    await owner.execute(GRANTED.format(role=role))
    store = open_store(parts._replace(netloc=f"{role}:only-works@{parts.hostname}:{parts.port}").geturl())
    try:
        await store.migrate()
        desk, listening = await World(store).open(), asyncio.Event()
        store.on_owed(listening.set)
        await asyncio.wait_for(listening.wait(), 30)
        assert "This is case #1001." in str(await desk.says("ann", BROKEN))
        await desk.passes_and_warns(hours=6)
    finally:
        await store.close()
        await owner.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")
        await owner.close()


# Real servers behind a balancer


@asynccontextmanager
async def balancer(backends: Iterable[str]) -> AsyncIterator[str]:
    """Each connection goes to the next server in turn, and on to the one after it where that refuses it."""
    ports = [urlsplit(each).port for each in backends]
    served: set[asyncio.Task[None]] = set()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(len(ports)):
            ports.append(ports.pop(0))
            with suppress(ConnectionError):
                theirs, to_them = await asyncio.open_connection("127.0.0.1", ports[-1])
                await asyncio.gather(carry(reader, to_them), carry(theirs, writer))
                return
        writer.close()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(serve(reader, writer))
        served.add(task)
        task.add_done_callback(served.discard)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    finally:
        server.close()
        for task in served:
            task.cancel()


@pytest.fixture
async def browser() -> AsyncIterator[ClientSession]:
    """A new connection for every request, so that each goes to another server."""
    jar = CookieJar(unsafe=True)
    async with ClientSession(connector=TCPConnector(force_close=True), cookie_jar=jar) as session:
        yield session


async def test_one_desk_behind_a_balancer_whichever_server_answers_and_whoever_is_killed(
    tmp_path: Path, create_database: Callable[[], str], browser: ClientSession
) -> None:
    """Nothing of a conversation is kept in a process: not the install that was begun, no modal, no draft, no button."""
    async with Far() as far:
        (tmp_path / "desk.toml").write_text(DIRECTORY)
        environment = {"SUPPORTHUB_DATABASE_URL": create_database(), **as_an_app_of_many(far)}
        imported = await asyncio.to_thread(run, tmp_path, "import", "desk.toml", **environment)
        assert imported.returncode == 0, imported.stderr
        with (
            running(tmp_path, "serve", **environment) as (one, killed),
            running(tmp_path, "serve", **environment) as (other, left),
        ):
            async with (
                balancer([one, other]) as url,
                Slack(far, f"{url}slack/events", session=browser) as slack,
            ):
                await install(far, browser, url)
                opened = await open_case(far, slack)
                thread = await begin_dialog(far, slack)
                await settled(environment["SUPPORTHUB_DATABASE_URL"])
                killed.kill()
                killed.wait()
                await end_dialog(far, slack, thread)
                await close_case(far, slack, opened)
            await leave_in_good_order(browser, other, left.send_signal)
            assert await asyncio.to_thread(left.wait, 60) == 0
        assert far.violations == []


def as_an_app_of_many(far: Far) -> dict[str, str]:
    far.app.client_secret = "f25b5ceaf8a3"
    far.add_user("U0ANN", "Ann Lee", restricted=True)
    far.add_user("U0SAM", "Sam Ortiz")
    return {
        "SUPPORTHUB_MODE": "development",
        "SUPPORTHUB_PUBLIC_URL": "http://127.0.0.1:3978",
        "SUPPORTHUB_SECRET_KEY": "a key of the desk that is long enough",
        "SLACK_API_URL": far.url,
        "SLACK_CLIENT_ID": far.app.client_id,
        "SLACK_CLIENT_SECRET": far.app.client_secret,
        "SLACK_SIGNING_SECRET": far.app.signing_secret,
    }


async def install(far: Far, browser: ClientSession, url: str) -> None:
    """Begun at one server and ended at the other, which knows the state by the key that both have."""
    async with browser.get(f"{url}slack/install", allow_redirects=False) as told:
        page = told.headers["Location"]
    back = urlsplit(far.consent(page, "U0SAM"))
    async with browser.get(f"{url}slack/oauth_redirect?{back.query}") as told:
        assert told.status == 200, await told.text()
    far.add_channel("C0DESK", "support-desk", ["U0SAM"])


async def open_case(far: Far, slack: Slack) -> Message:
    assert (await slack.command("U0ANN", "U0ANN", "/support", "open")).status == 200
    await modal(far, "U0ANN")
    view = slack.modal("U0ANN")
    filled = {view.labels[0]: "The quote form is broken", view.labels[1]: "Error 500 on save"}
    assert (await slack.submit("U0ANN", view, filled)).status == 200
    await said(far, "U0ANN", "Thank you, Ann Lee. This is case #1001.")
    return await said(far, "C0DESK", "#1001: The quote form is broken")


async def begin_dialog(far: Far, slack: Slack) -> str:
    """Returns the thread in which it is asked."""
    assert (await slack.message("U0ANN", "U0ANN", "The exports take an hour since Friday")).status == 200
    asked = await said(far, "U0ANN", "You have an open case. Where does this belong?")
    assert (await slack.press("U0ANN", asked, "New case")).status == 200
    await said(far, "U0ANN", "Thank you, Ann Lee. This is case #1002.")
    question = await said(far, "U0ANN", "#1002: What exactly happens")
    await said(far, "C0DESK", "#1002: The exports take an hour")
    return question.thread


async def settled(url: str) -> None:
    """Nothing is on its way: what a killed server was sending stays its own for as long as the lease is, a minute."""

    async def rests() -> bool:
        return not await ask(
            url, "SELECT count(*) FROM conversation WHERE leased_until IS NOT NULL OR next_at IS NOT NULL"
        )

    await until(rests)


async def end_dialog(far: Far, slack: Slack, thread: str) -> None:
    """Answered where the question was asked by a server that is dead."""
    for answer in ("A spinner, for an hour", "high", "skip"):
        assert (await slack.message("U0ANN", "U0ANN", answer, thread)).status == 200
    await said(far, "U0ANN", "Thank you. That is all on case #1002")


async def close_case(far: Far, slack: Slack, card: Message) -> None:
    assert (await slack.message("U0SAM", "C0DESK", "!reply We look into it", card.ts)).status == 200
    await said(far, "U0ANN", "Sam Ortiz (support desk) answered on #1001.")
    closed = await slack.command("U0SAM", "C0DESK", "/case", "close 1001 Fixed the form")
    assert "awaiting the customer's confirmation" in closed.json["text"]
    asked = await said(far, "U0ANN", "Sam Ortiz (support desk) says #1001 is solved.")
    assert (await slack.press("U0ANN", asked, "Yes, close it")).status == 200
    await said(far, "U0ANN", "Thank you. Case #1001 is closed.")


async def leave_in_good_order(browser: ClientSession, url: str, send: Callable[[int], None]) -> None:
    """A balancer that looks at it sees it leave before it refuses anybody."""
    async with browser.get(f"{url}readyz") as told:
        assert told.status == 200
    send(signal.SIGTERM)
    for _ in range(1000):
        async with browser.get(f"{url}readyz") as told:
            if told.status == 503:
                assert (await told.json())["status"] == "this server is leaving"
                break
    else:
        pytest.fail("it says that it is ready")
    async with browser.get(f"{url}healthz") as told:
        assert told.status == 200, "still served"
