"""The whole house with a fake channel, its API and its portal, watched as ``supporthub serve`` watches it."""

import io
import json
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from typing import Any

from aiohttp.test_utils import TestClient, TestServer

from app import logs
from app.api import connect as api
from app.portal import connect as portal
from app.seeing import Watcher
from app.server import House, watched
from app.settings import read
from bot.desk.integrating import add_token
from store.store import Store
from tests.world import CATALOGUES, World

TOKEN = "a token of thirty-two characters"
ANN = "ann@northwind.example"
BEHIND = {"SUPPORTHUB_ADMIN_PORT": "0", "SUPPORTHUB_METRICS_TOKEN": TOKEN}


@dataclass
class Stage:
    world: World
    house: House
    client: "TestClient[Any, Any]"
    token: str
    """Of a program that acts as Ann."""

    async def posts(self, path: str, key: str, body: Any, token: str = "") -> tuple[int, Any, str]:
        """Status, what it says, and the request's name."""
        headers = {"Authorization": f"Bearer {token or self.token}", "Idempotency-Key": key}
        async with self.client.post(f"/api/v1{path}", json=body, headers=headers) as answer:
            return answer.status, await answer.json(content_type=None), answer.headers["X-Request-Id"]


@asynccontextmanager
async def staged(bare: Store, *more: Watcher, **environment: str) -> AsyncIterator[Stage]:
    key = {"SUPPORTHUB_MODE": "development", "SUPPORTHUB_SECRET_KEY": "k" * 32}
    settings = read({**key, **environment})
    metrics, seeing = watched(settings, bare)
    seeing = replace(seeing, watchers=(*seeing.watchers, *more))
    store = seeing.store(bare)
    world = World(store)
    clock: Any = lambda: world.time  # noqa: E731
    connections: Any = (api(settings, store, clock), portal(settings, store, clock))
    channels: Any = {**world.channels, "api": connections[0].channel, "portal": connections[1].channel}
    house = House(settings, store, CATALOGUES, clock, channels, connections, seeing=seeing, metrics=metrics)
    world.bot, world.delivery = replace(house.bot, hold=world.bot.hold), house.delivery
    await world.open()
    token = await store.write(add_token, "northwind", ANN, "ERP", True, world.time.machine)
    async with TestClient(TestServer(house.app)) as client:
        yield Stage(world, house, client, token)


class Lines(list[dict[str, Any]]):
    """What an operator's log holds."""

    def of(self, logger: str) -> list[dict[str, Any]]:
        return [line for line in self if line["logger"] == logger]


@contextmanager
def logged() -> Iterator[Lines]:
    """In production's form, read when the block has ended."""
    lines, stream, root = Lines(), io.StringIO(), logging.getLogger()
    handler, before = logging.StreamHandler(stream), root.level
    handler.setFormatter(logs.formatter(readable=False))
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield lines
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
        lines += map(json.loads, stream.getvalue().splitlines())
