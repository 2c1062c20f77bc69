"""The part of a unit of work that the desk's own pages ask: whether anything changed, and which companies there are."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, case, col, func, or_, select

from store.tables import Account, Attachment, Case, CaseEvent, CaseLink, HeldAct, Outbox


class Board:
    _session: Session

    def queue_mark(self) -> str:
        """Another one whenever something happened to what is in hand; an event is seen late, never not at all."""
        live = select(func.count(), func.coalesce(func.sum(Case.version), 0)).where(col(Case.over_at).is_(None))
        return self._marked(live, select(func.max(CaseEvent.id)))

    def held_mark(self) -> str:
        """The same of what waits to leave."""
        return self._marked(_HELD)

    def case_mark(self, number: int) -> str:
        """The same of one case with all that its page shows: how far each warning got, its files, those beside it."""
        happened = select(func.max(CaseEvent.id), func.count()).where(CaseEvent.case_id == number)
        files = select(func.count(), func.sum(case(_STATES, value=col(Attachment.state), else_=0)))
        fates = (Outbox.done_at, Outbox.seen_at, Outbox.dead)
        warned = select(func.count(), *(func.count(col(fate)) for fate in fates))
        beside, group = _beside(number), select(Case.incident_id).where(Case.id == number).scalar_subquery()
        others = select(func.count(), func.coalesce(func.sum(Case.version), 0))
        return self._marked(
            happened,
            _HELD.where(HeldAct.case_id == number),
            files.where(Attachment.case_id == number),
            warned.where(Outbox.case_id == number, col(Outbox.warning)),
            others.where(or_(col(Case.id).in_(beside), Case.incident_id == group)),
        )

    def waiting_on(self, number: int) -> list[HeldAct]:
        """What was said to that case's customer and has not left, in order."""
        return list(self._session.exec(select(HeldAct).where(HeldAct.case_id == number).order_by(col(HeldAct.id))))

    def waiting_of(self, person: int) -> list[HeldAct]:
        """What of theirs has not left, in order."""
        return list(self._session.exec(select(HeldAct).where(HeldAct.person_id == person).order_by(col(HeldAct.id))))

    def _marked(self, *looks: Any) -> str:
        rows = (self._session.connection().execute(look).one() for look in looks)
        return ".".join(str(value or 0) for row in rows for value in row)

    def count_accounts(self, words: str) -> int:
        return self._session.exec(select(func.count(col(Account.id))).where(*_like(words))).one()

    def accounts_like(self, words: str, limit: int, skip: int) -> list[Account]:
        """Those in whose name these words are; by name."""
        found = select(Account).where(*_like(words)).order_by(func.lower(Account.name), col(Account.id))
        return list(self._session.exec(found.limit(limit).offset(skip)))

    def account_of_slug(self, slug: str) -> Account | None:
        return self._session.exec(select(Account).where(Account.slug == slug)).first()

    def open_cases_of(self, accounts: Sequence[int]) -> dict[int, int]:
        """How many of each company's cases are not over."""
        mine = (col(Case.account_id).in_(accounts), col(Case.over_at).is_(None))
        found: Any = select(Case.account_id, func.count()).where(*mine).group_by(col(Case.account_id))
        return {int(account): int(many) for account, many in self._session.connection().execute(found)}


_HELD: Any = select(func.count(), func.max(HeldAct.id), func.sum(case((col(HeldAct.asked), 1), else_=0)))

_STATES = {"wanted": 1, "held": 3, "kept": 7, "refused": 13, "gone": 29}
"""Of files: however one changes, the sum is another."""


def _beside(number: int) -> Any:
    """Those that have to do with it."""
    pair = or_(CaseLink.case_id == number, CaseLink.other_id == number)
    return select(CaseLink.case_id + CaseLink.other_id - number).where(pair)


def _like(words: str) -> "tuple[Any, ...]":
    if not words:
        return ()
    wanted = words.lower()
    return (or_(func.lower(Account.name).contains(wanted, autoescape=True), Account.slug == wanted),)
