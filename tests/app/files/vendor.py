"""A vendor that serves files, and what becomes of them."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from app.files import Files
from app.settings import Mode, Settings
from bot.channel import Source, Undeliverable
from bot.files import File
from bot.keeping import Keeper
from store.tables import Attachment
from store.work import Work
from tests.world import CATALOGUES, World, opened

ONCE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
KEY = "a key of the desk that is long enough"
LARGEST = 1024 * 1024


@dataclass
class Vendor:
    """One whose files lie on this machine, over a real socket; ``token`` is its channel's."""

    server: TestServer
    asked: list[tuple[str, str]] = field(default_factory=list)
    token: str = "xoxb-secret"

    @property
    def origin(self) -> str:
        return str(self.server.make_url("")).rstrip("/")

    async def source(self, _tenant: str, kept: Mapping[str, str]) -> Source:
        if kept["path"] == "gone":
            raise Undeliverable("it is gone")
        url = kept["path"] if "://" in kept["path"] else f"{self.origin}/{kept['path']}"
        return Source(url, (self.origin,), self.token)


VENDOR = web.AppKey("vendor", Vendor)


async def _serve(request: web.Request) -> web.StreamResponse:
    vendor = request.app[VENDOR]
    vendor.asked.append((request.path, request.headers.get("Authorization", "")))
    match request.match_info["what"]:
        case "png3":
            return web.Response(body=PNG + b"3")
        case "png" | "png2":
            return web.Response(body=PNG, content_type="text/html")  # what the header says decides nothing
        case "elsewhere":
            raise web.HTTPFound(f"{vendor.origin}/png")
        case "missing":
            raise web.HTTPNotFound
        case "failing":
            return web.Response(status=500)
        case "sign-in":
            return web.Response(text="<!DOCTYPE html><title>Sign in</title>")
        case "packed":
            return web.Response(body=PNG, headers={"Content-Encoding": "gzip"})
        case "drip":
            answer = web.StreamResponse()
            await answer.prepare(request)
            while True:
                await answer.write(b".")
                await asyncio.sleep(0.02)
    answer = web.StreamResponse()  # endless, and says nothing of its length
    await answer.prepare(request)
    while True:
        await answer.write(b"x" * 65536)


@asynccontextmanager
async def vendor() -> AsyncIterator[Vendor]:
    app = web.Application()
    app.router.add_get("/{what}", _serve)
    server = TestServer(app)
    app[VENDOR] = Vendor(server)
    async with server:
        yield app[VENDOR]


@dataclass
class Kept:
    world: World
    files: Files
    keeper: Keeper

    async def sends(self, *names: str, who: str = "ann", line: str = "reply 1001 see") -> None:
        files = tuple(File(name, "image/png", 10, source={"path": name.partition(".")[0]}) for name in names)
        await self.world.says(who, line, files=files)

    async def round(self) -> None:
        await self.keeper.round()
        await self.world.delivery.deliver_all()

    async def states(self) -> list[tuple[str, str, str]]:
        return [(each.name, each.state, each.reason) for each in await self.rows()]

    async def rows(self) -> list[Attachment]:
        return await self.world.store.read(Work.files_on, 1001, True)


def settings(tmp_path: Path, **more: Any) -> Settings:
    (tmp_path / "files").mkdir(mode=0o700, exist_ok=True)
    given = {"files": tmp_path / "files", "files_largest": 1, "mode": Mode.DEVELOPMENT, "secret_key": KEY}
    return Settings.model_validate({**given, "public_url": "https://desk.example", **more})


@asynccontextmanager
async def kept(desk: World, tmp_path: Path, there: Vendor, **more: Any) -> AsyncIterator[Kept]:
    files = Files(settings(tmp_path, **more), desk.store, lambda: desk.time, ())  # type: ignore[arg-type]
    files.holders = {"fake": there}
    files.keeping = replace(files.keeping, fetched={"fake"})
    desk.bot = replace(desk.bot, keeping=files.keeping)
    keeper = files.keeper(CATALOGUES, lambda: None)
    try:
        yield Kept(await opened(desk), files, keeper)
    finally:
        await files.fetcher.close()
