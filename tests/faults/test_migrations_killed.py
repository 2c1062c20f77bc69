"""A migration killed with SIGKILL after any of its statements: nothing by halves, and the next start is clean."""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, inspect
from sqlmodel import SQLModel

from store.store import open_store
from tests.conftest import migrate
from tests.databases import temporary_database
from tests.faults.checker import Violation
from tests.faults.plan import TRIALS, Tally, report

pytestmark = pytest.mark.faults
FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(["store.migrate", "store.sqlite", "store.postgres", "alembic.command", "tests.conftest"])
OURS = {*SQLModel.metadata.tables, "alembic_version"}
FEW = 4  # of the statements, in a small run: the first, the last and some between
Create = Callable[[], str]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_databases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Create]:
    """Call it for the address of one in which nothing was ever made."""
    if request.param == "sqlite":
        numbers = count()
        yield lambda: f"sqlite:///{tmp_path}/{next(numbers)}.db"
        return
    server = request.getfixturevalue("postgres_server")
    made: list[Any] = []

    def create() -> str:
        made.append(temporary_database(server))
        return str(made[-1].__enter__())

    yield create
    for one in made:
        one.__exit__(None, None, None)


def migrate_and_die(url: str, at: int) -> None:
    """After the statement of that number; the COMMIT is the one after the last."""
    done = count(1)

    def die(*_: object) -> None:
        if next(done) == at:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "after_cursor_execute", die)
    migrate(url)


def ended(what: Callable[[], None]) -> int | None:
    """In a process of its own, whose exit code it returns."""
    process = FORKED.Process(target=what)
    process.start()
    process.join(60)
    return process.exitcode


def statements(url: str) -> int:
    """How many a migration from nothing makes."""
    made: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        made.append(statement)

    event.listen(Engine, "after_cursor_execute", note)
    try:
        migrate(url)
    finally:
        event.remove(Engine, "after_cursor_execute", note)
    return len(made)


def tables(url: str) -> set[str]:
    async def look() -> set[str]:
        store = open_store(url)
        found = await store.read(lambda work: set(inspect(work._session.connection()).get_table_names()))
        await store.close()
        return found

    return asyncio.run(look())


def chosen(number: int) -> list[int]:
    if TRIALS >= 1000:
        return list(range(1, number + 1))
    return [1 + (number - 1) * step // (FEW - 1) for step in range(FEW)]


def test_killed_after_any_statement_it_left_nothing_and_the_next_start_is_clean(empty_databases: Create) -> None:
    number, tally = statements(empty_databases()), Tally()
    assert number > 30
    for at in chosen(number):
        url = empty_databases()
        assert ended(partial(migrate_and_die, url, at)) == -signal.SIGKILL, at
        tally.trials += 1
        tally.hit["in a migration"] += 1
        if left := tables(url):
            tally.violations.append(Violation("unexpected", f"killed after statement {at} it left {sorted(left)}"))
        migrate(url)
        tally.recovered += tables(url) == OURS
    report(f"migrations killed, {url.partition(':')[0]}", tally)
    assert not tally.violations
    assert tally.recovered == tally.trials


def test_a_second_migrator_takes_over_from_one_that_is_killed(empty_databases: Create) -> None:
    """It waited for the first one's lock, and finds nothing of it."""
    url = empty_databases()
    first = FORKED.Process(target=migrate_and_die, args=(url, 20))
    others = [FORKED.Process(target=migrate, args=(url,)) for _ in range(2)]
    for process in (first, *others):
        process.start()
    for process in (first, *others):
        process.join(60)
    # Whoever came first migrated; killed or not, the others went on from what they found.
    assert first.exitcode in (-signal.SIGKILL, 0)
    assert [process.exitcode for process in others] == [0, 0]
    assert tables(url) == OURS
