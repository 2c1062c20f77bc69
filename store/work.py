"""One unit of work: what it can find and change. The lanes of messages are in store/lanes.py."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, func, insert, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, SQLModel, col, delete, select, update

from rules.lifecycle import Verb
from rules.people import STAFF, Role
from store.agreements import Agreements
from store.announcements import Announcements
from store.articles import Articles
from store.attachments import Attachments
from store.awaiting import Awaiting
from store.board import Board
from store.contacts import Contacts
from store.contracts import Contracts
from store.dead_letters import DeadLetters
from store.erasing import Erasing
from store.followers import Followers
from store.groups import Groups
from store.heard import Heard
from store.histories import PROMISE, Histories
from store.holding import Holds
from store.homes import Homes
from store.in_turn import GivesInTurn
from store.integrations import Integrations
from store.lanes import ONCE, blanks, filled, table
from store.links import UNVERIFIED, Links
from store.queues import Queues
from store.reports import Reports
from store.said import SaidAs, short_key
from store.saved import Saved
from store.sessions import Sessions
from store.tables import (
    OWED,
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
from store.warnings import Warnings

HERE: tuple[Any, ...] = (col(Person.left_at).is_(None), col(Person.erased_at).is_(None))


class Work(
    DeadLetters,
    Attachments,
    Histories,
    Heard,
    Warnings,
    Articles,
    Contacts,
    Links,
    Agreements,
    Contracts,
    Announcements,
    Erasing,
    Integrations,
    Queues,
    Groups,
    Saved,
    GivesInTurn,
    Awaiting,
    Holds,
    Sessions,
    Reports,
    SaidAs,
    Followers,
    Board,
    Homes,
):
    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._at_hand: dict[tuple[type, int], Any] = {}
        self._locked: dict[int, Case] = {}

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """A part that can fail alone: a refusal undoes it, the unit goes on."""
        kept = self._closing.copy()
        try:
            with self._session.begin_nested():
                yield
        except BaseException:
            self._closing = kept
            self._at_hand, self._met, self._locked = {}, {}, {}  # some of it may never have been
            raise

    def add(self, row: SQLModel) -> None:
        new = not self.has(row)
        self._session.add(row)
        self._session.flush()
        if new and isinstance(row, Case):
            self._locked[row.id] = row  # nobody else can even see it yet

    @property
    def owes(self) -> bool:
        """Whether senders are to hear of it once it is committed; asked before ``close``."""
        return self._closing.owes

    def has(self, row: SQLModel) -> bool:
        """Whether the row is in the store already, or in this unit's work."""
        return row in self._session

    def drop(self, row: SQLModel) -> None:
        self._session.delete(row)
        self._session.flush()

    # The inbox

    def first_time(self, key: str, now: datetime) -> bool:
        """Whether this act was never handled; from now on it was. Two at once: the second waits for the first's end."""
        return bool(self._run(ONCE[Inbox], {"key": short_key(key), "at": now}).rowcount)

    def keep_answer(self, key: str, answer: dict[str, Any]) -> None:
        self._run(_ANSWERED, {"act": short_key(key), "answer": answer})

    def kept_answer(self, key: str) -> dict[str, Any] | None:
        kept = self._session.exec(select(Inbox.answer).where(Inbox.key == short_key(key))).first()
        return dict(kept) if kept else None

    def handled(self, key: str) -> bool:
        """Whether this act was heard before, and done."""
        return self._session.exec(select(Inbox.key).where(Inbox.key == short_key(key))).first() is not None

    def forget_key(self, key: str) -> None:
        """It was not done after all."""
        self._session.exec(delete(Inbox).where(col(Inbox.key) == short_key(key)))

    def forget_inbox(self, before: datetime) -> int:
        """Acts so old that nobody delivers them again."""
        return self._session.exec(delete(Inbox).where(col(Inbox.at) <= before)).rowcount

    # People

    def person_of(self, channel: str, homes: Collection[str], user: str, lock: bool = False) -> Person | None:
        """Whoever a channel's user is, known under one of these tenants. Locked, they do one thing at a time."""
        found = _person_of(len(homes), lock)
        row = self._session.exec(found, params={"channel": channel, "user": user, **filled("home", homes)}).first()
        if row is None:
            return None
        person: Person = row[0]
        _, account, place = row
        self._keep_at_hand(person, account)
        if place is not None:
            self._met[place.channel, place.tenant, place.room] = place
        return person

    def person_at(self, address: str, lock: bool = False) -> Person | None:
        """Whoever the directory gives that mail address to, in small letters."""
        found = select(Person).where(Person.email == address)
        return self._session.exec(found.with_for_update(key_share=True) if lock else found).first()

    def account_of(self, channel: str, homes: Collection[str]) -> int | None:
        """The account that one of these tenants belongs to."""
        return self._run(_account_of(len(homes)), {"channel": channel, **filled("home", homes)}).scalar()

    def unverified_account(self, channel: str, tenant: str) -> Account:
        """A company that nobody knows yet, without a contract: a person checks who they are (W56)."""
        slug = f"{UNVERIFIED}{sha256(f'{channel} {tenant}'.encode()).hexdigest()[:16]}"
        found = self._session.exec(select(Account).where(Account.slug == slug)).first()
        if found is None:
            self._run(ONCE[Account], {"slug": slug, "name": "Unverified company"})
            found = self._session.exec(select(Account).where(Account.slug == slug)).one()
        return found

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
        return self._at_hand.get((Person, number)) or self._session.get_one(Person, number)

    def customers(self) -> list[Person]:
        found = select(Person).where(col(Person.account_id).is_not(None), *HERE)
        return list(self._session.exec(found.order_by(col(Person.id))))

    def staff(self) -> list[Person]:
        found = select(Person).where(col(Person.role).in_(STAFF), *HERE)
        return list(self._session.exec(found.order_by(col(Person.id))))

    def everybody(self) -> list[Person]:
        """But for who left."""
        return list(self._session.exec(select(Person).where(*HERE).order_by(col(Person.id))))

    def account(self, number: int) -> Account:
        return self._at_hand.get((Account, number)) or self._session.get_one(Account, number)

    def concierge(self, account: int) -> Person | None:
        return self._session.exec(_CONCIERGE, params={"account": account}).first()

    def contracts(self, account: int) -> list[Contract]:
        return list(self._session.exec(_CONTRACTS, params={"account": account}))

    def coach(self, account: int) -> Person | None:
        found = select(Person).join(Assignment, col(Assignment.coach_id) == Person.id)
        return self._session.exec(found.where(Assignment.account_id == account)).first()

    # Cases

    def case(self, number: int, account: int | None, opener: int | None = None) -> Case | None:
        """The case, locked until the unit ends, if it is in that scope: of this account, opened by this person."""
        if not 0 < number < 2**31:
            return None
        if held := self._locked.get(number):
            ours = account in (None, held.account_id) and opener in (None, held.opened_by)
            return held if ours else None
        found = _case(account is not None, opener is not None, locked=True)
        for case in self._read_cases(found, number=number, account=account, opener=opener):
            self._locked[number] = case
        return self._locked.get(number)

    def glance(self, number: int, account: int | None, opener: int | None = None) -> Case | None:
        """The same without a lock, for looking."""
        found = _case(account is not None, opener is not None, locked=False)
        return next(iter(self._read_cases(found, number=number, account=account, opener=opener)), None)

    def live_cases_opened_by(self, person: int, limit: int = 4) -> list[int]:
        """Numbers, latest first."""
        return list(self._run(_LIVE_OF, {"person": person, "limit": limit}).scalars())

    def live_cases(self, account: int | None, limit: int = 20) -> list[Case]:
        """What is not over, most urgent first: by due time, then by age."""
        return self._read_cases(_live_cases(account is not None), account=account, limit=limit)

    def cases_numbered(self, numbers: Sequence[int]) -> list[Case]:
        """In that order."""
        found = self._read_cases(_cases(False, False).where(col(Case.id).in_(numbers))) if numbers else []
        return sorted(found, key=lambda case: numbers.index(case.id))

    def recent_cases(self, account: int | None, opener: int | None = None, limit: int = 20) -> list[Case]:
        """Live ones first, then the latest that are over."""
        found = _recent_cases(account is not None, opener is not None)
        return self._read_cases(found, account=account, opener=opener, limit=limit)

    def leads(self) -> list[Person]:
        return list(self._session.exec(select(Person).where(Person.role == Role.LEAD, *HERE).order_by(col(Person.id))))

    def case_of_card(self, place: Conversation, receipt: str) -> int | None:
        """The case whose live card that message is."""
        return self._run(_OF_CARD, {"place": place.id, "receipt": receipt}).scalar()

    def said_there(self, place: Conversation, receipt: str) -> bool:
        """Whether that message is one of ours."""
        mine = (Outbox.conversation_id == place.id, Outbox.receipt == receipt)
        return self._session.exec(select(Outbox.id).where(*mine).limit(1)).first() is not None

    def case_of_place(self, place: Conversation, thread: str, quotes: str) -> int | None:
        """The case that a thread or a quoted message belongs to, here."""
        if not thread and not quotes:
            return None
        return self._run(_OF_PLACE, {"place": place.id, "quotes": quotes or None, "thread": thread or None}).scalar()

    def note_event(self, **row: Any) -> int:
        """The event's number. Beside it stands the case's promise as it then is, to be recomputed from later (R14)."""
        case = self._session.get_one(Case, row["case_id"])
        row["said_as"] = short_key(row["said_as"]) if row.get("said_as") else None
        noted = self._run(_EVENT, row | {name: getattr(case, name) for name in PROMISE}).inserted_primary_key
        assert noted is not None, "one row was inserted"
        return int(noted[0])

    def event(self, number: int) -> CaseEvent | None:
        return self._session.get(CaseEvent, number)

    def last_said(self, case: int, person: int) -> int | None:
        """The event of what they said there last."""
        mine = (CaseEvent.case_id == case, CaseEvent.person_id == person, CaseEvent.verb == Verb.SAY)
        return self._session.exec(select(CaseEvent.id).where(*mine).order_by(col(CaseEvent.id).desc()).limit(1)).first()

    def events(self, case: int, internal: bool) -> list[CaseEvent]:
        """The history in order; ``internal`` ones only for the desk."""
        found = select(CaseEvent).where(CaseEvent.case_id == case)
        shown = found if internal else found.where(col(CaseEvent.internal).is_(False))
        return list(self._session.exec(shown.order_by(col(CaseEvent.id))))

    # Dialogs

    def draft(self, person: int, place: int, thread: str, lock: bool = False) -> Draft | None:
        mine = {"person": person, "place": place, "thread": thread}
        return self._session.exec(_DRAFT_LOCKED if lock else _DRAFT, params=mine).first()

    def expired_drafts(self, before: datetime, limit: int) -> list[Draft]:
        """Each for one process only."""
        due = select(Draft).where(col(Draft.expires_at) <= before).order_by(col(Draft.id)).limit(limit)
        return list(self._session.exec(due.with_for_update(skip_locked=True, key_share=True)))

    # The desk as a whole

    def audit(self, **row: Any) -> None:
        self._run(_AUDIT, row)

    def setting(self, name: str) -> str | None:
        return self._session.exec(select(Setting.value).where(Setting.name == name)).first()

    def set(self, name: str, value: str) -> None:
        self._session.merge(Setting(name=name, value=value))
        self._session.flush()

    # What vendors gave us

    def install(self, channel: str, tenant: str) -> Install | None:
        return self._session.get(Install, (channel, tenant))

    def sent_as(self, number: int, receipt: str) -> list[Outbox]:
        """That message and those that left in one with it; none where the channel called it otherwise."""
        first = self._session.get(Outbox, number)
        if first is None:
            return []
        there = (Outbox.conversation_id == first.conversation_id, Outbox.receipt == receipt)
        return list(self._session.exec(select(Outbox).where(*there).order_by(col(Outbox.id))))

    def keep_install(self, channel: str, tenant: str, sealed: str, at: datetime) -> None:
        """New, or in place of the one that was there."""
        self._session.merge(Install(channel=channel, tenant=tenant, sealed=sealed, renewing_until=None, at=at))
        self._session.flush()

    def forget_install(self, channel: str, tenant: str, before: datetime) -> None:
        """Unless it was kept later."""
        mine = (col(Install.channel) == channel, col(Install.tenant) == tenant, col(Install.at) <= before)
        self._session.exec(delete(Install).where(*mine))

    def may_renew(self, channel: str, tenant: str, now: datetime, until: datetime) -> bool:
        """Whether the caller is the one to fetch the next token; everybody else waits for it."""
        free = or_(col(Install.renewing_until).is_(None), col(Install.renewing_until) <= now)
        mine = (col(Install.channel) == channel, col(Install.tenant) == tenant, free)
        return bool(self._session.exec(update(Install).where(*mine).values(renewing_until=until)).rowcount)

    def vendor(self, channel: str, tenant: str, room: str) -> dict[str, Any] | None:
        """What the channel keeps to write there."""
        place = self.known_conversation(channel, tenant, room)
        return dict(place.vendor) if place and place.vendor else None

    def keep_vendor(self, channel: str, tenant: str, room: str, kept: dict[str, Any] | None, at: datetime) -> None:
        place = self.conversation(channel, tenant, room)
        mine = update(Conversation).where(col(Conversation.id) == place.id)
        self._session.exec(mine.values(vendor=kept, heard_at=at))

    def latest_vendor(self, channel: str, tenant: str) -> dict[str, Any] | None:
        """Of that tenant's places, the one last heard from."""
        mine = (Conversation.channel == channel, Conversation.tenant == tenant, col(Conversation.vendor).is_not(None))
        found = select(Conversation.vendor).where(*mine).order_by(col(Conversation.heard_at).desc())
        latest = self._session.exec(found.limit(1)).first()
        return dict(latest) if latest else None

    def knows_tenant(self, channel: str, tenant: str) -> bool:
        """Whether it is an account's, or one in which somebody of the desk or of an account is."""
        mine = (LinkedIdentity.channel == channel, LinkedIdentity.tenant == tenant)
        linked = self._session.exec(select(LinkedIdentity.person_id).where(*mine).limit(1)).first()
        return linked is not None or self.account_of(channel, [tenant]) is not None

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

    def _read_cases(self, found: Any, **given: Any) -> list[Case]:
        rows = self._session.exec(found, params=given).all()
        for _, *others in rows:
            self._keep_at_hand(*others)
        return [row[0] for row in rows]

    def _keep_at_hand(self, *read: Person | Account | None) -> None:
        """For the rest of the unit, which asks for them again and again."""
        self._at_hand |= {(type(one), one.id): one for one in read if one is not None}


