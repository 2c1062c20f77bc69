"""The half of a unit of work that recomputes: histories and loose ends, a page at a time, past the ORM."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, or_, select, update
from sqlmodel import Session, col

from rules.verifying import Happened, History, Owed, Promise
from store.revisions import revision
from store.sql import ONCE, table
from store.tables import Card, Case, CaseEvent, Conversation, Outbox, Setting

PROMISE = ("received_at", "target_minutes", "due_at", "responded_at")
KEPT = (
    *("id", "status", "version", "cycle", "answered_in_cycle", "resolutions", "merged_into", "over_at"),
    *("confirmed_by", "confirmed_at", "force_reason", "response_met", "cancelled_at", "plan", "slot_at", *PROMISE),
)
NIGHT = "verified"
FOUND = "verified_differences"
_HAPPENED = ("case_id", "at", "verb", "person_id", "before", "after", "words", *PROMISE)


class Histories:
    _session: Session

    def histories(self, after: int, limit: int, since: datetime | None = None) -> list[History]:
        """Of the next cases by number, those that changed since then; for what they are worth until read again alone.

        The rows of a page are read one after the other, and a case may change in between.
        """
        some = _cases().where(col(Case.id) > after).order_by(col(Case.id)).limit(limit)
        return self._with_events(some if since is None else some.where(col(Case.updated_at) >= since))

    def history(self, case: int) -> History | None:
        """Of one case, locked: nobody writes to it meanwhile."""
        locked = _cases().where(col(Case.id) == case).with_for_update(key_share=True)
        return next(iter(self._with_events(locked)), None)

    def loose_messages(self, after: int, limit: int) -> list[Owed]:
        """Of so many messages by number, those with which something may be wrong. One statement: as of one moment."""
        return [Owed(*row) for row in self._session.connection().execute(_loose(after, after + limit))]

    def revision(self) -> str | None:
        """The schema's."""
        return revision(self._session.connection())

    def last_message(self) -> int:
        return self._session.connection().scalar(select(func.max(Outbox.id))) or 0

    def stuck_cards(self, limit: int) -> list[tuple[int, int]]:
        """Case and conversation of pictures that are to be drawn anew where nothing is scheduled."""
        stale = (col(Card.rendered) < Card.wanted, col(Card.dead).is_(None), col(Conversation.next_at).is_(None))
        found = select(col(Card.case_id), col(Card.conversation_id)).join(Conversation).where(*stale)
        found = found.order_by(col(Card.case_id)).limit(limit)
        return [(case, place) for case, place in self._session.connection().execute(found)]

    def may_verify(self, night: date, now: datetime, until: datetime) -> bool:
        """Whether it is the caller's to do for that night: nobody did, and nobody who is alive is at it."""
        connection = self._session.connection()
        connection.execute(ONCE[Setting][connection.dialect.name], {"name": NIGHT, "value": ""})
        free = col(Setting.value) < _doing(night, now)  # of the same night, or an earlier one
        mine = update(Setting).where(col(Setting.name) == NIGHT, free, col(Setting.value) != night.isoformat())
        return bool(self._session.exec(mine.values(value=_doing(night, until))).rowcount)

    def has_verified(self, night: date, differences: int) -> None:
        self._session.exec(update(Setting).where(col(Setting.name) == NIGHT).values(value=night.isoformat()))
        self._session.merge(Setting(name=FOUND, value=str(differences)))
        self._session.flush()

    def _with_events(self, found: Any) -> list[History]:
        cases = self._session.connection().execute(found).mappings().all()
        numbers = [row["id"] for row in cases]
        events: dict[int, list[Happened]] = {number: [] for number in numbers}
        for case, *event in self._session.connection().execute(_events(numbers)):
            events[case].append(_happened(*event))
        joined = {into: many for into, many in self._session.connection().execute(_joined(numbers))}
        return [History(row["id"], dict(row), events[row["id"]], joined.get(row["id"], 0)) for row in cases]


def _doing(night: date, until: datetime) -> str:
    """Later than the night's bare date, which says that it is done."""
    return f"{night.isoformat()} by {until.isoformat(timespec='microseconds')}"


def _cases() -> Any:
    return select(*(table(Case).c[name] for name in KEPT))


def _events(cases: Sequence[int]) -> Any:
    columns = (table(CaseEvent).c[name] for name in _HAPPENED)
    found = select(*columns).where(col(CaseEvent.case_id).in_(cases))
    return found.order_by(col(CaseEvent.id))


def _joined(cases: Sequence[int]) -> Any:
    into = col(Case.merged_into)
    return select(into, func.count()).where(into.in_(cases)).group_by(into)


def _happened(at: Any, verb: Any, by: Any, before: Any, after: Any, words: Any, *promise: Any) -> Happened:
    return Happened(at, verb, by, before, after, words, Promise(*promise) if promise[0] is not None else None)


def _loose(after: int, until: int) -> Any:
    owed, place, case = table(Outbox).c, table(Conversation).c, table(Case).c
    joined, replaced, instead = (table(Outbox).alias(name) for name in ("joined", "replaced", "instead"))
    done, scheduled = owed.done_at.is_not(None), place.next_at.is_not(None)
    ended = or_(owed.receipt.is_not(None), owed.dead.is_not(None), owed.withdrawn)
    strange = or_(
        place.id.is_(None),
        and_(~done, ~scheduled),
        and_(done, ~ended),
        and_(owed.case_id.is_not(None), case.id.is_(None)),
        *(refers.is_not(None) for refers in (owed.joins, owed.replaces, owed.instead_of)),
    )
    found = (
        select(
            *(owed.id, owed.conversation_id, owed.case_id, done, ended),
            *(place.id, scheduled, case.id.is_not(None)),
            *(owed.joins, joined.c.conversation_id, owed.replaces, replaced.c.conversation_id),
            *(owed.instead_of, instead.c.conversation_id),
        )
        .select_from(table(Outbox))
        .outerjoin(table(Conversation), place.id == owed.conversation_id)
        .outerjoin(table(Case), case.id == owed.case_id)
    )
    for other, refers in ((joined, owed.joins), (replaced, owed.replaces), (instead, owed.instead_of)):
        found = found.outerjoin(other, other.c.id == refers)
    return found.where(owed.id > after, owed.id <= until, strange).order_by(owed.id)
