"""Another system, as webhooks find it: takes calls, checks what the standard has it check, and fails when told to."""

import base64
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True)
class Taken:
    id: str
    at: datetime
    json: Any
    body: bytes


@dataclass
class Receiver:
    url: str = ""
    secret: str = ""
    calls: list[Taken] = field(default_factory=list)
    elsewhere: int = 0
    """Calls to any other path."""
    answers: list[web.Response] = field(default_factory=list)
    """To the next calls; then 204."""

    @property
    def kinds(self) -> list[str]:
        return [call.json["type"] for call in self.calls]

    async def take(self, request: web.Request) -> web.Response:
        body, given = await request.read(), request.headers
        assert "Authorization" not in given
        assert "Cookie" not in given
        seconds = int(given["webhook-timestamp"])
        signed = f"{given['webhook-id']}.{seconds}.".encode() + body
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        value = base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()
        assert given["webhook-signature"] == f"v1,{value}", "not ours"
        at = datetime.fromtimestamp(seconds, UTC)
        self.calls.append(Taken(given["webhook-id"], at, json.loads(body), body))
        return self.answers.pop(0) if self.answers else web.Response(status=204)

    async def other(self, request: web.Request) -> web.Response:
        self.elsewhere += 1
        return web.Response(status=204)


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver, app = Receiver(), web.Application()
    app.router.add_post("/hooks/support", receiver.take)
    app.router.add_route("*", "/{rest:.*}", receiver.other)
    async with TestServer(app) as server:
        receiver.url = str(server.make_url("/hooks/support"))
        yield receiver
