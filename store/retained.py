"""The part of a unit of work that finds what was kept for long enough."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, or_, select, update

from store.tables import Case, Enquiry, Outbox, RoomEntry, Setting

KEEP, SWEPT = "keep_months", "retained_to"


class Retained:
    _session: Session

    def keep_for(self, months: int) -> bool:
        """Closed cases, where their account does not say otherwise; 0: for good. Whether it was another time before."""
        differs = self.kept_for() != months
        if differs:
            self._session.merge(Setting(name=KEEP, value=str(months)))
            self._session.flush()
        return differs

    def kept_for(self) -> int:
        """Months; 0: for good."""
        return self._number(KEEP)

    def swept_to(self) -> int:
        """The last message that was looked at for its age alone."""
        return self._number(SWEPT)

    def _number(self, name: str) -> int:
        return int(self._session.exec(select(Setting.value).where(Setting.name == name)).first() or 0)

    def oldest(self, gone: str) -> dict[int, datetime]:
        """By account, when the first of its cases that still has its words was over, or its first question asked."""
        over = (col(Case.over_at).is_not(None), col(Case.emptied_at).is_(None))
        cases = select(Case.account_id, func.min(Case.over_at)).where(*over).group_by(col(Case.account_id))
        asked = select(Enquiry.account_id, func.min(Enquiry.at)).where(col(Enquiry.question) != gone)
        found: dict[int, datetime] = {}
        for account, at in (*self._session.exec(cases), *self._session.exec(asked.group_by(col(Enquiry.account_id)))):
            found[account] = min(found.get(account, at), at)
        return found

    def count_old(self, account: int, until: datetime, gone: str) -> tuple[int, int]:
        """Cases and questions."""
        cases = select(func.count()).select_from(Case).where(*_old_cases(account, until))
        asked = select(func.count()).select_from(Enquiry).where(*_old_questions(account, until, gone))
        return self._session.exec(cases).one(), self._session.exec(asked).one()

    def old_cases(self, account: int, until: datetime, limit: int) -> list[int]:
        """Numbers of those that were over by then and still have their words; the oldest first."""
        found = select(Case.id).where(*_old_cases(account, until)).order_by(col(Case.over_at), col(Case.id))
        return list(self._session.exec(found.limit(limit)))

    def emptied(self, cases: Collection[int], account: int, until: datetime, at: datetime) -> int:
        """How many of them nobody else was done with, and nobody has opened again."""
        mine = (col(Case.id).in_(list(cases)), *_old_cases(account, until))
        return self._session.exec(update(Case).where(*mine).values(emptied_at=at)).rowcount

    def empty_questions(self, account: int, until: datetime, gone: str) -> int:
        old = update(Enquiry).where(*_old_questions(account, until, gone))
        return self._session.exec(old.values(question=gone)).rowcount

    def said_of(self, cases: Collection[int], after: int, limit: int) -> Sequence[Outbox]:
        """Messages of these cases, and of none, by number."""
        about = or_(col(Outbox.case_id).is_(None), col(Outbox.case_id).in_(list(cases)))
        found = select(Outbox).where(about, col(Outbox.id) > after).order_by(col(Outbox.id))
        return list(self._session.exec(found.limit(limit)))

    def said_in_rooms(self, after: int, limit: int) -> Sequence[RoomEntry]:
        found = select(RoomEntry).where(col(RoomEntry.id) > after).order_by(col(RoomEntry.id))
        return list(self._session.exec(found.limit(limit)))


def _old_cases(account: int, until: datetime) -> tuple[Any, ...]:
    """One that was merged goes after the one that it goes on as."""
    into = aliased(Case)
    kept = exists().where(col(into.id) == Case.merged_into, col(into.emptied_at).is_(None))
    over = (col(Case.over_at).is_not(None), col(Case.over_at) <= until)
    return Case.account_id == account, *over, col(Case.emptied_at).is_(None), ~kept


def _old_questions(account: int, until: datetime, gone: str) -> tuple[Any, ...]:
    return Enquiry.account_id == account, col(Enquiry.at) <= until, col(Enquiry.question) != gone
