"""The part of a unit of work that finds cases: one, locked for who changes it, or several to look at."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from store.people import People
from store.tables import Account, Case, Person


class Cases(People):
    _locked: dict[int, Case]

    def case(self, number: int, account: int | None, opener: int | None = None) -> Case | None:
        """The case, locked until the unit ends, if it is in that scope: of this account, opened by this person."""
        if not 0 < number < 2**31:
            return None
        if held := self._locked.get(number):
            ours = account in (None, held.account_id) and opener in (None, held.opened_by)
            return held if ours else None
        found = _case(account is not None, opener is not None, locked=True)
        for case in self._read_cases(found, number=number, account=account, opener=opener):
            self._locked[number] = case
        return self._locked.get(number)

    def glance(self, number: int, account: int | None, opener: int | None = None) -> Case | None:
        """The same without a lock, for looking."""
        found = _case(account is not None, opener is not None, locked=False)
        return next(iter(self._read_cases(found, number=number, account=account, opener=opener)), None)

    def live_cases_opened_by(self, person: int, limit: int = 4) -> list[int]:
        """Numbers, latest first."""
        return list(self._run(_LIVE_OF, {"person": person, "limit": limit}).scalars())

    def cases_numbered(self, numbers: Sequence[int]) -> list[Case]:
        """In that order."""
        found = self._read_cases(_cases(False, False).where(col(Case.id).in_(numbers))) if numbers else []
        return sorted(found, key=lambda case: numbers.index(case.id))

    def recent_cases(self, account: int | None, opener: int | None = None, limit: int = 20) -> list[Case]:
        """Live ones first, then the latest that are over."""
        given = {"account": account, "opener": opener}
        live, over = (_recent_cases(account is not None, opener is not None, lives) for lives in (True, False))
        found = self._read_cases(live, limit=limit, **given)
        return found + (self._read_cases(over, limit=limit - len(found), **given) if len(found) < limit else [])

    def _read_cases(self, found: Any, **given: Any) -> list[Case]:
        rows = self._session.exec(found, params=given).all()
        for _, *others in rows:
            self._keep_at_hand(*others)
        return [row[0] for row in rows]


# Built once, since building a statement takes longer than running it.

_LIVE_OF = (
    select(Case.id)
    .where(Case.opened_by == bindparam("person"), col(Case.over_at).is_(None))
    .order_by(col(Case.id).desc())
    .limit(bindparam("limit"))
)


@cache
def _cases(of_account: bool, of_opener: bool) -> Any:
    """Cases, and beside each the account and the people that its picture names.

    Outer joins, since a lock that was waited for looks again at the case alone: what no longer fits is then missing.
    """
    opener, assignee = aliased(Person), aliased(Person)
    found = (
        select(Case, Account, opener, assignee)
        .outerjoin(Account, col(Account.id) == Case.account_id)
        .outerjoin(opener, col(opener.id) == Case.opened_by)
        .outerjoin(assignee, col(assignee.id) == Case.assignee_id)
    )
    found = found.where(col(Case.account_id) == bindparam("account")) if of_account else found
    return found.where(col(Case.opened_by) == bindparam("opener")) if of_opener else found


@cache
def _case(of_account: bool, of_opener: bool, locked: bool) -> Any:
    found = _cases(of_account, of_opener).where(col(Case.id) == bindparam("number"))
    fresh = found.with_for_update(of=Case, key_share=True).execution_options(populate_existing=True)
    return fresh if locked else found


@cache
def _recent_cases(of_account: bool, of_opener: bool, live: bool) -> Any:
    which = col(Case.over_at).is_(None) if live else col(Case.over_at).is_not(None)
    found = _cases(of_account, of_opener).where(which)
    return found.order_by(col(Case.id).desc()).limit(bindparam("limit"))
