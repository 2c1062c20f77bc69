"""``supporthub record``: a case as a signed document, and whether one was changed since."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from app.cli import cli
from app.record import Unsound, check, signed
from bot.records import FORMAT
from tests.app.test_audit import desk
from tests.world import MONDAY

SECRET, OTHER = SecretStr("s" * 32), SecretStr("o" * 32)
RECORD: dict[str, Any] = {"format": FORMAT, "case": {"number": 1042, "subject": "Größer als 5 \u2028"}, "history": []}


def test_whoever_has_it_can_check_it_with_nothing_else() -> None:
    document = signed(RECORD, SECRET)
    number, key = check(document, None)
    assert (number, check(document, SECRET)[1]) == (1042, key)
    assert check(json.dumps(json.loads(document)), None)[0] == 1042, "written otherwise it says the same"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1042", "1043"),
        ("Größer", "Kleiner"),
        ('"history": []', '"history": [1]'),
        ('"value": "', '"value": "AA'),
        ('"number": 1042', '"number": 1041, "number": 1042'),
        ("Ed25519", "none"),
        ("case record 1", "case record 9"),
        ('{\n  "record"', '{\n  "more": 1,\n  "record"'),
        ("{", "["),
    ],
)
def test_nothing_of_it_can_be_changed(old: str, new: str) -> None:
    changed = signed(RECORD, SECRET).replace(old, new, 1)
    assert changed != signed(RECORD, SECRET)
    with pytest.raises(Unsound):
        check(changed, None)


@pytest.mark.parametrize(
    "given",
    ["[" * 200_000, "null", "[1]", '{"record": {"case": {"number": 1e999}}}', "Größer", "number 1e999"],
)
def test_whatever_somebody_brings_it_is_only_no_record(given: str) -> None:
    whole = signed(RECORD, SECRET)
    crafted = {"Größer": whole.replace("Größer", "\\ud800"), "number 1e999": whole.replace("1042", "1e999")}
    with pytest.raises(Unsound):
        check(crafted.get(given, given), None)


def test_what_another_desk_signed_is_not_this_desks() -> None:
    check(signed(RECORD, OTHER), None)
    with pytest.raises(Unsound):
        check(signed(RECORD, OTHER), SECRET)


def test_an_operator_makes_one_and_checks_it(
    tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, file = f"sqlite:///{tmp_path}/desk.db", tmp_path / "case.json"
    monkeypatch.setenv("SUPPORTHUB_DATABASE_URL", url)
    monkeypatch.setenv("SUPPORTHUB_SECRET_KEY", SECRET.get_secret_value())
    asyncio.run(desk(tmp_path, migrated_sqlite, MONDAY))
    made = CliRunner().invoke(cli, ["record", "1001", "--output", str(file)])
    assert made.exit_code == 0, made.output
    assert CliRunner().invoke(cli, ["record", "1001", "--output", str(file)]).exit_code == 1, "it is there already"
    kept = json.loads(file.read_text())["record"]
    assert (kept["case"]["account"], kept["plan"]["id"], kept["for"]) == ("Northwind", "websan/success", "customer")
    assert kept["clock"]["due_at"] == "2026-01-19T18:00:00+00:00"
    assert file.stat().st_mode & 0o077 == 0
    done = CliRunner().invoke(cli, ["record", "--check", str(file)])
    assert (done.exit_code, done.stdout) == (0, "Case 1001: unchanged, signed with this desk's key.\n"), done.output
    file.write_text(file.read_text().replace("Northwind", "Southwind"))
    changed = CliRunner().invoke(cli, ["record", "--check", str(file)])
    assert (changed.exit_code, changed.stderr) == (1, "It was changed after it was signed.\n")
    assert CliRunner().invoke(cli, ["record", "4711"]).exit_code == 1
    assert CliRunner().invoke(cli, ["record"]).exit_code == 2
    monkeypatch.delenv("SUPPORTHUB_SECRET_KEY")
    assert CliRunner().invoke(cli, ["record", "1001"]).exit_code == 2
