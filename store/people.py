"""The part of a unit of work that knows who is who: customers, the desk, and their companies."""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import col, select

from rules.people import STAFF, Role
from store.lanes import Lanes
from store.links import UNVERIFIED
from store.sql import ONCE, blanks, filled
from store.tables import Account, Assignment, Contract, Conversation, LinkedIdentity, Person, Tenant

HERE: tuple[Any, ...] = (col(Person.left_at).is_(None), col(Person.erased_at).is_(None))


class People(Lanes):
    _at_hand: dict[tuple[type, int], Any]

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
        self._session.add(identity)
        self._session.flush()

    def person(self, number: int) -> Person:
        return self._at_hand.get((Person, number)) or self._session.get_one(Person, number)

    def customers(self) -> list[Person]:
        found = select(Person).where(col(Person.account_id).is_not(None), *HERE)
        return list(self._session.exec(found.order_by(col(Person.id))))

    def contacts(self, account: int) -> list[Person]:
        """Everybody of theirs in the directory who is still there."""
        return list(self._session.exec(_CONTACTS, params={"account": account}))

    def staff(self) -> list[Person]:
        found = select(Person).where(col(Person.role).in_(STAFF), *HERE)
        return list(self._session.exec(found.order_by(col(Person.id))))

    def leads(self) -> list[Person]:
        return list(self._session.exec(select(Person).where(Person.role == Role.LEAD, *HERE).order_by(col(Person.id))))

    def everybody(self) -> list[Person]:
        """But for who left."""
        return list(self._session.exec(select(Person).where(*HERE).order_by(col(Person.id))))

    def account(self, number: int) -> Account:
        return self._at_hand.get((Account, number)) or self._session.get_one(Account, number)

    def concierge(self, account: int) -> Person | None:
        return self._session.exec(_CONCIERGE, params={"account": account}).first()

    def coach(self, account: int) -> Person | None:
        return self._session.exec(_COACH, params={"account": account}).first()

    def contracts(self, account: int) -> list[Contract]:
        return list(self._session.exec(_CONTRACTS, params={"account": account}))

    def _keep_at_hand(self, *read: Person | Account | None) -> None:
        """For the rest of the unit, which asks for them again and again."""
        self._at_hand |= {(type(one), one.id): one for one in read if one is not None}


# What every turn asks: built once, since building a statement takes longer than running it.

_CONCIERGE, _COACH = (
    select(Person).join(Assignment, col(theirs) == Person.id).where(Assignment.account_id == bindparam("account"))
    for theirs in (Assignment.concierge_id, Assignment.coach_id)
)
_CONTACTS = (
    select(Person)
    .where(Person.account_id == bindparam("account"), col(Person.guest).is_(False), col(Person.left_at).is_(None))
    .order_by(col(Person.id))
)
_CONTRACTS = select(Contract).where(Contract.account_id == bindparam("account"))


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
