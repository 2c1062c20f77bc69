"""The played Microsoft's servers, and a caller."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.teams.caller import Caller
from tests.teams.far import Far
from tests.teams.places import guid
from tests.teams.servers.there import ANN, BOB, EVE, GROUP, HELP, TEAM, Now


@pytest.fixture
async def far() -> AsyncIterator[Far]:
    async with Far() as far:
        far.clock = far.pace = Now()
        far.add_user(ANN, "Ann Lee")
        far.add_user(BOB, "Bob", guest=True)
        far.add_tenant(guid("contoso"), "Contoso")
        far.add_user(EVE, "Eve", tenant=guid("contoso"), installed=False)
        far.add_team(TEAM, "Desk", [ANN, BOB])
        far.add_channel(HELP, "Help", TEAM)
        far.add_group(GROUP, [ANN, BOB])
        yield far


@pytest.fixture
async def caller(far: Far) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession() as session:
        caller = Caller(far, session)
        await caller.login()
        yield caller
