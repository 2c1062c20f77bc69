"""A server in a process of its own: it is told what it needs as JSON, and tells its port. Needs aiohttp alone."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

MESSAGES = "/api/messages"
METADATA, KEYS = "/v1/.well-known/openidconfiguration", "/v1/.well-known/keys"


@dataclass(frozen=True)
class Given:
    app_id: str
    password: str
    tenant: str
    issuer: str
    service_url: str
    metadata_url: str
    keys_url: str
    login_url: str
    """Where our adapter gets its token, below the tenant."""
    authority: str
    """The same behind TLS, as Microsoft's own library wants it; in AD FS' shape, which that takes from any host."""
    database: str


Make = Callable[[web.Application, Given], Awaitable[None]]


def run(make: Make) -> None:
    asyncio.run(_serve(make, Given(**json.loads(sys.argv[1]))))


async def _serve(make: Make, given: Given) -> None:
    app = web.Application()
    await make(app, given)
    runner = web.AppRunner(app, access_log=None, keepalive_timeout=3600)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()
