"""Brings a database's schema up to date at start: one at a time, all or nothing, never backwards."""

import logging
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, text

from store.revisions import newest, revision, revisions

if TYPE_CHECKING:  # most starts find nothing to do
    from alembic.config import Config

log = logging.getLogger(__name__)
LOCK = 4_937_266  # 4-WEBSAN: any constant that is ours alone in a shared database


class NewerSchema(Exception):
    """The database was made by a newer release than this one."""


def configuration(connection: Connection | None = None) -> "Config":
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


def upgrade_postgres(connection: Connection) -> None:
    """As long as it takes, and as long as another start's takes before; but nobody waits for its locks on tables."""
    usual = connection.scalar(text("SELECT current_setting('lock_timeout')"))
    _limit(connection, "statement_timeout", "0")
    _limit(connection, "lock_timeout", "0")
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    _limit(connection, "lock_timeout", usual)
    if _behind(connection):
        _upgrade(connection)


def _limit(connection: Connection, name: str, value: str | None) -> None:
    """For this transaction only."""
    connection.execute(text("SELECT set_config(:name, :value, true)"), {"name": name, "value": value})


def upgrade_sqlite(engine: Engine) -> None:
    """With foreign keys off, since a rebuilt table would silently lose what refers to it; checked before the commit."""
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                if not _behind(connection):
                    return  # or every start would read the whole file
                before = _orphans(connection)
                for (table, parent), many in before.items():
                    log.warning(
                        "%d rows of %s refer to rows of %s that are gone: another hand's work", many, table, parent
                    )
                _upgrade(connection)
                if lost := _orphans(connection) - before:
                    raise RuntimeError(f"the migration would leave {lost.total()} rows without what they refer to")
        finally:
            raw.execute("PRAGMA foreign_keys=ON")


def _orphans(connection: Connection) -> Counter[tuple[str, str]]:
    """How many rows of a table lack what they refer to in another. Row ids are no names: rebuilding changes them."""
    found = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    return Counter((table, parent) for table, _, parent, _ in found)


def _behind(connection: Connection) -> bool:
    """Raises NewerSchema."""
    at = revision(connection)
    if at is not None and at not in revisions():
        raise NewerSchema(f"the database is at revision {at}, which this release does not know: install a newer one")
    return at != newest()


def _upgrade(connection: Connection) -> None:
    from alembic import command

    log.info("the schema goes from %s to %s", revision(connection) or "nothing", newest())
    command.upgrade(configuration(connection), newest())
