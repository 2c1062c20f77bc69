"""The part of a unit of work that knows who follows a case."""

from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import col, delete, or_, select

from rules.people import STAFF
from store.lanes import Lanes
from store.tables import Case, Follower, Person


class Followers(Lanes):
    def followers(self, case: Case) -> list[Person]:
        """Those who still may: of the desk, or a colleague of its company who is no guest."""
        if not self._run(_FOLLOWED, {"case": case.id}).first():  # as most are by nobody
            return []
        return list(self._session.exec(_FOLLOWERS, params={"case": case.id, "account": case.account_id}))

    def follows(self, case: int, person: int) -> bool:
        return self._session.get(Follower, (case, person)) is not None

    def follow(self, case: int, person: int, at: datetime) -> None:
        if not self.follows(case, person):
            self._session.add(Follower(case_id=case, person_id=person, at=at))
            self._session.flush()

    def unfollow(self, case: int, person: int) -> bool:
        """Whether they did."""
        mine = (col(Follower.case_id) == case, col(Follower.person_id) == person)
        return bool(self._session.exec(delete(Follower).where(*mine)).rowcount)

    def unfollow_all(self, person: int) -> list[int]:
        """The cases that they followed."""
        mine = col(Follower.person_id) == person
        cases = list(self._session.exec(select(Follower.case_id).where(mine).order_by(col(Follower.case_id))))
        self._session.exec(delete(Follower).where(mine))
        return cases

    def follow_on(self, case: int, into: int) -> None:
        """Whoever followed the one follows the other, that it goes on as (R9)."""
        for row in self._session.exec(select(Follower).where(Follower.case_id == case)).all():
            self.follow(into, row.person_id, row.at)
            self._session.delete(row)
        self._session.flush()


# Built once, since building a statement takes longer than running it.

_FOLLOWED = select(Follower.person_id).where(Follower.case_id == bindparam("case")).limit(1)
_MAY = or_(col(Person.role).in_(STAFF), Person.account_id == bindparam("account"))
_FOLLOWERS = (
    select(Person)
    .join(Follower, col(Follower.person_id) == Person.id)
    .where(Follower.case_id == bindparam("case"), _MAY, col(Person.guest).is_(False))
    .where(col(Person.left_at).is_(None), col(Person.erased_at).is_(None))
    .order_by(col(Follower.at), col(Person.id))
)
