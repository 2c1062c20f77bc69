"""A visit to the playground."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from tests.adapters.web.stage import Visit


@pytest.fixture
async def visit() -> AsyncIterator[Visit]:
    made = Visit()
    async with TestServer(made.app(), host="127.0.0.1") as made.server, ClientSession() as made.session:
        yield made
