"""The one door to the database: runs units of work, each all or nothing, without blocking the loop."""

from collections.abc import Callable
from typing import Protocol, TypeVar, TypeVarTuple

from store.claim import Unavailable
from store.work import Work

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class Store(Protocol):
    """A unit is a plain synchronous function of a ``Work``. It may run twice, the first time in vain."""

    async def write(self, unit: Callable[[Work, *Ts], T], *args: *Ts, patience: float | None = None) -> T:
        """Runs the unit in a transaction and returns what it returned, durably committed.

        After ``patience`` seconds raises Unavailable, and then nothing was nor will be done. Whatever the unit raises
        comes out as it is, with nothing done.
        """

    async def read(self, unit: Callable[[Work, *Ts], T], *args: *Ts, patience: float | None = None) -> T:
        """The same for a unit that only looks; never waits for a writer."""

    async def migrate(self) -> None:
        """Brings the schema up to date; safe while others do the same."""

    async def take_over(self) -> None:
        """For a server at its start: what a dead one left half sent is free at once, where no other can be alive.

        Raises Unavailable where this database belongs to one server at a time and another one runs.
        """

    async def close(self) -> None:
        """Finishes what was begun."""


def open_store(url: str) -> Store:
    """``sqlite:///path`` or ``postgresql://user:pass@host/db``."""
    if url.startswith("sqlite"):
        from store.sqlite import SqliteStore

        return SqliteStore(url)
    from store.postgres import PostgresStore

    return PostgresStore(url)


__all__ = ["Store", "Unavailable", "open_store"]
