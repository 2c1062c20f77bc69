"""What the campaigns share: a zygote, and desks of their own with the cast in them."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from store.store import open_store
from tests.databases import DurableServer, drop_database, new_database
from tests.faults.life import zygote
from tests.faults.trial import Desks
from tests.world import seed


@pytest.fixture(scope="session")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where lives are ordered."""
    with zygote(tmp_path_factory.mktemp("zygote")) as opened:
        yield opened


@pytest.fixture
async def sqlite_desks(migrated_sqlite: Path, tmp_path: Path) -> Desks:
    template, numbers = tmp_path / "template.db", count()
    shutil.copy(migrated_sqlite, template)
    await _move_in(f"sqlite:///{template}")

    async def new() -> str:
        return f"sqlite:///{shutil.copy(template, tmp_path / f'{next(numbers)}.db')}"

    return new


@pytest.fixture
async def postgres_desks(postgres_server: str, create_database: Callable[[], str]) -> AsyncIterator[Desks]:
    template, made = create_database(), list[str]()
    await _move_in(template)

    async def new() -> str:
        made.append(await asyncio.to_thread(new_database, postgres_server, template.rpartition("/")[2]))
        return made[-1]

    yield new
    for url in made:
        drop_database(url)


@pytest.fixture
def durable_desks(durable_postgres: DurableServer) -> Desks:
    """On a server whose fsync is on."""

    async def new() -> str:
        url = await asyncio.to_thread(new_database, durable_postgres.url)
        await _move_in(url)
        return url

    return new


async def _move_in(url: str) -> None:
    store = open_store(url)
    await store.migrate()
    await store.write(seed, "fake", True)
    await store.close()
