"""The databases that tests get: real, apart from each other, and as durable as their test needs."""

from collections.abc import Iterator

import asyncpg
import pytest

from tests.databases import DurableServer, Lender, temporary_database

INSERT = "INSERT INTO account (slug, name) VALUES ('acme', 'Acme') RETURNING id"


@pytest.fixture(scope="module")
def lender(postgres_server: str, postgres_template: str) -> Iterator[Lender]:
    lender = Lender(postgres_server, postgres_template)
    yield lender
    lender.close()


async def test_each_database_is_its_own(postgres_server: str) -> None:
    with temporary_database(postgres_server) as one, temporary_database(postgres_server) as other:
        await _ask(one, "CREATE TABLE only_here (id int)")
        assert await _ask(other, "SELECT to_regclass('only_here')") is None


async def test_a_copy_starts_with_what_its_template_had(postgres_server: str) -> None:
    with temporary_database(postgres_server) as template:
        await _ask(template, "CREATE TABLE kept (answer int)")
        await _ask(template, "INSERT INTO kept VALUES (42)")
        with temporary_database(postgres_server, template.rpartition("/")[2]) as copy:
            assert await _ask(copy, "SELECT answer FROM kept") == 42


@pytest.mark.parametrize("more", [0, 2000])
async def test_what_is_lent_again_is_as_it_was_made(lender: Lender, more: int) -> None:
    with lender.lent() as first:
        made = await _ask(first, INSERT)
        await _ask(
            first, f"INSERT INTO account (slug, name) SELECT n, repeat('x', 99) FROM generate_series(1, {more}) AS n"
        )
        left = await asyncpg.connect(first)  # as a test does that breaks
    with pytest.raises(asyncpg.ConnectionDoesNotExistError):
        await left.execute("SELECT 1")
    with lender.lent() as again:
        assert again == first
        assert await _ask(again, "SELECT count(*) FROM account") == 0
        assert await _ask(again, INSERT) == made


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE more (id int)",
        "ALTER TABLE account ADD COLUMN more int",
        "ALTER TABLE account ALTER COLUMN name DROP NOT NULL",
        "ALTER TABLE account ALTER COLUMN name SET DEFAULT 'x'",
        "ALTER TABLE account ADD CHECK (name <> '')",
        "CREATE FUNCTION more() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "GRANT SELECT ON account TO PUBLIC",
        "ANALYZE alembic_version",
        "UPDATE alembic_version SET version_num = '9999'",
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = 64', current_database()); END $$",
        "DO $$ BEGIN EXECUTE format('REVOKE TEMP ON DATABASE %I FROM PUBLIC', current_database()); END $$",
    ],
)
async def test_what_is_changed_in_more_than_its_rows_is_not_lent_again(lender: Lender, change: str) -> None:
    with lender.lent() as changed:
        await _ask(changed, change)
    with lender.lent() as other:
        assert other != changed


async def test_what_was_committed_outlives_a_killed_server(durable_postgres: DurableServer) -> None:
    with temporary_database(durable_postgres.url) as url:
        await _ask(url, "CREATE TABLE kept (answer int)")
        await _ask(url, "INSERT INTO kept VALUES (42)")
        durable_postgres.kill()
        durable_postgres.start()
        assert await _ask(url, "SELECT answer FROM kept") == 42
        assert await _ask(url, "SHOW fsync") == "on"


async def _ask(url: str, query: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()
