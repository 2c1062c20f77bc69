"""Keeps the web channel's rooms in the store."""

from collections.abc import Mapping
from typing import Any

from adapters.web.log import Entry
from store.store import Store
from store.tables import RoomEntry
from store.work import Work


class StoredRooms:
    """See adapters.web.log.Rooms."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def keep(self, room: str, key: str, entry: Mapping[str, object], thread: str = "") -> Entry:
        return _entry(await self._store.write(Work.keep_entry, room, key, dict(entry), thread))

    async def find(self, key: str) -> Entry | None:
        found = await self._store.read(Work.entry, key)
        return _entry(found) if found else None

    async def since(self, revision: int) -> list[Entry]:
        return [
            _entry(row)
            for row in await self._store.read(Work.entries_since, revision)
            if not row.room.startswith("portal:")
        ]


def _entry(row: RoomEntry) -> Entry:
    kept: dict[str, Any] = row.entry
    return Entry(row.key, row.room, row.thread, row.id, row.revision, kept)
