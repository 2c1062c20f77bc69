"""The part of a unit of work that knows which cases have to do with each other, and which are of one incident."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, or_
from sqlmodel import col, func, select

from store.lanes import Lanes
from store.tables import Case, CaseLink, Incident


class Related(NamedTuple):
    """Another case, and what decides who may read its number."""

    id: int
    account_id: int
    opened_by: int


class Groups(Lanes):
    def case_link(self, one: int, other: int) -> CaseLink | None:
        return self._session.get(CaseLink, (min(one, other), max(one, other)))

    def related(self, case: int) -> list[Related]:
        return [Related._make(row) for row in self._run(_RELATED, {"case": case})]

    def merged_here(self, case: int) -> list[Case]:
        """Those that go on as this one, themselves or by way of another (R9)."""
        into = select(Case.id).where(Case.merged_into == case).cte(recursive=True)
        every = into.union_all(select(Case.id).where(col(Case.merged_into) == into.c.id))
        return list(self._session.exec(select(Case).where(col(Case.id).in_(select(every.c.id))).order_by(col(Case.id))))

    def opened_one_of(self, case: int, person: int) -> bool:
        return any(one.opened_by == person for one in self.merged_here(case))

    def incident(self, number: int, lock: bool = False) -> Incident | None:
        if not 0 < number < 2**31:
            return None
        found = select(Incident).where(Incident.id == number)
        return self._session.exec(found.with_for_update(key_share=True) if lock else found).first()

    def incidents(self, limit: int) -> list[tuple[Incident, int]]:
        """Those that last, the latest first, each with its number of cases."""
        many = select(func.count(col(Case.id))).where(Case.incident_id == Incident.id).scalar_subquery()
        found = select(Incident, many).where(col(Incident.over_at).is_(None)).order_by(col(Incident.id).desc())
        return [(incident, count) for incident, count in self._session.exec(found.limit(limit))]

    def cases_of_incident(self, number: int) -> list[int]:
        """In the one order in which several cases are locked."""
        return list(self._session.exec(select(Case.id).where(Case.incident_id == number).order_by(col(Case.id))))

    def relate(self, one: int, other: int, by: int | None, at: datetime) -> None:
        self._session.add(CaseLink(case_id=min(one, other), other_id=max(one, other), by_id=by, at=at))
        self._session.flush()


# Built once, since building a statement takes longer than running it.

_RELATED = (
    select(Case.id, Case.account_id, Case.opened_by)
    .join(CaseLink, or_(col(Case.id) == CaseLink.case_id, col(Case.id) == CaseLink.other_id))
    .where(or_(col(CaseLink.case_id) == bindparam("case"), col(CaseLink.other_id) == bindparam("case")))
    .where(Case.id != bindparam("case"))
    .order_by(col(Case.id))
)
