"""A house on SQLite: what it refuses at its door does not depend on the database behind it."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from store.store import Store, open_store


@pytest.fixture
async def sqlite(migrated_sqlite: Path, tmp_path: Path) -> AsyncIterator[Store]:
    shutil.copy(migrated_sqlite, tmp_path / "desk.db")
    opened = open_store(f"sqlite:///{tmp_path}/desk.db")
    yield opened
    await opened.close()
