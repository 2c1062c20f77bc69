"""Whether a database is there, and at the revision of this release: for commands that must not change it."""

from pathlib import Path

from sqlalchemy import make_url

from store.revisions import known, newest
from store.store import Store
from store.work import Work


class NotCurrent(Exception):
    """There is no desk at that address, or it is another release's: what a command reads there would be wrong."""


def sqlite_file(url: str) -> Path | None:
    """In full, since a relative one begins wherever a command is run; None where the database is no file."""
    parts = make_url(url)
    return Path(parts.database).absolute() if parts.get_backend_name() == "sqlite" and parts.database else None


def must_exist(url: str) -> None:
    """Opening a file that is not there would make it."""
    file = sqlite_file(url)
    if file is not None and not file.is_file():
        raise NotCurrent(f"There is no database at {file}: does SUPPORTHUB_DATABASE_URL name the right one?")


async def must_be_current(store: Store) -> None:
    at = await store.read(Work.revision)
    if at is not None and not known(at):
        raise NotCurrent(f"The database is at revision {at}, which only a newer release knows: install that one.")
    if at != newest():
        raise NotCurrent(f"The database is at revision {at or 'none'}, this release at {newest()}: supporthub migrate.")
