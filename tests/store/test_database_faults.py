"""The database full, read-only, locked, broken, gone: nothing by halves, and on again without a restart."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import event
from sqlalchemy.util import await_only

from bot.channel import Busy
from bot.messages import Said
from store.store import Store, Unavailable, open_store
from store.work import Work
from tests.conftest import migrate
from tests.databases import DurableServer, temporary_database
from tests.store.inside import (
    Gate,
    engine,
    everything,
    failing,
    got,
    nth,
    on_postgresql,
    on_sqlite,
    put,
    sql,
    until,
)
from tests.world import BROKEN, World

ALL_UNAVAILABLE = {Unavailable}


async def at_once(store: Store, *values: str, fault: AbstractContextManager[Any] | None = None) -> list[Any]:
    """Units named 0, 1, 2, … that share a commit where the database has such; what each came to."""
    gate = Gate(store)
    first = asyncio.create_task(store.write(gate.stand))
    await gate.reached()
    with fault or nullcontext():
        writing = [asyncio.create_task(store.write(put, str(number), value)) for number, value in enumerate(values)]
        await asyncio.sleep(0)
        gate.open()
        _, *ended = await asyncio.gather(first, *writing, return_exceptions=True)
    return [type(end) for end in ended]


async def test_a_fault_at_any_statement_of_an_act_is_a_503_and_its_redelivery_is_the_first_time(desk: World) -> None:
    """Opening a case: draft, case, history, card and messages to three places."""
    before = await desk.ask_store(everything)
    for number in count(1):
        with failing(desk.store, nth(number)) as broke:
            try:
                await desk.hear("ann", Said(BROKEN), key="m1")
            except Busy:
                assert broke
                assert await desk.ask_store(everything) == before, broke
                continue
        break
    assert number > 12
    assert not broke
    await desk.delivery.deliver_all()
    assert desk.heard("ann")[0].startswith("Thank you, Ann Lee. This is case #1")
    assert await desk.ask_store(lambda work: len(work.live_cases(None))) == 1


@on_sqlite
@pytest.mark.parametrize("statement", ["BEGIN IMMEDIATE", "COMMIT"])
async def test_where_the_shared_transaction_falls_everybody_hears_of_it(store: Store, statement: str) -> None:
    fault = failing(store, lambda this: this == statement)
    assert set(await at_once(store, "a", "b", "c", fault=fault)) == ALL_UNAVAILABLE
    assert [await store.read(got, name) for name in "012"] == [None] * 3
    assert set(await at_once(store, "a", "b", "c")) == {type(None)}


@on_sqlite
async def test_a_unit_that_cannot_be_undone_alone_is_undone_with_all_of_its_group(store: Store) -> None:
    def half(work: Work) -> None:
        put(work, "half")
        raise ValueError

    gate = Gate(store)
    first = asyncio.create_task(store.write(gate.stand))
    await gate.reached()
    others = [asyncio.create_task(store.write(unit, *of)) for unit, of in ((put, ("a",)), (half, ()), (put, ("b",)))]
    await asyncio.sleep(0)
    with failing(store, lambda statement: statement.startswith("ROLLBACK TO")) as broke:
        gate.open()
        _, *ended = await asyncio.gather(first, *others, return_exceptions=True)
    assert broke
    assert {type(end) for end in ended} == ALL_UNAVAILABLE
    assert [await store.read(got, name) for name in ("a", "half", "b")] == [None] * 3


@contextmanager
def pragma(store: Store, during: str, after: str) -> Iterator[None]:
    """On every connection of the store."""
    now = [during]

    @event.listens_for(engine(store).pool, "checkout")
    def _(connection: Any, *_: Any) -> None:
        connection.execute(f"PRAGMA {now[0]}")

    yield
    now[0] = after


NO_MORE_PAGES = ("max_page_count=1", "max_page_count=1073741823")


@on_sqlite
async def test_on_a_full_disk_the_group_is_not_done_and_says_so(store: Store) -> None:
    before = await store.read(everything)
    ended = await at_once(store, "small", "x" * 100_000, "small", fault=pragma(store, *NO_MORE_PAGES))
    assert set(ended) == ALL_UNAVAILABLE
    assert await store.read(everything) == before
    assert set(await at_once(store, "small", "x" * 100_000, "small")) == {type(None)}


@on_sqlite
async def test_a_disk_that_fills_keeps_what_was_acknowledged_and_no_more(store: Store) -> None:
    [[pages]] = await store.read(sql, "PRAGMA page_count")
    done: set[str] = set()
    with pragma(store, f"max_page_count={pages + 20}", NO_MORE_PAGES[1]):
        for number in range(60):
            try:
                await store.write(put, f"n{number}", "x" * 3000)
                done.add(f"n{number}")
            except Unavailable as error:
                assert "full" in str(error) or "dropped" in str(error)  # noqa: PT017
    assert 0 < len(done) < 60
    assert {name for (name,) in await store.read(sql, "SELECT name FROM setting")} == done
    await store.write(put, "again", "x" * 3000)


@on_sqlite
async def test_a_disk_turned_read_only_can_still_be_read(store: Store) -> None:
    await store.write(put, "a")
    read_only = partial(pragma, store, "query_only=ON", "query_only=OFF")
    assert set(await at_once(store, "a", "b", "c", fault=read_only())) == ALL_UNAVAILABLE
    with read_only():
        assert await store.read(got, "a") == "there"
        with pytest.raises(Unavailable):
            await store.write(put, "a")
    assert set(await at_once(store, "a", "b", "c")) == {type(None)}


async def test_a_file_opened_read_only_can_be_read_and_not_written(migrated_sqlite: Path) -> None:
    store = open_store(f"sqlite:///file:{migrated_sqlite}?mode=ro&uri=true")
    assert await store.read(got, "a") is None
    with pytest.raises(Unavailable):
        await store.write(put, "a")
    assert await store.read(got, "a") is None
    await store.close()


HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


@on_sqlite
async def test_a_file_that_another_process_holds_can_be_read_and_is_waited_for(store: Store) -> None:
    path = str(engine(store).url.database)
    holder = subprocess.Popen([sys.executable, "-c", HOLD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdin
    assert holder.stdout
    assert holder.stdout.readline() == b"held\n"
    with pragma(store, "busy_timeout=50", "busy_timeout=5000"):
        ended = await asyncio.gather(*(store.write(put, name) for name in "abc"), return_exceptions=True)
        assert {type(end) for end in ended} == ALL_UNAVAILABLE
        assert await store.read(got, "a") is None
    waiting = asyncio.create_task(store.write(put, "a"))
    with pytest.raises(Unavailable):
        await store.write(put, "b", patience=0.05)
    holder.stdin.close()
    await waiting
    holder.wait()
    await store.write(put, "c")
    assert [await store.read(got, name) for name in "abc"] == ["there", None, "there"]


# PostgreSQL


async def ask(url: str, query: str, *values: object) -> Any:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query, *values)
    finally:
        await connection.close()


ALL_OURS = """SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'supporthub'"""


@on_postgresql
async def test_a_unit_whose_connection_is_cut_in_the_middle_is_done_on_another_one(
    store: Store, gate: Gate, database_url: str
) -> None:
    def unit(work: Work) -> None:
        put(work, "a", f"{work.setting('a') or ''}I")
        gate.stand()
        put(work, "b")

    writing = asyncio.create_task(store.write(unit))
    await gate.reached()
    assert await ask(database_url, ALL_OURS)
    gate.open()
    await writing
    assert [await store.read(got, name) for name in "ab"] == ["I", "there"]


@on_postgresql
async def test_a_unit_whose_connection_is_cut_every_time_is_a_503_and_nothing_of_it_is_left(
    store: Store, database_url: str
) -> None:
    begun = count(1)

    def unit(work: Work) -> None:
        put(work, "a", str(next(begun)))
        await_only(ask(database_url, ALL_OURS))
        put(work, "b")

    with pytest.raises(Unavailable):
        await store.write(unit)
    assert next(begun) == 3
    assert [await store.read(got, name) for name in "ab"] == [None, None]
    await store.write(put, "a")


@on_postgresql
async def test_a_connection_cut_right_before_the_commit_is_a_503_and_the_unit_is_not_tried_again(
    store: Store, database_url: str
) -> None:
    """Whoever asked cannot know whether it was done, and asks again under the same inbox key."""
    begun = count(1)

    def unit(work: Work) -> None:
        put(work, "a", str(next(begun)))

    def cut(statement: str) -> bool:
        if statement == "COMMIT":
            await_only(ask(database_url, ALL_OURS))
        return False

    with failing(store, cut), pytest.raises(Unavailable):
        await store.write(unit)
    assert next(begun) == 2
    assert await store.read(got, "a") is None
    await store.write(put, "a")


@on_postgresql
async def test_connections_cut_while_nobody_used_them_cost_nobody_anything(store: Store, database_url: str) -> None:
    gate = Gate(store)
    opened = [asyncio.create_task(store.write(gate.stand)) for _ in range(8)]
    await gate.reached(by=8)
    gate.open()
    await asyncio.gather(*opened)
    assert await ask(database_url, ALL_OURS) == 8
    await asyncio.gather(*(store.write(put, f"n{number}") for number in range(8)))
    assert await ask(database_url, ALL_OURS) == 8
    assert await asyncio.gather(*(store.read(got, f"n{number}") for number in range(8))) == ["there"] * 8


@on_postgresql
async def test_of_two_units_in_each_others_way_both_are_done(store: Store) -> None:
    """Locks are taken in one order, so this needs units that break the rule."""

    async def cross(one: str, other: str, mine: Gate) -> None:
        def unit(work: Work) -> None:
            put(work, one, f"{work.setting(one)}I")
            mine.stand()
            put(work, other, f"{work.setting(other)}I")

        await store.write(unit)

    await store.write(put, "a", "")
    await store.write(put, "b", "")
    gates = Gate(store), Gate(store)
    crossing = asyncio.gather(cross("a", "b", gates[0]), cross("b", "a", gates[1]))
    for gate in gates:
        await gate.reached()
    for gate in gates:
        gate.open()
    await crossing
    assert [await store.read(got, name) for name in "ab"] == ["II", "II"]


@on_postgresql
async def test_of_two_replicas_that_keep_the_same_new_thing_the_second_finds_it_there(
    store: Store, database_url: str
) -> None:
    """What somebody looks for and adds where it is not: a setting, an install, the person of a first message."""
    other, looked = open_store(database_url), Gate(store)

    def add(work: Work) -> str:
        if found := work.setting("a"):
            return found
        looked.stand()
        sql(work, "INSERT INTO setting (name, value) VALUES ('a', 'there')")  # put would look again
        return "new"

    adding = [asyncio.create_task(each.write(add)) for each in (store, other)]
    await looked.reached(by=2)
    looked.open()
    assert sorted(await asyncio.gather(*adding)) == ["new", "there"]
    await other.close()


@on_postgresql
@pytest.mark.parametrize(
    "limit", ["lock_timeout = 20", "statement_timeout = 20", "idle_in_transaction_session_timeout = 20"]
)
async def test_a_unit_that_holds_everybody_up_is_ended(store: Store, gate: Gate, database_url: str, limit: str) -> None:
    def hold(work: Work) -> None:
        put(work, "a", "held")
        gate.stand()

    def slow(work: Work) -> None:
        put(work, "b")
        sql(work, f"SET LOCAL {limit}")
        if limit.startswith("idle"):
            [[process]] = sql(work, "SELECT pg_backend_pid()")
            await_only(
                until(partial(ask, database_url, "SELECT count(*) = 0 FROM pg_stat_activity WHERE pid = $1", process))
            )
        put(work, "a", "seen")

    await store.write(put, "a")
    holding = asyncio.create_task(store.write(hold))
    await gate.reached()
    with pytest.raises(Unavailable):
        await store.write(slow)
    gate.open()
    await holding
    assert [await store.read(got, name) for name in "ab"] == ["held", None]


@on_postgresql
async def test_a_server_turned_read_only_can_still_be_read(store: Store, database_url: str) -> None:
    """As after its standby took over."""
    name = database_url.rpartition("/")[2]
    await store.write(put, "a")
    await ask(database_url, f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    await ask(database_url, ALL_OURS)
    with pytest.raises(Unavailable):
        await store.write(put, "a", "again")
    assert await store.read(got, "a") == "there"
    await ask(database_url.replace(name, "postgres"), f'ALTER DATABASE "{name}" RESET ALL')
    await ask(database_url, ALL_OURS)
    await store.write(put, "a", "again")


@pytest.mark.faults
async def test_a_server_killed_and_started_again_keeps_what_was_acknowledged(durable_postgres: DurableServer) -> None:
    with temporary_database(durable_postgres.url) as url:
        await asyncio.to_thread(migrate, url)
        store = open_store(url)
        gate, up, done, counted = Gate(store), asyncio.Event(), set[str](), count()

        def half(work: Work) -> None:
            put(work, "half")
            gate.stand()
            put(work, "other half")

        async def keep_writing() -> None:
            while not up.is_set():
                name = f"n{next(counted)}"
                try:
                    await store.write(put, name)
                    done.add(name)
                except Unavailable:
                    await asyncio.sleep(0.01)

        writing = asyncio.gather(store.write(half), *(keep_writing() for _ in range(4)), return_exceptions=True)
        await gate.reached()
        await asyncio.to_thread(durable_postgres.kill)
        gate.open()
        with pytest.raises(Unavailable):
            await store.write(put, "down")
        await asyncio.to_thread(durable_postgres.start)
        assert await asyncio.gather(*(store.read(got, "half") for _ in range(16))) == [None] * 16, "no 503 more"
        before = len(done)

        async def goes_on() -> bool:
            return len(done) >= before + 20

        await until(goes_on)
        up.set()
        ended = await writing
        assert [type(end) for end in ended] == [Unavailable, *[type(None)] * 4]
        there = {name for (name,) in await store.read(sql, "SELECT name FROM setting")}
        assert done <= there
        assert not {"half", "other half", "down"} & there
        await store.close()
