"""The part of a unit of work that finds everything about somebody, a page at a time, and forgets who it was."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import and_, inspect, tuple_
from sqlmodel import Session, SQLModel, col, delete, func, or_, select, update

from rules.lifecycle import Verb
from rules.people import STAFF
from store.links import fingerprint
from store.tables import (
    Absence,
    Account,
    Announced,
    ApiToken,
    Assignment,
    Card,
    Case,
    CaseEvent,
    Conversation,
    Draft,
    Enquiry,
    Follower,
    HeldAct,
    LinkCode,
    LinkedIdentity,
    LinkProposal,
    Outbox,
    Person,
    RoomEntry,
    SignIn,
    Tenant,
    Tombstone,
    Webhook,
)
from store.tables import Session as SignedIn

R = TypeVar("R", bound=SQLModel)
PERSON, ACCOUNT = "person", "account"
MANY = 500  # values that one statement names


@dataclass(frozen=True)
class Lanes:
    """Conversations by number: whose they are decides what becomes of what was said there."""

    own: frozenset[int]
    desk: frozenset[int]
    mail: frozenset[int]
    web: frozenset[int]
    webhooks: frozenset[int]


class Erasing:
    _session: Session

    # Finding

    def rows_after(self, kind: type[R], after: Sequence[Any] | None, limit: int) -> list[R]:
        """Rows by their key, from the one ``after``."""
        return self._page(kind, select(kind), after, limit)

    def rows_where(self, kind: type[R], column: Any, values: Sequence[Any], after: Any, limit: int) -> list[R]:
        """Those with one of these values, the same way."""
        return self._page(kind, select(kind).where(col(column).in_(values)), after, limit)

    def key_of(self, row: SQLModel) -> tuple[Any, ...]:
        return tuple(getattr(row, column.name) for column in inspect(type(row)).primary_key)

    def people_of(self, account: int) -> list[Person]:
        mine = (Person.account_id == account, col(Person.erased_at).is_(None))
        return list(self._session.exec(select(Person).where(*mine).order_by(col(Person.id))))

    def person_by_user(self, user: str) -> list[Person]:
        """Whoever goes by that id in some channel, such as a guest without an address."""
        mine = select(LinkedIdentity.person_id).where(LinkedIdentity.user == user)
        return list(self._session.exec(select(Person).where(col(Person.id).in_(mine))))

    def namesakes(self, name: str, people: Collection[int]) -> bool:
        """Whether somebody else who stays has that name too."""
        same = select(Person.id).where(func.lower(Person.name) == name.lower(), col(Person.erased_at).is_(None))
        return any(number not in people for number in self._session.exec(same))

    def cases_of(self, account: int | None = None, people: Collection[int] = ()) -> set[int]:
        """Numbers: of an account; or opened by these, whoever holds them since."""
        found = select(Case.id)
        if account is not None:
            return set(self._session.exec(found.where(Case.account_id == account)))
        opened = select(CaseEvent.case_id).where(CaseEvent.verb == Verb.OPEN)
        return self._in(found, Case.opened_by, people) | self._in(opened, CaseEvent.person_id, people)

    def carded(self, people: Collection[int]) -> set[int]:
        """Cases with a live card that may name one of them: theirs, those they follow, or did something on."""
        found = select(Card.case_id).distinct().join(Case, col(Case.id) == Card.case_id)
        did = found.join(CaseEvent, col(CaseEvent.case_id) == Case.id)
        held = self._in(found, Case.opened_by, people) | self._in(found, Case.assignee_id, people)
        followed = found.join(Follower, col(Follower.case_id) == Case.id)
        return held | self._in(did, CaseEvent.person_id, people) | self._in(followed, Follower.person_id, people)

    def case_rooms(self, people: Collection[int], cases: Collection[int]) -> list[Conversation]:
        """Where their cases live, or were told of, and where announcements went to them."""
        lived = self._in(select(Case.conversation_id), Case.opened_by, people)
        lived |= self._in(select(Outbox.conversation_id).distinct(), Outbox.case_id, cases)
        lived |= self._in(select(Announced.conversation_id), Announced.person_id, people)
        return [self._session.get_one(Conversation, number) for number in sorted(lived - {None})]

    def wrote(self, people: Collection[int], after: int, limit: int) -> list[CaseEvent]:
        found = select(CaseEvent).where(CaseEvent.id > after, col(CaseEvent.person_id).in_(list(people)[:MANY]))
        return list(self._session.exec(found.order_by(col(CaseEvent.id)).limit(limit)))

    def desk_lanes(self) -> set[int]:
        """The desk's rooms, and those of its people."""
        rooms = select(Conversation.id).where(col(Conversation.desk))
        met = select(Person.conversation_id).where(
            col(Person.role).in_(STAFF), col(Person.conversation_id).is_not(None)
        )
        both = col(Conversation.channel) == LinkedIdentity.channel, col(Conversation.room) == LinkedIdentity.user
        linked = select(Conversation.id).join(LinkedIdentity, and_(*both)).join(Person)
        linked = linked.where(col(Person.role).in_(STAFF))
        found = {*self._session.exec(rooms), *self._session.exec(met), *self._session.exec(linked)}
        return {number for number in found if number is not None}

    def lanes_of(self, channel: str) -> frozenset[int]:
        return frozenset(self._session.exec(select(Conversation.id).where(Conversation.channel == channel)))

    def rooms_of_account(self, account: int) -> list[Conversation]:
        return list(self._session.exec(select(Conversation).where(Conversation.account_id == account)))

    def left_with(self, first: int) -> list[Outbox]:
        """What went in one message."""
        return list(self._session.exec(select(Outbox).where(Outbox.joins == first).order_by(col(Outbox.id))))

    def _page(self, kind: type[R], found: Any, after: Sequence[Any] | None, limit: int) -> list[R]:
        key = [col(getattr(kind, column.name)) for column in inspect(kind).primary_key]
        if after is not None:
            found = found.where(tuple_(*key) > tuple_(*after) if len(key) > 1 else key[0] > after[0])
        return list(self._session.exec(found.order_by(*key).limit(limit)))

    def _in(self, found: Any, column: Any, numbers: Collection[int]) -> set[Any]:
        given, rows = sorted(numbers), set()
        for start in range(0, len(given), MANY):
            rows |= set(self._session.exec(found.where(col(column).in_(given[start : start + MANY]))))
        return rows

    # Forgetting

    def bury(self, kind: str, name: str, at: datetime) -> None:
        """What of that name comes with an import is refused from now on."""
        self._session.merge(Tombstone(kind=kind, hash=fingerprint(name), at=at))
        self._session.flush()

    def tombstones(self) -> list[Tombstone]:
        return list(self._session.exec(select(Tombstone)))

    def keep_tombstone(self, of: Tombstone) -> None:
        """From another desk; one that is here stays as it is."""
        if self._session.get(Tombstone, (of.kind, of.hash)) is None:
            self._session.add(Tombstone(kind=of.kind, hash=of.hash, at=of.at))
            self._session.flush()

    def forget_person(self, person: Person) -> None:
        """All rows that only say who they are, where they are met and what they were asked."""
        mine: Any = person.id
        theirs = (Draft, HeldAct, Follower, LinkCode, LinkProposal, LinkedIdentity, Absence, ApiToken, SignedIn, SignIn)
        for kind in theirs:
            self._session.exec(delete(kind).where(col(kind.person_id) == mine))
        self._session.exec(update(Absence).where(col(Absence.stand_in_id) == mine).values(stand_in_id=None))
        for column in ("concierge_id", "coach_id"):
            was = col(getattr(Assignment, column)) == mine
            self._session.exec(update(Assignment).where(was).values({column: None}))
        self._session.flush()

    def forget_account(self, account: Account) -> None:
        for kind in (Tenant, Assignment, ApiToken, Webhook):
            self._session.exec(delete(kind).where(col(kind.account_id) == account.id))
        self._session.flush()

    def forget_entries(self, rooms: Collection[str]) -> int:
        """What stands in those rooms of the web channel."""
        gone = 0
        for room in rooms:
            gone += self._session.exec(delete(RoomEntry).where(col(RoomEntry.room) == room)).rowcount
        return gone

    def forget_lanes(self, lanes: Collection[int], at: datetime) -> None:
        """Where they are is kept only until all that stands there is overwritten."""
        for start in range(0, len(given := sorted(lanes)), MANY):
            mine = col(Conversation.id).in_(given[start : start + MANY])
            self._session.exec(update(Conversation).where(mine).values(forget_at=at, account_id=None))

    def forget_rooms(self, now: datetime) -> int:
        """Of those, the ones where nothing is left to do: nobody can tell whose they were."""
        owed = select(Outbox.id).where(Outbox.conversation_id == Conversation.id, col(Outbox.done_at).is_(None))
        stale = (Card.conversation_id == Conversation.id, col(Card.rendered) < Card.wanted, col(Card.dead).is_(None))
        free = or_(col(Conversation.leased_until).is_(None), col(Conversation.leased_until) <= now)
        idle = (~owed.exists(), ~select(Card.case_id).where(*stale).exists(), free)
        done = select(Conversation).where(col(Conversation.forget_at).is_not(None), *idle)
        rooms = list(self._session.exec(done.limit(MANY).with_for_update(skip_locked=True)))
        for room in rooms:
            room.tenant, room.room, room.vendor, room.heard_at = "", f"erased-{room.id}", None, None
            room.forget_at = room.told_at = room.warned_at = None
            self._session.add(room)
        self._session.flush()
        return len(rooms)

    def enquiries_of(self, people: Collection[int]) -> set[str]:
        return self._in(select(Enquiry.question), Enquiry.person_id, people)
