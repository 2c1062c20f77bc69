"""What is owed, lane by lane. A lane is one conversation: at most one message of it is on its way, in order.

The conversation's row is the lane's schedule: ``next_at`` says when there is something to send, ``leased_until`` that
somebody is sending, ``fence`` which claim is the current one. Whoever dies while sending loses the lease, and the next
to claim the lane knows from ``unsure`` that the message may have arrived.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    CursorResult,
    Executable,
    String,
    Table,
    bindparam,
    cast,
    false,
    func,
    literal,
    or_,
    text,
)
from sqlalchemy import case as either
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased
from sqlmodel import Session, SQLModel, col, delete, select, update

from store.tables import Account, Card, Conversation, Inbox, Outbox

TOGETHER = timedelta(minutes=2)  # warnings due one person within it share a message (R10)
MOST = 5  # of them in one message: more is nothing to read, and more blocks than vendors take
ANNOUNCED = "announcement "  # how the keys of announcements begin: whether they were seen is kept, as of warnings


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


@dataclass
class Closing:
    """What a unit does to lanes, last of all; by place, by place and case, or by message."""

    owed: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    cards: dict[tuple[int, int], datetime] = field(default_factory=dict)
    withdrawn: dict[int, datetime] = field(default_factory=dict)
    """By case."""
    replaced: dict[int, tuple[int, datetime]] = field(default_factory=dict)
    seen: dict[int, datetime] = field(default_factory=dict)
    emptied: dict[int, datetime] = field(default_factory=dict)
    replayed: dict[tuple[int, int], tuple[int, datetime]] = field(default_factory=dict)
    """By message and 0, or by case and place of a card."""

    @property
    def owes(self) -> bool:
        return bool(self.owed or self.cards or self.replayed)

    def copy(self) -> "Closing":
        return Closing(*(copy(getattr(self, each.name)) for each in fields(self)))


class Lanes:
    """The half of a unit of work that owes and sends."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._closing = Closing()
        self._met: dict[tuple[str, str, str], Conversation] = {}

    def conversation(self, channel: str, tenant: str, room: str) -> Conversation:
        """The row of a place, made when it is first met."""
        at = {"channel": channel, "tenant": tenant, "room": room}
        found = self.known_conversation(channel, tenant, room)
        if found is None:
            self._run(ONCE[Conversation], {**at, "desk": False, "fence": 0})
            found = self._session.exec(_PLACE, params=at).one()
        return found

    def known_conversation(self, channel: str, tenant: str, room: str) -> Conversation | None:
        """Some rooms' ids are theirs alone: the directory names those without a tenant."""
        homes = (tenant, "") if tenant else ("",)
        return next(filter(None, (self._known(channel, home, room) for home in homes)), None)

    def _known(self, channel: str, tenant: str, room: str) -> Conversation | None:
        met = self._met.get((channel, tenant, room))
        return met or self._session.exec(_PLACE, params={"channel": channel, "tenant": tenant, "room": room}).first()

    def rooms_of_any_tenant(self, channel: str, room: str) -> list[Conversation]:
        return list(self._session.exec(select(Conversation).filter_by(channel=channel, room=room)))

    def place(self, number: int) -> Conversation:
        return self._session.get_one(Conversation, number)

    def desk_rooms(self) -> list[Conversation]:
        return list(self._session.exec(_DESK_ROOMS))

    def owe(self, place: int, now: datetime, row: Mapping[str, Any], due_at: datetime | None = None) -> None:
        """A message for a place, leaving only if this unit commits. Held back till ``due_at``, it is in no lane yet."""
        blank = {"thread": "", "under_card": False, "case_id": None, "key": None, "warning": False, "joins": None}
        blank |= {"only_for": None, "instead_of": None, "replaces": None, "event_id": None}
        whole = {**blank, **row, "conversation_id": place, "owed_at": now, "due_at": due_at or now}
        self._closing.owed.append((place, {**whole, "attempt": 0, "unsure": False, "withdrawn": False}))

    def want_card(self, case: int, place: int, now: datetime) -> None:
        """The case's picture there is to be drawn anew."""
        self._closing.cards[place, case] = now

    def refresh_cards(self, case: int, now: datetime) -> None:
        """Wherever the case has a card."""
        for place in self._run(_CARDS_OF, {"case": case}).scalars():
            self.want_card(case, place, now)

    def withdraw_warnings(self, case: int, now: datetime) -> None:
        """Its case moved on: those that have not left need not. Done in ``close``, when their lanes are locked."""
        self._closing.withdrawn[case] = now

    def withdraw(self, row: Outbox, now: datetime) -> None:
        """Another one stands in for it: it need not leave any more, unless it may have already."""
        self._closing.replaced[row.id] = (row.conversation_id, now)

    def empty(self, place: int, now: datetime) -> None:
        """Whoever's room it was is gone: nothing more leaves for it, not even what may have arrived already."""
        self._closing.emptied[place] = now

    def see(self, place: Conversation, until: datetime) -> None:
        """Whoever's room it is has seen what was sent there up to then."""
        if place.warned_at is not None or place.told_at is not None:
            self._closing.seen[place.id] = until

    def close(self) -> None:
        """Last of all. Lanes are locked late, briefly and in one order, so that units owing to each other's rooms
        cannot deadlock and ids follow the order of the commits."""
        last, withdrawn = self._closing, self._withdrawing()
        due = [(place, row["due_at"]) for place, row in last.owed]
        due += [(place, at) for (place, _), at in last.cards.items()]
        due += [*last.replaced.values(), *last.replayed.values(), *last.emptied.items()]
        due += [(place, last.withdrawn[case]) for place, case in withdrawn]  # what stood behind it may leave
        lanes = sorted({*(place for place, _ in due), *last.seen})
        if not lanes:
            return
        self._session.flush()
        locked = self._run(_lanes(len(lanes)), filled("lane", lanes)).all()
        self._change(last, {case for _, case in withdrawn})
        self._wake(locked, due)
        self._closing = Closing()

    def _change(self, last: Closing, withdrawn: Iterable[int]) -> None:
        for case in withdrawn:
            self._run(_WITHDRAW, {"case": case, "done_at": last.withdrawn[case]})
        for row, (_, at) in last.replaced.items():
            self._run(_WITHDRAW_ONE, {"row": row, "done_at": at})
        for place, until in last.seen.items():
            for one, there in ((_SEEN, _SEEN_THERE), (_READ, _READ_THERE)):
                self._run(one, {"lane": place, "until": until, "seen_at": until})
                self._run(there, {"lane": place, "until": until})
        for (number, card_in), (_, at) in last.replayed.items():
            known = {"case": number, "lane": card_in} if card_in else {"row": number}
            self._run(_REPLAY_CARD if card_in else _REPLAY, {**known, "due_at": at})
        for place, at in last.emptied.items():
            self._run(_EMPTY, {"lane": place, "ended": at})
            self._run(_EMPTY_CARDS, {"lane": place})
        if owed := [row for place, row in last.owed if place not in last.emptied]:
            self._run(ONCE[Outbox], owed)
        if cards := [each for each in sorted(last.cards.items()) if each[0][0] not in last.emptied]:
            self._run(_WANT, [_card(case, place, at) for (place, case), at in cards])

    # Sending

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
        return [claimed for claimed in heads if claimed]

    def settle(
        self,
        claimed: Claimed,
        fate: Fate,
        now: datetime,
        gap: timedelta,
        also: Collection[int] = (),
        burst: timedelta = timedelta(0),
    ) -> bool:
        """Fenced: False, and nothing changed, if the lease was lost to somebody else.

        The next message leaves ``gap`` later, though ``burst`` ahead of that pace after a pause. ``also`` names the
        lanes that this unit will owe to, so that all are locked in their one order.
        """
        here = {claimed.place.id, *also}
        lanes = self._session.exec(_lanes(len(here)), params=filled("lane", here)).all()
        lane: Conversation = next(lane for lane in lanes if lane.id == claimed.place.id)
        if lane.fence != claimed.fence:
            return False
        for row in claimed.rows:
            self._end(row, fate, now)
        if fate.receipt is not None and isinstance(claimed.row, Outbox) and claimed.row.warning:
            lane.warned_at = now
        elif fate.receipt is not None and isinstance(claimed.row, Outbox) and _announces(claimed.row):
            lane.told_at = now
        lane.leased_until = None
        ahead = min(max(now, lane.not_before + burst), now + burst) if lane.not_before else now  # whosever clock set it
        paced = ahead + gap - burst
        lane.not_before = max(paced, fate.again_at) if fate.paused and fate.again_at else paced
        lane.next_at = self._next_at(lane, now)
        self._session.add(lane)
        return True

    def owed_as(self, key: str) -> int | None:
        """The message that was owed under that key."""
        return self._session.exec(select(Outbox.id).where(Outbox.key == key)).first()

    def receipt(self, number: int) -> str:
        """The channel's id of that message; empty where it never arrived."""
        return self._session.exec(select(Outbox.receipt).where(Outbox.id == number)).first() or ""

    def tried(self, row: Outbox) -> set[int]:
        """The places where these words were already refused, this one included."""
        places = {row.conversation_id}
        while row.instead_of is not None:
            row = self._session.get_one(Outbox, row.instead_of)
            places.add(row.conversation_id)
        return places

    def hand_back(self, claimed: Claimed, now: datetime) -> None:
        """At shutdown: not begun, so whoever comes next may have it at once."""
        self.settle(claimed, Fate(again_at=now, unsure=claimed.unsure), now, timedelta(0))

    def late_warnings(
        self, before: datetime, now: datetime, failing: Collection[str], after: int, limit: int
    ) -> list[Outbox]:
        """Those owed by then that could not be sent yet, or that a channel of ``failing`` keeps, and that nothing
        stands in for; by number, from the one ``after``."""
        given = {"before": before, "now": now, "after": after, "limit": limit, **filled("failing", failing)}
        return list(self._session.exec(_late(len(failing)), params=given))

    def end_leases(self) -> None:
        """Nobody else is alive: what was being sent is looked up, and sent again if it did not arrive."""
        self._session.exec(update(Conversation).values(leased_until=None))

    def sending(self, now: datetime) -> bool:
        """Whether a lane has something to send by now, or is at it."""
        under_way = or_(col(Conversation.next_at) <= now, col(Conversation.leased_until) > now)
        return self._session.exec(select(Conversation.id).where(under_way).limit(1)).first() is not None

    def next_due(self) -> datetime | None:
        """When the next lane has something to send."""
        return self._session.exec(select(func.min(Conversation.next_at))).one()

    def _head(self, lane: Conversation, now: datetime, lease: timedelta, threaded: bool) -> Claimed | None:
        chosen = self._chosen(lane.id, now)
        if chosen is None or chosen.due_at > now:
            lane.next_at = self._next_at(lane, now)
            self._session.add(lane)
            return None
        rows = self._together(lane, chosen, now)
        if not rows:  # it waits for others: something else may be due
            return self._head(lane, now, lease, threaded)
        lane.leased_until, lane.fence = now + lease, lane.fence + 1
        first, unsure = rows[0], rows[0].unsure
        for row in rows:
            row.attempt, row.tried_at = row.attempt + 1, row.tried_at or now
            row.unsure = True  # until it is known how this attempt ended
        self._session.add_all((lane, *rows))
        self._session.flush()
        joined = tuple(row for row in rows[1:] if isinstance(row, Outbox))
        return Claimed(lane, lane.fence, first, unsure, self._thread(first, threaded), joined)

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
            row.joins = rows[0].id
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
            self._run(_CARD, {"case": row.case_id, "lane": row.conversation_id, **ended})

    def _next_at(self, lane: Conversation, now: datetime) -> datetime | None:
        """Its next message, or one that is held back and may come before it."""
        chosen = self._chosen(lane.id, now)
        held = self._run(_HELD, {"lane": lane.id, "now": now}).scalar()
        soonest = [chosen.due_at if chosen else None, held]
        at = min((each for each in soonest if each is not None), default=None)
        return at if at is None or lane.not_before is None else max(at, lane.not_before)

    def _wake(self, lanes: Sequence[Any], due: Sequence[tuple[int, datetime]]) -> None:
        """There is something to send, though not before the channel's pace allows."""
        woken = []
        for lane in lanes:
            at = [max(at, lane.not_before or at) for place, at in due if place == lane.id]
            if at and (lane.next_at is None or min(at) < lane.next_at):
                woken.append({"lane": lane.id, "next_at": min(at)})
        if woken:
            self._run(_WAKE, woken)

    def _withdrawing(self) -> list[tuple[int, int]]:
        """Lane and case of each warning that is to be withdrawn."""
        found: list[tuple[int, int]] = []
        for case in self._closing.withdrawn:
            found += [(place, case) for place in self._run(_WITHDRAWING, {"case": case}).scalars()]
        return found

    def _run(self, statement: Executable | Mapping[str, Executable], rows: Any = None) -> CursorResult[Any]:
        """Past the ORM, for what nobody holds as an object; some statements are another one in each dialect."""
        connection = self._session.connection()
        chosen = statement[connection.dialect.name] if isinstance(statement, Mapping) else statement
        return connection.execute(chosen, rows)


