"""SQL compiled for one test's engine serves the next one's, as it serves a process for all its life in production.

SQLAlchemy compiles each statement once an engine, and every test has an engine of its own.
"""

from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

_COMPILED: LRUCache[Any, Any] = LRUCache(2000)


def pytest_configure() -> None:
    """What is compiled is kept by its dialect too: all of a kind are one there, since the store sets up all alike."""
    for dialect in (PGDialect_asyncpg, SQLiteDialect_pysqlite):
        dialect.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign]
        dialect.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign]
    event.listen(Engine, "engine_connect", _share)


def _share(connection: Connection) -> None:
    connection.engine._compiled_cache = _COMPILED
