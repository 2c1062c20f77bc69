"""What turns through ``Bot.hear`` cost, kind by kind, and how many replies a second there can be, beside raw sqlite3
doing the least of it (python -m benchmarks.turns)."""

import asyncio
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

from sqlalchemy import Engine, event

from bot.channel import Busy
from bot.messages import Said
from rules.people import Role
from store.store import open_store
from store.tables import Person
from store.work import Work
from tests.world import MONDAY, World

TURNS = 512
AT_ONCE = (1, 8, 64)
EACH, QUEUE = 128, 20  # turns of each kind; cases in the queue when it is shown
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
    world = await World(store).open()
    await store.write(add_pairs, pairs)
    for number in range(cases):
        await world.hear(f"customer{number}", Said(BROKEN))
    return world


async def costs(url: str) -> None:
    """Of slash commands, answered in the response, one at a time."""
    world = await desk_with(url, QUEUE + EACH + 1, QUEUE)
    used: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for kind, number in [(kind, number) for kind in KINDS for number in range(EACH)]:
        began = time.process_time()
        await command(world, kind, number)
        used[kind].append((time.process_time() - began) * 1e3)
    for kind in KINDS:  # last, since counting slows down
        with counted() as statements:
            await command(world, kind, EACH)
        print(f"{kind:>7}: CPU {median(used[kind]):.1f} ms, {len(statements)} statements")
    await world.store.close()


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


async def speeds(url: str, limit: float) -> None:
    world = await desk_with(url, max(AT_ONCE), max(AT_ONCE))
    for at_once in AT_ONCE:
        speed, used, refused = await turns(world, at_once)
        print(f"{at_once:>3}: {speed:.0f} turns/s, raw is {limit / speed:.1f} times; CPU {used:.1f} ms; 503: {refused}")
    await world.store.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        print("SQLite:")
        asyncio.run(costs(f"sqlite:///{folder}/costs.db"))
        least = raw(f"{folder}/raw.db")
        print(f"raw sqlite3: {least:.0f} turns/s\nSQLite, so many at once:")
        asyncio.run(speeds(f"sqlite:///{folder}/desk.db", least))
    if server := os.environ.get("TEST_POSTGRES_URL"):  # one that lets us create databases
        from tests.databases import temporary_database

        with temporary_database(server) as address:
            print("PostgreSQL:")
            asyncio.run(costs(address))
        with temporary_database(server) as address:
            print("PostgreSQL, so many at once:")
            asyncio.run(speeds(address, least))


if __name__ == "__main__":
    main()
