"""One call at a time, whoever asks: what is under way is waited for, not begun again."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Flight(Generic[T]):
    def __init__(self) -> None:
        self._task: asyncio.Task[T] | None = None

    @property
    def under_way(self) -> bool:
        return self._task is not None

    async def join(self, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Its outcome; whoever leaves early does not end it."""
        if self._task is None:
            self._task = asyncio.create_task(make())
            self._task.add_done_callback(self._landed)
        return await asyncio.shield(self._task)

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    def _landed(self, task: "asyncio.Task[T]") -> None:
        self._task = None
        if not task.cancelled():
            task.exception()  # looked at, since nobody may be waiting for it any more
