"""What is owed, lane by lane. A lane is one conversation: at most one message of it is on its way, in order.

The conversation's row is the lane's schedule: ``next_at`` says when there is something to send, ``leased_until`` that
somebody is sending, ``fence`` which claim is the current one. How they are sent is in store/sending.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import CursorResult, Executable, bindparam, func, or_, text
from sqlalchemy import case as either
from sqlmodel import Session, col, delete, select, update

from store.noted import Noted
from store.sql import DIALECTS, ONCE, blanks, filled, table
from store.tables import Card, Conversation, Outbox

ANNOUNCED = "announcement "  # how the keys of announcements begin: whether they were seen is kept, as of warnings


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
    """The half of a unit of work that owes, and knows the rooms."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._closing = Closing()
        self.noted: list[Noted] = []
        self._met: dict[tuple[str, str, str], Conversation] = {}

    def note(self, what: str, which: str = "", late: float = 0.0) -> None:
        """For whoever counts what is committed. Bounded words alone."""
        self.noted.append(Noted(what, which, late))

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
        locked = self._run(locked_lanes(len(lanes)), filled("lane", lanes)).all()
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

    def _wake(self, lanes: Sequence[Any], due: Sequence[tuple[int, datetime]]) -> None:
        """There is something to send, though not before the channel's pace allows."""
        woken = []
        for lane in lanes:
            at = [max(at, lane.not_before or at) for place, at in due if place == lane.id]
            if at and (lane.next_at is None or min(at) < lane.next_at):
                woken.append({"lane": lane.id, "next_at": min(at)})
        if woken:
            self._run(LANE, woken)

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


def _card(case: int, place: int, at: datetime) -> dict[str, Any]:
    new = {"wanted": 1, "rendered": 0, "attempt": 0, "tried_at": None, "unsure": False}
    return {**new, "case_id": case, "conversation_id": place, "owed_at": at, "due_at": at}


# Built once, since building a statement takes longer than running it.


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


_WANT = {name: _want(dialect.insert(table(Card))) for name, dialect in DIALECTS.items()}
_CARDS_OF = select(Card.conversation_id).where(Card.case_id == bindparam("case"))
_PLACE = select(Conversation).where(
    Conversation.channel == bindparam("channel"),
    Conversation.tenant == bindparam("tenant"),
    Conversation.room == bindparam("room"),
)
_DESK_ROOMS = select(Conversation).where(text("desk"))  # worded as its index is, or the index is not used


@cache
def locked_lanes(many: int) -> Any:
    """Locked in their one order, as they are now."""
    found = select(Conversation).where(col(Conversation.id).in_(blanks("lane", many))).order_by(col(Conversation.id))
    return found.with_for_update(key_share=True).execution_options(populate_existing=True)


LANE = update(table(Conversation)).where(col(Conversation.id) == bindparam("lane"))
OWED_THERE: tuple[Any, ...] = (Outbox.conversation_id == bindparam("lane"), col(Outbox.done_at).is_(None))
ITS_CARD = (col(Card.conversation_id) == bindparam("lane"), col(Card.case_id) == bindparam("case"))
# Worded as its index is, or the index is not used.
_WARNING: tuple[Any, ...] = (col(Outbox.case_id) == bindparam("case"), text("warning"), col(Outbox.done_at).is_(None))
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
_REPLAY_CARD = update(table(Card)).where(*ITS_CARD, col(Card.dead).is_not(None)).values(**_ANEW)
