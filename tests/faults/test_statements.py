"""The database fails at each statement of each kind of unit: nothing by halves, and on again without a restart."""

import shutil
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.util import await_only

from bot.channel import Busy
from bot.incoming import Said
from bot.messages import Message, Text, to_json
from store.store import Store, Unavailable, open_store
from store.work import Work
from tests.databases import drop_database, new_database
from tests.faults.checker import Violation
from tests.faults.hub import still_owed
from tests.faults.plan import TRIALS, Tally, report
from tests.store.inside import engine, everything
from tests.world import BROKEN, World, opened

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1200)]
Fresh = Callable[[], Any]


@dataclass(frozen=True)
class Fault:
    name: str
    strike: Callable[[Any], None]
    """What it does at the statement, of which it gets the cursor."""
    stays: bool = False
    """Also at every later one."""
    heals: bool = False
    """The unit is done all the same, but for a COMMIT that fails."""


def refused(words: str) -> Callable[[Any], None]:
    def strike(_: Any) -> None:
        raise sqlite3.OperationalError(words)

    return strike


def pragma(what: str) -> Callable[[Any], None]:
    def strike(cursor: Any) -> None:
        cursor.connection.execute(f"PRAGMA {what}")

    return strike


def said_by_the_server(state: str) -> Callable[[Any], None]:
    """An error of PostgreSQL's own, so that its transaction is as it is after one."""

    def strike(cursor: Any) -> None:
        cursor.execute(f"DO $$ BEGIN RAISE 'by the test' USING ERRCODE = '{state}'; END $$")

    return strike


def cut(cursor: Any) -> None:
    line = cursor._adapt_connection._connection
    await_only(_terminate(line._addr, line._params, line.get_server_pid()))


async def _terminate(address: tuple[str, int], known: Any, process: int) -> None:
    host, port = address
    by = await asyncpg.connect(host=host, port=port, user=known.user, password=known.password, database=known.database)
    await by.execute("SELECT pg_terminate_backend($1, 5000)", process)
    await by.close()


FAULTS = {
    "sqlite": (
        Fault("locked", refused("database is locked")),
        Fault("full", pragma("max_page_count=1"), stays=True),
        Fault("read-only", pragma("query_only=ON"), stays=True),
        Fault("broken", refused("disk I/O error")),
    ),
    "postgresql": (
        Fault("locked", said_by_the_server("55P03")),
        Fault("full", said_by_the_server("53100")),
        Fault("read-only", said_by_the_server("25006")),
        Fault("slow", said_by_the_server("57014")),
        Fault("deadlock", said_by_the_server("40P01"), heals=True),
        Fault("dropped", cut, heals=True),
        Fault("dropped again and again", cut, stays=True),
    ),
}
HEALTHY = ("max_page_count=1073741823", "query_only=OFF")


@contextmanager
def struck(store: Store, fault: Fault, number: int) -> Iterator[list[str]]:
    """At the statement of that number, COMMIT among them; yields where it struck."""
    inside, reached, where, on = engine(store), count(1), list[str](), [True]

    def now(statement: str) -> bool:
        at = next(reached)
        if on[0] and (at == number or (fault.stays and at > number)):
            where.append(statement)
            return True
        return False

    def execute(cursor: Any, statement: str, *_: Any) -> None:
        if now(statement):
            fault.strike(cursor)

    def commit(_: Any) -> None:
        if now("COMMIT") and not fault.stays:
            raise OperationalError("COMMIT", None, Exception(fault.name))

    def heal(connection: Any, *_: Any) -> None:
        for each in HEALTHY if inside.dialect.name == "sqlite" and not on[0] else ():
            connection.execute(f"PRAGMA {each}")

    listening: list[tuple[str, Callable[..., None]]] = [
        ("do_execute", execute),
        ("do_executemany", execute),
        ("commit", commit),
    ]
    for name, listener in listening:
        event.listen(inside, name, listener)
    event.listen(inside.pool, "checkout", heal)
    try:
        yield where
    finally:
        on[0] = False
        for name, listener in listening:
            event.remove(inside, name, listener)


@dataclass(frozen=True)
class Scene:
    name: str
    before: Callable[[World], Awaitable[Any]]
    act: Callable[[World], Awaitable[Any]]


async def nothing(_: World) -> None:
    return


async def two_cases(desk: World) -> None:
    await opened(desk)
    await opened(desk, "eve")


async def opens(desk: World) -> None:
    await desk.hear("ann", Said(BROKEN), key="m1")


async def sweeps(desk: World) -> None:
    desk.passes(hours=6)
    await desk.escalation.round()


UNITS = (Scene("a turn", nothing, opens), Scene("the sweep", two_cases, sweeps))


