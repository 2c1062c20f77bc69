"""The desk with its API on a socket, and a client that holds every answer against the document that it serves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from openapi_schema_validator import OAS31Validator

from adapters.api.channel import Api
from adapters.api.openapi import document
from adapters.api.routes import ROOT
from adapters.api.server import register
from app.api import Reading
from bot.desk.integrating import add_token
from bot.limits import Limits
from store.store import Store
from tests.world import CATALOGUES, World

ANN, EVE = "ann@northwind.example", "eve@contoso.example"


@dataclass
class Answer:
    status: int
    json: Any
    headers: Any


@dataclass
class Stage:
    world: World
    client: "TestClient[Any, Any]"
    tokens: dict[str, str]
    asked: set[tuple[str, str]] = field(default_factory=set)
    """Method and path of each row of the document that was answered as it says."""
    _acts: int = 0

    async def get(self, path: str, who: str = ANN) -> Answer:
        return await self.call("GET", path, who)

    async def post(self, path: str, body: Any, who: str = ANN, key: str = "") -> Answer:
        self._acts += 1
        return await self.call("POST", path, who, json=body, headers={"Idempotency-Key": key or f"act-{self._acts}"})

    async def call(self, method: str, path: str, who: str = ANN, **how: Any) -> Answer:
        headers = {"Authorization": f"Bearer {self.tokens.get(who, who)}"} | how.pop("headers", {})
        full = path if path.startswith(ROOT) else ROOT + path
        async with self.client.request(method, full, headers=headers, **how) as response:
            answer = Answer(response.status, await response.json(content_type=None), response.headers)
            self._hold(method, full.removeprefix(ROOT).partition("?")[0], answer, response.content_type)
        await self.world.delivery.deliver_all()
        return answer

    def _hold(self, method: str, path: str, answer: Answer, media: str) -> None:
        """As the document says, or it is not so."""
        assert answer.headers["Cache-Control"] == "no-store"
        row = _row(path)
        operation = document()["paths"].get(row, {}).get(method.lower())
        if operation is None:
            return
        said = operation["responses"][str(answer.status)]
        said = document()["components"]["responses"][str(answer.status)] if "$ref" in said else said
        schema = {**said["content"][media]["schema"], "components": document()["components"]}
        OAS31Validator(schema, format_checker=OAS31Validator.FORMAT_CHECKER).validate(answer.json)
        if answer.status < 300:
            self.asked.add((method.lower(), row))


def _row(path: str) -> str:
    parts = path.split("/")
    return "/".join("{number}" if n == 2 and each else each for n, each in enumerate(parts))


@asynccontextmanager
async def staged(store: Store, limits: Limits | None = None, mail: bool = True) -> AsyncIterator[Stage]:
    world = await World(store).open()
    world.channels = {**world.channels, "api": Api()}
    world.delivery.channels = world.channels
    world.bot = replace(world.bot, channels={"fake", "api", *(("email",) if mail else ())})
    tokens = {
        ANN: await store.write(add_token, "northwind", ANN, "ERP", True, world.time.machine),
        EVE: await store.write(add_token, "contoso", EVE, "CRM", True, world.time.machine),
        "reader": await store.write(add_token, "northwind", ANN, "Board", False, world.time.machine),
    }
    app = web.Application()
    register(app, world.bot, Reading(store, lambda: world.time, CATALOGUES, limits))
    async with TestClient(TestServer(app)) as client:
        yield Stage(world, client, tokens)
