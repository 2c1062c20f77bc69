"""Sending what is owed: one sender a lane, in order, and once.

Whoever dies while sending loses the lease, and the next to claim the lane knows from ``unsure`` that the message may
have arrived.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, exists, func, or_
from sqlmodel import col, select, update

from store.lanes import ANNOUNCED, ITS_CARD, LANE, OWED_THERE, Lanes, locked_lanes
from store.sql import blanks, filled, table, written
from store.tables import Card, Conversation, Outbox

TOGETHER = timedelta(minutes=2)  # warnings due one person within it share a message (R10)
MOST = 5  # of them in one message: more is nothing to read, and more blocks than vendors take


@dataclass(frozen=True)
class Claimed:
    """One lane's next message, this process's to send until the lease ends."""

    place: Conversation
    fence: int
    row: Outbox | Card
    unsure: bool
    """Whether an earlier attempt may have arrived."""
    thread: str = ""
    joined: tuple[Outbox, ...] = ()
    """Warnings that leave in the same message, after ``row``."""

    @property
    def rows(self) -> "tuple[Outbox | Card, ...]":
        return (self.row, *self.joined)


@dataclass(frozen=True)
class Fate:
    """How an attempt ended: ``receipt`` sent, ``dead`` never will be, ``again_at`` later."""

    receipt: str | None = None
    dead: str | None = None
    again_at: datetime | None = None
    paused: bool = False
    """Until then the channel wants nothing at all there."""
    unsure: bool = False
    outdated: bool = False
    """It stands there, as it was drawn at an earlier attempt."""


class Settled(NamedTuple):
    """An attempt whose end is noted."""

    next_at: datetime | None
    """When its lane has something to send next."""


class Sending(Lanes):
    """The half of a unit of work that sends."""

    def claim(
        self,
        now: datetime,
        lease: timedelta,
        limit: int,
        without: Collection[str] = (),
        threaded: Collection[str] = (),
        only: str | None = None,
        sending: Collection[int] = (),
    ) -> list[Claimed]:
        """The next message of up to ``limit`` lanes, each for one sender only; none in a channel of ``without``, or
        ``only`` of that one.

        In a channel of ``threaded``, messages about a case stand under the first one about it in that room. Lanes in
        which the caller is still ``sending`` are left alone, though by a clock that jumped their leases are over.
        """
        given = {"now": now, "limit": limit, **filled("without", without)} | ({"only": only} if only else {})
        lanes = self._session.exec(_due(len(without), only is not None), params=given)
        free = (lane for lane in lanes.all() if lane.id not in sending)
        heads = (self._head(lane, now, lease, lane.channel in threaded) for lane in free)
        claimed = [one for one in heads if one]
        self._begin(claimed, now, lease)
        return claimed

    def settle(
        self,
        claimed: Claimed,
        fate: Fate,
        now: datetime,
        gap: timedelta,
        also: Collection[int] = (),
        burst: timedelta = timedelta(0),
    ) -> Settled | None:
        """Fenced: None, and nothing changed, if the lease was lost to somebody else.

        The next message leaves ``gap`` later, though ``burst`` ahead of that pace after a pause. ``also`` names the
        lanes that this unit will owe to, so that all are locked in their one order.
        """
        here = {claimed.place.id, *also}
        lanes = self._run(locked_lanes(len(here)), filled("lane", here)).all()
        lane = next(lane for lane in lanes if lane.id == claimed.place.id)
        if lane.fence != claimed.fence:
            return None
        for row in claimed.rows:
            self._end(row, fate, now)
        if fate.dead is not None:
            self.note("dead", lane.channel)
        ended: dict[str, Any] = {"leased_until": None}
        if fate.receipt is not None and isinstance(claimed.row, Outbox) and claimed.row.warning:
            ended["warned_at"] = now
        elif fate.receipt is not None and isinstance(claimed.row, Outbox) and _announces(claimed.row):
            ended["told_at"] = now
        ahead = min(max(now, lane.not_before + burst), now + burst) if lane.not_before else now  # whosever clock set it
        paced = ahead + gap - burst
        not_before = max(paced, fate.again_at) if fate.paused and fate.again_at else paced
        next_at = self._next_at(lane.id, not_before, now)
        self._run(LANE, {"lane": lane.id, "not_before": not_before, "next_at": next_at, **ended})
        return Settled(next_at)

    def hand_back(self, claimed: Claimed, now: datetime) -> None:
        """At shutdown: not begun, so whoever comes next may have it at once."""
        self.settle(claimed, Fate(again_at=now, unsure=claimed.unsure), now, timedelta(0))

    def end_leases(self) -> None:
        """Nobody else is alive: what was being sent is looked up, and sent again if it did not arrive."""
        self._session.exec(
            update(Conversation).where(col(Conversation.leased_until).is_not(None)).values(leased_until=None)
        )

    def sending(self, now: datetime) -> bool:
        """Whether a lane has something to send by now, or is at it."""
        under_way = or_(col(Conversation.next_at) <= now, col(Conversation.leased_until) > now)
        return self._session.exec(select(Conversation.id).where(under_way).limit(1)).first() is not None

    def next_due(self) -> datetime | None:
        """When the next lane has something to send."""
        there = col(Conversation.next_at).is_not(None)  # or SQLite does not use the index, which has only these
        return self._session.exec(select(func.min(Conversation.next_at)).where(there)).one()

    def _head(self, lane: Conversation, now: datetime, lease: timedelta, threaded: bool) -> Claimed | None:
        chosen = self._chosen(lane.id, now)
        if chosen is None or chosen.due_at > now:
            self._run(LANE, {"lane": lane.id, "next_at": self._next_at(lane.id, lane.not_before, now)})
            return None
        rows = self._together(lane, chosen, now)
        if not rows:  # it waits for others: something else may be due
            return self._head(lane, now, lease, threaded)
        first, unsure = rows[0], rows[0].unsure
        joined = tuple(row for row in rows[1:] if isinstance(row, Outbox))
        return Claimed(lane, lane.fence + 1, first, unsure, self._thread(first, threaded), joined)

    def _begin(self, claimed: Sequence[Claimed], now: datetime, lease: timedelta) -> None:
        """Past the ORM and all at once: each lane's lease, and that its message may have arrived from now on."""
        for one in claimed:
            written(one.place, leased_until=now + lease, fence=one.fence)
            for row in one.rows:
                written(row, attempt=row.attempt + 1, tried_at=row.tried_at or now, unsure=True)
        rows = [row for one in claimed for row in one.rows]
        for statement, some in (
            (LANE, [{"lane": one.place.id, "leased_until": now + lease, "fence": one.fence} for one in claimed]),
            (_ROW, [{"row": row.id, "joins": row.joins, **_tried(row)} for row in rows if isinstance(row, Outbox)]),
            (_CARD, [{**_its(row), **_tried(row)} for row in rows if isinstance(row, Card)]),
        ):
            if some:
                self._run(statement, some)

    def _together(self, lane: Conversation, chosen: Outbox | Card, now: datetime) -> "list[Outbox | Card]":
        """What leaves in one message (R10); none where the chosen one has to wait for what follows.

        Who leaves with whom is decided at the first attempt, so that every later one is at the same message.
        """
        if isinstance(chosen, Card) or chosen.joins is None:
            return [chosen]
        if chosen.joins:
            rows = self._session.exec(_TOGETHER, params={"lane": lane.id, "first": chosen.joins}).all()
        else:
            until = max(now, min(lane.warned_at, now) + TOGETHER) if lane.warned_at else now
            rows = self._session.exec(_WAITING, params={"lane": lane.id, "until": until}).all()
            if until > now and len(rows) < MOST:
                self._run(_HOLD, {"lane": lane.id, "until": until})
                return []
        for row in rows:
            written(row, joins=rows[0].id)
        return list(rows)

    def _chosen(self, lane: int, now: datetime) -> Outbox | Card | None:
        """What this lane sends next, due or not."""
        row = self._first(lane, now)
        return self._card_before(lane, row) or row

    def _first(self, lane: int, now: datetime) -> Outbox | None:
        """Warnings first, then as owed; one that has been tried stays in its place until it is sent or dead."""
        return self._session.exec(_FIRST, params={"lane": lane, "now": now}).first()

    def _card_before(self, lane: int, row: Outbox | None) -> Card | None:
        """Cards yield to messages, but for one that the message belongs under and that is not there yet."""
        if row is None:
            return self._session.exec(_STALE_CARD, params={"lane": lane}).first()
        if not row.under_card:
            return None
        return self._session.exec(_NEW_CARD, params={"lane": lane, "case": row.case_id}).first()

    def _thread(self, row: Outbox | Card, threaded: bool) -> str:
        if isinstance(row, Card):
            return ""
        if not row.under_card:
            return row.thread or (self._under_first(row) if threaded and not row.warning and not row.only_for else "")
        return self._run(_ROOT, {"lane": row.conversation_id, "case": row.case_id}).scalar() or ""

    def _under_first(self, row: Outbox) -> str:
        """The thread that the first message about the case began there."""
        given = {"lane": row.conversation_id, "case": row.case_id, "row": row.id}
        return self._run(_BEGUN_BY, given).scalar() or "" if row.case_id else ""

    def _end(self, row: Outbox | Card, fate: Fate, now: datetime) -> None:
        ended: dict[str, Any] = {"unsure": fate.unsure}
        if fate.again_at is not None:
            ended |= {"due_at": fate.again_at}
        elif fate.dead is not None:
            ended |= {"dead": fate.dead, "done_at" if isinstance(row, Outbox) else "due_at": now}
        elif isinstance(row, Outbox):
            ended |= {"done_at": now, "receipt": fate.receipt}
        else:
            # ``row.wanted`` is what it was when drawn; what was asked for since is drawn next time.
            drawn = 0 if fate.outdated else row.wanted
            ended |= {"receipt": fate.receipt, "rendered": drawn, "attempt": 0, "tried_at": None}
        if isinstance(row, Outbox):
            self._run(_ROW, {"row": row.id, **ended})
        else:
            self._run(_CARD, {**_its(row), **ended})

    def _next_at(self, lane: int, not_before: datetime | None, now: datetime) -> datetime | None:
        """Its next message, or one that is held back and may come before it."""
        if not self._run(_LEFT, {"lane": lane}).scalar():  # as mostly
            return None
        chosen = self._chosen(lane, now)
        held = self._run(_HELD, {"lane": lane, "now": now}).scalar()
        soonest = [chosen.due_at if chosen else None, held]
        at = min((each for each in soonest if each is not None), default=None)
        return at if at is None or not_before is None else max(at, not_before)


