"""The part of a unit of work that gives cases to people in turn: what waits, how much each has, who was last."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, func, select

from rules.eligibility import Handover
from rules.lifecycle import Status
from store.tables import Case, InTurn

WORKED_ON = (Status.NEW, Status.OPEN, Status.WAITING)
"""What is solved is no load, though the customer has not said so yet."""


class GivesInTurn:
    _session: Session

    def loads(self) -> dict[int, int]:
        """Of whom somebody works on for how many."""
        mine = (col(Case.over_at).is_(None), col(Case.assignee_id).is_not(None), col(Case.status).in_(WORKED_ON))
        found = select(Case.assignee_id, func.count(col(Case.id))).where(*mine).group_by(col(Case.assignee_id))
        return {person: many for person, many in self._session.exec(found) if person is not None}

    def last_given(self) -> dict[int, datetime]:
        return {row.person_id: row.at for row in self._session.exec(select(InTurn))}

    def give(self, person: int, at: datetime) -> None:
        self._session.merge(InTurn(person_id=person, at=at))
        self._session.flush()

    def to_be_given(self, names: Collection[str], after: int, limit: int) -> list[int]:
        """Numbers of cases in queues so called on which nobody works, and which are the desk's."""
        nobodys = (col(Case.over_at).is_(None), col(Case.assignee_id).is_(None))
        wanted = {name.casefold() for name in names}  # compared here: see Queues.queues_called
        queues = [
            name
            for name in self._session.exec(select(Case.queue).where(*nobodys).distinct())
            if name.casefold() in wanted
        ]
        if not queues:
            return []
        there = (col(Case.handover).is_(None) | (col(Case.handover) != Handover.ASKED),)
        mine = (col(Case.status).in_(WORKED_ON), col(Case.queue).in_(queues), col(Case.id) > after)
        found = select(Case.id).where(*nobodys, *there, *mine).order_by(col(Case.id)).limit(limit)
        return list(self._session.exec(found))
