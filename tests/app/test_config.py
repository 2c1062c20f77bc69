"""``supporthub config check``: all that is wrong at once, or what is on and off; no secret in either."""

import os
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app.cli import cli
from app.clock import Clock
from app.config import doors
from app.server import CONNECT
from app.settings import read
from tests.world import World

KEY = "a key of the desk that is long enough"
SLACK = {"SLACK_SIGNING_SECRET": "8f742231b10e", "SLACK_BOT_TOKEN": "xoxb-1-2-abc"}
TEAMS = {
    "MICROSOFT_APP_ID": "c5a2c9d4-0b7e-4c8f-9a55-3d1e0f6b2a77",
    "MICROSOFT_APP_PASSWORD": "8Q~hunter2",
    "MICROSOFT_APP_TENANT_ID": "72f988bf-86f1-41af-91ab-2d7cd011db47",
}
MAIL = {
    "SUPPORTHUB_SMTP_URL": "smtp://desk:hunter3@mail.example.com",
    "SUPPORTHUB_MAIL_FROM": "Support <support@desk.example>",
}
PUBLIC = {"SUPPORTHUB_PUBLIC_URL": "https://desk.example.com"}


def check(**environment: str) -> Result:
    ours = [name for name in os.environ if name.startswith(("SUPPORTHUB_", "SLACK_", "MICROSOFT_", "TEAMS_"))]
    given: dict[str, Any] = {**dict.fromkeys(ours), **environment}
    return CliRunner().invoke(cli, ["config", "check"], env=given)


def test_what_is_on_is_told_and_of_secrets_only_that_they_are_set(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY)
    done = check(SUPPORTHUB_SECRET_KEY_FILE=str(tmp_path / "key"), **SLACK, **TEAMS, **MAIL, **PUBLIC)
    assert done.exit_code == 0, done.stderr
    told = dict(line.split(maxsplit=1) for line in done.stdout.splitlines() if line)
    assert told["slack"] == "on: one workspace, called at https://desk.example.com/slack/events"
    assert told["email"].startswith("on: support@desk.example, sent through mail.example.com:587")
    assert (told["files"], told["sign-in"], told["webhook"]) == ("off", "off", "on")
    assert told["SUPPORTHUB_SECRET_KEY"] == "set (from a file)"
    assert (told["SLACK_BOT_TOKEN"], told["SUPPORTHUB_PORT"]) == ("set", "3978 (usual)")
    hidden = (KEY, "8f742231b10e", "xoxb-1-2-abc", "8Q~hunter2", "hunter3")
    assert [secret for secret in hidden if secret in done.output] == []


def test_every_mistake_is_told_at_once() -> None:
    done = check(
        SUPPORTHUB_PROT="1", SUPPORTHUB_MODE="fun", SLACK_BOT_TOKEN="xoxb-1-2-abc", SUPPORTHUB_SECRET_KEY="short"
    )
    assert (done.exit_code, done.stdout) == (2, "")
    for name in ("SUPPORTHUB_PROT", "SUPPORTHUB_MODE", "SLACK_SIGNING_SECRET", "SUPPORTHUB_SECRET_KEY"):
        assert name in done.stderr
    assert "xoxb" not in done.output


@pytest.mark.parametrize(
    "environment",
    [{}, PUBLIC, {**SLACK, **MAIL}, {**TEAMS, "SUPPORTHUB_SECRET_KEY": KEY}, {"SUPPORTHUB_MODE": "development"}],
)
async def test_it_calls_on_what_the_server_would_connect(sqlite_desk: World, environment: dict[str, str]) -> None:
    settings, told = read(environment), doors(read(environment))
    for name, connect in CONNECT.items():
        connection = connect(settings, sqlite_desk.store, Clock())
        assert (connection is not None) == (told[name] is not None), name
        if connection is not None:
            await connection.close()


@pytest.mark.parametrize("command", [["config", "check"], ["doctor"], ["retention"], ["link", "portal"]])
def test_each_has_help_with_an_example(command: list[str]) -> None:
    assert "Example:" in CliRunner().invoke(cli, [*command, "--help"]).stdout
