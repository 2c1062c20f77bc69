"""The part of a unit of work that keeps what the desk said and can still take back."""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import col, or_, select

from rules.lifecycle import Verb
from rules.people import Role
from store.lanes import Lanes
from store.sql import blanks, filled
from store.tables import CaseEvent, HeldAct, Outbox, Person

FAILED = "failed"
"""In the origin of what not even its author could be given back so far."""


class Holds(Lanes):
    def due_held(self, now: datetime, limit: int) -> list[tuple[int, int]]:
        """Each with its author, in order; some may still have to wait for others of their case."""
        found = select(HeldAct.id, HeldAct.person_id).where(col(HeldAct.due_at) <= now)
        rows = self._session.exec(found.order_by(col(HeldAct.id)).limit(limit))
        return [(number, person) for number, person in rows]

    def held(self, number: int) -> HeldAct | None:
        """Locked; to be asked for by whoever has locked its author."""
        return self._session.exec(select(HeldAct).where(HeldAct.id == number).with_for_update()).first()

    def held_of(self, person: int, case: int | None) -> HeldAct | None:
        """What they said last, locked."""
        mine = select(HeldAct).where(HeldAct.person_id == person)
        found = mine if case is None else mine.where(HeldAct.case_id == case)
        return self._session.exec(found.order_by(col(HeldAct.id).desc()).limit(1).with_for_update()).first()

    def held_on(self, case: int, before: int | None = None, lock: bool = False) -> list[HeldAct]:
        """What will leave for that case's customer, in order; ``before`` that one. It is locked before its case is."""
        found = select(HeldAct).where(HeldAct.case_id == case, col(HeldAct.asked).is_(False))
        found = found if before is None else found.where(HeldAct.id < before)
        found = found.with_for_update().execution_options(populate_existing=True) if lock else found
        return list(self._session.exec(found.order_by(col(HeldAct.id))))

    def put_off(self, number: int, until: datetime) -> None:
        """It fails as nothing should; those after it need not wait for it."""
        row = self.held(number)
        if row is not None:
            row.due_at, row.origin = until, {**(row.origin or {}), FAILED: True}
            self._session.add(row)

    def held_until(self, case: int, since: datetime) -> datetime | None:
        """When the last of it is due; not of what is overdue from before ``since``."""
        leaves = [row.due_at for row in self.held_on(case) if not (row.origin or {}).get(FAILED)]
        return max((at for at in leaves if at > since), default=None)

    def answered_lately(self, case: int, verbs: Collection[Verb], but: int, since: datetime) -> CaseEvent | None:
        """The latest of these that somebody else did."""
        mine = (CaseEvent.case_id == case, col(CaseEvent.verb).in_(list(verbs)), CaseEvent.at >= since)
        other = (col(CaseEvent.person_id).is_not(None), CaseEvent.person_id != but)
        return self._session.exec(
            select(CaseEvent).where(*mine, *other).order_by(col(CaseEvent.id).desc()).limit(1)
        ).first()

    def asked_since(self, case: int, verbs: Collection[Verb], since: datetime) -> datetime | None:
        """When the customer did one of these first, after that moment; not what they took back."""
        given = {"case": case, "since": since, **filled("verb", verbs)}
        at: datetime | None = self._run(_asked_since(len(verbs)), given).scalar()
        return at

    def breached(self, case: int) -> bool:
        """Whether another priority or contract found the promise broken (R7)."""
        mine = (CaseEvent.case_id == case, CaseEvent.verb == Verb.BREACH)
        return self._session.exec(select(CaseEvent.id).where(*mine).limit(1)).first() is not None

    def asked_beside(self, key: str) -> list[HeldAct]:
        """Those that wait for a word because somebody said something else in the message of that key."""
        asked = self._session.exec(select(HeldAct).where(col(HeldAct.asked)).order_by(col(HeldAct.id)))
        return [row for row in asked if (row.origin or {}).get("beside") == key]

    def overwrite(self, told: int, message: dict[str, Any]) -> None:
        """What is kept of that message, and of those that stood in its place."""
        for row in self._session.exec(select(Outbox).where(or_(Outbox.id == told, col(Outbox.replaces) == told))):
            row.message = message
            self._session.add(row)

    def last_note(self, case: int, person: int) -> CaseEvent | None:
        """What they wrote there last to the desk only."""
        mine = (CaseEvent.case_id == case, CaseEvent.person_id == person, CaseEvent.verb == Verb.NOTE)
        found = select(CaseEvent).where(*mine, col(CaseEvent.deleted_at).is_(None))
        return self._session.exec(found.order_by(col(CaseEvent.id).desc()).limit(1)).first()


@cache
def _asked_since(verbs: int) -> Any:
    """Built once, since building a statement takes longer than running it."""
    theirs = (CaseEvent.case_id == bindparam("case"), col(CaseEvent.verb).in_(blanks("verb", verbs)))
    return (
        select(CaseEvent.at)
        .join(Person, col(Person.id) == CaseEvent.person_id)
        .where(*theirs, CaseEvent.at > bindparam("since"))
        .where(Person.role == Role.CUSTOMER, col(CaseEvent.deleted_at).is_(None))
        .order_by(col(CaseEvent.id))
        .limit(1)
    )
