"""``supporthub backup``, ``restore`` and ``verify`` as an operator meets them."""

import json
import os
import shutil
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import cli
from store.store import open_store
from tests.app.test_command_line import running
from tests.world import ROOT, World, opened


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


@pytest.fixture
async def folder(migrated_sqlite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """With a desk of one case in it, where the commands look for one."""
    (tmp_path / "supporthub.db").write_bytes(migrated_sqlite.read_bytes())
    store = open_store(f"sqlite:///{tmp_path}/supporthub.db")
    await opened(await World(store).open())
    await store.close()
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("SUPPORTHUB_", "SLACK_", "MICROSOFT_", "TEAMS_"))]:
        monkeypatch.delenv(name)
    return tmp_path


def test_who_was_erased_since_the_backup_is_named_when_it_brings_them_back(folder: Path) -> None:
    assert run("backup", "desk.backup").exit_code == 0
    assert run("erase", "person", "ann@northwind.example", "--yes").exit_code == 0
    back = run("restore", "desk.backup", "--force")
    again = "supporthub erase person ann@northwind.example --yes"
    assert [line for line in back.stdout.splitlines() if "supporthub erase" in line] == [
        f"Erased before, and here again: {again}"
    ]
    shutil.copy(ROOT / "app" / "demo.toml", "desk.toml")
    assert "ann@northwind.example was erased on" in run("import", "desk.toml").stderr, "nor does an import help them"
    assert run(*again.split()[1:]).exit_code == 0


@pytest.mark.parametrize("command", ["backup", "restore", "verify"])
def test_each_has_help_with_an_example(command: str) -> None:
    assert "Example:" in run(command, "--help").stdout


def test_a_desk_is_backed_up_lost_and_put_back(folder: Path) -> None:
    made = run("backup", "desk.backup")
    assert (made.exit_code, "1 cases" in made.stdout) == (0, True), made.stderr
    (folder / "supporthub.db").unlink()
    assert run("verify").exit_code == 1
    assert not (folder / "supporthub.db").exists(), "looking for a desk makes none"
    back = run("restore", "desk.backup", "--verify")
    assert back.exit_code == 0, back.stderr
    assert "1 cases verified, 0 differences." in back.stdout
    again = run("restore", "desk.backup")
    assert (again.exit_code, "--force" in again.stderr) == (1, True)


def test_a_difference_is_a_line_and_an_exit_status(folder: Path) -> None:
    with sqlite3.connect(folder / "supporthub.db") as desk:
        desk.execute("UPDATE cases SET cycle = 4")
    found = run("verify", "--json", "--case", "1001")
    assert found.exit_code == 1
    why = "one more than its reopenings"
    assert json.loads(found.stdout) == {
        "case": 1001, "field": "cycle", "kept": 4, "recomputed": 1, "why": why, "wrong": True
    }  # fmt: skip
    assert "case 1001: cycle: kept 4, recomputed 1: one more than its reopenings" in run("verify").stdout


def test_wrong_use_exits_with_2(folder: Path) -> None:
    assert run("verify", "--since", "yesterday").exit_code == 2
    assert run("verify", "--since", "2026-01-01", "--case", "1001").exit_code == 2
    assert run("restore", "nothing.backup").exit_code == 2
    assert run("verify", "--case", "77").exit_code == 1


def test_a_desk_that_runs_is_backed_up_and_not_replaced(folder: Path) -> None:
    with running(folder, "serve"):
        assert run("backup", "desk.backup").exit_code == 0
        refused = run("restore", "desk.backup", "--force")
    assert (refused.exit_code, "stop it first" in refused.stderr) == (1, True)
