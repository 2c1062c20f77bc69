"""One unit of work: what it can find and change. The lanes of messages are in store/lanes.py."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, func, insert, or_
from sqlmodel import Session, SQLModel, col, delete, select, update

from rules.people import STAFF, Role
from store.lanes import Lanes
from store.tables import (
    Account,
    Assignment,
    Audit,
    Case,
    CaseEvent,
    Contract,
    Conversation,
    Draft,
    Inbox,
    Install,
    LinkedIdentity,
    Outbox,
    Person,
    RoomEntry,
    Setting,
    Tenant,
)
from store.tables import Card as CardRow

LONGEST_KEY = 200


class Work(Lanes):
    def __init__(self, session: Session) -> None:
        super().__init__(session)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """A part that can fail alone: a refusal undoes it, the unit goes on."""
        kept = list(self._owed), dict(self._cards), dict(self._withdrawn)
        try:
            with self._session.begin_nested():
                yield
        except BaseException:
            self._owed, self._cards, self._withdrawn = kept
            raise

    def add(self, row: SQLModel) -> None:
        self._session.add(row)
        self._session.flush()

    def has(self, row: SQLModel) -> bool:
        """Whether the row is in the store already, or in this unit's work."""
        return row in self._session

    def drop(self, row: SQLModel) -> None:
        self._session.delete(row)
        self._session.flush()

    # The inbox

    def first_time(self, key: str, now: datetime) -> bool:
        """Whether this act was never handled; from now on it was. Two at once: the second waits for the first's end."""
        return bool(self._insert_once(Inbox, {"key": _short(key), "at": now}).rowcount)

    def keep_answer(self, key: str, answer: dict[str, Any]) -> None:
        self._session.exec(update(Inbox).where(col(Inbox.key) == _short(key)).values(answer=answer))

    def kept_answer(self, key: str) -> dict[str, Any] | None:
        kept = self._session.exec(select(Inbox.answer).where(Inbox.key == _short(key))).first()
        return dict(kept) if kept else None

    def forget_inbox(self, before: datetime) -> int:
        """Acts so old that nobody delivers them again."""
        return self._session.exec(delete(Inbox).where(col(Inbox.at) <= before)).rowcount

    # People

    def person_of(self, channel: str, homes: Collection[str], user: str, lock: bool = False) -> Person | None:
        """Whoever a channel's user is, known under one of these tenants. Locked, they do one thing at a time."""
        who = select(Person).join(LinkedIdentity, col(LinkedIdentity.person_id) == Person.id)
        mine = (LinkedIdentity.channel == channel, LinkedIdentity.user == user)
        found = who.where(*mine, col(LinkedIdentity.tenant).in_(homes))
        return self._session.exec(found.with_for_update(of=Person, key_share=True) if lock else found).first()

    def account_of(self, channel: str, homes: Collection[str]) -> int | None:
        """The account that one of these tenants belongs to."""
        mine = (Tenant.channel == channel, col(Tenant.tenant).in_(homes))
        return self._session.exec(select(Tenant.account_id).where(*mine)).first()

    def identities(self, person: int) -> list[LinkedIdentity]:
        mine = select(LinkedIdentity).where(LinkedIdentity.person_id == person)
        return list(self._session.exec(mine.order_by(col(LinkedIdentity.at), col(LinkedIdentity.channel))))

    def at_home_in(self, place: Conversation) -> Person | None:
        """Whose own room it is."""
        met = select(Person).where(Person.conversation_id == place.id).order_by(col(Person.id))
        return self._session.exec(met).first() or self.person_of(place.channel, [place.tenant], place.room)

    def link(self, channel: str, tenant: str, user: str, person: Person, how: str, at: datetime) -> None:
        """From now on this user of that channel is this person."""
        identity = LinkedIdentity(channel=channel, tenant=tenant, user=user, person_id=person.id, how=how, at=at)
        self.add(identity)

    def person(self, number: int) -> Person:
        return self._session.get_one(Person, number)

    def customers(self) -> list[Person]:
        return list(
            self._session.exec(select(Person).where(col(Person.account_id).is_not(None)).order_by(col(Person.id)))
        )

    def staff(self) -> list[Person]:
        return list(self._session.exec(select(Person).where(col(Person.role).in_(STAFF)).order_by(col(Person.id))))

    def everybody(self) -> list[Person]:
        return list(self._session.exec(select(Person).order_by(col(Person.id))))

    def account(self, number: int) -> Account:
        return self._session.get_one(Account, number)

    def concierge(self, account: int) -> Person | None:
        found = select(Person).join(Assignment, col(Assignment.concierge_id) == Person.id)
        return self._session.exec(found.where(Assignment.account_id == account)).first()

    def contracts(self, account: int) -> list[Contract]:
        return list(self._session.exec(select(Contract).where(Contract.account_id == account)))

    def coach(self, account: int) -> Person | None:
        found = select(Person).join(Assignment, col(Assignment.coach_id) == Person.id)
        return self._session.exec(found.where(Assignment.account_id == account)).first()

    # Cases

    def case(self, number: int, account: int | None, opener: int | None = None) -> Case | None:
        """The case, locked until the unit ends, if it is in that scope: of this account, opened by this person."""
        if not 0 < number < 2**31:
            return None
        found = select(Case).where(Case.id == number, *_of(account, opener)).with_for_update(key_share=True)
        return self._session.exec(found.execution_options(populate_existing=True)).first()

    def glance(self, number: int, account: int | None, opener: int | None = None) -> Case | None:
        """The same without a lock, for looking."""
        return self._session.exec(select(Case).where(Case.id == number, *_of(account, opener))).first()

    def live_cases_opened_by(self, person: int, limit: int = 4) -> list[int]:
        """Numbers, latest first."""
        mine = select(Case.id).where(Case.opened_by == person, col(Case.over_at).is_(None))
        return list(self._session.exec(mine.order_by(col(Case.id).desc()).limit(limit)))

    def live_cases(self, account: int | None, limit: int = 20) -> list[Case]:
        """What is not over, most urgent first: by due time, then by age."""
        live = select(Case).where(col(Case.over_at).is_(None), *_of(account))
        first = (col(Case.responded_at).is_not(None), col(Case.due_at).is_(None), col(Case.due_at), col(Case.id))
        return list(self._session.exec(live.order_by(*first).limit(limit)))

    def recent_cases(self, account: int | None, opener: int | None = None, limit: int = 20) -> list[Case]:
        """Live ones first, then the latest that are over."""
        found = select(Case).where(*_of(account, opener))
        return list(
            self._session.exec(found.order_by(col(Case.over_at).is_not(None), col(Case.id).desc()).limit(limit))
        )

    def due_alarms(self, now: datetime, limit: int) -> list[Case]:
        """Cases about which somebody must be warned, each locked for one sweeper only."""
        due = select(Case).where(col(Case.next_alarm_at) <= now).order_by(col(Case.next_alarm_at)).limit(limit)
        return list(self._session.exec(due.with_for_update(skip_locked=True, key_share=True)))

    def alarm_later(self, case: int, at: datetime) -> None:
        self._session.exec(update(Case).where(col(Case.id) == case).values(next_alarm_at=at))

    def leads(self) -> list[Person]:
        return list(self._session.exec(select(Person).where(Person.role == Role.LEAD).order_by(col(Person.id))))

    def case_of_card(self, place: Conversation, receipt: str) -> int | None:
        """The case whose live card that message is."""
        mine = (CardRow.conversation_id == place.id, CardRow.receipt == receipt)
        return self._session.exec(select(CardRow.case_id).where(*mine)).first()

    def case_of_place(self, place: Conversation, thread: str, quotes: str) -> int | None:
        """The case that a thread or a quoted message belongs to, here."""
        for receipt in filter(None, (quotes, thread)):
            card = select(CardRow.case_id).where(CardRow.conversation_id == place.id, CardRow.receipt == receipt)
            said = select(Outbox.case_id).where(Outbox.conversation_id == place.id, Outbox.receipt == receipt)
            found = self._session.exec(card).first() or self._session.exec(said).first()
            if found:
                return found
        if not thread:
            return None
        rooted = select(Case.id).where(Case.conversation_id == place.id, Case.thread == thread)
        return self._session.exec(rooted.order_by(col(Case.id).desc())).first()

    def note_event(self, **row: Any) -> None:
        self._session.connection().execute(insert(CaseEvent).values(**row))

    def events(self, case: int, internal: bool) -> list[CaseEvent]:
        """The history in order; ``internal`` ones only for the desk."""
        found = select(CaseEvent).where(CaseEvent.case_id == case)
        shown = found if internal else found.where(col(CaseEvent.internal).is_(False))
        return list(self._session.exec(shown.order_by(col(CaseEvent.id))))

    # Dialogs

    def draft(self, person: int, place: int, thread: str, lock: bool = False) -> Draft | None:
        mine = (Draft.person_id == person, Draft.conversation_id == place, Draft.thread == thread)
        found = select(Draft).where(*mine)
        return self._session.exec(found.with_for_update(key_share=True) if lock else found).first()

    def expired_drafts(self, before: datetime, limit: int) -> list[Draft]:
        """Each for one process only."""
        due = select(Draft).where(col(Draft.expires_at) <= before).order_by(col(Draft.id)).limit(limit)
        return list(self._session.exec(due.with_for_update(skip_locked=True, key_share=True)))

    # The desk as a whole

    def audit(self, **row: Any) -> None:
        self._session.connection().execute(insert(Audit).values(**row))

    def setting(self, name: str) -> str | None:
        return self._session.exec(select(Setting.value).where(Setting.name == name)).first()

    def set(self, name: str, value: str) -> None:
        self._session.merge(Setting(name=name, value=value))
        self._session.flush()

    # What vendors gave us

    def install(self, channel: str, tenant: str) -> Install | None:
        return self._session.get(Install, (channel, tenant))

    def keep_install(self, channel: str, tenant: str, sealed: str, at: datetime) -> None:
        """New, or in place of the one that was there."""
        self._session.merge(Install(channel=channel, tenant=tenant, sealed=sealed, renewing_until=None, at=at))
        self._session.flush()

    def forget_install(self, channel: str, tenant: str) -> None:
        self._session.exec(delete(Install).where(col(Install.channel) == channel, col(Install.tenant) == tenant))

    def may_renew(self, channel: str, tenant: str, now: datetime, until: datetime) -> bool:
        """Whether the caller is the one to fetch the next token; everybody else waits for it."""
        free = or_(col(Install.renewing_until).is_(None), col(Install.renewing_until) <= now)
        mine = (col(Install.channel) == channel, col(Install.tenant) == tenant, free)
        return bool(self._session.exec(update(Install).where(*mine).values(renewing_until=until)).rowcount)

    # Rooms of the web channel

    def keep_entry(self, room: str, key: str, entry: dict[str, Any], thread: str) -> RoomEntry:
        """Added, or replaced where it differs. Revisions are taken one at a time, so they become visible in order."""
        if self._session.connection().dialect.name == "postgresql":
            self._session.connection().exec_driver_sql("LOCK TABLE room_entry IN SHARE ROW EXCLUSIVE MODE")
        row = self.entry(key) or RoomEntry(room=room, thread=thread, key=key, entry={}, revision=0)
        if row.entry != entry:
            latest = self._session.exec(select(func.max(RoomEntry.revision))).one()
            row.entry, row.revision = entry, (latest or 0) + 1
            self.add(row)
        return row

    def entry(self, key: str) -> RoomEntry | None:
        return self._session.exec(select(RoomEntry).where(RoomEntry.key == key)).first()

    def entries_since(self, revision: int) -> list[RoomEntry]:
        found = select(RoomEntry).where(RoomEntry.revision > revision)
        return list(self._session.exec(found.order_by(col(RoomEntry.id))))

    def find(self, kind: type[SQLModel], **by: Any) -> Any:
        """One row by its columns, for what is administered and not turned over at every message."""
        return self._session.exec(select(kind).filter_by(**by)).first()


def _of(account: int | None, opener: int | None = None) -> tuple[ColumnElement[bool], ...]:
    mine = () if account is None else (col(Case.account_id) == account,)
    return mine if opener is None else (*mine, col(Case.opened_by) == opener)


def _short(key: str) -> str:
    """A key as the inbox can index it, whatever a channel's ids look like."""
    return key if len(key) <= LONGEST_KEY else sha256(key.encode()).hexdigest()