def blanks(name: str, many: int) -> list[Any]:
    """For ``in_``, whose own way with lists rewrites the statement each time."""
    return [bindparam(f"{name}{number}") for number in range(many)]


def filled(name: str, values: Iterable[Any]) -> dict[str, Any]:
    """The values for ``blanks``."""
    return {f"{name}{number}": value for number, value in enumerate(values)}


def table(kind: type[SQLModel]) -> Table:
    """Without the objects of its rows."""
    found: Table = kind.__table__  # type: ignore[attr-defined]
    return found


def _announces(row: Outbox) -> bool:
    return (row.key or "").startswith(ANNOUNCED)


def _card(case: int, place: int, at: datetime) -> dict[str, Any]:
    new = {"wanted": 1, "rendered": 0, "attempt": 0, "tried_at": None, "unsure": False}
    return {**new, "case_id": case, "conversation_id": place, "owed_at": at, "due_at": at}


# Built once, since building a statement takes longer than running it.

_DIALECTS = {"postgresql": postgresql, "sqlite": sqlite}
ONCE = {
    kind: {name: dialect.insert(table(kind)).on_conflict_do_nothing() for name, dialect in _DIALECTS.items()}
    for kind in (Account, Conversation, Inbox, Outbox)
}
"""Nothing happens where a unique key is there already."""


