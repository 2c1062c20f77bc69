"""What the ladder asks of the store: which cases are due, who is there to hear of it, what became of each warning."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import String, bindparam, cast, false, func, literal, or_, text
from sqlalchemy.orm import aliased
from sqlmodel import col, select, update

from rules.lifecycle import Verb
from store.lanes import Lanes
from store.sending import TOGETHER, free_lane
from store.sql import blanks, filled
from store.tables import Absence, Case, CaseEvent, Conversation, Outbox, Rota


class Ping(NamedTuple):
    """One warning that is owed or was, without its words."""

    id: int
    case: int
    place: int
    key: str | None
    instead_of: int | None
    done_at: datetime | None
    seen_at: datetime | None
    dead: str | None
    withdrawn: bool


class Warnings(Lanes):
    """The part of a unit of work that the clock's round and its audit have."""

    def due_alarms(self, now: datetime, limit: int) -> list[Case]:
        """Cases about which somebody must be warned, each locked for one sweeper only."""
        return list(self._session.exec(_DUE, params={"now": now, "limit": limit}))

    def alarm_later(self, case: int, at: datetime) -> None:
        self._session.exec(update(Case).where(col(Case.id) == case).values(next_alarm_at=at))

    def next_alarm(self, after: datetime) -> datetime | None:
        """When the first case after that has something to tell by itself."""
        return self._session.exec(select(func.min(Case.next_alarm_at)).where(col(Case.next_alarm_at) > after)).one()

    def part_warnings(self, now: datetime) -> None:
        """The next ones share no message with those before, however little of the machine's time lies between."""
        warned = col(Conversation.warned_at) > now - TOGETHER
        self._session.exec(update(Conversation).where(warned).values(warned_at=now - TOGETHER))

    def happened(self, case: int, verb: Verb, words: str, after: datetime) -> bool:
        mine = (CaseEvent.case_id == case, CaseEvent.verb == verb, CaseEvent.words == words, CaseEvent.at > after)
        return self._session.exec(select(CaseEvent.id).where(*mine).limit(1)).first() is not None

    def pings(self, cases: Sequence[int]) -> list[Ping]:
        """The warnings of these cases, as they were owed."""
        return [Ping._make(row) for row in self._run(_pings(len(cases)), filled("case", cases))]

    def origin(self, row: Outbox) -> Outbox:
        """The message whose words it carries to another address."""
        while row.instead_of is not None:
            row = self._session.get_one(Outbox, row.instead_of)
        return row

    def rotas(self) -> list[Rota]:
        return list(self._session.exec(_ROTAS))

    def absences(self, since: datetime) -> list[Absence]:
        """Those that last beyond it."""
        return list(self._session.exec(_ABSENCES, params={"since": since}))

    def live_between(self, after: int, until: int) -> list[Case]:
        """A stretch of numbers, so that each look is short however many cases are over."""
        live = select(Case).where(Case.id > after, Case.id <= until, col(Case.over_at).is_(None))
        return list(self._session.exec(live.order_by(col(Case.id))))

    def last_case(self) -> int:
        return self._session.exec(select(func.max(Case.id))).one() or 0

    def warned(self, cases: Sequence[int]) -> Mapping[int, list[str]]:
        """The steps that their histories record."""
        found = defaultdict[int, list[str]](list)
        if cases:
            for row in self._run(_steps(len(cases)), {"verb": Verb.WARN, **filled("case", cases)}):
                found[row.case_id].append(row.words)
        return found

    def late_warnings(
        self, before: datetime, now: datetime, failing: Collection[str], after: int, limit: int
    ) -> list[Outbox]:
        """Those owed by then that could not be sent yet, or that a channel of ``failing`` keeps, and that nothing
        stands in for; by number, from the one ``after``."""
        given = {"before": before, "now": now, "after": after, "limit": limit, **filled("failing", failing)}
        return list(self._session.exec(_late(len(failing)), params=given))


# Built once, since building a statement takes longer than running it.

_ROTAS = select(Rota).order_by(col(Rota.name))
_ABSENCES = select(Absence).where(Absence.ends > bindparam("since")).order_by(col(Absence.id))
_DUE = (
    select(Case)
    .where(col(Case.next_alarm_at) <= bindparam("now"))
    .order_by(col(Case.next_alarm_at))
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, key_share=True)
)


@cache
def _pings(many: int) -> Any:
    what = (Outbox.id, Outbox.case_id, Outbox.conversation_id, Outbox.key, Outbox.instead_of, Outbox.done_at)
    how = (Outbox.seen_at, Outbox.dead, Outbox.withdrawn)
    theirs = col(Outbox.case_id).in_(blanks("case", many))
    columns: Any = (*what, *how)
    # Worded as its index is, or the index is not used.
    return select(*columns).where(theirs, text("warning")).order_by(col(Outbox.id))


@cache
def _steps(many: int) -> Any:
    theirs = col(CaseEvent.case_id).in_(blanks("case", many))
    return select(CaseEvent.case_id, CaseEvent.words).where(theirs, CaseEvent.verb == bindparam("verb"))


@cache
def _late(failing: int) -> Any:
    kept = col(Conversation.channel).in_(blanks("failing", failing)) if failing else false()
    instead = aliased(Outbox)
    key = literal("instead of ") + cast(col(Outbox.id), String)
    return (
        select(Outbox)
        .join(Conversation, col(Conversation.id) == col(Outbox.conversation_id))
        .where(
            col(Outbox.done_at).is_(None),
            col(Outbox.warning).is_(True),
            col(Outbox.owed_at) <= bindparam("before"),
            col(Outbox.id) > bindparam("after"),
            col(Conversation.desk).is_(False),
            free_lane(bindparam("now")),
            or_(col(Outbox.attempt) > 0, kept),
            ~select(instead.id).where(instead.key == key).exists(),
        )
        .order_by(col(Outbox.id))
        .limit(bindparam("limit"))
    )
