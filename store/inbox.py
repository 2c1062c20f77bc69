"""The part of a unit of work that knows what was heard before, so that it is done once."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import col, delete, select, update

from store.lanes import Lanes
from store.said import short_key
from store.sql import ONCE, table
from store.tables import Inbox


class Handled(Lanes):
    def first_time(self, key: str, now: datetime) -> bool:
        """Whether this act was never handled; from now on it was. Two at once: the second waits for the first's end."""
        return bool(self._run(ONCE[Inbox], {"key": short_key(key), "at": now}).rowcount)

    def keep_answer(self, key: str, answer: dict[str, Any]) -> None:
        self._run(_ANSWERED, {"act": short_key(key), "answer": answer})

    def kept_answer(self, key: str) -> dict[str, Any] | None:
        kept = self._session.exec(select(Inbox.answer).where(Inbox.key == short_key(key))).first()
        return dict(kept) if kept else None

    def handled(self, key: str) -> bool:
        """Whether this act was heard before, and done."""
        return self._session.exec(select(Inbox.key).where(Inbox.key == short_key(key))).first() is not None

    def forget_key(self, key: str) -> None:
        """It was not done after all."""
        self._session.exec(delete(Inbox).where(col(Inbox.key) == short_key(key)))

    def forget_inbox(self, before: datetime) -> int:
        """Acts so old that nobody delivers them again."""
        return self._session.exec(delete(Inbox).where(col(Inbox.at) <= before)).rowcount


_ANSWERED = update(table(Inbox)).where(col(Inbox.key) == bindparam("act"))
