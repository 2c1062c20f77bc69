"""The database: whether it is there, is of this release, takes writes, and is set up for what is asked of it."""

import fcntl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.doctor.findings import Finding, ok, some, warning, wrong
from app.settings import Settings
from store.condition import PostgresFacts, SqliteFacts
from store.current import NotCurrent, must_exist, sqlite_file
from store.revisions import known, newest
from store.store import Store, Unavailable
from store.work import Work

PATIENCE = 10.0  # seconds
OFF, FAR_OFF = timedelta(seconds=5), timedelta(minutes=1)
LARGE = 256 * 1024**2


async def database_of(settings: Settings, store: Store) -> list[Finding]:
    """Whoever finds something wrong here looks no further."""
    found = await _there(settings, store)
    if found:
        return found
    facts = await store.read(Work.database_facts, patience=PATIENCE)
    told = _postgres(facts, settings) if isinstance(facts, PostgresFacts) else _sqlite(facts, settings)
    return [ok("revision", f"{newest()}, this release's."), *await _writable(store), *told]


async def _there(settings: Settings, store: Store) -> list[Finding]:
    try:
        must_exist(settings.database_url.get_secret_value())
        at = await store.read(Work.revision, patience=PATIENCE)
    except NotCurrent as no:
        return [wrong("database", str(no), "supporthub migrate makes it, and so does the server's start.")]
    except Unavailable as away:
        return [wrong("database", f"cannot be used: {_short(away)}.", "docs/operations.md, Database away.")]
    if at is not None and not known(at):
        do = "Install that release; this one refuses to run on it."
        return [wrong("revision", f"the database is at {at}, which only a newer release knows.", do)]
    if at != newest():
        do = "supporthub migrate, after a backup; the server's start does it as well."
        return [wrong("revision", f"the database is at {at or 'none'}, this release at {newest()}.", do)]
    return []


async def _writable(store: Store) -> list[Finding]:
    try:
        await store.write(Work.set, "probe", datetime.now(UTC).isoformat(), patience=PATIENCE)
    except Unavailable as away:
        return [wrong("database", f"takes no writes: {_short(away)}.", "docs/operations.md, Disk full.")]
    return [ok("database", "takes writes.")]


def _sqlite(facts: SqliteFacts, settings: Settings) -> Iterator[Finding]:
    file = sqlite_file(settings.database_url.get_secret_value())
    assert file is not None, "it is one"
    about = f"SQLite {facts.version}, journal mode {facts.journal}, {_megabytes(file)} MB"
    if facts.journal != "wal":
        yield wrong(
            "database", f"{about}: it must be wal.", "Put the file on a disk of this machine, not of a network."
        )
    else:
        yield ok("database", f"{about}.")
    log = file.with_name(f"{file.name}-wal")
    if log.exists() and log.stat().st_size > LARGE:
        yield warning("database", f"its log has {_megabytes(log)} MB.", "The server takes it in: is one running?")
    if file.stat().st_mode & 0o007:
        do = f"chmod o= {file}*"
        yield warning("database", "every account of this machine can read it, with all that people wrote.", do)
    runs = _serves(file)
    yield ok("server", "one runs on this database." if runs else "none runs on this database.")


def _serves(file: Path) -> bool:
    """A server holds this lock as long as it lives."""
    try:
        with open(f"{file}.server") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _postgres(facts: PostgresFacts, settings: Settings) -> Iterator[Finding]:
    if facts.replica:
        yield wrong(
            "database", "it is a replica, which takes no writes.", "Name the primary in SUPPORTHUB_DATABASE_URL."
        )
    own = settings.database_pool + 1
    left = facts.most - facts.others
    says = f"PostgreSQL {facts.version}: {facts.most} connections, {facts.open} open by desks, {facts.others} by others"
    if left < own:
        yield wrong("database", f"{says}; one server may want {own}.", "Lower SUPPORTHUB_DATABASE_POOL, or raise it.")
    elif left < 2 * own:
        do = "docs/postgresql.md has the sum; raise max_connections, or lower SUPPORTHUB_DATABASE_POOL."
        yield warning("database", f"{says}; two servers want {2 * own}.", do)
    else:
        yield ok("database", f"{says}; room for {left // own} servers of {own}, one of them for restarts.")
    if facts.lacking:
        yield wrong("rights", f"missing: {some(facts.lacking)}.", "GRANT them: docs/postgresql.md.")
    else:
        may = "changes the schema too" if facts.owner else "does not own the tables: migrate as their owner"
        yield ok("rights", f"this user reads and writes every table, and {may}.")
    yield _clock(abs(datetime.now(UTC) - facts.clock))


def _clock(apart: timedelta) -> Finding:
    says = f"{apart.total_seconds():.1f} s apart from the database's"
    if apart > FAR_OFF:
        return wrong("clock", f"{says}: warnings come early or late.", "Have both machines follow a time server.")
    if apart > OFF:
        return warning("clock", f"{says}.", "Have both machines follow a time server.")
    return ok("clock", f"{says}.")


def _megabytes(file: Path) -> str:
    return f"{file.stat().st_size / 1024**2:.0f}"


def _short(error: Exception) -> str:
    """Without the statement, and what was in it."""
    return " ".join(str(error).splitlines()[0].split())[:200].rstrip(".") if str(error) else type(error).__name__
