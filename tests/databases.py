"""Fixtures that give each test worker a PostgreSQL database of its own.

The server is TEST_POSTGRES_URL's, else one that the run's keeper starts when the first test asks for it.
"""

import asyncio
import fcntl
import os
import secrets
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import asyncpg
import pytest

from tests.keeper import ask, open_home

T = TypeVar("T")
Prepare = Callable[[str], None]
OFTEN = 100  # times that one database is lent, since emptying it leaves some dust in its catalogue
VERSION = "alembic_version"  # of the schema: no row of ours
ALONE = """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""
# A superuser need not have each row looked for where others refer to it: half of the time.
UNWATCHED = """DO $$ BEGIN SET session_replication_role = replica; EXCEPTION WHEN insufficient_privilege THEN END $$"""
_OURS = f"FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> '{VERSION}'"
TABLES = f"SELECT array_agg(oid::regclass::text) {_OURS}"
GROWN = f"SELECT bool_or(reltuples >= 0 OR pg_relation_size(oid) > 10 * 8192) {_OURS}"  # the planner would see it
NUMBERS = "SELECT setval(seqrelid, seqstart, false) FROM pg_sequence"
SCHEMA = f"""SELECT md5(string_agg(part, ' ' ORDER BY part)) FROM (
SELECT concat_ws(' ', oid, relname, relkind, relowner, relacl, reloptions, relrowsecurity) FROM pg_class
    WHERE oid >= 16384
UNION ALL SELECT concat_ws(' ', attrelid, attname, atttypid, atttypmod, attnotnull, attisdropped, attidentity, attacl)
    FROM pg_attribute WHERE attrelid >= 16384
UNION ALL SELECT each::text FROM pg_attrdef AS each
UNION ALL SELECT each::text FROM pg_constraint AS each WHERE oid >= 16384
UNION ALL SELECT each::text FROM pg_trigger AS each
UNION ALL SELECT each::text FROM pg_proc AS each WHERE oid >= 16384
UNION ALL SELECT each::text FROM pg_namespace AS each
UNION ALL SELECT each::text FROM pg_db_role_setting AS each
    WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
UNION ALL SELECT datacl::text FROM pg_database WHERE datname = current_database()
UNION ALL SELECT 'analysed' FROM pg_stats WHERE schemaname = 'public'
UNION ALL SELECT version_num FROM {VERSION}
) AS every (part)"""


@dataclass(frozen=True)
class DurableServer:
    """A server of one worker's own, its fsync on, that a test may kill and start again at the same address."""

    home: Path
    url: str

    def kill(self) -> None:
        ask(self.home, "kill", self.url)

    def start(self) -> None:
        """Returns once it takes connections; does nothing where it runs."""
        ask(self.home, "start", self.url)


@pytest.fixture(scope="session")
def postgres_server(postgres_home: Path) -> str:
    """The address of the run's server. Its fsync is off: what a killed process had committed is kept all the same."""
    return os.environ.get("TEST_POSTGRES_URL") or ask(postgres_home, "of_all")


@pytest.fixture(scope="session")
def prepare_postgres() -> Prepare:
    """Makes an empty database ready for use and closes its connections. For a conftest to override."""
    return lambda url: None


@pytest.fixture(scope="session")
def postgres_template(postgres_home: Path, postgres_server: str, prepare_postgres: Prepare) -> str:
    """The name of a prepared database, made once a run, for each test's to be copied from."""
    name = postgres_home / "template"
    with (postgres_home / "template.lock").open("w") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        if not name.exists():
            url = new_database(postgres_server)
            prepare_postgres(url)
            name.write_text(_name(url))
    return name.read_text()


@pytest.fixture(scope="session")
def postgres_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """A prepared database of this worker's own."""
    with temporary_database(postgres_server, postgres_template) as url:
        yield url


@pytest.fixture
def create_database(_lender: "Lender") -> Iterator[Callable[[], str]]:
    """Call it for the address of another prepared database, which is the test's alone. About 0.02 s each."""
    with ExitStack() as lent:
        yield lambda: lent.enter_context(_lender.lent())


@pytest.fixture(scope="session")
def _lender(postgres_server: str, postgres_template: str) -> Iterator["Lender"]:
    lender = Lender(postgres_server, postgres_template)
    yield lender
    lender.close()


