"""The part of a unit of work that measures the desk as a whole: how much lives, how much waits to leave, since when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, or_, select

from rules.lifecycle import Status
from store.tables import Card, Case, Outbox


@dataclass(frozen=True)
class Depth:
    cases: Mapping[Status, int]
    """Those that are not over."""
    waiting: int
    """Messages and cards that have not left."""
    since: datetime | None
    """When the oldest of those that are due was owed."""


class Depths:
    _session: Session

    def depth(self, now: datetime) -> Depth:
        """Looks only at what lives or waits, however much is over and done."""
        live = select(Case.status, func.count()).where(col(Case.over_at).is_(None)).group_by(col(Case.status))
        waits, stale = col(Outbox.done_at).is_(None), (col(Card.rendered) < Card.wanted, col(Card.dead).is_(None))
        due = or_(col(Outbox.attempt) > 0, col(Outbox.due_at) <= now)
        cards, drawn = self._session.exec(select(func.count(), func.min(Card.owed_at)).where(*stale)).one()
        messages = self._session.exec(select(func.count()).select_from(Outbox).where(waits)).one()
        owed = self._session.exec(select(func.min(Outbox.owed_at)).where(waits, due)).one()
        since = min((each for each in (drawn, owed) if each is not None), default=None)
        return Depth({Status(state): many for state, many in self._session.exec(live)}, messages + cards, since)
