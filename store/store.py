"""The one door to the database: runs units of work, each all or nothing, without blocking the loop."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any, Protocol, TypeVar, TypeVarTuple

from store.work import Work

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class Unavailable(Exception):
    """Nothing was done: the database is busy, full, read-only or gone. Trying again later may help."""


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


class Claim:
    """Settles between the one who waits and the one who commits: either gives up first, or the commit is under way."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sealed = self._given_up = False

    def seal(self) -> bool:
        """Before the commit: False if nobody waits any more, and then it must not happen."""
        with self._lock:
            self._sealed = not self._given_up
            return self._sealed

    def unseal(self) -> None:
        """The commit did not happen after all."""
        with self._lock:
            self._sealed = False

    def give_up(self) -> bool:
        """False if it is too late: the commit is under way, and its outcome must be awaited."""
        with self._lock:
            self._given_up = not self._sealed
            return self._given_up

    @property
    def given_up(self) -> bool:
        return self._given_up


async def outcome(future: "asyncio.Future[T]", claim: Claim, patience: float | None) -> T:
    """What became of a unit, within the patience of whoever asked."""
    try:
        return await asyncio.wait_for(asyncio.shield(future), patience)
    except TimeoutError:
        if not claim.give_up():
            return await future
        future.add_done_callback(_forget)
        raise Unavailable("nothing was done in time") from None


def _forget(future: "asyncio.Future[Any]") -> None:
    if not future.cancelled():
        future.exception()  # seen, so that nobody is told it was never looked at


def open_store(url: str) -> Store:
    """``sqlite:///path`` or ``postgresql://user:pass@host/db``."""
    if url.startswith("sqlite"):
        from store.sqlite import SqliteStore

        return SqliteStore(url)
    from store.postgres import PostgresStore

    return PostgresStore(url)
