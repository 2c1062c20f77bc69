"""The desk behind a played Teams, and what such tests begin with."""

from collections.abc import AsyncIterator

import pytest

from store.store import Store
from tests.teams.places import guid
from tests.teams.stage import CHAT, GENERAL, NORTH, Stage, staged


@pytest.fixture
async def stage(sqlite_store: Store) -> AsyncIterator[Stage]:
    async with staged(sqlite_store) as opened:
        yield opened


@pytest.fixture
async def north(stage: Stage) -> str:
    """Northwind's channel in the desk's tenant. Eve of another company and Max, whom nobody knows, are in it too."""
    stage.far.add_user(guid("max"), "Max")
    people = [guid(name) for name in ("ann", "bob", "eve", "sam", "cora", "max")]
    stage.far.add_team(NORTH, "Northwind", people)
    await stage.bind(NORTH, "northwind", stage.far.app.tenant)
    return NORTH


@pytest.fixture
def general(stage: Stage) -> str:
    """A channel that belongs to nobody's account."""
    stage.far.add_team(GENERAL, "Everybody", [guid(name) for name in ("ann", "bob", "eve", "sam")])
    return GENERAL


@pytest.fixture
async def chat(stage: Stage) -> str:
    """Northwind's group chat."""
    stage.far.add_group(CHAT, [guid(name) for name in ("ann", "bob", "sam")])
    await stage.bind(CHAT, "northwind", stage.far.app.tenant)
    return CHAT
