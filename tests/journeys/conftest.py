"""Desks that hold answers back."""

import pytest

from store.store import Store
from tests.journeys.held import TEN
from tests.world import World, opened


@pytest.fixture
async def held(store: Store) -> World:
    """A desk whose words wait ten seconds, with case 1001 open."""
    return await opened(await World(store, hold=TEN).open())


@pytest.fixture
async def held_here(sqlite_desk: World) -> World:
    """The same, for what no database does otherwise."""
    return await opened(World(sqlite_desk.store, hold=TEN))
