"""The part of a unit of work that lists what the desk has in hand: narrowed down, counted, a page at a time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import case as either
from sqlalchemy import false, func, or_, true
from sqlmodel import Session, col, select

from rules.eligibility import Handover
from rules.lifecycle import Status
from store.tables import Case


@dataclass(frozen=True)
class Narrow:
    """Of each kind that is named, any; of all kinds."""

    accounts: tuple[int, ...] = ()
    plans: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    """In small letters."""


class Unanswered(NamedTuple):
    """What is needed to tell how much of its time is gone."""

    id: int
    plan: str | None
    received_at: datetime
    target_minutes: int
    due_at: datetime


class Queues:
    _session: Session

    def promised(self, narrow: Narrow) -> list[Unanswered]:
        """With a promise, and nobody has answered."""
        what: Any = (Case.id, Case.plan, Case.received_at, Case.target_minutes, Case.due_at)
        waits = (col(Case.responded_at).is_(None), col(Case.due_at).is_not(None))
        found = self._session.connection().execute(select(*what).where(*_in_hand(narrow), *waits))
        return [Unanswered._make(row) for row in found]

    def count_queue(self, narrow: Narrow, states: Sequence[str], me: int, risky: Collection[int]) -> dict[str, int]:
        """Of all that is in hand how many are in each state."""
        counts = (func.sum(either((_state(state, me, risky), 1), else_=0)) for state in states)
        row = self._session.connection().execute(select(*counts).select_from(Case).where(*_in_hand(narrow))).one()
        return {state: int(many or 0) for state, many in zip(states, row, strict=True)}

    def count_cases(self, narrow: Narrow, states: Collection[str], me: int, risky: Collection[int]) -> int:
        """Those that are in all of these states at once."""
        wanted = (_state(state, me, risky) for state in states)
        return self._session.exec(select(func.count(col(Case.id))).where(*_in_hand(narrow), *wanted)).one()

    def queue_numbers(
        self, narrow: Narrow, states: Collection[str], me: int, risky: Collection[int], limit: int, skip: int
    ) -> list[int]:
        """Numbers, soonest due first, then what is answered, by age."""
        wanted = (_state(state, me, risky) for state in states)
        first = (col(Case.responded_at).is_not(None), col(Case.due_at).is_(None), col(Case.due_at), col(Case.id))
        found = select(Case.id).where(*_in_hand(narrow), *wanted).order_by(*first)
        return list(self._session.exec(found.limit(limit).offset(skip)))

    def count_forced(self, narrow: Narrow) -> int:
        """Closed without the customer's word (W59)."""
        mine = (Case.status == Status.UNCONFIRMED, *_narrowed(narrow))
        return self._session.exec(select(func.count(col(Case.id))).where(*mine)).one()

    def forced_numbers(self, narrow: Narrow, limit: int, skip: int) -> list[int]:
        """The latest first."""
        found = select(Case.id).where(Case.status == Status.UNCONFIRMED, *_narrowed(narrow))
        found = found.order_by(col(Case.over_at).desc(), col(Case.id).desc())
        return list(self._session.exec(found.limit(limit).offset(skip)))

    def queue_names(self) -> list[str]:
        """Of what is in hand."""
        return [name for name in self._session.exec(select(Case.queue).where(*_in_hand(Narrow())).distinct()) if name]


def _in_hand(narrow: Narrow) -> "tuple[Any, ...]":
    """What waits for a word of the customer's own side is not the desk's yet (W27, T10)."""
    theirs = or_(col(Case.handover).is_(None), col(Case.handover) != Handover.ASKED)
    return (col(Case.over_at).is_(None), theirs, *_narrowed(narrow))


def _narrowed(narrow: Narrow) -> "list[Any]":
    named: tuple[tuple[Any, tuple[Any, ...]], ...] = (
        (col(Case.account_id), narrow.accounts),
        (col(Case.plan), narrow.plans),
        (col(Case.priority), narrow.priorities),
        (func.lower(col(Case.queue)), narrow.queues),
    )
    return [column.in_(values) for column, values in named if values]


def _state(state: str, me: int, risky: Collection[int]) -> Any:
    match state:
        case "at-risk":
            return col(Case.id).in_(risky) if risky else false()
        case "unassigned":
            return col(Case.assignee_id).is_(None)
        case "mine":
            return col(Case.assignee_id) == me
        case "waiting":
            return col(Case.status).in_((Status.WAITING, Status.AWAITING))
        case "waiting-customer":
            return col(Case.status) == Status.WAITING
        case "waiting-confirmation":
            return col(Case.status) == Status.AWAITING
    return true()
