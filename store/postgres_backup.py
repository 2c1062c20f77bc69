"""PostgreSQL's side of a backup: each table as COPY gives it, all in one snapshot, and back in one transaction.

No program of PostgreSQL's is needed, nor one of the right version: docs/decisions/010-backup.md.
"""

from collections.abc import AsyncIterator
from typing import Any
from zipfile import ZipFile

from alembic import command
from asyncpg.exceptions import PostgresError
from sqlalchemy import Connection, NullPool, inspect, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlmodel import SQLModel

from store.backup import Archive, Manifest, Refused, chunks, compare
from store.current import NotCurrent
from store.migrate import configuration, upgrade_postgres
from store.revisions import revision

NAME = "supporthub backup"
RUNNING = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'supporthub' AND pid <> pg_backend_pid()"""


async def back_up(url: str, archive: Archive, at: str, release: str) -> Manifest:
    engine = _engine(url).execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    try:
        async with engine.begin() as connection:
            there = await connection.run_sync(revision)
            if there is None:
                raise NotCurrent("There is no desk in this database.")
            columns = await connection.run_sync(_columns)
            rows = {name: await _out(connection, archive, name, columns[name]) for name in columns}
            counters = await _counters(connection, columns)
    except (DBAPIError, PostgresError) as error:
        raise Refused(f"PostgreSQL gives no backup: {getattr(error, 'orig', error)}.") from error
    finally:
        await engine.dispose()
    return Manifest("postgresql", there, release, at, rows, archive.files, columns, counters)


async def restore(url: str, archive: ZipFile, manifest: Manifest, *, force: bool) -> None:
    """Until the commit everybody sees what was there before; if anything fails, for good."""
    engine = _engine(url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_clear, force)
            await connection.run_sync(_schema, manifest.revision)
            rows = {name: await _in(connection, archive, name, manifest.columns[name]) for name in manifest.columns}
            compare(manifest, rows)
            for table, last in manifest.counters.items():
                await connection.execute(text(f"SELECT setval({SEQUENCE}, :last)"), {"table": table, "last": last})
            await connection.run_sync(upgrade_postgres)
            await connection.execute(text("ANALYZE"))  # else the first minutes are planned for empty tables
    except (DBAPIError, PostgresError) as error:
        raise Refused(f"PostgreSQL does not take the backup: {getattr(error, 'orig', error)}") from error
    finally:
        await engine.dispose()


SEQUENCE = "pg_get_serial_sequence(:table, 'id')"


def _engine(url: str) -> AsyncEngine:
    driver = make_url(url).set(drivername="postgresql+asyncpg")
    named = {"server_settings": {"application_name": NAME}}
    return create_async_engine(driver, poolclass=NullPool, connect_args=named, hide_parameters=True)


def _columns(connection: Connection) -> dict[str, list[str]]:
    """Of our tables, each after those that it refers to."""
    looked = inspect(connection)
    there = set(looked.get_table_names())
    ours = [table.name for table in SQLModel.metadata.sorted_tables if table.name in there]
    return {name: [column["name"] for column in looked.get_columns(name)] for name in ours}


async def _out(connection: AsyncConnection, archive: Archive, table: str, columns: list[str]) -> int:
    driver = await _driver(connection)
    with archive.member(f"{table}.copy") as write:

        async def sink(data: bytes) -> None:
            write(data)

        return _counted(await driver.copy_from_table(table, output=sink, columns=columns))


async def _in(connection: AsyncConnection, archive: ZipFile, table: str, columns: list[str]) -> int:
    async def source() -> AsyncIterator[bytes]:
        for data in chunks(archive, f"{table}.copy"):
            yield data

    driver = await _driver(connection)
    return _counted(await driver.copy_to_table(table, source=source(), columns=columns))


async def _driver(connection: AsyncConnection) -> Any:
    """asyncpg's own, in the transaction that SQLAlchemy began: only it can COPY."""
    return (await connection.get_raw_connection()).driver_connection


def _counted(status: str) -> int:
    return int(status.removeprefix("COPY "))


async def _counters(connection: AsyncConnection, tables: dict[str, list[str]]) -> dict[str, int]:
    last = text(f"SELECT pg_sequence_last_value(CAST({SEQUENCE} AS regclass))")
    numbered = [table for table, columns in tables.items() if "id" in columns]
    given = {table: await connection.scalar(last, {"table": table}) for table in numbered}
    return {table: number for table, number in given.items() if number is not None}


def _clear(connection: Connection, force: bool) -> None:
    if running := connection.scalar(text(RUNNING)):
        raise Refused(f"A desk runs on this database: {running} connections. Stop it first.")
    there = set(inspect(connection).get_table_names())
    cases = connection.scalar(text("SELECT count(*) FROM cases")) if "cases" in there else 0
    if cases and not force:
        raise Refused(f"There are {cases} cases in the database: --force replaces them.")
    for table in there & {*SQLModel.metadata.tables, "alembic_version"}:
        connection.execute(text(f'DROP TABLE "{table}" CASCADE'))


def _schema(connection: Connection, revision: str) -> None:
    """As it was when the backup was made: what came later is migrated like any other."""
    command.upgrade(configuration(connection), revision)
