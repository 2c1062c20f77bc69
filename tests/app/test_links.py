"""Links to agreed times are made where browsers reach this server and there is a key to sign them with."""

from pathlib import Path

import pytest

from app.clock import Clock
from app.opening import open_house
from app.server import House
from app.settings import read

URL, KEY = {"SUPPORTHUB_PUBLIC_URL": "https://desk.example"}, {"SUPPORTHUB_SECRET_KEY": "k" * 32}


@pytest.mark.parametrize(("set_", "made"), [(URL | KEY, True), (URL, False), (KEY, False), ({}, False)])
async def test_they_need_both(tmp_path: Path, set_: dict[str, str], made: bool) -> None:
    settings = read({**set_, "SUPPORTHUB_DATABASE_URL": f"sqlite:///{tmp_path}/desk.db"})
    store, catalogues = await open_house(settings)
    try:
        house = House(settings, store, catalogues, Clock(), {})
        served = [str(route.resource) for route in house.app.router.routes()]
        assert (house.bot.links is not None) is made
        assert any("/appointments/" in each for each in served) is made
    finally:
        await store.close()
