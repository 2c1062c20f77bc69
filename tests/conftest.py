"""Every test of the store, the turn and the journeys runs on both databases, each test on one of its own."""

import asyncio
import gc
import os
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from store.store import Store, open_store
from tests.world import World, opened

pytest_plugins = [
    "tests.browser",
    "tests.compiled",
    "tests.databases",
    "tests.faults.summary",
    "tests.firewall",
    "tests.npm",
]

MEMORY, ROOM = Path("/dev/shm"), 2 * 1024**3


def pytest_configure() -> None:
    """The folders of tests are in memory where there is room: each commit of SQLite waits for the disk otherwise.

    A process that is killed leaves the same there. Campaigns of another size than the usual one stay on the disk.
    """
    gc.disable()  # until all is imported, of which nothing is garbage
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM and "SUPPORTHUB_TEST_TRIALS" not in os.environ:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_collection_finish() -> None:
    """What was imported stays: no collection of garbage need look through it, and tests leave too little for many."""
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(20_000, 50, 50)


def migrate(url: str) -> None:
    async def run() -> None:
        store = open_store(url)
        await store.migrate()
        await store.close()

    asyncio.run(run())


@pytest.fixture(scope="session")
def prepare_postgres() -> Callable[[str], None]:
    return migrate


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "desk.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty, migrated database of its own for each test."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_sqlite"), tmp_path / "desk.db")
        return f"sqlite:///{tmp_path}/desk.db"
    create: Callable[[], str] = request.getfixturevalue("create_database")
    return create()


@pytest.fixture
async def sqlite_desk(migrated_sqlite: Path, tmp_path: Path) -> AsyncIterator[World]:
    """For what only a database with a single writer can show."""
    shutil.copy(migrated_sqlite, tmp_path / "desk.db")
    opened_store = open_store(f"sqlite:///{tmp_path}/desk.db")
    yield await World(opened_store).open()
    await opened_store.close()


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    opened_store = open_store(database_url)
    yield opened_store
    await opened_store.close()


@pytest.fixture
async def desk(store: Store) -> World:
    """The whole desk, quiet."""
    return await World(store).open()


@pytest.fixture
async def case(desk: World) -> World:
    """Ann's case 1001, its questions answered."""
    return await opened(desk)
