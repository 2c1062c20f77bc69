"""The command line as an operator meets it: real processes, exit statuses and sentences."""

import asyncio
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import aiohttp
import pytest

from tests.app.test_import import FULL
from tests.program import ROOT, Process, begun, completed

ANEW = [sys.executable, "-c", "from app.cli import main; main()"]


def run(tmp_path: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return completed(arguments, tmp_path, clean(environment))


def clean(more: dict[str, str]) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SUPPORTHUB_", "SLACK_", "MICROSOFT_", "TEAMS_"))
    }
    return {**kept, "PYTHONPATH": str(ROOT), "SUPPORTHUB_PORT": "0", "SUPPORTHUB_UNDO_SECONDS": "0", **more}


@contextmanager
def running(tmp_path: Path, command: str, **environment: str) -> Iterator[tuple[str, Process]]:
    process, said = begun((command,), tmp_path, clean(environment))
    with said, ended(process):
        yield address_in(said), process


def address_in(said: IO[str]) -> str:
    found = re.search(r"http://\S+", said.readline())
    assert found, "it says its address when it is ready"
    return found[0]


@contextmanager
def ended(process: Process | subprocess.Popen[str]) -> Iterator[None]:
    try:
        yield
    finally:
        process.kill()
        process.wait(10)


@pytest.mark.parametrize("command", ["serve", "demo", "migrate", "import"])
def test_every_command_has_help_with_an_example(tmp_path: Path, command: str) -> None:
    done = subprocess.run([*ANEW, command, "--help"], env=clean({}), cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0
    assert "Example:" in done.stdout


HEAVY = "slack_bolt slack_sdk botbuilder aiohttp alembic jinja2 dateparser numpy matplotlib"
WITHOUT = """
import sys
from app.cli import cli
for line in ("--help", "explain due", "dead list", "link list", "verify"):
    try:
        cli(line.split())
    except SystemExit as ended:
        assert not ended.code, line
    assert not set(sys.argv[1:]) & set(sys.modules), line
"""


def test_the_command_line_imports_no_chat_sdk_no_server_and_nothing_else_that_takes_long(
    migrated_sqlite: Path, tmp_path: Path
) -> None:
    shutil.copy(migrated_sqlite, tmp_path / "supporthub.db")
    command = [sys.executable, "-c", WITHOUT, *HEAVY.split()]
    done = subprocess.run(command, cwd=tmp_path, env=clean({}), input="", capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "No dead letters here." in done.stdout


def test_import_says_what_it_did_and_a_second_time_that_nothing_changed(tmp_path: Path) -> None:
    (tmp_path / "desk.toml").write_text(FULL, encoding="utf-8-sig")
    first, second = run(tmp_path, "import", "desk.toml"), run(tmp_path, "import", "desk.toml")
    assert (first.returncode, second.returncode) == (0, 0)
    assert "0 new or changed" not in first.stdout
    assert "0 new or changed" in second.stdout


def test_import_refuses_a_wrong_file_with_every_line(tmp_path: Path) -> None:
    (tmp_path / "desk.toml").write_text(FULL.replace("websan/success", "websan/sucess").replace("licensed = true", ""))
    done = run(tmp_path, "import", "desk.toml")
    assert done.returncode == 1
    assert len(re.findall(r"^desk\.toml:\d+: ", done.stderr, re.M)) == 2
    assert "Traceback" not in done.stderr


def test_wrong_settings_and_wrong_use_exit_with_2(tmp_path: Path) -> None:
    assert run(tmp_path, "serve", SUPPORTHUB_COLOUR="red").returncode == 2
    assert run(tmp_path, "explode").returncode == 2
    refused = run(tmp_path, "demo", SUPPORTHUB_MODE="production")
    assert refused.returncode == 2
    assert "refused in production" in refused.stderr
    refused = run(tmp_path, "demo", SUPPORTHUB_HOST="0.0.0.0")
    assert refused.returncode == 2
    assert "this machine only" in refused.stderr


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
async def test_the_playground_starts_says_where_and_ends_cleanly(tmp_path: Path, how: signal.Signals) -> None:
    command, log = [*ANEW, "demo"], tmp_path / "log"
    with log.open("w") as kept:
        piped, environment = subprocess.PIPE, clean({})
        process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=piped, stderr=kept, text=True)
    with process, ended(process):
        assert process.stdout is not None
        address = address_in(process.stdout)
        async with aiohttp.ClientSession() as session:
            assert (await session.get(address)).status == 200
            assert (await session.get(f"{address}healthz")).status == 200
            ready = await session.get(f"{address}readyz")
            assert (await ready.json())["status"] == "ready"
        process.send_signal(how)
        assert await asyncio.to_thread(process.wait, 15) == 0
    *_, leaving, done = log.read_text().splitlines()
    assert ("leaving: what is under way is finished" in leaving, "ended: whatever is owed" in done) == (True, True)


async def test_the_server_without_a_channel_has_no_playground(tmp_path: Path) -> None:
    with running(tmp_path, "serve") as (address, _):
        async with aiohttp.ClientSession() as session:
            assert (await session.get(f"{address}healthz")).status == 200
            for path in ("", "play/state", "slack/events", "api/messages"):
                assert (await session.get(f"{address}{path}")).status == 404


async def test_killed_in_the_middle_of_a_dialog_and_started_again_it_goes_on(tmp_path: Path) -> None:
    async with aiohttp.ClientSession() as session:
        with running(tmp_path, "demo") as (address, _):
            await say(session, address, "ann", "The quote form is broken since this morning")
            await said(session, address, "ann", "What exactly happens")
        with running(tmp_path, "demo") as (address, _):
            await say(session, address, "ann", "Error 500 on every page")
            found = await said(session, address, "ann", "How bad is it?")
            assert sum("This is case" in text for text in found) == 1


async def test_the_playground_starts_again_where_somebody_was_erased(tmp_path: Path) -> None:
    with running(tmp_path, "demo"):
        pass
    url = f"sqlite:///{tmp_path / 'supporthub-demo.db'}"
    done = run(tmp_path, "erase", "person", "eve@contoso.example", "--yes", SUPPORTHUB_DATABASE_URL=url)
    assert done.returncode == 0, done.stderr
    with running(tmp_path, "demo") as (address, _):
        async with aiohttp.ClientSession() as session:
            assert (await session.get(address)).status == 200


def test_a_database_that_cannot_be_opened_is_told_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "desk.toml").write_text(FULL)
    done = run(tmp_path, "import", "desk.toml", SUPPORTHUB_DATABASE_URL=f"sqlite:///{tmp_path}/nowhere/desk.db")
    assert done.returncode == 1
    assert done.stderr.startswith(f"The database {tmp_path}/nowhere/desk.db can't be opened")
    assert done.stderr.count("\n") == 1


