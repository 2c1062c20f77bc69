"""The portal's stage: on both databases where what it keeps matters, on SQLite where only pages do."""

import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from store.store import Store, open_store
from tests.portal.stage import Stage, staged


@pytest.fixture
async def stage(store: Store) -> AsyncIterator[Stage]:
    async with staged(store) as opened:
        yield opened


@pytest.fixture
async def sqlite(migrated_sqlite: Path, tmp_path: Path) -> AsyncIterator[Store]:
    shutil.copy(migrated_sqlite, tmp_path / "desk.db")
    opened = open_store(f"sqlite:///{tmp_path}/desk.db")
    yield opened
    await opened.close()


@pytest.fixture
async def pages(sqlite: Store) -> AsyncIterator[Stage]:
    async with staged(sqlite) as opened:
        yield opened


@pytest.fixture
async def held(sqlite: Store) -> AsyncIterator[Stage]:
    """Where what the desk says to customers waits ten seconds."""
    async with staged(sqlite, hold=timedelta(seconds=10)) as opened:
        yield opened
