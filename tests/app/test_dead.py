"""``supporthub dead``: what could not be delivered, read and sent again from a terminal."""

import shutil
import subprocess
from pathlib import Path

import pytest

from app.clock import Clock
from bot.delivery import Delivery
from store.store import open_store
from tests.app.test_command_line import run
from tests.bot.owing import gone, owe
from tests.world import CATALOGUES, World


@pytest.fixture
async def address(migrated_sqlite: Path, tmp_path: Path) -> str:
    """Of a desk with two dead letters, 1 in a room and 2 to Ann; the second went to her mailbox."""
    url = f"sqlite:///{tmp_path}/supporthub.db"
    shutil.copy(migrated_sqlite, tmp_path / "supporthub.db")
    store = open_store(url)
    desk = await World(store).open()
    desk.fake.before = gone("shop", "ann")
    await owe(desk, "shop", "the words")
    await owe(desk, "ann", "to Ann")
    await desk.delivery.deliver_all()
    await store.close()
    return url


def dead(tmp_path: Path, address: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return run(tmp_path, "dead", *arguments, SUPPORTHUB_DATABASE_URL=address)


async def arrived(address: str) -> list[str]:
    """In the shop, once somebody sends again."""
    store = open_store(address)
    desk = World(store)
    await Delivery(store, desk.channels, CATALOGUES, Clock()).deliver_all()
    await store.close()
    return desk.heard("shop")


@pytest.mark.parametrize("command", [(), ("list",), ("show",), ("replay",)])
def test_each_has_help_with_an_example(tmp_path: Path, command: tuple[str, ...]) -> None:
    done = run(tmp_path, "dead", *command, "--help")
    assert done.returncode == 0
    assert "Example:" in done.stdout


def test_it_makes_no_database(tmp_path: Path) -> None:
    done = dead(tmp_path, f"sqlite:///{tmp_path}/none.db", "list")
    assert (done.returncode, list(tmp_path.glob("none*"))) == (1, [])


async def test_they_are_listed_without_their_words_and_shown_with_them(tmp_path: Path, address: str) -> None:
    listed = dead(tmp_path, address, "list")
    assert listed.returncode == 0
    assert "Dead letters: 2" in listed.stdout
    assert "to shop (fake): the bot was removed." in listed.stdout
    assert "the words" not in listed.stdout
    assert "[Show]" not in listed.stdout
    shown = dead(tmp_path, address, "show", "1")
    assert "> the words" in shown.stdout
    assert "Instead: nothing" in shown.stdout
    assert "No dead letters here." in dead(tmp_path, address, "list", "--channel", "slack").stdout


async def test_one_is_put_back_into_its_lane(tmp_path: Path, address: str) -> None:
    done = dead(tmp_path, address, "replay", "1")
    assert (done.returncode, done.stderr) == (0, "")
    assert await arrived(address) == ["the words"]


async def test_all_are_but_for_those_that_went_elsewhere(tmp_path: Path, address: str) -> None:
    assert "Back in their lanes: 1." in dead(tmp_path, address, "replay", "--all").stdout


async def test_what_cannot_be_is_refused_and_nothing_done(tmp_path: Path, address: str) -> None:
    refused = dead(tmp_path, address, "replay", "1", "2")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == "2 went to ann@northwind.example instead, so it is not sent again.\n"
    assert dead(tmp_path, address, "show", "4711").returncode == 1
    assert await arrived(address) == []


def test_wrong_use_exits_with_2(tmp_path: Path) -> None:
    assert run(tmp_path, "dead", "replay").returncode == 2
    assert run(tmp_path, "dead", "replay", "1", "--all").returncode == 2
    assert run(tmp_path, "dead", "replay", "1", "--channel", "slack").returncode == 2
    assert run(tmp_path, "dead", "bury", "1").returncode == 2
