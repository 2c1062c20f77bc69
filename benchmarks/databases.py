"""The two databases, both durable, and what they use of the processor."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from signal import SIGQUIT

from benchmarks.processor import of_children
from tests.databases import temporary_database
from tests.postgres import NoPostgres, Server, find_programs

SERVING = "postgres: supporthub "  # as PostgreSQL calls a process that works for us, and none that tidies up


@dataclass(frozen=True)
class Database:
    name: str
    new: Callable[[], str]
    """The address of another, empty one."""
    used: Callable[[], float]
    """Seconds of processor time so far, its own: none where it works in this process, or somewhere else."""


@contextmanager
def databases() -> Iterator[list[Database]]:
    """PostgreSQL is TEST_POSTGRES_URL's, or one of our own in a temporary folder; only SQLite, where there is none."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # PostgreSQL runs as nobody where we are root
        found = [Database("SQLite", lambda: f"sqlite:///{tempfile.mkdtemp(dir=folder)}/desk.db", lambda: 0.0)]
        if given := os.environ.get("TEST_POSTGRES_URL"):
            with _lent(given) as new:
                yield [*found, Database("PostgreSQL", new, lambda: 0.0)]
            return
        try:
            server = Server(Path(folder), find_programs(Path(folder)), fsync=True)
        except NoPostgres as none:
            print(f"PostgreSQL is left out: {none}", flush=True)
            yield found
            return
        server.start()
        process = server._process
        assert process
        try:
            with _lent(server.url) as new:
                yield [*found, Database("PostgreSQL", new, lambda: of_children(process.pid, SERVING))]
        finally:
            server.end(SIGQUIT)


@contextmanager
def _lent(server: str) -> Iterator[Callable[[], str]]:
    made = []

    def new() -> str:
        made.append(temporary_database(server))
        return made[-1].__enter__()

    try:
        yield new
    finally:
        for each in made:
            each.__exit__(None, None, None)
