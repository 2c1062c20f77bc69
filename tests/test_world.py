"""The desk that tests begin with."""

import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import SQLModel

from store.store import Store, open_store
from store.tables import Account
from store.work import Work
from tests.world import Ids, move_in, seed

IDS = Ids("T1", "U0", "C0DESK")


@pytest.fixture(params=["sqlite", "postgresql"])
def three_urls(request: pytest.FixtureRequest, tmp_path: Path) -> list[str]:
    if request.param == "postgresql":
        create: Callable[[], str] = request.getfixturevalue("create_database")
        return [create() for _ in range(3)]
    migrated: Path = request.getfixturevalue("migrated_sqlite")
    return [f"sqlite:///{shutil.copy(migrated, tmp_path / f'{number}.db')}" for number in range(3)]


@pytest.fixture
async def three_stores(three_urls: list[str]) -> AsyncIterator[list[Store]]:
    stores = [open_store(url) for url in three_urls]
    yield stores
    for store in stores:
        await store.close()


def everything(work: Work) -> dict[str, list[tuple[Any, ...]]]:
    connection = work._session.connection()
    tables = (table.name for table in SQLModel.metadata.sorted_tables)
    return {
        name: sorted(map(tuple, connection.exec_driver_sql(f'SELECT * FROM "{name}"')), key=repr) for name in tables
    }


def next_ids(work: Work) -> list[int | None]:
    work.add(account := Account(slug="new", name="New"))
    work.add(place := work.conversation("slack", "T1", "C0NEW"))
    return [account.id, place.id]


@pytest.mark.parametrize("rooms", [True, False])
async def test_a_cast_that_moved_in_before_moves_in_as_it_did(
    three_stores: list[Store], rooms: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row by row, and what comes next gets the same number."""
    monkeypatch.setattr("tests.world._MOVED_IN", {})
    found = []
    for store, how in zip(three_stores, (seed, move_in, move_in), strict=True):
        await store.write(how, "slack", rooms, IDS)
        found.append((await store.read(everything), await store.write(next_ids)))
    assert found[0] == found[1] == found[2]


async def test_a_cast_that_is_there_already_can_move_in_once_more(store: Store) -> None:
    for _ in range(2):
        await store.write(move_in, "slack", True, IDS)
        before = await store.read(everything)
        await store.write(seed, "slack", True, IDS)
        assert await store.read(everything) == before
