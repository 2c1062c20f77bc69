"""The databases that tests get: real, apart from each other, and as durable as their test needs."""

import asyncpg

from tests.databases import DurableServer, temporary_database


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
