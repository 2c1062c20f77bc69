"""The portal as a server has it: where browsers can reach one, under the names that are its own."""

from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from app.clock import Clock
from app.demo import CAST
from app.portal import PortalConnection, connect
from app.settings import Mode, read
from store.store import Store
from tests.world import World


@pytest.mark.parametrize(
    ("environment", "on"),
    [
        ({}, False),
        ({"SUPPORTHUB_MODE": "development"}, True),
        ({"SUPPORTHUB_PUBLIC_URL": "https://desk.example.com"}, True),
    ],
)
async def test_it_is_on_where_browsers_have_an_address(sqlite: Store, environment: dict[str, str], on: bool) -> None:
    found = connect(read(environment), sqlite, Clock())
    assert (found is not None) is on
    if found is not None:
        assert found.origins.near is (environment.get("SUPPORTHUB_MODE") == "development")
        await found.close()


async def test_the_first_address_leads_there(sqlite: Store, tmp_path: Path) -> None:
    settings = read({"SUPPORTHUB_MODE": "development"})
    assert settings.mode is Mode.DEVELOPMENT
    world = await World(sqlite).open()
    connection = PortalConnection(settings, sqlite, Clock())
    app = web.Application()
    connection.register(app, world.bot)
    async with TestClient(TestServer(app)) as client:
        async with client.get("/") as page:
            assert page.url.path == "/portal/sign-in"
            shown = await page.text()
            assert ("There is no password." in shown, "playground" in shown) == (True, False)
        async with client.post("/portal/as/ann", headers={"Origin": str(client.make_url("")).rstrip("/")}) as page:
            assert page.status == 404  # nobody may be anybody outside the playground
        async with client.get("/tab/") as page:
            assert page.status == 404  # without Teams there is no tab
    await connection.close()


async def test_in_the_playground_anybody_may_be_anybody(sqlite: Store) -> None:
    settings = read({}, mode=Mode.DEMO)
    world = await World(sqlite, "web").open()
    connection = PortalConnection(settings, sqlite, Clock(), CAST)
    app = web.Application()
    connection.register(app, world.bot)
    async with TestClient(TestServer(app)) as client:
        as_ann, ours = "/portal/as/ann", {"Origin": str(client.make_url("")).rstrip("/")}
        async with client.get("/portal/") as page:
            assert "Northwind, Success plan, nominated user" in await page.text()
        async with client.post(as_ann, headers={"Origin": "https://evil.example"}) as page:
            assert page.status == 403
        async with client.post(as_ann, headers=ours) as page:
            shown = await page.text()
            assert ("Hello Ann Lee" in shown, '<a class="back" href="/">' in shown) == (True, True)
        async with client.post("/portal/as/nobody", headers=ours) as page:
            assert page.status == 404
    await connection.close()
