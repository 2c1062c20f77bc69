"""Who is who in each channel, and what is somebody's to leave behind: codes, proposals, rooms and duties."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import and_, or_
from sqlmodel import col, delete, select, update

from rules.people import STAFF
from store.lanes import Lanes
from store.tables import (
    Absence,
    Account,
    Assignment,
    Case,
    Conversation,
    Draft,
    LinkCode,
    LinkedIdentity,
    LinkProposal,
    Outbox,
    Person,
    Session,
    SignIn,
    Tenant,
    Tombstone,
)

IDENTITY = "identity"
UNVERIFIED = "unverified-"  # begins the slug of a company that nobody knows yet


def fingerprint(*words: str) -> str:
    """What is kept of something that must be known again and not be read."""
    return sha256(" ".join(words).encode()).hexdigest()


def _home(room: Conversation) -> str:
    """Some rooms' ids are theirs alone, and stand without a tenant until the channel hears of them."""
    return room.tenant or str((room.vendor or {}).get("tenant") or "")


class Links(Lanes):
    """The part of a unit of work that people come and go by."""

    # Codes

    def new_code(self, code: str, person: int, made_by: int | None, at: datetime, until: datetime) -> None:
        """In the place of any that they have."""
        self.forget_codes(person)
        row = LinkCode(hash=fingerprint(code), person_id=person, made_by=made_by, at=at, expires_at=until)
        self._session.add(row)
        self._session.flush()

    def code(self, code: str, now: datetime) -> LinkCode | None:
        """One that is still good, locked: it is used once."""
        fresh = (LinkCode.hash == fingerprint(code), LinkCode.expires_at > now, col(LinkCode.used_at).is_(None))
        return self._session.exec(select(LinkCode).where(*fresh).with_for_update()).first()

    def forget_codes(self, person: int) -> None:
        mine = (col(LinkCode.person_id) == person, col(LinkCode.used_at).is_(None))
        self._session.exec(delete(LinkCode).where(*mine))

    # Identities

    def identity(self, channel: str, tenant: str, user: str) -> LinkedIdentity | None:
        return self._session.get(LinkedIdentity, (channel, tenant, user))

    def linked(self, person: int | None = None) -> list[tuple[LinkedIdentity, Person]]:
        """All of them, or one person's; guests, who were only met, are none."""
        found = select(LinkedIdentity, Person).join(Person, col(Person.id) == LinkedIdentity.person_id)
        found = found.where(col(Person.guest).is_(False))
        found = found if person is None else found.where(LinkedIdentity.person_id == person)
        order = (col(Person.id), col(LinkedIdentity.channel), col(LinkedIdentity.tenant), col(LinkedIdentity.user))
        return [(one, who) for one, who in self._session.exec(found.order_by(*order))]

    def revoke(self, identity: LinkedIdentity, at: datetime) -> None:
        """Nobody is met under it as if for the first time: only who links it again lets them in."""
        self._session.delete(identity)
        for kind in (Session, SignIn):  # wherever they are signed in, they came as who they no longer are
            self._session.exec(delete(kind).where(col(kind.person_id) == identity.person_id))
        known = fingerprint(identity.channel, identity.tenant, identity.user)
        self._session.merge(Tombstone(kind=IDENTITY, hash=known, at=at))
        self._session.flush()

    def revoked(self, channel: str, homes: Iterable[str], user: str) -> bool:
        known = [fingerprint(channel, home, user) for home in homes]
        mine = (Tombstone.kind == IDENTITY, col(Tombstone.hash).in_(known))
        return self._session.exec(select(Tombstone.hash).where(*mine).limit(1)).first() is not None

    def restore(self, channel: str, tenant: str, user: str) -> None:
        """It is somebody's again."""
        mine = (col(Tombstone.kind) == IDENTITY, col(Tombstone.hash) == fingerprint(channel, tenant, user))
        self._session.exec(delete(Tombstone).where(*mine))

    def tombstone(self, kind: str, name: str) -> Tombstone | None:
        """Whether somebody of that address, or an account of that slug, was erased."""
        return self._session.get(Tombstone, (kind, fingerprint(name)))

    def accounts(self) -> list[Account]:
        return list(self._session.exec(select(Account).order_by(col(Account.slug))))

    def owned_tenants(self) -> list[Tenant]:
        return list(self._session.exec(select(Tenant).order_by(col(Tenant.channel), col(Tenant.tenant))))

    def desk_tenants(self) -> set[tuple[str, str]]:
        """Where the desk itself is met: its people or its rooms, in what is no account's."""
        of_staff = select(LinkedIdentity.channel, LinkedIdentity.tenant).join(
            Person, col(Person.id) == LinkedIdentity.person_id
        )
        people = self._session.exec(of_staff.where(col(Person.role).in_(STAFF))).all()
        rooms = select(Conversation.channel, Conversation.tenant)
        shared = self._session.exec(rooms.where(or_(col(Conversation.desk), col(Conversation.account_id).is_not(None))))
        bound = {(each.channel, each.tenant) for each in self.owned_tenants()}
        return {(channel, tenant) for channel, tenant in (*people, *shared) if tenant} - bound

    def desk_homes(self) -> set[tuple[str, str]]:
        """The desk's own tenants: where one of its rooms is. A colleague who is linked elsewhere makes none."""
        rooms = self._session.exec(select(Conversation).where(col(Conversation.desk))).all()
        bound = {(each.channel, each.tenant) for each in self.owned_tenants()}
        return {(room.channel, _home(room)) for room in rooms if _home(room)} - bound

    def became(self, people: Collection[int]) -> list[Person]:
        """Guests who were found to be one of them."""
        mine = col(Person.became).in_(people), col(Person.erased_at).is_(None)
        return list(self._session.exec(select(Person).where(*mine).order_by(col(Person.id))))

    def hold_person(self, number: int) -> Person:
        """Until the unit ends they do nothing else, nor does anybody anything in their name."""
        held = select(Person).where(Person.id == number).with_for_update().execution_options(populate_existing=True)
        return self._session.exec(held).one()

    def adopt(self, guest: int, person: Person) -> list[int]:
        """The guest's cases become the person's; of a company that nobody knew, those that live. Their numbers."""
        theirs = select(Case).join(Account, col(Account.id) == Case.account_id).where(Case.opened_by == guest)
        unknown = and_(col(Account.slug).startswith(UNVERIFIED), col(Case.over_at).is_(None))
        ours = or_(col(Case.account_id) == person.account_id, and_(unknown, col(Case.confirmed_by).is_(None)))
        found = self._session.exec(theirs.where(ours).order_by(col(Case.id)).with_for_update(of=Case)).all()
        for case in found:
            case.account_id, case.opened_by = person.account_id or case.account_id, person.id
            self._session.add(case)
        self._session.flush()
        return [case.id for case in found]

    # Proposals

    def proposals(self) -> list[LinkProposal]:
        """Those that nobody has decided."""
        open_ = select(LinkProposal).where(col(LinkProposal.decided_at).is_(None))
        return list(self._session.exec(open_.order_by(col(LinkProposal.id))))

    def proposals_of(self, channel: str, tenant: str) -> list[LinkProposal]:
        there = select(LinkProposal).where(LinkProposal.channel == channel, LinkProposal.tenant == tenant)
        return list(self._session.exec(there.order_by(col(LinkProposal.id))))

    def proposal(self, number: int) -> LinkProposal | None:
        """One that nobody has decided, locked."""
        mine = (LinkProposal.id == number, col(LinkProposal.decided_at).is_(None))
        return self._session.exec(select(LinkProposal).where(*mine).with_for_update()).first()

    def forget_proposals(self, person: int) -> None:
        self._session.exec(delete(LinkProposal).where(col(LinkProposal.person_id) == person))

    # Leaving

    def gone(self) -> list[Person]:
        """Who left and is still somebody."""
        left = select(Person).where(col(Person.left_at).is_not(None), col(Person.erased_at).is_(None))
        return list(self._session.exec(left.where(col(Person.guest).is_(False)).order_by(col(Person.id))))

    def own_rooms(self, person: Person) -> list[int]:
        """Where they alone are spoken to: under each of their identities, by mail, and where they were last met."""
        mine = (LinkedIdentity.person_id == person.id, Conversation.channel == LinkedIdentity.channel)
        same = (Conversation.tenant == LinkedIdentity.tenant, Conversation.room == LinkedIdentity.user)
        found = set(self._session.exec(select(Conversation.id).where(*mine, *same)))
        if person.email:
            mailbox = self.known_conversation("email", "", person.email)
            found |= {mailbox.id} if mailbox else set()
        return sorted(found | ({person.conversation_id} if person.conversation_id else set()))

    def owed_in(self, rooms: Collection[int]) -> list[Outbox]:
        owed = select(Outbox).where(col(Outbox.conversation_id).in_(rooms), col(Outbox.done_at).is_(None))
        return list(self._session.exec(owed.order_by(col(Outbox.id))))

    def forget_drafts(self, person: int) -> None:
        self._session.exec(delete(Draft).where(col(Draft.person_id) == person))

    def live_numbers(self, *, opened_by: int | None = None, assignee: int | None = None) -> list[int]:
        live = select(Case.id).where(col(Case.over_at).is_(None)).order_by(col(Case.id))
        live = live.where(Case.opened_by == opened_by) if opened_by else live
        return list(self._session.exec(live.where(Case.assignee_id == assignee) if assignee else live))

    def asked_of(self, account: int) -> list[int]:
        """Live cases of an account that wait for the word of somebody who may ask for it."""
        waits = (Case.account_id == account, Case.handover == "asked", col(Case.over_at).is_(None))
        return list(self._session.exec(select(Case.id).where(*waits).order_by(col(Case.id))))

    def rehome(self, opened_by: int, rooms: Sequence[int], to: int) -> None:
        """Their cases live there from now on, if they lived in one of those rooms."""
        there = (col(Case.opened_by) == opened_by, col(Case.conversation_id).in_(rooms))
        self._session.exec(update(Case).where(*there).values(conversation_id=to, thread=""))

    def assignments_of(self, person: int) -> list[tuple[Assignment, Account]]:
        """The accounts that they look after."""
        mine = or_(col(Assignment.concierge_id) == person, col(Assignment.coach_id) == person)
        found: Any = select(Assignment, Account).join(Account, col(Account.id) == Assignment.account_id).where(mine)
        return [(one, account) for one, account in self._session.exec(found.order_by(col(Account.name)))]

    def absences_with(self, person: int) -> list[Absence]:
        """Theirs, and those of others for whom they stand in."""
        mine = or_(col(Absence.person_id) == person, col(Absence.stand_in_id) == person)
        return list(self._session.exec(select(Absence).where(mine).order_by(col(Absence.id))))
