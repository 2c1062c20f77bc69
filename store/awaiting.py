"""The part of a unit of work that knows whose confirmation is awaited, and which escalations nobody has answered."""

from typing import Any

from sqlalchemy import exists
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from rules.lifecycle import RULES, Status, Verb
from store.tables import Case, CaseEvent

ANSWERS = tuple(verb for verb, rule in RULES.items() if rule.responds)


class Awaiting:
    _session: Session

    def escalation_waits(self, case: int) -> bool:
        """Whether its customer escalated it, and no human has answered since (W53)."""
        return self._session.exec(_escalated(CaseEvent.case_id == case).limit(1)).first() is not None

    def escalations_wait(self, account: int, opener: int | None) -> bool:
        """The same for any of their open cases."""
        mine: list[Any] = [Case.account_id == account, col(Case.over_at).is_(None)]
        mine += [Case.opened_by == opener] if opener else []
        found = _escalated(*mine).join(Case, col(Case.id) == CaseEvent.case_id)
        return self._session.exec(found.limit(1)).first() is not None

    def last_confirmed_by(self, person: int) -> int | None:
        """The case."""
        theirs = select(Case.id).where(Case.confirmed_by == person, Case.status == Status.CLOSED)
        return self._session.exec(theirs.order_by(col(Case.confirmed_at).desc(), col(Case.id).desc()).limit(1)).first()

    def awaiting(self, after: int, limit: int) -> list[Case]:
        """Cases whose customer's word is awaited, by number."""
        found = select(Case).where(Case.status == Status.AWAITING, col(Case.over_at).is_(None), Case.id > after)
        return list(self._session.exec(found.order_by(col(Case.id)).limit(limit)))

    def awaiting_of(self, account: int, opener: int | None, limit: int) -> list[Case]:
        mine: list[Any] = [Case.account_id == account, Case.status == Status.AWAITING, col(Case.over_at).is_(None)]
        mine += [Case.opened_by == opener] if opener else []
        return list(self._session.exec(select(Case).where(*mine).order_by(col(Case.id)).limit(limit)))


def _escalated(*where: Any) -> Any:
    later = aliased(CaseEvent)
    answered = exists().where(
        col(later.case_id) == CaseEvent.case_id, col(later.id) > CaseEvent.id, col(later.verb).in_(ANSWERS)
    )
    return select(CaseEvent.id).where(CaseEvent.verb == Verb.ESCALATE, ~answered, *where)