@pytest.fixture
def durable_postgres(_durable_server: DurableServer) -> DurableServer:
    """Running at the start of each test, whatever the one before did to it."""
    _durable_server.start()
    return _durable_server


@pytest.fixture(scope="session")
def _durable_server(postgres_home: Path) -> DurableServer:
    return DurableServer(postgres_home, ask(postgres_home, "own"))


class Lender:
    """Lends copies of a template whose tables are empty, one after the other the same ones.

    What comes back is emptied, and dropped where more than its rows is not as it was: a fifth of what a new one costs.
    """

    def __init__(self, server: str, template: str) -> None:
        self._server, self._template = server, template
        self._free: list[str] = []
        self._lent: Counter[str] = Counter()

    @contextmanager
    def lent(self) -> Iterator[str]:
        url = self._free.pop() if self._free else new_database(self._server, self._template)
        self._lent[url] += 1
        yield url
        if self._lent[url] < OFTEN and _on_its_own_loop(_emptied, url) == self._as_made:
            self._free.append(url)
        else:
            drop_database(url)

    @cached_property
    def _as_made(self) -> str:
        with temporary_database(self._server, self._template) as url:
            return _on_its_own_loop(_emptied, url)

    def close(self) -> None:
        for url in self._free:
            drop_database(url)


async def _emptied(url: str) -> str:
    """Ends whoever is connected there, and takes away all rows; returns what is left in a word: the schema."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(ALONE)
        tables = await connection.fetchval(TABLES)
        if await connection.fetchval(GROWN):
            await connection.execute(f"TRUNCATE {', '.join(tables)}")
        else:  # all at once, since they refer to each other; a tenth of what truncating takes
            await connection.execute(UNWATCHED)
            deletes = (f"d{number} AS (DELETE FROM {table})" for number, table in enumerate(tables))
            await connection.execute(f"WITH {', '.join(deletes)} SELECT")
        await connection.execute(NUMBERS)
        schema: str = await connection.fetchval(SCHEMA)
        return schema
    finally:
        await connection.close()


@contextmanager
def temporary_database(server: str, template: str = "template0") -> Iterator[str]:
    url = new_database(server, template)
    try:
        yield url
    finally:
        drop_database(url)


def new_database(server: str, template: str = "template0") -> str:
    """A new database on the server at that address, the copy of another one; returns its address."""
    name = f"test_{secrets.token_hex(6)}"
    _execute(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return _address(server, name)


def drop_database(url: str) -> None:
    """Drop the database at that address, whoever is connected to it."""
    _execute(_address(url, "postgres"), f'DROP DATABASE "{_name(url)}" WITH (FORCE)')


def _address(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def _name(url: str) -> str:
    return urlsplit(url).path.lstrip("/")


def _execute(url: str, statement: str) -> None:
    async def connect_and_execute(url: str) -> None:
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    _on_its_own_loop(connect_and_execute, url)


def _on_its_own_loop(what: Callable[[str], Coroutine[Any, Any, T]], url: str) -> T:
    """In a thread, since the caller may be inside a running loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, what(url)).result()


# The run's home: pytest makes it and hands it to its workers.

_HOME = pytest.StashKey[Path]()


@pytest.fixture(scope="session")
def postgres_home(pytestconfig: pytest.Config) -> Path:
    return pytestconfig.stash[_HOME]


def pytest_configure(config: pytest.Config) -> None:
    handed: dict[str, Any] | None = getattr(config, "workerinput", None)
    if handed is not None:
        config.stash[_HOME] = Path(handed["postgres_home"])
        return
    home, close = open_home()
    config.stash[_HOME] = home
    config.add_cleanup(close)
    config.add_cleanup(lambda: _drop_template(home))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """xdist's: called in pytest's own process for each worker."""
    node.workerinput["postgres_home"] = str(node.config.stash[_HOME])


def _drop_template(home: Path) -> None:
    """A server that we were given is not thrown away with the run, so it is left as it was."""
    given, template = os.environ.get("TEST_POSTGRES_URL"), home / "template"
    if given and template.exists():
        drop_database(_address(given, template.read_text()))