def _want(insert: Any) -> Executable:
    """A card that was up to date is owed from now on; one that was not is owed since it was not."""
    drawn: Any = Card.rendered == Card.wanted
    again = {name: either((drawn, insert.excluded[name]), else_=insert.table.c[name]) for name in ("owed_at", "due_at")}
    # One that could not be shown is tried again, as if for the first time: perhaps the bot is back in the room.
    alive = col(Card.dead).is_(None)
    tried = {
        name: either((alive, insert.table.c[name]), else_=insert.excluded[name]) for name in ("attempt", "tried_at")
    }
    changed = {**again, **tried, "wanted": Card.wanted + 1, "dead": None}
    done: Executable = insert.on_conflict_do_update(index_elements=insert.table.primary_key, set_=changed)
    return done


_WANT = {name: _want(dialect.insert(table(Card))) for name, dialect in _DIALECTS.items()}
_CARDS_OF = select(Card.conversation_id).where(Card.case_id == bindparam("case"))
_PLACE = select(Conversation).where(
    Conversation.channel == bindparam("channel"),
    Conversation.tenant == bindparam("tenant"),
    Conversation.room == bindparam("room"),
)
_DESK_ROOMS = select(Conversation).where(col(Conversation.desk))


@cache
def _lanes(many: int) -> Any:
    """Locked in their one order, as they are now."""
    found = select(Conversation).where(col(Conversation.id).in_(blanks("lane", many))).order_by(col(Conversation.id))
    return found.with_for_update(key_share=True).execution_options(populate_existing=True)


