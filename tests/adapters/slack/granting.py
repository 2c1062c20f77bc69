"""Slack's side of tokens over a real socket: oauth.v2.access and auth.test, each answer of theirs scriptable."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from adapters.slack.grants import Grants
from adapters.slack.installs import Install

CLIENT, SECRET = "111.222", "very-secret-of-the-app"
MONDAY = datetime(2025, 1, 20, 14, 0, tzinfo=UTC)
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Clock:
    def __init__(self) -> None:
        self.now = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Granting:
    """Knows which codes and refresh tokens are still good, and whose each token is."""

    api_url: str = ""
    codes: dict[str, dict[str, Any]] = field(default_factory=dict)
    refresh: dict[str, str] = field(default_factory=dict)
    """From a refresh token to the tenant that it is for; each works once."""
    whose: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    script: list[Answer] = field(default_factory=list)
    """Answers to the next calls in place of the usual ones."""
    called: asyncio.Event = field(default_factory=asyncio.Event)
    held: asyncio.Event | None = None
    serial: int = 0

    async def access(self, request: web.Request) -> web.StreamResponse:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.asked.append(form.get("grant_type", "code"))
        await self._hold()
        if self.script:
            return await self.script.pop(0)(request)
        if request.headers.get("Authorization") != f"Basic {b64encode(f'{CLIENT}:{SECRET}'.encode()).decode()}":
            return no("bad_client_secret")
        if form.get("grant_type") == "refresh_token":
            return self._renewed(form)
        granted = self.codes.pop(form["code"], None)
        if granted is None:
            return no("invalid_code")
        if granted.pop("redirect_uri") != form.get("redirect_uri"):
            return no("bad_redirect_uri")
        return web.json_response({"ok": True, "token_type": "bot"} | granted)

    async def _hold(self) -> None:
        self.called.set()
        if self.held:
            await self.held.wait()

    def _renewed(self, form: dict[str, str]) -> web.Response:
        if set(form) != {"grant_type", "refresh_token"}:
            return no("invalid_arguments")
        tenant = self.refresh.pop(form["refresh_token"], None)
        if tenant is None:
            return no("invalid_refresh_token")
        self.serial += 1
        token = {"access_token": f"xoxe.xoxb-{tenant}-{self.serial}", "refresh_token": f"xoxe-{tenant}-{self.serial}"}
        self.refresh[token["refresh_token"]] = tenant
        return web.json_response({"ok": True, "token_type": "bot", "expires_in": 43200} | token)

    async def test(self, request: web.Request) -> web.StreamResponse:
        self.asked.append("auth.test")
        await self._hold()
        if self.script:
            return await self.script.pop(0)(request)
        found = self.whose.get(request.headers.get("Authorization", "").removeprefix("Bearer "))
        if found is None:
            return no("invalid_auth")
        return web.json_response({"ok": True} | found, headers={"x-oauth-scopes": "chat:write,commands"})


def no(error: str, status: int = 200) -> web.Response:
    return web.json_response({"ok": False, "error": error}, status=status)


def saying(response: Callable[[], web.Response]) -> Answer:
    async def answer(_: web.Request) -> web.StreamResponse:
        return response()

    return answer


async def reset(request: web.Request) -> web.StreamResponse:
    assert request.transport
    request.transport.abort()
    return web.Response()


@asynccontextmanager
async def granting() -> AsyncIterator[Granting]:
    slack = Granting()
    app = web.Application()
    app.add_routes([web.post("/api/oauth.v2.access", slack.access), web.post("/api/auth.test", slack.test)])
    async with TestServer(app) as server:
        slack.api_url = str(server.make_url("/api/"))
        yield slack


@asynccontextmanager
async def grants(api_url: str, clock: Clock, client: str = CLIENT, secret: str = SECRET) -> AsyncIterator[Grants]:
    async with ClientSession() as session:
        yield Grants(session, api_url, clock, client, secret)


def install(tenant: str = "T0NORTH", ends: timedelta | None = None, serial: int = 0) -> Install:
    """As an administrator's consent gave it; ``ends`` after Monday."""
    return Install(
        tenant,
        "A0HUB",
        f"xoxb-{tenant}-{serial}",
        "U0HUB",
        "B0HUB",
        ("chat:write", "commands"),
        f"xoxe-{tenant}-{serial}" if ends is not None else None,
        MONDAY + ends if ends is not None else None,
        "Northwind",
    )
