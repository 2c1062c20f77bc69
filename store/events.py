"""The part of a unit of work that keeps the histories of cases, event by event."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import insert
from sqlmodel import col, select

from rules.lifecycle import Verb
from store.histories import PROMISE
from store.lanes import Lanes
from store.said import short_key
from store.sql import table
from store.tables import Case, CaseEvent


class Events(Lanes):
    def note_event(self, **row: Any) -> int:
        """The event's number. Beside it stands the case's promise as it then is, to be recomputed from later (R14)."""
        case = self._session.get_one(Case, row["case_id"])
        row["said_as"] = short_key(row["said_as"]) if row.get("said_as") else None
        noted = self._run(_EVENT, row | {name: getattr(case, name) for name in PROMISE}).inserted_primary_key
        assert noted is not None, "one row was inserted"
        self.note("moved", row["verb"])
        return int(noted[0])

    def event(self, number: int) -> CaseEvent | None:
        return self._session.get(CaseEvent, number)

    def last_said(self, case: int, person: int) -> int | None:
        """The event of what they said there last."""
        mine = (CaseEvent.case_id == case, CaseEvent.person_id == person, CaseEvent.verb == Verb.SAY)
        return self._session.exec(select(CaseEvent.id).where(*mine).order_by(col(CaseEvent.id).desc()).limit(1)).first()

    def last_to(self, case: int, verbs: Iterable[Verb]) -> int | None:
        """Who did any of these to it last, where the customer's side may know of it."""
        did = (CaseEvent.case_id == case, col(CaseEvent.internal).is_(False), col(CaseEvent.verb).in_(verbs))
        found = select(CaseEvent.person_id).where(*did).order_by(col(CaseEvent.id).desc())
        return self._session.exec(found.limit(1)).first()

    def events(self, case: int, internal: bool) -> list[CaseEvent]:
        """The history in order; ``internal`` ones only for the desk."""
        found = select(CaseEvent).where(CaseEvent.case_id == case)
        shown = found if internal else found.where(col(CaseEvent.internal).is_(False))
        return list(self._session.exec(shown.order_by(col(CaseEvent.id))))


_EVENT = insert(table(CaseEvent))