def test_whatever_is_wrong_with_the_database_is_told_in_a_line_that_says_what_to_do(tmp_path: Path) -> None:
    """Also where a command looks for it elsewhere than the server: a relative name is told in full."""
    (tmp_path / "desk.toml").write_text(FULL)
    (tmp_path / "note.db").write_text("A note of four pages. " * 100)
    note = {"SUPPORTHUB_DATABASE_URL": f"sqlite:///{tmp_path}/note.db"}
    for line, given, told in (
        (
            ("import", "desk.toml"),
            note,
            f"The database {tmp_path}/note.db is no database: does SUPPORTHUB_DATABASE_URL",
        ),
        (("dead", "list"), note, "file is not a database. What to look at: supporthub doctor."),
        (("dead", "list"), {}, f"There is no database at {tmp_path}/supporthub.db: does SUPPORTHUB_DATABASE_URL"),
    ):
        done = run(tmp_path, *line, **given)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done.stderr
        assert done.stderr.startswith(told)
    run(tmp_path, "import", "desk.toml")
    assert (tmp_path / "supporthub.db").stat().st_mode & 0o777 == 0o600, "people's words are in it"
    done = run(tmp_path, "backup", "nowhere/desk.backup")
    assert re.match(r"nowhere/\S+: No such file or directory\.\n$", done.stderr)


def test_a_port_that_is_taken_is_told_by_its_setting(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = run(tmp_path, "serve", SUPPORTHUB_PORT=port)
    said = f"SUPPORTHUB_PORT {port} of 127.0.0.1: Address already in use: does another server run here?"
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, said)


def test_what_the_database_says_against_a_file_is_told_by_its_line(tmp_path: Path) -> None:
    (tmp_path / "desk.toml").write_text(FULL)
    run(tmp_path, "import", "desk.toml")
    assert run(tmp_path, "erase", "person", "ann@northwind.example", "--yes").returncode == 0
    done = run(tmp_path, "import", "desk.toml")
    assert done.returncode == 1
    assert re.match(r"desk\.toml:\d+: ann@northwind\.example was erased on ", done.stderr)


async def say(session: aiohttp.ClientSession, address: str, who: str, text: str) -> None:
    body = {"who": who, "room": who, "key": os.urandom(8).hex(), "kind": "said", "text": text}
    async with session.post(f"{address}play/act", json=body, headers={"Origin": address.rstrip("/")}) as response:
        assert response.status == 200, await response.text()


async def said(session: aiohttp.ClientSession, address: str, room: str, until: str) -> list[str]:
    """All that stands in the room, once ``until`` is among it: read from the live line, as pages do."""
    texts: dict[str, str] = {}
    async with session.ws_connect(f"{address}play/live?since=0", headers={"Origin": address.rstrip("/")}) as line:
        while not any(until in text for text in texts.values()):
            frame = await line.receive_json(timeout=20)
            texts |= {entry["key"]: str(entry["entry"]) for entry in frame["entries"] if entry["room"] == room}
    return list(texts.values())
