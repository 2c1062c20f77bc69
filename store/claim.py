"""Who waits and who commits: one of the two comes first, and both know which."""

import asyncio
import threading
from typing import Any, TypeVar

T = TypeVar("T")


class Unavailable(Exception):
    """Nothing was done: the database is busy, full, read-only or gone. Trying again later may help.

    Where the connection was lost while PostgreSQL committed nobody knows: the same act tried again finds its inbox key.
    """


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
    def sealed(self) -> bool:
        """Whether the commit may have happened."""
        return self._sealed

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
