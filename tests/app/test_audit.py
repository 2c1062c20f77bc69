"""``supporthub audit escalations`` as an operator, or cron, meets it."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from bot.desk.directory import apply
from store.store import open_store
from store.tables import Case, Person
from store.work import Work
from tests.app.test_command_line import run
from tests.world import DIRECTORY, MONDAY


def alarmed(work: Work, at: datetime | None) -> None:
    """A case of Ann's whose answer was due long ago."""
    if at is None:
        return
    apply(work, DIRECTORY, MONDAY)
    ann = work.find(Person, email="ann@northwind.example")
    place = work.conversation("email", "", "ann@northwind.example").id
    work.add(
        Case(
            account_id=ann.account_id,
            opened_by=ann.id,
            conversation_id=place,
            plan="websan/success",
            subject="It is broken",
            received_at=MONDAY,
            target_minutes=240,
            due_at=MONDAY + timedelta(hours=4),
            next_alarm_at=at,
            updated_at=MONDAY,
        )
    )


async def desk(path: Path, migrated: Path, alarm: datetime | None) -> str:
    url = f"sqlite:///{shutil.copy(migrated, path / 'desk.db')}"
    store = open_store(url)
    await store.write(alarmed, alarm)
    await store.close()
    return url


async def test_a_desk_on_time_is_exit_status_0(tmp_path: Path, migrated_sqlite: Path) -> None:
    url = await desk(tmp_path, migrated_sqlite, None)
    done = run(tmp_path, "audit", "escalations", SUPPORTHUB_DATABASE_URL=url)
    assert (done.returncode, done.stdout) == (0, "0 live cases looked at, 0 late.\n"), done.stderr


async def test_a_step_that_is_late_is_exit_status_1_and_a_line(tmp_path: Path, migrated_sqlite: Path) -> None:
    url = await desk(tmp_path, migrated_sqlite, MONDAY + timedelta(hours=2))
    done = run(tmp_path, "audit", "escalations", SUPPORTHUB_DATABASE_URL=url)
    assert done.returncode == 1, done.stderr
    first, last = done.stdout.splitlines()
    assert first.startswith("#1001: 50: late by ")
    assert first.endswith(": due 2026-01-19 16:00:00 UTC, and nobody made the round")
    assert last == "1 live cases looked at, 1 late."
    years = str(100 * 366 * 86_400)
    assert run(tmp_path, "audit", "escalations", "--tolerance", years, SUPPORTHUB_DATABASE_URL=url).returncode == 0


def test_it_makes_no_database(tmp_path: Path) -> None:
    done = run(tmp_path, "audit", "escalations", SUPPORTHUB_DATABASE_URL=f"sqlite:///{tmp_path}/nothing.db")
    assert done.returncode == 1
    assert not (tmp_path / "nothing.db").exists()