@pytest.fixture
def lend(
    request: pytest.FixtureRequest, database_url: str, tmp_path: Path
) -> Callable[[Scene], Awaitable[Callable[[], Any]]]:
    """Prepares a desk for a scene; then call it for one copy after the other."""

    async def prepare(scene: Scene) -> Callable[[], Any]:
        store = open_store(database_url)
        await scene.before(await World(store).open())
        await store.close()

        @asynccontextmanager
        async def copy() -> AsyncIterator[World]:
            if database_url.startswith("sqlite"):
                url = f"sqlite:///{shutil.copy(tmp_path / 'desk.db', tmp_path / 'copy.db')}"
            else:
                server = request.getfixturevalue("postgres_server")
                url = new_database(server, database_url.rpartition("/")[2])
            store = open_store(url)
            try:
                yield World(store)
            finally:
                await store.close()
                if url.startswith("postgresql"):
                    drop_database(url)
                for left in tmp_path.glob("copy.db*"):
                    left.unlink()

        return copy

    return prepare


def numbers(kind: str, fault: Fault) -> Iterator[int]:
    """Of the statements; in a small run each with one of the faults, and few that need a new desk afterwards."""
    faults = FAULTS[kind]
    return count(1) if TRIALS >= 1000 else count(1 + faults.index(fault), len(faults) * (3 if fault.heals else 1))


@pytest.mark.parametrize("scene", UNITS, ids=lambda scene: scene.name)
async def test_a_unit_is_done_or_not_wherever_the_database_fails(
    scene: Scene, lend: Callable[[Scene], Awaitable[Fresh]], database_url: str
) -> None:
    tally, kind = Tally(), database_url.partition(":")[0]
    fresh = await lend(scene)
    async with fresh() as desk:
        await scene.act(desk)
        whole = await desk.store.read(sizes)
    for fault in FAULTS[kind]:
        at = numbers(kind, fault)
        while await one_desk(fresh, scene, fault, at, whole, tally):
            """Another desk, since the unit was done on the last one."""
    report(f"faults at each statement of {scene.name}, {kind}", tally)
    assert not tally.violations
    assert tally.trials > 15


def sizes(work: Work) -> dict[str, int]:
    return {table: len(rows) for table, rows in everything(work).items()}


async def one_desk(
    fresh: Fresh, scene: Scene, fault: Fault, at: Iterator[int], whole: dict[str, int], tally: Tally
) -> bool:
    """Statement after statement, as long as nothing is done; whether there are more."""
    async with fresh() as desk:
        before, time = await desk.store.read(everything), desk.time
        for number in at:
            desk.time = time
            with struck(desk.store, fault, number) as where:
                raised = await attempt(scene, desk)
            tally.trials += bool(where)
            same = await desk.store.read(everything) == before
            told = f"{fault.name} at {number}, {where}: {raised!r}"
            if raised is None:
                if await desk.store.read(sizes) != whole:
                    tally.violations.append(Violation("lost", f"{told}, and not all was done"))
                tally.recovered += bool(where)
                return bool(where)
            if not isinstance(raised, Busy | Unavailable) or (fault.heals and where != ["COMMIT"]):
                tally.violations.append(Violation("unexpected", told))
            if not same:
                tally.violations.append(Violation("unexpected", f"{told}, and something was done"))
            if tally.violations:
                return False
            tally.recovered += 1
    return False


async def attempt(scene: Scene, desk: World) -> Exception | None:
    try:
        await scene.act(desk)
    except Exception as error:
        return error
    return None


async def test_a_message_arrives_once_wherever_the_database_fails_at_its_claim_or_its_receipt(
    desk: World, database_url: str
) -> None:
    tally, kind, room = Tally(), database_url.partition(":")[0], "ann"
    for fault in FAULTS[kind]:
        for number in numbers(kind, fault):
            text = f"{fault.name} at {number}"
            await desk.store.write(owe, desk, room, text)
            with struck(desk.store, fault, number) as where, suppress(Unavailable):
                await desk.delivery.deliver_all()
            if not where:
                await desk.delivery.deliver_all()
                break
            desk.passes(minutes=2)
            await desk.delivery.deliver_all()
            tally.trials += 1
            arrived, owed = desk.heard(room).count(text), await desk.store.read(still_owed)
            if arrived != 1 or owed:
                tally.violations.append(
                    Violation("duplicated" if arrived > 1 else "lost", f"{text}, {where}: {arrived}")
                )
            tally.recovered += arrived == 1
    tally.posts = len(desk.heard(room))
    report(f"faults at each statement of claim and settle, {kind}", tally)
    assert not tally.violations
    assert tally.trials > 5


def owe(work: Work, desk: World, room: str, text: str) -> None:
    place = work.conversation("fake", "", room)
    work.owe(place.id, desk.time.machine, {"message": to_json(Message((Text((text,)),)))})
