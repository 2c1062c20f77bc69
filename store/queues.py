"""The part of a unit of work that lists what the desk has in hand: narrowed down, counted, a page at a time."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import case as either
from sqlalchemy import false, func, or_, true
from sqlmodel import Session, col, select

from rules.eligibility import Handover
from rules.lifecycle import Status
from store.tables import OWED, Account, Case, Person


@dataclass(frozen=True)
class Narrow:
    """Of each kind that is named, any; of all kinds."""

    accounts: tuple[int, ...] = ()
    plans: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    people: tuple[int, ...] = ()
    """Of the desk, who work on it."""
    queues: tuple[str, ...] = ()
    """Names as they are written, or in small letters."""


@dataclass(frozen=True)
class Order:
    """By what a list is sorted; equals follow as they are due."""

    by: str = "due"
    """due, case, customer, status, priority, with or changed"""
    down: bool = False
    priorities: tuple[str, ...] = ()
    """The most pressing first."""


SOONEST = Order()


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
        waits = (OWED, col(Case.due_at).is_not(None))
        found = self._session.connection().execute(select(*what).where(*in_hand(narrow), *waits))
        return [Unanswered._make(row) for row in found]

    def count_queue(self, narrow: Narrow, states: Sequence[str], me: int, risky: Collection[int]) -> dict[str, int]:
        """Of all that is in hand how many are in each state."""
        counts = (func.sum(either((_state(state, me, risky), 1), else_=0)) for state in states)
        row = self._session.connection().execute(select(*counts).select_from(Case).where(*in_hand(narrow))).one()
        return {state: int(many or 0) for state, many in zip(states, row, strict=True)}

    def count_cases(self, narrow: Narrow, states: Collection[str], me: int, risky: Collection[int]) -> int:
        """Those that are in one of these states of each kind."""
        wanted = _states(states, me, risky)
        return self._session.exec(select(func.count(col(Case.id))).where(*in_hand(narrow), *wanted)).one()

    def queue_numbers(
        self,
        narrow: Narrow,
        states: Collection[str],
        me: int,
        risky: Collection[int],
        limit: int,
        skip: int,
        order: Order = SOONEST,
    ) -> list[int]:
        """Numbers, soonest due first, then what is answered, by age; or in another order."""
        wanted = _states(states, me, risky)
        found = select(Case.id).where(*in_hand(narrow), *wanted).order_by(*_sorted(order))
        return list(self._session.exec(found.limit(limit).offset(skip)))

    def count_forced(self, narrow: Narrow) -> int:
        """Closed without the customer's word (W59)."""
        mine = (Case.status == Status.UNCONFIRMED, *_narrowed(narrow))
        return self._session.exec(select(func.count(col(Case.id))).where(*mine)).one()

    def forced_numbers(self, narrow: Narrow, limit: int, skip: int, order: Order = SOONEST) -> list[int]:
        """The latest first; or in another order."""
        latest = (col(Case.over_at).desc(), col(Case.id).desc())
        found = select(Case.id).where(Case.status == Status.UNCONFIRMED, *_narrowed(narrow))
        found = found.order_by(*(latest if order == SOONEST else _sorted(order)))
        return list(self._session.exec(found.limit(limit).offset(skip)))

    def queue_names(self) -> list[str]:
        """Of what is in hand."""
        return [name for name in self._session.exec(select(Case.queue).where(*in_hand(Narrow())).distinct()) if name]

    def queues_called(self, names: Collection[str]) -> list[str]:
        """Of what is in hand, as they are written; compared here, since databases disagree about accented letters."""
        wanted = {name.casefold() for name in names}
        return [name for name in self.queue_names() if name.casefold() in wanted]


def in_hand(narrow: Narrow) -> "tuple[Any, ...]":
    """What waits for a word of the customer's own side is not the desk's yet (W27, T10)."""
    theirs = or_(col(Case.handover).is_(None), col(Case.handover) != Handover.ASKED)
    return (col(Case.over_at).is_(None), theirs, *_narrowed(narrow))


def _narrowed(narrow: Narrow) -> "list[Any]":
    named: tuple[tuple[Any, tuple[Any, ...]], ...] = (
        (col(Case.account_id), narrow.accounts),
        (col(Case.plan), narrow.plans),
        (col(Case.priority), narrow.priorities),
        (col(Case.assignee_id), narrow.people),
    )
    found = [column.in_(values) for column, values in named if values]
    if narrow.queues:
        found.append(or_(col(Case.queue).in_(narrow.queues), func.lower(col(Case.queue)).in_(narrow.queues)))
    return found


def _sorted(order: Order) -> "tuple[Any, ...]":
    due: tuple[Any, ...] = (~OWED, col(Case.due_at).is_(None), col(Case.due_at))
    if order.by == "due":
        *kept, last = due  # what is owed an answer stays above the rest
        return (*kept, last.desc() if order.down else last, col(Case.id))
    found = _COLUMNS[order.by](order)
    return (found.desc() if order.down else found, *due, col(Case.id))


def _rank(column: Any, values: Sequence[str]) -> Any:
    return either({value: rank for rank, value in enumerate(values)}, value=column, else_=len(values))


def _name(kind: Any, mine: Any) -> Any:
    """Of somebody or some company that the case names; nobody comes first."""
    return func.coalesce(select(func.lower(kind.name)).where(kind.id == mine).scalar_subquery(), "")


_COLUMNS: "dict[str, Callable[[Order], Any]]" = {
    "case": lambda _: col(Case.id),
    "customer": lambda _: _name(Account, Case.account_id),
    "status": lambda _: _rank(col(Case.status), [*Status]),
    "priority": lambda order: _rank(col(Case.priority), order.priorities),
    "with": lambda _: _name(Person, Case.assignee_id),
    "changed": lambda _: col(Case.updated_at),
}


_GROUPS = (("waiting", "waiting-customer", "waiting-confirmation"), ("unassigned", "mine"))
"""Of states, of which no case is in two: any of them is meant, where several are named."""


def _states(states: Collection[str], me: int, risky: Collection[int]) -> "list[Any]":
    alone = {state: (state,) for state in states} | {state: kind for kind in _GROUPS for state in kind}
    kinds = dict.fromkeys(alone[state] for state in states)
    return [or_(*(_state(state, me, risky) for state in kind if state in states)) for kind in kinds]


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
