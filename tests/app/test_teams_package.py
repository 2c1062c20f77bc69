"""`supporthub teams-package`: the zip that is uploaded to Teams."""

import json
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from app.settings import Misconfigured
from app.teams_package import FOLDER, package
from tests.app.test_command_line import run

APP_ID, HOST = "72f988bf-86f1-41af-91ab-2d7cd011db47", "desk.example.com"


def test_it_writes_what_is_uploaded_and_the_same_bytes_twice(tmp_path: Path) -> None:
    for name in ("teams.zip", "again.zip"):
        done = run(tmp_path, "teams-package", "--app-id", APP_ID, "--host", HOST, "--output", name)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == f"{name} is written: upload it in the Teams admin centre.\n"
    assert (tmp_path / "teams.zip").read_bytes() == (tmp_path / "again.zip").read_bytes()
    assert ZipFile(tmp_path / "teams.zip").testzip() is None


def test_what_the_settings_say_need_not_be_said_again(tmp_path: Path) -> None:
    given = {"MICROSOFT_APP_ID": APP_ID.upper(), "SUPPORTHUB_PUBLIC_URL": "https://desk.example.com/"}
    assert run(tmp_path, "teams-package", **given).returncode == 0
    assert (tmp_path / "teams.zip").read_bytes() == package(APP_ID, HOST)
    assert run(tmp_path, "teams-package", "--host", "other.example.com", **given).returncode == 0
    assert (tmp_path / "teams.zip").read_bytes() == package(APP_ID, "other.example.com")


def test_its_help_has_an_example(tmp_path: Path) -> None:
    done = run(tmp_path, "teams-package", "--help")
    assert done.returncode == 0
    assert "Example: supporthub teams-package --app-id" in done.stdout


def test_wrong_use_is_told_all_at_once(tmp_path: Path) -> None:
    done = run(tmp_path, "teams-package", "--app-id", "support-hub", MICROSOFT_APP_ID=APP_ID)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "--app-id or MICROSOFT_APP_ID must be an id such as 72f988bf-86f1-41af-91ab-2d7cd011db47.",
        "--host or SUPPORTHUB_PUBLIC_URL must be a host such as desk.example.com, without port and path.",
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    done = run(tmp_path, "teams-package", "--app-id", APP_ID, "--host", HOST, "--output", "no/such/folder.zip")
    assert (done.returncode, done.stderr) == (1, "no/such/folder.zip: No such file or directory.\n")


def test_the_zip_holds_three_files_at_its_root_with_id_and_host_filled_in() -> None:
    archive = ZipFile(BytesIO(package(APP_ID, HOST)))
    assert archive.namelist() == ["manifest.json", "color.png", "outline.png"]
    manifest = archive.read("manifest.json").decode()
    assert "{{" not in manifest
    told = json.loads(manifest)
    assert {told["id"], told["bots"][0]["botId"], told["composeExtensions"][0]["botId"]} == {APP_ID}
    assert told["validDomains"] == [HOST]
    assert told["developer"]["privacyUrl"] == "https://desk.example.com/privacy"
    for kind in told["icons"].values():
        assert archive.read(kind) == (FOLDER / kind).read_bytes()


def test_nothing_in_the_zip_tells_when_or_where_it_was_packed() -> None:
    for entry in ZipFile(BytesIO(package(APP_ID, HOST))).infolist():
        assert (entry.date_time, entry.create_system) == ((1980, 1, 1, 0, 0, 0), 3)
        assert (entry.external_attr >> 16, entry.compress_type) == (0o644, 0)


@pytest.mark.parametrize("host", ["desk.example.com", "DESK.Example.com", "xn--bcher-kva.example", "a.b-c.d1.co"])
def test_a_host_is_taken(host: str) -> None:
    manifest = json.loads(ZipFile(BytesIO(package(APP_ID, f"https://{host}"))).read("manifest.json"))
    assert manifest["validDomains"] == [host.lower()]


@pytest.mark.parametrize(
    "host",
    [
        "",
        "desk",
        "localhost",
        "127.0.0.1",
        "[::1]",
        "desk.example.com:8443",
        "desk.example.com/api/messages",
        "http://desk.example.com",
        "https://https://desk.example.com",
        "*.example.com",
        "-desk.example.com",
        "desk..example.com",
        "desk.example.com\n",
        'desk.example.com","x',
        "büro.example",
        f"{'a' * 64}.example",
        f"{'a.' * 130}example",
    ],
)
def test_what_is_no_host_is_refused(host: str) -> None:
    with pytest.raises(Misconfigured, match="--host"):
        package(APP_ID, host)


@pytest.mark.parametrize("app_id", ["", APP_ID[:-1], f"{{{APP_ID}}}", f"{APP_ID}\n", APP_ID.replace("-", "")])
def test_what_is_no_id_is_refused(app_id: str) -> None:
    with pytest.raises(Misconfigured, match="--app-id"):
        package(app_id, HOST)
