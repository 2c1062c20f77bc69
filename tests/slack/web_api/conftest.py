"""A played Slack that stands still, and a client of it."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.far import Far
from tests.slack.web_api.calling import Now, client_of


@pytest.fixture
async def far() -> AsyncIterator[Far]:
    async with Far() as far:
        far.clock = Now()
        far.add_user("UANN", "Ann Lee", zone="Europe/Paris", email="ann@example.com")
        far.add_user("UBOB", "Bob")
        far.add_install()
        far.add_channel("CHELP", "help", ["UANN"])
        yield far


@pytest.fixture
async def client(far: Far) -> AsyncIterator[AsyncWebClient]:
    async with aiohttp.ClientSession() as session:
        yield client_of(far, far.installs[0], session)