def _its(card: Card) -> dict[str, Any]:
    return {"case": card.case_id, "lane": card.conversation_id}


def _tried(row: Outbox | Card) -> dict[str, Any]:
    return {"attempt": row.attempt, "tried_at": row.tried_at, "unsure": row.unsure}


def _announces(row: Outbox) -> bool:
    return (row.key or "").startswith(ANNOUNCED)


# Built once, since building a statement takes longer than running it.


def free_lane(now: Any) -> Any:
    return or_(col(Conversation.leased_until).is_(None), col(Conversation.leased_until) <= now)


@cache
def _due(without: int, only: bool) -> Any:
    now: Any = bindparam("now")
    due = select(Conversation).where(col(Conversation.next_at) <= now, free_lane(now))
    due = due.where(col(Conversation.channel).not_in(blanks("without", without))) if without else due
    due = due.where(Conversation.channel == bindparam("only")) if only else due
    first = due.order_by(col(Conversation.next_at)).limit(bindparam("limit"))
    return first.with_for_update(skip_locked=True, key_share=True)


_FIRST = (
    select(Outbox)
    .where(*OWED_THERE, or_(col(Outbox.attempt) > 0, col(Outbox.due_at) <= bindparam("now")))
    .order_by(col(Outbox.warning).desc(), col(Outbox.id))
    .limit(1)
)
_HELD = select(func.min(Outbox.due_at)).where(*OWED_THERE, Outbox.attempt == 0, Outbox.due_at > bindparam("now"))
_BEGUN_BY = (
    select(Outbox.receipt)
    .where(
        Outbox.conversation_id == bindparam("lane"),
        Outbox.case_id == bindparam("case"),
        Outbox.thread == "",
        col(Outbox.only_for).is_(None),  # nothing can stand under a whisper
        col(Outbox.receipt).is_not(None),
        Outbox.id < bindparam("row"),
    )
    .order_by(col(Outbox.id))
    .limit(1)
)
_ROW = update(table(Outbox)).where(col(Outbox.id) == bindparam("row"))
_CARD = update(table(Card)).where(*ITS_CARD)
_ROOT = select(Card.receipt).where(*ITS_CARD)
_NEW_CARD = select(Card).where(*ITS_CARD, col(Card.dead).is_(None), col(Card.receipt).is_(None))
_STALE: tuple[Any, ...] = (
    Card.conversation_id == bindparam("lane"),
    col(Card.dead).is_(None),
    col(Card.rendered) < Card.wanted,
)
_STALE_CARD = select(Card).where(*_STALE).order_by(col(Card.due_at)).limit(1)
_LEFT = select(or_(exists().where(*OWED_THERE), exists().where(*_STALE)))
_NEW_ONES: tuple[Any, ...] = (*OWED_THERE, col(Outbox.joins) == 0, col(Outbox.attempt) == 0)
_WAITING = select(Outbox).where(*_NEW_ONES, Outbox.due_at <= bindparam("until")).order_by(col(Outbox.id)).limit(MOST)
_HOLD = (
    update(table(Outbox)).where(*_NEW_ONES, col(Outbox.due_at) < bindparam("until")).values(due_at=bindparam("until"))
)
_TOGETHER = select(Outbox).where(*OWED_THERE, Outbox.joins == bindparam("first")).order_by(col(Outbox.id))
