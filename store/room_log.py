"""The part of a unit of work that keeps what stands in the rooms of the web channel."""

from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from store.lanes import Lanes
from store.tables import RoomEntry


class RoomLog(Lanes):
    def keep_entry(self, room: str, key: str, entry: dict[str, Any], thread: str) -> RoomEntry:
        """Added, or replaced where it differs. Revisions are taken one at a time, so they become visible in order."""
        if self._session.connection().dialect.name == "postgresql":
            self._session.connection().exec_driver_sql("LOCK TABLE room_entry IN SHARE ROW EXCLUSIVE MODE")
        row = self.entry(key) or RoomEntry(room=room, thread=thread, key=key, entry={}, revision=0)
        if row.entry != entry:
            latest = self._session.exec(select(func.max(RoomEntry.revision))).one()
            row.entry, row.revision = entry, (latest or 0) + 1
            self._session.add(row)
            self._session.flush()
        return row

    def entry(self, key: str) -> RoomEntry | None:
        return self._session.exec(select(RoomEntry).where(RoomEntry.key == key)).first()

    def entries_since(self, revision: int) -> list[RoomEntry]:
        found = select(RoomEntry).where(RoomEntry.revision > revision)
        return list(self._session.exec(found.order_by(col(RoomEntry.id))))
