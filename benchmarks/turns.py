"""Replies through ``Bot.hear`` a second, beside raw sqlite3 doing the least of it (python -m benchmarks.turns)."""

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


def add_pairs(work: Work) -> None:
    """A customer, and somebody of the desk to answer them, for each turn under way at the same time."""
    account = work.customers()[0].account_id
    for number in range(max(AT_ONCE)):
        for name, role, of in ((f"customer{number}", Role.CUSTOMER, account), (f"agent{number}", Role.AGENT, None)):
            work.add(who := Person(name=name, email=f"{name}@example", role=role, account_id=of))
            who.conversation_id = work.conversation("fake", "", name).id
            work.link("fake", "", name, who, "benchmark", MONDAY)


async def answer(world: World, number: int) -> bool:
    """False: 503, too much at once for this machine."""
    try:
        return await world.hear(f"agent{number}", Said(f"reply {1001 + number} Looking into it")) is None
    except Busy:
        return False


async def turns(world: World, at_once: int) -> tuple[float, float, int]:
    """Turns a second, milliseconds of processor time for each, and how many were answered 503."""

    async def one_after_the_other(number: int) -> int:
        return sum([await answer(world, number) for _ in range(TURNS // at_once)])

    began, used = time.perf_counter(), time.process_time()
    done = sum(await asyncio.gather(*(one_after_the_other(number) for number in range(at_once))))
    return done / (time.perf_counter() - began), (time.process_time() - used) / done * 1e3, TURNS - done


async def delays(world: World) -> list[float]:
    """Milliseconds from a commit to the send to the customer, one turn at a time."""
    committed, found, arrived = [0.0], [0.0], asyncio.Event()

    def wake() -> None:
        committed.append(time.perf_counter())
        world.delivery.wake.set()

    def sent(out: Outgoing) -> None:
        if out.to.room.startswith("customer"):
            found.append((time.perf_counter() - committed[-1]) * 1e3)
            arrived.set()

    await world.delivery.deliver_all()
    world.fake.before, world.bot = sent, replace(world.bot, wake=wake)
    delivering = asyncio.create_task(world.delivery.run())
    for number in range(200):
        arrived.clear()
        if await answer(world, number % max(AT_ONCE)):
            await arrived.wait()
    await world.delivery.stop()
    await delivering
    return found[1:]


async def measure(url: str, limit: float) -> None:
    await (store := open_store(url)).migrate()
    world = await World(store).open()
    await store.write(add_pairs)
    for number in range(max(AT_ONCE)):
        await world.hear(f"customer{number}", Said("The quote form is broken since this morning"))
    for at_once in AT_ONCE:
        speed, used, refused = await turns(world, at_once)
        print(f"{at_once:>3}: {speed:.0f} turns/s, raw is {limit / speed:.1f} times; CPU {used:.1f} ms; 503: {refused}")
    cuts = quantiles(await delays(world), n=100)
    print(f"commit to send: {cuts[49]:.1f} ms (p50), {cuts[98]:.1f} ms (p99)")
    await store.close()


with tempfile.TemporaryDirectory() as folder:
    least = raw(f"{folder}/raw.db")
    print(f"raw sqlite3: {least:.0f} turns/s\nSQLite, so many at once:")
    asyncio.run(measure(f"sqlite:///{folder}/desk.db", least))
if server := os.environ.get("TEST_POSTGRES_URL"):  # one that lets us create databases
    from tests.databases import temporary_database

    with temporary_database(server) as address:
        print("PostgreSQL, so many at once:")
        asyncio.run(measure(address, least))
