"""A database that is full, read-only, locked or broken: nothing by halves, and on again without a restart."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from bot.channel import Busy
from bot.incoming import Said
from store.store import Store, Unavailable, open_store
from store.work import Work
from tests.store.inside import Gate, engine, everything, failing, got, nth, on_sqlite, put, sql
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
    assert await desk.ask_store(lambda work: len(work.live_between(0, 2000))) == 1


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
