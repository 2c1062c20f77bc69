"""The desk behind a played Slack, and what such tests begin with."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from store.store import Store, open_store
from tests.slack.stage import Stage, staged


@pytest.fixture
async def sqlite_store(migrated_sqlite: Path, tmp_path: Path) -> AsyncIterator[Store]:
    """What Slack's side does is the same on both databases; a few tests say so, and the rest save the time."""
    shutil.copy(migrated_sqlite, tmp_path / "desk.db")
    opened = open_store(f"sqlite:///{tmp_path}/desk.db")
    yield opened
    await opened.close()


@pytest.fixture
async def stage(sqlite_store: Store) -> AsyncIterator[Stage]:
    async with staged(sqlite_store) as opened:
        yield opened
