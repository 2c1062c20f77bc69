"""What only the store's own tests look at: the engine inside, a gate for a unit to stand at, the whole content."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util import await_only
from sqlmodel import SQLModel

from store.sqlite import SqliteStore
from store.store import Store
from store.work import Work

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def engine(store: Store) -> Engine:
    inside: Engine | AsyncEngine = store._engine  # type: ignore[attr-defined]
    return inside.sync_engine if isinstance(inside, AsyncEngine) else inside


class Gate:
    """Where a unit, or its commit, stands until the test opens it. The loop goes on meanwhile."""

    def __init__(self, store: Store) -> None:
        self._loop = asyncio.get_running_loop()
        self._threaded = isinstance(store, SqliteStore)  # units run on a thread there, on the loop in PostgreSQL
        self._here: asyncio.Queue[None] = asyncio.Queue()
        self._reached, self._opened, self._opened_here = threading.Event(), threading.Event(), asyncio.Event()

    def stand(self, *_: Any) -> None:
        self._reached.set()
        self._loop.call_soon_threadsafe(self._here.put_nowait, None)
        if self._threaded:
            assert self._opened.wait(30)
        else:
            await_only(self._opened_here.wait())

    async def reached(self, by: int = 1) -> None:
        for _ in range(by):
            await asyncio.wait_for(self._here.get(), 30)

    def reached_on_its_thread(self) -> None:
        """Holds the loop, so that nobody's patience ends meanwhile."""
        assert self._reached.wait(30)

    def open(self) -> None:
        self._opened.set()
        self._opened_here.set()


@contextmanager
def failing(store: Store, when: Callable[[str], bool]) -> Iterator[list[str]]:
    """The database breaks at the statements that ``when`` says, COMMIT among them; yields those that broke."""
    broke: list[str] = []
    inside = engine(store)

    def execute(_cursor: Any, statement: str, *_: Any) -> None:
        if when(statement):
            broke.append(statement)
            raise inside.dialect.loaded_dbapi.OperationalError("disk I/O error")

    def commit(_: Any) -> None:
        if when("COMMIT"):
            broke.append("COMMIT")
            raise OperationalError("COMMIT", None, Exception("disk I/O error"))

    event.listen(inside, "do_execute", execute)
    event.listen(inside, "commit", commit)
    try:
        yield broke
    finally:
        event.remove(inside, "do_execute", execute)
        event.remove(inside, "commit", commit)


def nth(number: int) -> Callable[[str], bool]:
    """For ``failing``: the statement of that number."""
    left = iter(range(number - 1, -1, -1))
    return lambda _: next(left, None) == 0


def put(work: Work, name: str, value: str = "there") -> None:
    work.set(name, value)


def got(work: Work, name: str) -> str | None:
    return work.setting(name)


def sql(work: Work, statement: str, **values: Any) -> list[Any]:
    """Raw, past every rule of ours."""
    done = work._session.connection().execute(text(statement), values)
    return list(done.all()) if done.returns_rows else []


def everything(work: Work) -> dict[str, list[tuple[Any, ...]]]:
    connection = work._session.connection()
    rows = {table.name: connection.execute(table.select()).all() for table in SQLModel.metadata.sorted_tables}
    return {name: sorted((tuple(row) for row in found), key=repr) for name, found in rows.items()}


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """For what happens where nobody tells us: a connection that is gone, a lock that is waited for."""
    while True:
        if await holds():
            return
        await asyncio.sleep(0.01)


async def settled(task: "asyncio.Task[Any]", store: Store) -> None:
    """It is done, or waits for a lock of PostgreSQL's; on SQLite it can only wait for its turn."""
    waiting = """SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock' AND application_name = 'supporthub'"""

    async def done_or_waiting() -> bool:
        return task.done() or bool((await store.read(sql, waiting))[0][0])

    if not isinstance(store, SqliteStore):
        await until(done_or_waiting)
