"""What the campaigns share: a zygote, and desks of their own with the cast in them."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from store.store import open_store
from store.work import Work
from tests.databases import DurableServer, new_database
from tests.faults.life import zygote
from tests.faults.plan import Desks
from tests.world import Ids, seed


@pytest.fixture(scope="session")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where lives are ordered."""
    with zygote(tmp_path_factory.mktemp("zygote")) as opened:
        yield opened


@pytest.fixture
async def sqlite_desks(migrated_sqlite: Path, tmp_path: Path) -> Desks:
    template = tmp_path / "template.db"
    shutil.copy(migrated_sqlite, template)
    await _move_in(f"sqlite:///{template}")

    @asynccontextmanager
    async def lend(folder: Path) -> AsyncIterator[str]:
        yield f"sqlite:///{shutil.copy(template, folder / 'desk.db')}"

    return lend


@pytest.fixture
def postgres_desks(create_database: Callable[[], str]) -> Desks:
    return _lent_again_and_again(lambda: asyncio.to_thread(create_database))


@pytest.fixture
def durable_desks(durable_postgres: DurableServer) -> Desks:
    """On a server whose fsync is on."""

    async def create() -> str:
        url = await asyncio.to_thread(new_database, durable_postgres.url)
        store = open_store(url)
        await store.migrate()
        await store.close()
        return url

    return _lent_again_and_again(create)


def _lent_again_and_again(create: Callable[[], Awaitable[str]]) -> Desks:
    """Emptied between two trials: PostgreSQL takes a tenth of the time that a new database costs."""
    free: list[str] = []

    @asynccontextmanager
    async def lend(_: Path) -> AsyncIterator[str]:
        url = free.pop() if free else await create()
        await _move_in(url)
        try:
            yield url
        finally:
            free.append(url)

    return lend


async def _move_in(url: str) -> None:
    store = open_store(url)
    if url.startswith("postgresql"):
        await store.write(_empty)
    await store.write(seed, "fake", True, Ids())
    await store.close()


def _empty(work: Work) -> None:
    tables = ", ".join(f'"{table}"' for table in SQLModel.metadata.tables)
    work._session.connection().exec_driver_sql(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
