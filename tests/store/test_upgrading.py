"""A release brings the data of the one before it along, whole; and its schema takes what that one still writes.

The previous revision is whichever comes before the newest: each new migration is held to this by itself. Two rows of
every table are made from the schema as it was, no column of theirs empty unless it refers onward.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Integer,
    MetaData,
    Numeric,
    Table,
    insert,
    select,
)

from store import backup
from store.migrate import configuration
from store.store import Store, open_store
from store.work import Work
from tests.databases import temporary_database
from tests.world import MONDAY

SCRIPT = ScriptDirectory.from_config(configuration())
NEWEST = SCRIPT.get_revision("head")
BEFORE = str(NEWEST.down_revision)
BEGAN = datetime(2026, 1, 19, 9, tzinfo=UTC)
FAR = 1000
"""Between a row's number and that of the second one which it refers to, where it must be another and a greater one."""
CHOSEN: dict[tuple[str, str], Any] = {
    ("person", "role"): "customer",
    ("person", "guest"): False,
    ("cases", "status"): "open",
}
Rows = dict[str, set[str]]


@pytest.fixture(params=["sqlite", "postgresql"])
def old_url(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[str]:
    """A database in which nothing was ever made."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/old.db"
        return
    with temporary_database(request.getfixturevalue("postgres_server")) as url:
        yield url


@pytest.fixture
async def old(old_url: str) -> Any:
    """At the previous revision, with two rows in each table."""
    store = open_store(old_url)
    await store.write(lambda work: fill(connection_of(work)))
    yield store
    await store.close()


def connection_of(work: Work) -> Connection:
    return work._session.connection()


def fill(connection: Connection) -> None:
    command.upgrade(configuration(connection), BEFORE)
    for number in (1, 2):
        write(connection, as_it_is(connection), number)


def as_it_is(connection: Connection) -> list[Table]:
    """Whoever is referred to comes first."""
    schema = MetaData()
    schema.reflect(connection)
    return [table for table in schema.sorted_tables if table.name != "alembic_version"]


def write(connection: Connection, tables: list[Table], number: int) -> None:
    there: set[str] = set()
    for table in tables:
        for one in (number, number + FAR) if table.name == "cases" else (number,):
            connection.execute(insert(table).values({each.name: value(each, one, there) for each in table.columns}))
        there.add(table.name)


def value(column: Column[Any], number: int, there: set[str]) -> Any:
    """Of its type, and another one in each row."""
    place = (column.table.name, column.name)
    if place == ("case_link", "other_id"):
        return number + FAR
    if place in CHOSEN:
        return CHOSEN[place]
    if column.foreign_keys:
        (key, *_) = column.foreign_keys
        return number % FAR if key.column.table.name in there else None
    kind = column.type
    if isinstance(kind, Boolean):
        return True
    if isinstance(kind, DateTime):
        moment = BEGAN + timedelta(days=number, hours=1 if column.name == "ends" else 0)
        return moment if getattr(kind, "timezone", False) else moment.replace(tzinfo=None)
    if isinstance(kind, Date):
        return date(2026, 1, number % 28 + 1)
    if isinstance(kind, JSON):
        return {column.name: number}
    if isinstance(kind, Numeric):
        return Decimal(number)
    if isinstance(kind, Integer):
        return number
    return f"{column.name} {number}"[: getattr(kind, "length", None)]


def kept(connection: Connection, tables: list[Table]) -> Rows:
    """As the previous release reads it."""
    return {table.name: {repr(tuple(row)) for row in connection.execute(select(table))} for table in tables}


def columns(tables: list[Table]) -> set[tuple[str, str]]:
    return {(table.name, column.name) for table in tables for column in table.columns}


def read_with(tables: list[Table]) -> Any:
    return lambda work: kept(connection_of(work), tables)


async def test_every_row_of_the_previous_release_stays_and_what_it_still_writes_is_taken(old: Store) -> None:
    """Expand, then contract: nothing it names is gone, and nothing is asked that it does not know."""
    tables = await old.read(lambda work: as_it_is(connection_of(work)))
    assert len(tables) > 20
    before: Rows = await old.read(read_with(tables))
    assert all(len(rows) >= 2 for rows in before.values()), "else there is nothing to lose"
    await old.migrate()
    assert await old.read(read_with(tables)) == before
    await old.write(lambda work: write(connection_of(work), tables, 3))
    after: Rows = await old.read(read_with(tables))
    assert all(after[name] > rows for name, rows in before.items())
    assert columns(tables) <= columns(await old.read(lambda work: as_it_is(connection_of(work))))


async def test_the_way_back_is_the_backup_made_before(old: Store, old_url: str, tmp_path: Any) -> None:
    """The new release makes it, of the previous release's schema as it stands: docs/upgrading.md."""
    tables = await old.read(lambda work: as_it_is(connection_of(work)))
    before: Rows = await old.read(read_with(tables))
    made = await backup.back_up(old_url, tmp_path / "before.backup", MONDAY, "0.1.0")
    assert made.revision == BEFORE
    assert {name: made.rows[name] for name in before} == {name: len(rows) for name, rows in before.items()}
    await old.migrate()
    await old.close()
    await backup.restore(old_url, tmp_path / "before.backup", force=True)
    again = open_store(old_url)
    assert await again.read(read_with(tables)) == before
    await again.close()
