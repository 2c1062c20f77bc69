"""The edge, and who knocks there."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from adapters.teams.edge import route
from adapters.teams.inbound_token import TokenCheck
from adapters.teams.keys import Keys
from tests.adapters.teams.edge.knocking import Edge
from tests.adapters.teams.moments import Moments
from tests.adapters.teams.saying import URL
from tests.teams.far import Far
from tests.teams.signing import Signer


@pytest.fixture
async def edge() -> AsyncIterator[Edge]:
    clock = Moments()
    async with Far() as far, ClientSession() as session:
        far.clock = clock.seconds
        far.signer = Signer(far.app.id, clock.seconds, lambda: URL)
        keys = Keys(session, far.metadata_url, clock)
        edge = Edge(far, session, clock, keys, TokenCheck(keys, far.app.id, far.signer.issuer, clock))
        app = web.Application()
        app.add_routes([route("POST", "/api/messages", edge.hear)])
        server = TestServer(app, host="127.0.0.1")
        await server.start_server(access_log=None)
        edge.url, edge.port = str(server.make_url("/api/messages")), server.port or 0
        yield edge
        await server.close()
        await edge.keys.close()
