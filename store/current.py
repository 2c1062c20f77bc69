"""Whether a database is there, and at the revision of this release: for commands that must not change it."""

from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url

from store.migrate import configuration
from store.store import Store
from store.work import Work


class NotCurrent(Exception):
    """There is no desk at that address, or it is another release's: what a command reads there would be wrong."""


def sqlite_file(url: str) -> Path | None:
    """None where the database is no file."""
    parts = make_url(url)
    return Path(parts.database) if parts.get_backend_name() == "sqlite" and parts.database else None


def must_exist(url: str) -> None:
    """Opening a file that is not there would make it."""
    file = sqlite_file(url)
    if file is not None and not file.is_file():
        raise NotCurrent(f"There is no database at {file}.")


async def must_be_current(store: Store) -> None:
    at = await store.read(Work.revision)
    if at != newest():
        raise NotCurrent(f"The database is at revision {at or 'none'}, this release at {newest()}: supporthub migrate.")


def revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    return ScriptDirectory.from_config(configuration()).get_current_head()


def known(at: str) -> bool:
    """Whether this release can bring a database of that revision up to date."""
    return at in {each.revision for each in ScriptDirectory.from_config(configuration()).walk_revisions()}
