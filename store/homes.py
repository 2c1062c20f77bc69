"""The part of a unit of work that people's own pages ask: what lives of their company's, and when it is met next."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from rules.appointments import AGREED, OFFERED
from store.queues import Narrow, in_hand
from store.tables import Case

Scope = tuple[int | None, int | None]
"""Account and opener, as rules.people.Scope has them."""


class Homes:
    _session: Session

    def live_of(self, scope: Scope, limit: int) -> list[Case]:
        """What is not over, the latest first."""
        found = select(Case).where(*_live(scope)).order_by(col(Case.id).desc())
        return list(self._session.exec(found.limit(limit)))

    def planned(self, scope: Scope, now: datetime, limit: int) -> list[Case]:
        """Those with an appointment to come, agreed or proposed; the next one first."""
        to_come = (col(Case.slot_state).in_((OFFERED, AGREED)), col(Case.slot_at) > now)
        found = select(Case).where(*_live(scope), *to_come).order_by(col(Case.slot_at), col(Case.id))
        return list(self._session.exec(found.limit(limit)))


def _live(scope: Scope) -> "tuple[Any, ...]":
    account, opener = scope
    if account is None:
        return in_hand(Narrow())
    mine = (Case.account_id == account, *((Case.opened_by == opener,) if opener else ()))
    return (col(Case.over_at).is_(None), *mine)
