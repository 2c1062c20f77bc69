"""``supporthub intake`` as a mail server runs it: a real process beside a real server, and its exit status."""

import asyncio
import os
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import cli
from app.settings import read
from tests import directories
from tests.app.test_command_line import clean, run, running
from tests.mail.far import Far
from tests.mail.stage import ANN, US
from tests.program import completed
from tests.world import World

Takes = Callable[..., tuple[int, str]]

DIRECTORY = directories.NORTHWIND + directories.ANN


def letter(text: str = "The form is broken", subject: str = "Quote form", **headers: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = (
        ANN,
        US,
        subject,
        f"<{subject}@x.example>".replace(" ", ""),
    )
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


def takes(tmp_path: Path, raw: bytes, **environment: str) -> subprocess.CompletedProcess[str]:
    mail = {"SUPPORTHUB_SMTP_URL": "smtp://127.0.0.1:9", "SUPPORTHUB_MAIL_FROM": US, **environment}
    return completed(("intake",), tmp_path, clean(mail), raw)


def subjects(tmp_path: Path, file: str = "desk.db") -> list[str]:
    with closing(sqlite3.connect(tmp_path / file)) as database:
        return [subject for (subject,) in database.execute("SELECT subject FROM cases ORDER BY subject")]


async def test_beside_a_running_server_whose_mail_then_leaves(tmp_path: Path) -> None:
    """SQLite: the command is a second process that writes to the server's own file."""
    (tmp_path / "desk.toml").write_text(DIRECTORY)
    assert run(tmp_path, "import", "desk.toml").returncode == 0
    async with Far(tls=False, password=False) as far:
        mail = {"SUPPORTHUB_SMTP_URL": f"smtp://127.0.0.1:{far.port}", "SUPPORTHUB_MAIL_FROM": f"Support <{US}>"}
        with running(tmp_path, "serve", SUPPORTHUB_MODE="development", **mail):
            several = (asyncio.to_thread(takes, tmp_path, letter(subject=f"Form {n}"), **mail) for n in (0, 1))
            done = await asyncio.gather(*several)
            assert [(one.returncode, one.stderr) for one in done] == [(0, "")] * 2
            for _ in range(400):
                if len(far.arrived) == 2:
                    break
                await asyncio.sleep(0.05)
        assert sorted(str(one.mail["Subject"])[-6:] for one in far.arrived) == ["Form 0", "Form 1"]
    assert subjects(tmp_path, "supporthub.db") == ["Form 0", "Form 1"], "both are kept"


# In this process, since its start is what takes long


@pytest.fixture
def taken(sqlite_desk: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Takes:
    """Exit status and what was said."""
    around = clean({"SUPPORTHUB_SMTP_URL": "smtp://127.0.0.1:9", "SUPPORTHUB_MAIL_FROM": US})
    around["SUPPORTHUB_DATABASE_URL"] = f"sqlite:///{tmp_path}/desk.db"
    for name in [name for name in os.environ if name not in around]:
        monkeypatch.delenv(name)

    def take(raw: bytes, *more: str, **environment: str) -> tuple[int, str]:
        done = CliRunner().invoke(cli, ["intake", *more], input=raw, env={**around, **environment})
        return done.exit_code, done.stderr

    return take


def test_what_is_kept_is_kept_and_what_no_person_wrote_is_done_with(taken: Takes, tmp_path: Path) -> None:
    assert taken(letter(Auto_Submitted="auto-replied")) == (0, "")
    assert taken(letter(), "--sender", "") == (0, "")
    assert subjects(tmp_path) == []
    assert taken(letter()) == (0, "")
    assert subjects(tmp_path) == ["Quote form"]


@pytest.mark.parametrize(
    "environment",
    [
        {"SUPPORTHUB_DATABASE_URL": "sqlite:////nowhere/at/all.db"},
        {"SUPPORTHUB_DATABASE_URL": "sqlite:///:memory:"},
        {"SUPPORTHUB_SMTP_URL": "nonsense"},
        {"SUPPORTHUB_TYPO": "x"},
        {"SUPPORTHUB_CATALOGUES": "/nowhere"},
    ],
)
def test_whatever_is_wrong_on_our_side_the_mail_server_keeps_the_mail(
    taken: Takes, environment: dict[str, str]
) -> None:
    status, said = taken(letter(), **environment)
    assert status == 75
    assert said
    assert "Traceback" not in said


def test_with_mail_off_the_mail_server_keeps_the_mail(taken: Takes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.cli.read", lambda: read({}))
    assert taken(letter()) == (75, "mail is off: SUPPORTHUB_SMTP_URL and SUPPORTHUB_MAIL_FROM are not set\n")


def test_a_mail_that_is_too_large_is_refused_for_good(taken: Takes) -> None:
    assert taken(letter() + b"x" * (25 * 1024 * 1024)) == (1, "the mail is larger than 25 MiB\n")
