"""The part of a unit of work that knows an account's own people."""

from sqlmodel import Session, col, select

from store.tables import Person


class Contacts:
    _session: Session

    def contacts(self, account: int) -> list[Person]:
        """Everybody of theirs in the directory who is still there."""
        there = (Person.account_id == account, col(Person.guest).is_(False), col(Person.left_at).is_(None))
        return list(self._session.exec(select(Person).where(*there).order_by(col(Person.id))))
