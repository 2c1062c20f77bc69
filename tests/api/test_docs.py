"""docs/api.md as its reader tries it: the commands, every curl line against a running server, and the snippet."""

import asyncio
import json
import re
import shlex
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from adapters.webhooks.signing import headers, new_secret
from app.cli import cli
from app.clock import Clock
from bot.desk.directory import apply
from bot.dispatch import Bot
from bot.incoming import Address, Incoming, Pressed, User
from rules.directory import read
from store.store import open_store
from tests.api.receiver import Receiver, receiving
from tests.app.test_command_line import running
from tests.app.test_serve_slack import DIRECTORY
from tests.world import CATALOGUES, ROOT

GUIDE = (ROOT / "docs" / "api.md").read_text()
CURLS = re.findall(r"^    (curl (?:.*\\\n)*.*)$", GUIDE, re.M)
SECRET = "k" * 40


class Operator:
    """With a terminal."""

    def __init__(self, url: str) -> None:
        self.environment = {"SUPPORTHUB_DATABASE_URL": url, "SUPPORTHUB_SECRET_KEY": SECRET}
        self.environment["SUPPORTHUB_MODE"] = "development"

    async def does(self, *line: str, **environment: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, cli, line, env={**self.environment, **environment})


@pytest.fixture
async def operator(migrated_sqlite: Path, tmp_path: Path) -> Operator:
    shutil.copy(migrated_sqlite, tmp_path / "supporthub.db")
    operator = Operator(f"sqlite:///{tmp_path}/supporthub.db")
    store = open_store(operator.environment["SUPPORTHUB_DATABASE_URL"])
    await store.write(apply, read(DIRECTORY, CATALOGUES.plans), Clock()().machine)
    await store.close()
    return operator


async def test_every_line_of_the_guide_works_against_a_running_server(operator: Operator, tmp_path: Path) -> None:
    async with receiving() as receiver:
        token, number = await _set_up(operator, receiver)
        with running(tmp_path, "serve", **operator.environment) as (url, _):
            environment = {"TOKEN": token, "DESK": url.rstrip("/")}
            told = []
            for curl in CURLS:
                if "/confirm" in curl:
                    await _solve(operator)
                told.append(await asyncio.to_thread(_curl, curl, environment))
            await _until(receiver, "case.reopened")
        assert told[0]["acts_as"] == "ann@northwind.example"
        assert [each["status"] for each in told if "status" in each] == ["new", "new", "new", "closed", "open"]
        listed = await operator.does("webhook", "list")
        assert f"{number}  northwind  {receiver.url}" in listed.stdout
    assert receiver.kinds[0] == "webhook.test"
    expected = {"case.opened", "case.said", "case.resolved", "case.closed", "case.reopened"}
    assert expected <= set(receiver.kinds)
    documented = set(re.findall(r"`((?:case|webhook)\.[a-z]+)`", GUIDE))
    assert set(receiver.kinds) <= documented


async def _set_up(operator: Operator, receiver: Receiver) -> tuple[str, str]:
    """As the guide's commands do, with the receiver's address for the example's."""
    made = await operator.does(*_line("token add"))
    assert made.exit_code == 0, made.output
    line = [receiver.url if word.startswith("https://") else word for word in _line("webhook add")]
    added = await operator.does(*line)
    assert added.exit_code == 0, added.output
    receiver.secret = added.stdout.split()[-1]
    found = re.match(r"Webhook (\d+) is on", added.stdout)
    assert found is not None
    tried = await operator.does("webhook", "test", found[1])
    assert (tried.exit_code, tried.stdout) == (0, "It answered 204.\n"), tried.output
    return made.stdout.split()[-1], found[1]


def _line(command: str) -> list[str]:
    found = re.search(rf"^    supporthub ({command} .*)$", GUIDE, re.M)
    assert found is not None
    return shlex.split(found[1])


def _curl(line: str, environment: dict[str, str]) -> Any:
    done = subprocess.run(
        ["sh", "-c", line.replace("curl ", "curl --fail-with-body ", 1)],
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 0, (line, done.stdout, done.stderr)
    return json.loads(done.stdout)


async def _solve(operator: Operator) -> None:
    """Sam closes it, beside the running server."""
    store = open_store(operator.environment["SUPPORTHUB_DATABASE_URL"])
    bot = Bot(store, CATALOGUES, Clock(), lambda: None)
    here = Address("slack", "T1", "U0SAM")
    line = Pressed("close 1001 It works again")
    await bot.hear(Incoming("sam closes", User("U0SAM"), here, line, Clock()().business, at_once=True))
    await store.close()


async def _until(receiver: Receiver, kind: str) -> None:
    for _ in range(500):
        if kind in receiver.kinds:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(receiver.kinds)


def test_the_snippet_knows_our_calls_and_no_others() -> None:
    code = GUIDE.partition("By hand:\n\n")[2].partition("\n\n**Answer")[0]
    names: dict[str, Any] = {}
    exec("\n".join(line[4:] for line in code.splitlines()), names)
    secret, body, now = new_secret(), b'{"type":"case.opened"}', datetime.now(UTC)
    signed = headers(secret, "msg_1", now, body)
    assert names["ours"](secret, signed, body)
    assert not names["ours"](secret, signed, body + b" ")
    assert not names["ours"](new_secret(), signed, body)
    assert not names["ours"](secret, headers(secret, "msg_1", now - timedelta(minutes=6), body), body)


async def test_what_an_operator_is_refused(operator: Operator) -> None:
    private = await operator.does("webhook", "add", "--account", "northwind", "--url", "https://10.0.0.1/x")
    assert (private.exit_code, private.stderr) == (1, "It must not lead to this machine or into a private network.\n")
    url = ("--url", "https://erp.example.com/x")
    nobody = await operator.does("webhook", "add", "--account", "nobody", *url)
    assert (nobody.exit_code, nobody.stderr) == (1, "There is no account nobody.\n")
    unsealed = await operator.does("webhook", "add", "--account", "northwind", *url, SUPPORTHUB_SECRET_KEY="")
    assert unsealed.exit_code == 2
    assert (await operator.does("webhook", "add", *url)).exit_code == 2
    assert (await operator.does("webhook", "list")).stdout == "There is none.\n"
    for line in (("webhook", "remove", "7"), ("webhook", "test", "7"), ("token", "revoke", "3f9a01bc")):
        assert (await operator.does(*line)).exit_code == 1
    about = ("--account", "northwind", "--name", "ERP", "--as")
    assert (await operator.does("token", "add", *about, "sam@desk.example")).exit_code == 1
    made = await operator.does("token", "add", *about, "ann@northwind.example")
    assert made.stdout.startswith("ERP may read as ann@northwind.example.")
    listed = (await operator.does("token", "list")).stdout
    assert re.fullmatch(
        r"[0-9a-f]{8}  northwind  ERP reads as ann@northwind.example, since [\d-]+, never used\n", listed
    )
    assert made.stdout.split()[-1] not in listed
    assert (await operator.does("token", "revoke", listed[:8])).stdout == "ERP comes in no more.\n"
    assert (await operator.does("token", "revoke", listed[:8])).exit_code == 1


def test_every_command_has_an_example() -> None:
    for line in (
        "token add",
        "token list",
        "token revoke",
        *(f"webhook {each}" for each in ("add", "list", "remove", "test")),
    ):
        shown = CliRunner().invoke(cli, [*line.split(), "--help"])
        assert "Example: supporthub" in " ".join(shown.stdout.split()), line
