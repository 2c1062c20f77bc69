"""What was said in the portal's rooms: kept by the house, watched by every open page."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Entry:
    key: str
    room: str
    revision: int
    """Grows with every change in any room."""
    entry: Mapping[str, object]
    """``kind`` bot: a message in its own JSON, ``kind`` said: what a person wrote; ``at`` in UTC."""


class Rooms(Protocol):
    """What the log is kept in; ``app`` supplies it."""

    async def keep(self, room: str, key: str, entry: Mapping[str, object]) -> None:
        """Add it; with the key there already, replace its ``entry`` if it differs."""

    async def find(self, key: str) -> Entry | None: ...
    async def since(self, room: str, revision: int = 0) -> list[Entry]:
        """What changed there after that revision, in order; of very many the latest."""


class Log:
    """The rooms, with a bell that every open page hears."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._change = asyncio.Event()

    def ring(self) -> None:
        rung, self._change = self._change, asyncio.Event()
        rung.set()

    async def keep(self, room: str, key: str, entry: Mapping[str, object]) -> None:
        await self._rooms.keep(room, key, entry)
        self.ring()

    async def find(self, key: str) -> Entry | None:
        return await self._rooms.find(key)

    async def since(self, room: str, revision: int = 0) -> list[Entry]:
        return await self._rooms.since(room, revision)

    async def wait(self, room: str, revision: int, seconds: float) -> list[Entry]:
        """What is new there, at once or within so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while True:
                    change = self._change  # taken before looking, so that none falls between looking and waiting
                    if new := await self._rooms.since(room, revision):
                        return new
                    await change.wait()
        return await self._rooms.since(room, revision)
