"""Fixtures that give each test worker a PostgreSQL database of its own.

The server is TEST_POSTGRES_URL's, else one that the run's keeper starts when the first test asks for it.
"""

import asyncio
import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest

from tests.keeper import ask, open_home

Prepare = Callable[[str], None]


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
def create_database(postgres_server: str, postgres_template: str) -> Iterator[Callable[[], str]]:
    """Call it for the address of another prepared database; dropped after the test. About 0.1 s each."""
    with ExitStack() as made:
        yield lambda: made.enter_context(temporary_database(postgres_server, postgres_template))


@pytest.fixture
def durable_postgres(_durable_server: DurableServer) -> DurableServer:
    """Running at the start of each test, whatever the one before did to it."""
    _durable_server.start()
    return _durable_server


@pytest.fixture(scope="session")
def _durable_server(postgres_home: Path) -> DurableServer:
    return DurableServer(postgres_home, ask(postgres_home, "own"))


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
    async def connect_and_execute() -> None:
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    # In a thread, since the caller may be inside a running loop.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, connect_and_execute()).result()


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
