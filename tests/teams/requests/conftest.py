"""A played Teams and the bot that it tells."""

from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.teams.caller import Caller
from tests.teams.far import Far
from tests.teams.places import Json, Posted
from tests.teams.requests.hearing import ANN, BOB, GROUP, HELP, TEAM, Desk
from tests.teams.teams import Teams


@pytest.fixture
async def far() -> AsyncIterator[Far]:
    async with Far() as far:
        far.add_user(ANN, "Ann Lee", zone="Europe/Paris", locale="fr-FR")
        far.add_user(BOB, "Bob")
        far.add_team(TEAM, "Desk", [ANN, BOB])
        far.add_channel(HELP, "Help", TEAM)
        far.add_group(GROUP, [ANN, BOB])
        yield far


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
async def teams(far: Far, desk: Desk) -> AsyncIterator[Teams]:
    app = web.Application()
    app.router.add_post("/api/messages", desk.hear)
    async with TestServer(app) as server, Teams(far, str(server.make_url("/api/messages"))) as teams:
        yield teams


@pytest.fixture
async def bot(far: Far) -> AsyncIterator[Callable[..., Awaitable[Posted]]]:
    """Says something and gives what then stands there."""
    async with aiohttp.ClientSession() as session:
        caller = Caller(far, session)
        await caller.login()

        async def say(place: str, activity: Json) -> Posted:
            sent = await caller.send(place, activity)
            assert sent.status == 201, sent.text
            return far.said(place)[-1]

        yield say
