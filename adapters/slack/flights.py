"""One call at a time under each name, whoever asks: what is under way is waited for, not begun again."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, Generic, TypeVar

log = logging.getLogger(__name__)
T = TypeVar("T")


class Flights(Generic[T]):
    def __init__(self, *expected: type[Exception]) -> None:
        """What is not ``expected`` is logged, since nobody may be waiting for it any more."""
        self._expected = expected
        self._under_way: dict[str, asyncio.Task[T]] = {}

    async def join(self, name: str, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Its outcome; whoever leaves early does not end it."""
        return await asyncio.shield(self.start(name, make))

    def start(self, name: str, make: Callable[[], Coroutine[Any, Any, T]]) -> "asyncio.Task[T]":
        if name not in self._under_way:
            task = asyncio.create_task(make())
            self._under_way[name] = task
            task.add_done_callback(partial(self._landed, name))
        return self._under_way[name]

    async def close(self, within: float = 10.0) -> None:
        if under_way := list(self._under_way.values()):
            _, late = await asyncio.wait(under_way, timeout=within)
            for task in late:
                task.cancel()

    def _landed(self, name: str, task: "asyncio.Task[T]") -> None:
        del self._under_way[name]
        error = None if task.cancelled() else task.exception()
        if error and not isinstance(error, self._expected):
            log.error("a call ended with %s", type(error).__name__)