def _free(now: Any) -> Any:
    return or_(col(Conversation.leased_until).is_(None), col(Conversation.leased_until) <= now)


@cache
def _due(without: int, only: bool) -> Any:
    now: Any = bindparam("now")
    due = select(Conversation).where(col(Conversation.next_at) <= now, _free(now))
    due = due.where(col(Conversation.channel).not_in(blanks("without", without))) if without else due
    due = due.where(Conversation.channel == bindparam("only")) if only else due
    first = due.order_by(col(Conversation.next_at)).limit(bindparam("limit"))
    return first.with_for_update(skip_locked=True, key_share=True)


_WAKE = update(table(Conversation)).where(col(Conversation.id) == bindparam("lane"))
_OWED = (Outbox.conversation_id == bindparam("lane"), col(Outbox.done_at).is_(None))
_FIRST = (
    select(Outbox)
    .where(*_OWED, or_(col(Outbox.attempt) > 0, col(Outbox.due_at) <= bindparam("now")))
    .order_by(col(Outbox.warning).desc(), col(Outbox.id))
    .limit(1)
)
_HELD = select(func.min(Outbox.due_at)).where(*_OWED, Outbox.attempt == 0, Outbox.due_at > bindparam("now"))
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
_ITS_CARD = (col(Card.conversation_id) == bindparam("lane"), col(Card.case_id) == bindparam("case"))
_CARD = update(table(Card)).where(*_ITS_CARD)
_ROOT = select(Card.receipt).where(*_ITS_CARD)
_NEW_CARD = select(Card).where(*_ITS_CARD, col(Card.dead).is_(None), col(Card.receipt).is_(None))
_STALE_CARD = (
    select(Card)
    .where(Card.conversation_id == bindparam("lane"), col(Card.dead).is_(None), col(Card.rendered) < Card.wanted)
    .order_by(col(Card.due_at))
    .limit(1)
)
_WARNING = (col(Outbox.case_id) == bindparam("case"), col(Outbox.warning).is_(True), col(Outbox.done_at).is_(None))
_WITHDRAWING = select(Outbox.conversation_id).where(*_WARNING)
# One that is on its way, or may have arrived, stays as it is.
_WITHDRAW = update(table(Outbox)).where(*_WARNING, col(Outbox.unsure).is_(False)).values(withdrawn=True)
_WITHDRAW_ONE = (
    update(table(Outbox))
    .where(col(Outbox.id) == bindparam("row"), col(Outbox.done_at).is_(None), col(Outbox.unsure).is_(False))
    .values(withdrawn=True)
)
_EMPTY = (
    update(table(Outbox))
    .where(
        col(Outbox.conversation_id) == bindparam("lane"),
        or_(col(Outbox.done_at).is_(None), col(Outbox.dead).is_not(None)),
    )
    .values(withdrawn=True, dead=None, done_at=func.coalesce(col(Outbox.done_at), bindparam("ended")))
)
_EMPTY_CARDS = delete(table(Card)).where(col(Card.conversation_id) == bindparam("lane"))
_NEW_ONES: tuple[Any, ...] = (*_OWED, col(Outbox.joins) == 0, col(Outbox.attempt) == 0)
_WAITING = select(Outbox).where(*_NEW_ONES, Outbox.due_at <= bindparam("until")).order_by(col(Outbox.id)).limit(MOST)
_HOLD = (
    update(table(Outbox)).where(*_NEW_ONES, col(Outbox.due_at) < bindparam("until")).values(due_at=bindparam("until"))
)
_TOGETHER = select(Outbox).where(*_OWED, Outbox.joins == bindparam("first")).order_by(col(Outbox.id))


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
            _free(bindparam("now")),
            or_(col(Outbox.attempt) > 0, kept),
            ~select(instead.id).where(instead.key == key).exists(),
        )
        .order_by(col(Outbox.id))
        .limit(bindparam("limit"))
    )


