"""The part of a unit of work that keeps the answers that the desk gives often."""

from sqlmodel import Session, col, select

from store.tables import SavedReply


class Saved:
    _session: Session

    def saved_reply(self, name: str) -> SavedReply | None:
        return self._session.get(SavedReply, name)

    def saved_replies(self, limit: int) -> list[SavedReply]:
        return list(self._session.exec(select(SavedReply).order_by(col(SavedReply.name)).limit(limit)))
