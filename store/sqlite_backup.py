"""SQLite's side of a backup: a copy that the database itself makes of one moment, and the swap of one file for another.

A plain copy of a live file is none: half of what was committed is in the log beside it.
"""

import asyncio
import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from zipfile import ZipFile

from store.backup import CHUNK, Archive, Manifest, Refused, chunks, compare, private, settle
from store.current import sqlite_file
from store.sqlite import SqliteStore

MEMBER = "desk.db"
OURS = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'alembic_version'"


async def back_up(url: str, archive: Archive, folder: Path, at: str, release: str) -> Manifest:
    return await asyncio.to_thread(_back_up, _file(url), archive, folder, at, release)


async def restore(url: str, archive: ZipFile, manifest: Manifest, *, force: bool) -> None:
    file = _file(url)
    with _no_server(file):
        await asyncio.to_thread(_may_replace, file, force)
        fresh = private(file.parent, file.name)
        try:
            await asyncio.to_thread(_unpack, archive, manifest, fresh)
            await _migrate(fresh)
            await asyncio.to_thread(_swap, fresh, file)
        finally:
            for part in _parts(fresh):
                part.unlink(missing_ok=True)


def _back_up(file: Path, archive: Archive, folder: Path, at: str, release: str) -> Manifest:
    copy = private(folder, MEMBER)  # VACUUM INTO takes an empty file, and so nobody else may read it
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as live:
            live.execute("PRAGMA busy_timeout=5000")
            live.execute("VACUUM INTO ?", (str(copy),))
        with closing(sqlite3.connect(copy)) as made:
            revision, rows = _revision(made), _rows(made)
        with archive.member(MEMBER) as write, copy.open("rb") as source:
            while data := source.read(CHUNK):
                write(data)
    except sqlite3.Error as error:
        raise Refused(f"The database cannot be read: {error}.") from error
    finally:
        copy.unlink()
    return Manifest("sqlite", revision, release, at, rows, archive.files)


def _may_replace(file: Path, force: bool) -> None:
    if force or not file.exists():
        return
    try:
        with closing(sqlite3.connect(file)) as there:
            cases = _rows(there).get("cases", 0)
    except sqlite3.Error as error:
        raise Refused(f"{file} cannot be read ({error}): --force replaces it all the same.") from error
    if cases:
        raise Refused(f"There are {cases} cases in {file}: --force replaces them.")


def _unpack(archive: ZipFile, manifest: Manifest, fresh: Path) -> None:
    with fresh.open("wb") as sink:
        for data in chunks(archive, MEMBER):
            sink.write(data)
    with closing(sqlite3.connect(fresh)) as made:
        found = made.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok":
            raise Refused(f"The backup is damaged: {found}.")
        if orphans := made.execute("PRAGMA foreign_key_check").fetchall():
            raise Refused(f"The backup is damaged: {len(orphans)} rows refer to what is not there.")
        compare(manifest, _rows(made))


async def _migrate(fresh: Path) -> None:
    store = SqliteStore(f"sqlite:///{fresh}")
    try:
        await store.migrate()
    finally:
        await store.close()  # the last connection: what was in its log is in the file


def _swap(fresh: Path, file: Path) -> None:
    with fresh.open("rb") as whole:
        os.fsync(whole.fileno())
    if file.exists():
        _as(file, fresh)
    with _emptied(file):
        fresh.rename(file)
    settle(file.parent)


@contextmanager
def _emptied(file: Path) -> Iterator[None]:
    """Its log is in it, or gone: beside the new file the log would be read into that. Nobody begins another one."""
    with closing(sqlite3.connect(file, timeout=1, isolation_level=None)) as old:
        try:
            old.execute("PRAGMA journal_mode=DELETE")
            old.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise Refused(f"Somebody else has {file} open: {error}.") from error
        except sqlite3.DatabaseError:  # it is no database any more, which is why somebody restores
            for part in _parts(file)[1:]:
                part.unlink(missing_ok=True)
        yield


@contextmanager
def _no_server(file: Path) -> Iterator[None]:
    """The lock that a server holds as long as it lives."""
    with open(f"{file}.server", "a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refused(f"A server runs on {file}: stop it first.") from None
        if file.exists():
            _as(file, Path(lock.name))
        yield


def _as(kept: Path, made: Path) -> None:
    """Whoever could write the one, such as the server's own user, can write the other."""
    found = kept.stat()
    made.chmod(found.st_mode & 0o777)
    if os.geteuid() == 0:
        os.chown(made, found.st_uid, found.st_gid)


def _parts(file: Path) -> list[Path]:
    return [file, *(file.with_name(f"{file.name}{part}") for part in ("-wal", "-shm"))]


def _rows(connection: sqlite3.Connection) -> dict[str, int]:
    tables = [name for (name,) in connection.execute(OURS)]
    count = "SELECT count(*) FROM "
    return {name: connection.execute(f'{count}"{name}"').fetchone()[0] for name in tables}


def _revision(connection: sqlite3.Connection) -> str:
    return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def _file(url: str) -> Path:
    file = sqlite_file(url)
    assert file is not None, "whoever calls has looked"
    return file