# Worded as its index is, or the index is not used.
_SEEN = update(table(Outbox)).where(
    col(Outbox.conversation_id) == bindparam("lane"),
    text("warning AND seen_at IS NULL"),
    col(Outbox.receipt).is_not(None),
    col(Outbox.done_at) <= bindparam("until"),
)
_SEEN_THERE = (
    update(table(Conversation))
    .where(col(Conversation.id) == bindparam("lane"), col(Conversation.warned_at) <= bindparam("until"))
    .values(warned_at=None)
)
_READ = update(table(Outbox)).where(
    col(Outbox.conversation_id) == bindparam("lane"),
    col(Outbox.key).startswith(ANNOUNCED),
    col(Outbox.seen_at).is_(None),
    col(Outbox.receipt).is_not(None),
    col(Outbox.done_at) <= bindparam("until"),
)
_READ_THERE = (
    update(table(Conversation))
    .where(col(Conversation.id) == bindparam("lane"), col(Conversation.told_at) <= bindparam("until"))
    .values(told_at=None)
)
# It may have arrived in spite of all: the channel is asked first.
_ANEW = {"dead": None, "attempt": 0, "tried_at": None, "unsure": True}
_REPLAY = (
    update(table(Outbox))
    .where(col(Outbox.id) == bindparam("row"), col(Outbox.dead).is_not(None))
    .values(done_at=None, **_ANEW)
)
_REPLAY_CARD = update(table(Card)).where(*_ITS_CARD, col(Card.dead).is_not(None)).values(**_ANEW)
