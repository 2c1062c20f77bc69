"""A store for the channels' own tests."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from store.store import Store, open_store


@pytest.fixture
async def sqlite_store(migrated_sqlite: Path, tmp_path: Path) -> AsyncIterator[Store]:
    """What a channel's side does is the same on both databases; a few tests say so, and the rest save the time."""
    shutil.copy(migrated_sqlite, tmp_path / "desk.db")
    opened = open_store(f"sqlite:///{tmp_path}/desk.db")
    yield opened
    await opened.close()
