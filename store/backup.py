"""A backup is one file: the database as of one moment, and a manifest that says what must be in it.

The file is a zip archive. ``manifest.json`` is written last and names every other member with its checksum; the members
are SQLite's own file, or a table of PostgreSQL's each as COPY writes it.
"""

import hashlib
import json
import os
import secrets
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from store.current import must_exist, sqlite_file
from store.revisions import known

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK = 1024 * 1024  # bytes
PRIVATE = 0o600  # tokens are sealed in it, people's words are not


class Refused(Exception):
    """Nothing was written or replaced, and why."""


@dataclass(frozen=True)
class Manifest:
    database: str
    """sqlite or postgresql"""
    revision: str
    release: str
    at: str
    """When it was begun: all that was acknowledged before is in it."""
    rows: dict[str, int]
    """By table."""
    files: dict[str, str]
    """Each member's SHA-256."""
    columns: dict[str, list[str]] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)
    """The last number that each table gave out: none is given twice."""
    format: int = FORMAT

    @property
    def cases(self) -> int:
        return self.rows.get("cases", 0)


class Archive:
    """A backup in the making."""

    def __init__(self, made: zipfile.ZipFile) -> None:
        self._zip = made
        self.files: dict[str, str] = {}

    @contextmanager
    def member(self, name: str) -> Iterator[Callable[[bytes], None]]:
        digest = hashlib.sha256()
        with self._zip.open(name, "w", force_zip64=True) as sink:

            def write(data: bytes) -> None:
                digest.update(data)
                sink.write(data)

            yield write
        self.files[name] = digest.hexdigest()


async def back_up(url: str, file: Path, at: datetime, release: str) -> Manifest:
    """Beside a running desk or without one. Raises Refused, or NotCurrent where there is nothing to back up."""
    must_exist(url)
    from store import postgres_backup, sqlite_backup

    with whole_or_not_at_all(file) as unfinished, unfinished.open("wb") as sink:
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
            archive = Archive(made)
            if sqlite_file(url) is not None:
                manifest = await sqlite_backup.back_up(url, archive, unfinished.parent, at.isoformat(), release)
            else:
                manifest = await postgres_backup.back_up(url, archive, at.isoformat(), release)
            made.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
        sink.flush()
        os.fsync(sink.fileno())
    return manifest


async def restore(url: str, file: Path, *, force: bool) -> Manifest:
    """All or nothing, up to date with this release afterwards. ``force`` replaces a desk in which there are cases."""
    from store import postgres_backup, sqlite_backup

    with _opened(file) as (archive, manifest):
        _check(archive, manifest)
        kind = "sqlite" if sqlite_file(url) is not None else "postgresql"
        if manifest.database != kind:
            raise Refused(f"The backup is of a {manifest.database} database, and this one is {kind}.")
        if not known(manifest.revision):
            raise Refused(
                f"The backup is at revision {manifest.revision}: install release {manifest.release} or newer."
            )
        await (sqlite_backup if kind == "sqlite" else postgres_backup).restore(url, archive, manifest, force=force)
    return manifest


def compare(manifest: Manifest, rows: dict[str, int]) -> None:
    """What was restored must be what was backed up."""
    if rows != manifest.rows:
        wrong = sorted(name for name in rows | manifest.rows if rows.get(name) != manifest.rows.get(name))
        raise Refused(f"The backup is not what its manifest says: the rows of {', '.join(wrong)} differ.")


def settle(folder: Path) -> None:
    """A new name in the folder is on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def private(folder: Path, name: str) -> Path:
    """An empty file of that folder which nobody else can read and which nobody had."""
    made = folder / f".{name}.{secrets.token_hex(4)}"
    os.close(os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE))
    return made


@contextmanager
def whole_or_not_at_all(file: Path) -> Iterator[Path]:
    if file.exists():
        raise Refused(f"{file} is there already.")
    unfinished = private(file.parent, file.name)
    try:
        yield unfinished
        unfinished.rename(file)
        settle(file.parent)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def _opened(file: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive, _manifest(file, json.loads(archive.read(MANIFEST)))
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, EOFError) as error:
        raise Refused(f"{file} is no backup of a desk, or a damaged one: {error}.") from error


def _manifest(file: Path, found: dict[str, Any]) -> Manifest:
    if found.get("format", 0) > FORMAT:
        raise Refused(f"{file} was written by release {found.get('release')}: install that one or a newer.")
    return Manifest(**found)


def _check(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Before anything is touched."""
    for name, kept in manifest.files.items():
        digest = hashlib.sha256()
        for chunk in chunks(archive, name):
            digest.update(chunk)
        if digest.hexdigest() != kept:
            raise Refused(f"The backup is damaged: the checksum of {name} is another one.")


def chunks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(name) as source:
        while data := source.read(CHUNK):
            yield data
