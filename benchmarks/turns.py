"""What turns through ``Bot.hear`` cost, kind by kind, and how many replies a second there can be, beside raw sqlite3
doing the least of it (python -m benchmarks turns). No channel takes part: slack.py and teams.py have whole ones."""

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

from sqlalchemy import Engine, event

from benchmarks.databases import Database, databases
from benchmarks.table import Row
from bot.channel import Busy
from bot.incoming import Said
from rules.people import Role
from store.store import open_store
from store.tables import Person
from store.work import Work
from tests.world import MONDAY, World

TURNS = 512
AT_ONCE = (1, 8, 64)
EACH, QUEUE = 96, 20  # turns of each kind; cases in the queue when it is shown
BROKEN = "The quote form is broken since this morning"
KINDS = {
    "status": lambda number: ("agent0", "/support status 1001"),
    "queue": lambda number: ("agent0", "/support queue"),
    "open": lambda number: (f"customer{QUEUE + number}", f"/support open {BROKEN}"),
    "take": lambda number: ("agent0", f"/support take {1001 + QUEUE + number}"),
    "reply": lambda number: ("agent0", f"/support reply {1001 + QUEUE + number} Looking into it"),
}
LEAST = (
    "BEGIN IMMEDIATE",
    *(f"INSERT INTO {table} (at, words) VALUES (:at, :words)" for table in ("inbox", "case_event", "outbox")),
    "REPLACE INTO cases VALUES (1, :at, :words)",
    "COMMIT",
)


def raw(path: str) -> float:
    """Turns a second: one connection, one commit each, as durable as ours."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL")
    for table in ("inbox", "cases", "case_event", "outbox"):
        connection.execute(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, at TEXT, words TEXT)")
    began = time.perf_counter()
    for _ in range(TURNS):
        for statement in LEAST:
            connection.execute(statement, {"at": MONDAY.isoformat(), "words": "Looking into it"})
    return TURNS / (time.perf_counter() - began)


def add_pairs(work: Work, many: int) -> None:
    """A customer each, and somebody of the desk to answer them."""
    account = work.customers()[0].account_id
    for number in range(many):
        for name, role, of in ((f"customer{number}", Role.CUSTOMER, account), (f"agent{number}", Role.AGENT, None)):
            work.add(who := Person(name=name, email=f"{name}@example", role=role, account_id=of))
            who.conversation_id = work.conversation("fake", "", name).id
            work.link("fake", "", name, who, "benchmark", MONDAY)


async def desk_with(url: str, pairs: int, cases: int) -> World:
    await (store := open_store(url)).migrate()
    await store.take_over()  # only a server moves SQLite's log into its file
    world = await World(store).open()
    await store.write(add_pairs, pairs)
    for number in range(cases):
        await world.hear(f"customer{number}", Said(BROKEN))
    return world


async def costs(database: Database) -> list[Row]:
    """Of slash commands, answered in the response, one at a time."""
    world = await desk_with(database.new(), QUEUE + EACH + 1, QUEUE)
    used: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for kind, number in [(kind, number) for kind in KINDS for number in range(EACH)]:
        theirs, ours = database.used(), time.process_time()
        await command(world, kind, number)
        used[kind].append((time.process_time() - ours + database.used() - theirs) * 1e3)
    found = []
    for kind in KINDS:  # last, since counting slows down
        with counted() as statements:
            await command(world, kind, EACH)
        found.append(Row(f"{database.name}: {kind}, {len(statements)} statements", "CPU ms", (median(used[kind]),)))
    await world.store.close()
    return found


async def command(world: World, kind: str, number: int) -> None:
    who, line = KINDS[kind](number)
    await world.hear(who, Said(line), at_once=True, visible=False)


@contextmanager
def counted() -> Iterator[list[str]]:
    statements: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", count)
    yield statements
    event.remove(Engine, "before_cursor_execute", count)


async def answer(world: World, number: int) -> bool:
    """False: 503, too much at once for this machine."""
    try:
        return await world.hear(f"agent{number}", Said(f"/support reply {1001 + number} Looking into it")) is None
    except Busy:
        return False


async def turns(world: World, at_once: int) -> tuple[float, float, int]:
    """Turns a second, milliseconds of processor time for each, and how many were answered 503."""

    async def one_after_the_other(number: int) -> int:
        return sum([await answer(world, number) for _ in range(TURNS // at_once)])

    began, used = time.perf_counter(), time.process_time()
    done = sum(await asyncio.gather(*(one_after_the_other(number) for number in range(at_once))))
    return done / (time.perf_counter() - began), (time.process_time() - used) / done * 1e3, TURNS - done


async def speeds(database: Database, limit: float) -> list[Row]:
    world = await desk_with(database.new(), max(AT_ONCE), max(AT_ONCE))
    measured = [await turns(world, at_once) for at_once in AT_ONCE]
    await world.store.close()
    rate, _, refused = zip(*measured, strict=True)
    what = f"{database.name}: replies without a channel, at 1 / 8 / 64 at once"
    what += f" ({sum(refused)} put off)" if sum(refused) else ""
    return [Row(what, "turns/s", rate, "raw sqlite3, the least of it", (limit,), more=True)]


def rows(full: bool) -> list[Row]:
    found = []
    with databases() as both, tempfile.TemporaryDirectory() as folder:
        for database in both:
            found += asyncio.run(costs(database))
            found += asyncio.run(speeds(database, raw(f"{folder}/{database.name}.db")))
    return found
