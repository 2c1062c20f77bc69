"""The part of a unit of work that knows what accounts have bought, how that changes, and how many of them there are."""

from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, exists
from sqlmodel import Session, col, func, or_, select

from store.tables import OWED, Account, Case, Contract, ContractChange, Person


class Contracts:
    _session: Session

    def accounts_called(self, name: str) -> list[Account]:
        """The one with that short name; else those of that name, however it is written."""
        exact = list(self._session.exec(select(Account).where(Account.slug == name.lower())))
        same = func.lower(Account.name) == name.lower()
        if not name.isascii():  # databases disagree about accented letters
            every = self._session.exec(select(Account.id, Account.name))
            same = col(Account.id).in_([id for id, each in every if each.casefold() == name.casefold()])
        return exact or list(self._session.exec(select(Account).where(same).order_by(col(Account.id)).limit(2)))

    def hold_account(self, account: int) -> None:
        """Until the unit ends nobody else changes what it has bought."""
        self._session.exec(select(Account.id).where(Account.id == account).with_for_update()).one()

    def upgraded_after(self, contract: Contract) -> bool:
        """Whether another contract took its place the day after its last, by a change that both sides agreed on."""
        if contract.ends is None:
            return False
        next_day = contract.ends + timedelta(days=1)
        mine = (ContractChange.account_id == contract.account_id, ContractChange.starts == next_day)
        done = col(ContractChange.applied_at).is_not(None)
        return self._session.exec(select(ContractChange.id).where(*mine, done).limit(1)).first() is not None

    def change_on(self, case: int) -> ContractChange | None:
        return self._session.exec(select(ContractChange).where(ContractChange.case_id == case)).first()

    def change_from(self, account: int, day: date) -> ContractChange | None:
        """What was agreed on of the contract that begins on that day."""
        theirs = (ContractChange.account_id == account, ContractChange.starts == day)
        return self._session.exec(select(ContractChange).where(*theirs).order_by(col(ContractChange.id).desc())).first()

    def changes_due(self, day: date, now: datetime, limit: int) -> list[ContractChange]:
        """Those that hold by that day, with cases of their account that were not looked at since."""
        due = (*_TO_CARRY, or_(col(ContractChange.carry_at).is_(None), col(ContractChange.carry_at) <= now))
        found = select(ContractChange).where(*due, col(ContractChange.starts) <= day).order_by(col(ContractChange.id))
        return list(self._session.exec(found.limit(limit)))

    def change_to_carry(self, number: int) -> ContractChange | None:
        """For one process only."""
        found = select(ContractChange).where(ContractChange.id == number, *_TO_CARRY)
        return self._session.exec(found.with_for_update(skip_locked=True, key_share=True)).first()

    def unanswered(self, account: int, after: int, limit: int) -> list[int]:
        """Open cases of theirs that wait for the first answer, by number: to be locked in that order."""
        waits = (col(Case.over_at).is_(None), OWED, Case.id > after)
        found = select(Case.id).where(Case.account_id == account, *waits)
        return list(self._session.exec(found.order_by(col(Case.id)).limit(limit)))

    def seats_used(self, account: int) -> tuple[int, int]:
        """How many of them hold a licence, and how many have a licence or ever opened a case."""
        licensed, known = self._session.exec(_SEATS, params={"account": account}).one()
        return licensed, known


_TO_CARRY = (col(ContractChange.applied_at).is_not(None), col(ContractChange.carried_at).is_(None))

# Built once, since building a statement takes longer than running it.

_OPENED = exists().where(col(Case.opened_by) == col(Person.id))  # for their own company alone
_COUNT = func.count(col(Person.id))
_SEATS = select(_COUNT.filter(col(Person.licensed)), _COUNT.filter(or_(col(Person.licensed), _OPENED))).where(
    Person.account_id == bindparam("account"), col(Person.left_at).is_(None)
)
