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

    def on_owed(self, woken: Callable[[], None]) -> None:
        """Calls it whenever another process's commit may have owed something; never, where there can be none.

        Called once, inside the loop. What is missed meanwhile a sender finds by looking: this is only sooner.
        """

    async def close(self) -> None:
        """Finishes what was begun."""


def open_store(url: str, pool: int = 8) -> Store:
    """``sqlite:///path`` or ``postgresql://user:pass@host/db``; ``pool``: connections, beside the one that listens."""
    if url.startswith("sqlite"):
        from store.sqlite import SqliteStore

        return SqliteStore(url)
    from store.postgres import PostgresStore

    return PostgresStore(url, pool)


__all__ = ["Store", "Unavailable", "open_store"]
