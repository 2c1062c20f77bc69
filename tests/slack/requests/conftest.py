"""A played Slack and the app that it tells."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.slack.far import Far
from tests.slack.requests.hearing import Desk
from tests.slack.slack import Slack


@pytest.fixture
async def far() -> AsyncIterator[Far]:
    async with Far() as far:
        far.add_user("UANN", "Ann Lee")
        far.add_user("UBOB", "Bob")
        far.add_install()
        far.add_channel("CHELP", "help", ["UANN", "UBOB"])
        yield far


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
async def slack(far: Far, desk: Desk) -> AsyncIterator[Slack]:
    app = web.Application()
    app.router.add_post("/slack/events", desk.hear)
    async with TestServer(app) as server, Slack(far, str(server.make_url("/slack/events"))) as slack:
        yield slack
