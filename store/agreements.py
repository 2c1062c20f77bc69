"""The part of a unit of work that keeps what one side of a case proposed and the other answered, with both stamps."""

from datetime import datetime

from sqlmodel import Session, col, select, update

from rules.agreements import State, What
from store.tables import Agreement, Person


class Agreements:
    _session: Session

    def propose(self, case: int, what: What, number: int, terms: str, by: int, at: datetime) -> None:
        self._session.add(
            Agreement(
                case_id=case,
                what=what,
                number=number,
                terms=terms,
                proposed_by=by,
                proposed_at=at,
                state=State.OFFERED,
            )
        )
        self._session.flush()

    def answer_proposal(
        self, case: int, what: What, state: State, by: int, at: datetime, number: int | None = None
    ) -> bool:
        """The open one, or the one of that number; whether there was one."""
        which = col(Agreement.state) == State.OFFERED if number is None else col(Agreement.number) == number
        mine = update(Agreement).where(col(Agreement.case_id) == case, col(Agreement.what) == what, which)
        stamped = mine.values(state=state, answered_by=by, answered_at=at)
        return bool(self._session.exec(stamped).rowcount)

    def supersede(self, case: int, what: What, *states: State) -> None:
        """Whatever stands in one of these states no longer holds; its stamps stay."""
        mine = (col(Agreement.case_id) == case, col(Agreement.what) == what, col(Agreement.state).in_(states))
        self._session.exec(update(Agreement).where(*mine).values(state=State.SUPERSEDED))

    def carry_over(self, stamped: Agreement, case: int, number: int) -> None:
        """It holds for another case too, with both its stamps."""
        kept = stamped.model_dump(exclude={"case_id", "number"})
        self._session.add(Agreement(**kept, case_id=case, number=number))
        self._session.flush()

    def last_proposal(self, case: int, what: What, of_customer: bool = False) -> Agreement | None:
        found = select(Agreement).where(Agreement.case_id == case, Agreement.what == what)
        if of_customer:
            found = found.join(Person, col(Person.id) == Agreement.proposed_by).where(
                col(Person.account_id).is_not(None)
            )
        return self._session.exec(found.order_by(col(Agreement.number).desc()).limit(1)).first()

    def agreements(self, case: int) -> list[Agreement]:
        """All of them, kind by kind in the order in which they were proposed."""
        found = select(Agreement).where(Agreement.case_id == case)
        return list(
            self._session.exec(found.order_by(col(Agreement.proposed_at), Agreement.what, col(Agreement.number)))
        )
