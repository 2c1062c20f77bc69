"""PostgreSQL with connections cut, units in each other's way, and itself killed: nothing is done by halves."""

import asyncio
from functools import partial
from itertools import count
from typing import Any

import asyncpg
import pytest
from sqlalchemy.util import await_only

from store.store import Store, Unavailable, open_store
from store.work import Work
from tests.conftest import migrate
from tests.databases import DurableServer, temporary_database
from tests.store.inside import Gate, failing, got, on_postgresql, put, sql, until


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
