"""A backup is the desk of one moment, and a restore is all of it or nothing (docs/backup.md)."""

import hashlib
import json
import shutil
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command

from store import backup
from store.backup import MANIFEST, Manifest, Refused
from store.current import NotCurrent
from store.migrate import configuration
from store.store import Store, open_store
from tests.databases import temporary_database
from tests.store.inside import everything, on_postgresql, on_sqlite, sql
from tests.verifying import differences
from tests.world import BROKEN, MONDAY, World, opened


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[str]:
    """Another database of the same kind, in which nothing was ever made."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path}/elsewhere.db"
        return
    with temporary_database(request.getfixturevalue("postgres_server")) as url:
        yield url


@pytest.fixture
async def saved(case: World, database_url: str, tmp_path: Path) -> Path:
    """Of a desk with one case."""
    await case.says("sam", "reply 1001 Looking into it")
    await back_up(database_url, tmp_path / "desk.backup")
    return tmp_path / "desk.backup"


async def back_up(url: str, file: Path) -> Manifest:
    return await backup.back_up(url, file, MONDAY, "0.1.0")


async def content(url: str) -> dict[str, list[tuple[Any, ...]]]:
    store = open_store(url)
    try:
        return await store.read(everything)
    finally:
        await store.close()


async def act(url: str, unit: Callable[..., Any], *args: Any) -> Any:
    store = open_store(url)
    try:
        return await store.write(unit, *args)
    finally:
        await store.close()


def goes_on(store: Store) -> World:
    world = World(store)
    world.acts = 1000  # what its people do now is none of what they did before
    return world


async def test_what_is_restored_is_what_was_backed_up(saved: Path, database_url: str, elsewhere: str) -> None:
    manifest = await backup.restore(elsewhere, saved, force=False)
    assert manifest.cases == 1
    assert await content(elsewhere) == await content(database_url)
    store = open_store(elsewhere)
    assert await differences(store) == []
    await store.close()


async def test_a_restored_desk_goes_on_where_it_was(saved: Path, elsewhere: str) -> None:
    await backup.restore(elsewhere, saved, force=False)
    store = open_store(elsewhere)
    world = goes_on(store)
    assert "This is case #1002." in str(await world.says("eve", BROKEN))
    await world.says("sam", "close 1001 Fixed it")
    assert "Yes, close it" in world.last("ann")
    await store.close()


async def test_a_number_is_not_given_twice_after_a_restore_though_its_case_was_erased(
    case: World, database_url: str, elsewhere: str, tmp_path: Path
) -> None:
    for table, column in (("case_event", "case_id"), ("card", "case_id"), ("outbox", "case_id"), ("cases", "id")):
        await case.store.write(sql, f"DELETE FROM {table} WHERE {column} = 1001")
    await back_up(database_url, tmp_path / "desk.backup")
    await backup.restore(elsewhere, tmp_path / "desk.backup", force=False)
    store = open_store(elsewhere)
    assert "This is case #1002." in str(await goes_on(store).says("eve", BROKEN))
    await store.close()


async def test_a_desk_with_cases_is_replaced_only_when_told(
    saved: Path, case: World, store: Store, database_url: str
) -> None:
    then = await content(database_url)
    await opened(case, "eve")
    await store.close()
    now = await content(database_url)
    with pytest.raises(Refused, match="2 cases"):
        await backup.restore(database_url, saved, force=False)
    assert await content(database_url) == now
    await backup.restore(database_url, saved, force=True)
    assert await content(database_url) == then


async def test_a_running_desk_is_left_alone(saved: Path, store: Store, database_url: str) -> None:
    await store.take_over()
    with pytest.raises(Refused, match="runs on"):
        await backup.restore(database_url, saved, force=True)
    assert await store.read(sql, "SELECT count(*) FROM cases") == [(1,)]


def rewritten(file: Path, change: Callable[[dict[str, Any]], None], **members: bytes) -> Path:
    """With another manifest, and other members under its checksums."""
    other = file.with_name("other.backup")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(other, "w") as new:
        data = {name: old.read(name) for name in old.namelist()} | {
            f"{name}.copy": data for name, data in members.items()
        }
        manifest = json.loads(data.pop(MANIFEST))
        manifest["files"] = {name: hashlib.sha256(member).hexdigest() for name, member in data.items()}
        change(manifest)
        for name, member in {**data, MANIFEST: json.dumps(manifest).encode()}.items():
            new.writestr(name, member)
    return other


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda manifest: manifest["rows"].update(cases=2), "the rows of cases differ"),
        (lambda manifest: manifest.update(revision="9999"), "install release"),
        (lambda manifest: manifest.update(format=99), "install that one or a newer"),
        (lambda manifest: manifest.pop("rows"), "no backup of a desk, or a damaged one"),
        (lambda manifest: manifest.update(files=dict.fromkeys(manifest["files"], "0")), "checksum"),
        (lambda manifest: manifest.update(database="oracle"), "is of a oracle database"),
    ],
)
async def test_a_backup_that_is_not_what_it_says_changes_nothing(
    saved: Path, store: Store, database_url: str, change: Callable[[dict[str, Any]], None], sentence: str
) -> None:
    await store.close()
    before = await content(database_url)
    with pytest.raises(Refused, match=sentence):
        await backup.restore(database_url, rewritten(saved, change), force=True)
    assert await content(database_url) == before
    assert not list(saved.parent.glob(".*")), "nothing is left lying about"


@on_sqlite
async def test_a_damaged_file_changes_nothing(saved: Path, store: Store, database_url: str) -> None:
    await store.close()
    before, whole = await content(database_url), saved.read_bytes()
    damaged = saved.with_name("damaged.backup")
    for bad in (b"", b"SQLite format 3", whole[: len(whole) // 2], whole[:5000] + b"x" * 60 + whole[5060:]):
        damaged.write_bytes(bad)
        with pytest.raises(Refused, match=r"no backup of a desk, or a damaged one|checksum"):
            await backup.restore(database_url, damaged, force=True)
    assert await content(database_url) == before


async def test_nobody_else_can_read_a_backup_and_none_is_overwritten(saved: Path, database_url: str) -> None:
    assert saved.stat().st_mode & 0o777 == 0o600
    whole = saved.read_bytes()
    with pytest.raises(Refused, match="there already"):
        await back_up(database_url, saved)
    assert saved.read_bytes() == whole
    assert not list(saved.parent.glob(".*"))


async def test_where_there_is_no_desk_there_is_nothing_to_back_up(elsewhere: str, tmp_path: Path) -> None:
    with pytest.raises(NotCurrent):
        await back_up(elsewhere, tmp_path / "desk.backup")
    assert [path.name for path in tmp_path.iterdir() if "elsewhere" in path.name or "backup" in path.name] == []


async def test_an_older_releases_backup_is_brought_up_to_date(
    elsewhere: str, database_url: str, tmp_path: Path
) -> None:
    await act(elsewhere, lambda work: command.upgrade(configuration(work._session.connection()), "0002"))
    await act(elsewhere, sql, "INSERT INTO account (slug, name) VALUES ('northwind', 'Northwind')")
    manifest = await back_up(elsewhere, tmp_path / "old.backup")
    assert manifest.revision == "0002"
    await backup.restore(database_url, tmp_path / "old.backup", force=False)
    kept = await content(database_url)
    assert [row[1:3] for row in kept["account"]] == [("northwind", "Northwind")]
    assert kept["absence"] == []


@on_sqlite
async def test_the_log_of_the_file_that_was_there_is_not_read_into_the_new_one(
    saved: Path, case: World, database_url: str, tmp_path: Path
) -> None:
    then = await content(f"sqlite:///{tmp_path}/desk.db")
    await opened(case, "eve")
    dead = tmp_path / "dead"
    dead.mkdir()
    for part in ("desk.db", "desk.db-wal"):
        shutil.copy(tmp_path / part, dead / part)
    assert (dead / "desk.db-wal").stat().st_size > 0
    await backup.restore(f"sqlite:///{dead}/desk.db", saved, force=True)
    assert {path.name for path in dead.iterdir()} == {"desk.db", "desk.db.server"}
    assert await content(f"sqlite:///{dead}/desk.db") == then


@on_sqlite
async def test_a_file_that_is_no_database_any_more_is_replaced_when_told(saved: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"what the disk left of it" * 1000)
    broken.with_name("broken.db-wal").write_bytes(b"and of its log")
    with pytest.raises(Refused, match="cannot be read"):
        await backup.restore(f"sqlite:///{broken}", saved, force=False)
    await backup.restore(f"sqlite:///{broken}", saved, force=True)
    with sqlite3.connect(broken) as restored:
        assert restored.execute("SELECT count(*) FROM cases").fetchall() == [(1,)]
    restored.close()


@on_sqlite
async def test_somebody_else_who_has_the_file_open_is_not_cut_off(saved: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    shutil.copy(tmp_path / "desk.db", other)
    with sqlite3.connect(other) as reading:
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM cases").fetchall()
        with pytest.raises(Refused, match="open"):
            await backup.restore(f"sqlite:///{other}", saved, force=True)
    reading.close()


@on_postgresql
async def test_what_fails_halfway_leaves_what_was_there(saved: Path, store: Store, database_url: str) -> None:
    await store.close()
    before = await content(database_url)
    with zipfile.ZipFile(saved) as archive:
        outbox = archive.read("outbox.copy")
    broken = rewritten(saved, lambda manifest: None, outbox=outbox.replace(b"\t", b"\tx", 1))
    with pytest.raises(Refused, match="does not take"):
        await backup.restore(database_url, broken, force=True)
    assert await content(database_url) == before
