"""Turns per second beside raw sqlite3 doing the least that such a turn must (python -m benchmarks.turns).

A turn: somebody on the desk answers a case through ``Bot.hear``, each time another person on another case. Then the
time from a commit to the send. On PostgreSQL too where TEST_POSTGRES_URL names a server that lets us create databases.
"""

import asyncio
import os
import sqlite3
import tempfile
import time
from dataclasses import replace
from statistics import quantiles

from bot.channel import Busy, Outgoing
from bot.messages import Said
from rules.people import Role
from store.store import open_store
from store.tables import Person
from store.work import Work
from tests.world import MONDAY, World

TURNS = 512
AT_ONCE = (1, 8, 64)
PAIRS = range(max(AT_ONCE))
SCHEMA = """
CREATE TABLE inbox (key TEXT PRIMARY KEY, at TEXT);
CREATE TABLE cases (id INTEGER PRIMARY KEY, status TEXT, version INTEGER, updated_at TEXT);
CREATE TABLE case_event (id INTEGER PRIMARY KEY, case_id INTEGER, at TEXT, verb TEXT, words TEXT);
CREATE TABLE outbox (id INTEGER PRIMARY KEY, lane INTEGER, case_id INTEGER, message TEXT, due_at TEXT);
INSERT INTO cases VALUES (1001, 'open', 0, '');
"""


def raw(path: str) -> float:
    """Turns a second: one connection, one commit each, as durable as ours."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; {SCHEMA}")
    began, now = time.perf_counter(), MONDAY.isoformat()
    for number in range(TURNS):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO inbox VALUES (?, ?)", (f"act {number}", now))
        connection.execute("UPDATE cases SET version = version + 1, updated_at = ? WHERE id = 1001", (now,))
        connection.execute("INSERT INTO case_event VALUES (NULL, 1001, ?, 'reply', 'Looking into it')", (now,))
        connection.execute("INSERT INTO outbox VALUES (NULL, 1, 1001, '{}', ?)", (now,))
        connection.execute("COMMIT")
    return TURNS / (time.perf_counter() - began)


def add_pairs(work: Work) -> None:
    """A customer, and somebody of the desk to answer them, for each turn under way at the same time."""
    account = work.customers()[0].account_id
    for number in PAIRS:
        for name, role, of in ((f"customer{number}", Role.CUSTOMER, account), (f"agent{number}", Role.AGENT, None)):
            place = work.conversation("fake", "", name).id
            who = Person(name=name, email=f"{name}@example", role=role, account_id=of, conversation_id=place)
            work.add(who)
            work.link("fake", "", name, who, "benchmark", MONDAY)


async def say(world: World, who: str, text: str) -> None:
    while True:
        try:
            await world.hear(who, Said(text))
            return
        except Busy:  # a slow machine: it comes again, as from every channel
            continue


async def answer(world: World, number: int) -> None:
    await say(world, f"agent{number}", f"reply {1001 + number} Looking into it")


async def turns(world: World, at_once: int) -> tuple[float, float]:
    """Turns a second, and milliseconds of processor time for each."""

    async def one_after_the_other(number: int) -> None:
        for _ in range(TURNS // at_once):
            await answer(world, number)

    began, used = time.perf_counter(), time.process_time()
    await asyncio.gather(*(one_after_the_other(number) for number in range(at_once)))
    return TURNS / (time.perf_counter() - began), (time.process_time() - used) / TURNS * 1e3


async def delays(world: World) -> list[float]:
    """Milliseconds from a commit to the send to the customer, one turn at a time, the channel taking no time."""
    found, committed, arrived = [], [0.0], asyncio.Event()

    def wake() -> None:
        committed[0] = time.perf_counter()
        world.delivery.wake.set()

    def sent(out: Outgoing) -> None:
        if out.to.room.startswith("customer"):
            found.append((time.perf_counter() - committed[0]) * 1e3)
            arrived.set()

    await world.delivery.deliver_all()
    world.fake.before, world.bot = sent, replace(world.bot, wake=wake)
    delivering = asyncio.create_task(world.delivery.run())
    for number in range(200):
        arrived.clear()
        await answer(world, number % len(PAIRS))
        await arrived.wait()
    await world.delivery.stop()
    await delivering
    return found


async def measure(url: str, name: str, limit: float) -> None:
    store = open_store(url)
    await store.migrate()
    world = await World(store).open()
    await store.write(add_pairs)
    for number in PAIRS:
        await say(world, f"customer{number}", "The quote form is broken since this morning")
    for at_once in AT_ONCE:
        speed, used = await turns(world, at_once)
        print(f"{name:<12}{at_once:>9}{speed:>10.0f}{used:>10.2f}{limit / speed:>14.1f}")
    cuts = quantiles(await delays(world), n=100)
    print(f"{name}: commit to send {cuts[49]:.1f} ms (p50), {cuts[98]:.1f} ms (p99)")
    await store.close()


with tempfile.TemporaryDirectory() as folder:
    least = raw(f"{folder}/raw.db")
    print(
        f"{'':<12}{'at once':>9}{'turns/s':>10}{'CPU, ms':>10}{'raw is times':>14}\n{'raw sqlite3':<12}{1:>9}{least:>10.0f}"
    )
    asyncio.run(measure(f"sqlite:///{folder}/desk.db", "SQLite", least))
    if server := os.environ.get("TEST_POSTGRES_URL"):
        from tests.databases import temporary_database

        with temporary_database(server) as address:
            asyncio.run(measure(address, "PostgreSQL", least))
