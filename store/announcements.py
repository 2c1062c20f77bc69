"""The part of a unit of work that announces: to whom, what is still owed, and how it went."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, case, cast, func, insert, literal, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, delete, select

from rules.people import Role
from store.lanes import ANNOUNCED
from store.sql import table
from store.tables import Account, Announced, Announcement, Contract, Conversation, Outbox, Person


@dataclass(frozen=True)
class Told:
    """How it went with one account's people, or with all of them."""

    name: str
    sent: int
    seen: int
    waiting: int
    dead: int
    unreachable: int


class Announcements:
    _session: Session

    def every_contract(self) -> list[tuple[Contract, Account]]:
        """With whose it is."""
        both = select(Contract, Account).join(Account, col(Account.id) == Contract.account_id)
        return [(contract, account) for contract, account in self._session.exec(both.order_by(col(Contract.id)))]

    def who_may_be_told(self) -> list[tuple[Person, Conversation | None]]:
        """Those who speak for their company, each with where they were last met."""
        found = select(Person, Conversation).outerjoin(Conversation, col(Conversation.id) == Person.conversation_id)
        speaks = or_(col(Person.nominated), col(Person.contact_person), col(Person.deputy_until).is_not(None))
        there = (Person.role == Role.CUSTOMER, speaks, col(Person.left_at).is_(None), col(Person.erased_at).is_(None))
        return [(person, place) for person, place in self._session.exec(found.where(*there).order_by(col(Person.id)))]

    def name_for(self, announcement: int, people: Iterable[tuple[int, int]]) -> None:
        """Person and account of each to whom it is to be told."""
        rows = [{"announcement_id": announcement, "person_id": one, "account_id": account} for one, account in people]
        if rows:
            self._session.connection().execute(insert(table(Announced)), rows)

    def forget_previews(self, before: datetime) -> None:
        """Whom a preview named that nobody sent."""
        old = select(Announcement.id).where(col(Announcement.sent_at).is_(None), Announcement.at <= before)
        self._session.exec(delete(Announced).where(col(Announced.announcement_id).in_(old)))

    def announcement(self, number: int, lock: bool = False) -> Announcement | None:
        if not 0 < number < 2**31:
            return None
        found = select(Announcement).where(Announcement.id == number)
        return self._session.exec(found.with_for_update() if lock else found).first()

    def announcements(self, limit: int) -> list[tuple[Announcement, int]]:
        """The latest first, each with how many people it is for."""
        named = select(func.count()).where(Announced.announcement_id == Announcement.id).scalar_subquery()
        found = select(Announcement, named).order_by(col(Announcement.id).desc()).limit(limit)
        return [(row, many) for row, many in self._session.exec(found)]

    def still_to_owe(self) -> int | None:
        """An announcement that was sent and not yet owed to all of its people."""
        waits = (
            select(Announced.announcement_id)
            .join(Announcement)
            .where(col(Announced.owed_at).is_(None), col(Announcement.sent_at).is_not(None))
        )
        return self._session.exec(waits.order_by(col(Announced.announcement_id)).limit(1)).first()

    def next_to_tell(self, announcement: int, limit: int) -> list[tuple[Announced, Person]]:
        """Each for one process only."""
        both = select(Announced, Person).join(Person, col(Person.id) == Announced.person_id)
        mine = both.where(Announced.announcement_id == announcement, col(Announced.owed_at).is_(None))
        first = mine.order_by(col(Announced.person_id)).limit(limit)
        locked = first.with_for_update(of=Announced, skip_locked=True)
        return [(announced, person) for announced, person in self._session.exec(locked)]

    def told_of(self, announcement: int) -> Told:
        """All of its people together."""
        row = self._session.connection().execute(_fates(announcement)).one()
        return Told("", *(int(each or 0) for each in row))

    def told_by_account(self, announcement: int, limit: int, skip: int = 0) -> list[Told]:
        """First those with whom something is amiss, then by name."""
        fates = _fates(announcement).join(Account, col(Account.id) == Announced.account_id)
        *_, dead, unreachable = fates.selected_columns
        amiss = ((dead + unreachable) == 0, col(Account.name))
        each = fates.add_columns(col(Account.name)).group_by(col(Account.id), col(Account.name)).order_by(*amiss)
        rows = self._session.connection().execute(each.limit(limit).offset(skip))
        return [Told(name, *map(int, many)) for *many, name in rows]

    def count_told(self, announcement: int) -> int:
        """How many accounts it is for."""
        many = select(func.count(func.distinct(Announced.account_id)))
        return self._session.exec(many.where(Announced.announcement_id == announcement)).one()


def _fates(announcement: int) -> Any:
    """Counts of sent, seen, waiting, dead and unreachable; what carries its words elsewhere counts as the message."""
    owed, second, third = aliased(Outbox), aliased(Outbox), aliased(Outbox)
    rows = (owed, second, third)
    seen = or_(*(col(row.seen_at).is_not(None) for row in rows))
    sent = or_(*(col(row.receipt).is_not(None) for row in rows))
    waits = or_(col(Announced.owed_at).is_(None), *(_waits(row) for row in rows))
    nowhere = col(Announced.conversation_id).is_(None) & col(Announced.owed_at).is_not(None)
    state = case((nowhere, "nowhere"), (seen, "seen"), (sent, "sent"), (waits, "waits"), else_="dead")
    counts = (func.sum(case((state == one, 1), else_=0)) for one in ("sent", "seen", "waits", "dead", "nowhere"))
    found: Any = select(*counts).select_from(Announced)
    key = literal(f"{ANNOUNCED}{announcement} ") + cast(col(Announced.person_id), String)
    found = found.outerjoin(owed, col(owed.key) == key)
    for one, before in ((second, owed), (third, second)):
        found = found.outerjoin(one, col(one.key) == literal("instead of ") + cast(col(before.id), String))
    return found.where(col(Announced.announcement_id) == announcement)


def _waits(row: Any) -> Any:
    return col(row.id).is_not(None) & col(row.done_at).is_(None)