# What every turn asks: built once, since building a statement takes longer than running it.

_ANSWERED = update(table(Inbox)).where(col(Inbox.key) == bindparam("act"))
_EVENT, _AUDIT = insert(table(CaseEvent)), insert(table(Audit))
_CONCIERGE = (
    select(Person)
    .join(Assignment, col(Assignment.concierge_id) == Person.id)
    .where(Assignment.account_id == bindparam("account"))
)
_CONTRACTS = select(Contract).where(Contract.account_id == bindparam("account"))
_DRAFT = select(Draft).where(
    Draft.person_id == bindparam("person"),
    Draft.conversation_id == bindparam("place"),
    Draft.thread == bindparam("thread"),
)
_DRAFT_LOCKED = _DRAFT.with_for_update(key_share=True)
_LIVE_OF = (
    select(Case.id)
    .where(Case.opened_by == bindparam("person"), col(Case.over_at).is_(None))
    .order_by(col(Case.id).desc())
    .limit(bindparam("limit"))
)


@cache
def _person_of(homes: int, locked: bool) -> Any:
    """Beside them their account and the place where they were last met alone: most turns ask for both next."""
    found = (
        select(Person, Account, Conversation)
        .join(LinkedIdentity, col(LinkedIdentity.person_id) == Person.id)
        .outerjoin(Account, col(Account.id) == Person.account_id)
        .outerjoin(Conversation, col(Conversation.id) == Person.conversation_id)
        .where(
            col(LinkedIdentity.channel) == bindparam("channel"),
            col(LinkedIdentity.user) == bindparam("user"),
            col(LinkedIdentity.tenant).in_(blanks("home", homes)),
        )
    )
    return found.with_for_update(of=Person, key_share=True) if locked else found


