"""The log of the playground's rooms: kept by the house, watched by every open page."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Entry:
    key: str
    """Names it for good: the channel's id of it, so what ``edits``, ``quotes`` and ``thread`` refer to."""
    room: str
    thread: str
    """The key of the card it stands under; empty in the room itself."""
    place: int
    """Grows with every new entry and never changes: an edited entry stays where it stood."""
    revision: int
    """Grows with every change in any room: what a page that was away has missed."""
    entry: Mapping[str, object]
    """JSON, one of the shapes in entries.py."""


class Rooms(Protocol):
    """What the log is kept in; ``app`` supplies it."""

    async def keep(self, room: str, key: str, entry: Mapping[str, object], thread: str = "") -> Entry:
        """Add it; with the key there already, replace its ``entry`` if it differs, and only that.

        A change takes a new revision, larger than any before it; revisions become visible in their order.
        """

    async def find(self, key: str) -> Entry | None: ...

    async def since(self, revision: int) -> list[Entry]:
        """Every entry changed after ``revision`` as it stands now, by place."""


class Log:
    """The rooms, with a bell that every open page hears."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._change = asyncio.Event()

    @property
    def change(self) -> asyncio.Event:
        """The next change: taken before reading, so that none can fall between reading and waiting."""
        return self._change

    def ring(self) -> None:
        rung, self._change = self._change, asyncio.Event()
        rung.set()

    async def keep(self, room: str, key: str, entry: Mapping[str, object], thread: str = "") -> Entry:
        kept = await self._rooms.keep(room, key, entry, thread)
        self.ring()
        return kept

    async def keep_once(self, room: str, key: str, entry: Mapping[str, object], thread: str = "") -> Entry:
        """As it was kept the first time: a repetition brings a later time of day and must not change what was shown."""
        return await self.find(key) or await self.keep(room, key, entry, thread)

    async def find(self, key: str) -> Entry | None:
        return await self._rooms.find(key)

    async def since(self, revision: int) -> list[Entry]:
        return await self._rooms.since(revision)