@cache
def _account_of(homes: int) -> Any:
    mine = (col(Tenant.channel) == bindparam("channel"), col(Tenant.tenant).in_(blanks("home", homes)))
    return select(Tenant.account_id).where(*mine)


def _of_card(receipt: str) -> Any:
    return select(CardRow.case_id).where(
        CardRow.conversation_id == bindparam("place"), CardRow.receipt == bindparam(receipt)
    )


def _of_message(receipt: str) -> Any:
    return select(Outbox.case_id).where(
        Outbox.conversation_id == bindparam("place"),
        Outbox.receipt == bindparam(receipt),
        col(Outbox.case_id).is_not(None),
    )


_OF_CARD = _of_card("receipt")
_ROOTED = (
    select(Case.id)
    .where(Case.conversation_id == bindparam("place"), Case.thread == bindparam("thread"))
    .order_by(col(Case.id).desc())
)
_FIRST_FOUND = (_of_card("quotes"), _of_message("quotes"), _of_card("thread"), _of_message("thread"), _ROOTED)
_OF_PLACE = select(func.coalesce(*(found.limit(1).scalar_subquery() for found in _FIRST_FOUND)))


@cache
def _cases(of_account: bool, of_opener: bool) -> Any:
    """Cases, and beside each the account and the people that its picture names.

    Outer joins, since a lock that was waited for looks again at the case alone: what no longer fits is then missing.
    """
    opener, assignee = aliased(Person), aliased(Person)
    found = (
        select(Case, Account, opener, assignee)
        .outerjoin(Account, col(Account.id) == Case.account_id)
        .outerjoin(opener, col(opener.id) == Case.opened_by)
        .outerjoin(assignee, col(assignee.id) == Case.assignee_id)
    )
    found = found.where(col(Case.account_id) == bindparam("account")) if of_account else found
    return found.where(col(Case.opened_by) == bindparam("opener")) if of_opener else found


@cache
def _case(of_account: bool, of_opener: bool, locked: bool) -> Any:
    found = _cases(of_account, of_opener).where(col(Case.id) == bindparam("number"))
    fresh = found.with_for_update(of=Case, key_share=True).execution_options(populate_existing=True)
    return fresh if locked else found


@cache
def _live_cases(of_account: bool) -> Any:
    first = (~OWED, col(Case.due_at).is_(None), col(Case.due_at), col(Case.id))
    live = _cases(of_account, False).where(col(Case.over_at).is_(None))
    return live.order_by(*first).limit(bindparam("limit"))


@cache
def _recent_cases(of_account: bool, of_opener: bool) -> Any:
    live_first = (col(Case.over_at).is_not(None), col(Case.id).desc())
    return _cases(of_account, of_opener).order_by(*live_first).limit(bindparam("limit"))
