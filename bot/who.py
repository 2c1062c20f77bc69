"""Who somebody is here, and for which account they may speak: from bindings alone, never from what they say."""

from datetime import datetime

from bot.incoming import Address, Incoming, User
from rules.people import STAFF, Actor, Role
from store.erasing import PERSON
from store.tables import Conversation, Person
from store.work import Work

LONGEST_NAME = 200
PORTAL = "portal"
API = "api"
"""Where a program acts for somebody, who is called by their number there; the edge has checked its token."""
UNSEEN = frozenset({PORTAL, API})
"""Where nobody hears anything who is not looking."""
MAIL = "email"
"""The channel in which people are called by the address that the directory has of them (W26)."""


def known(work: Work, channel: str, tenant: str, by: User, lock: bool = False) -> Person | None:
    """The person whom the channel's user is linked to; an outsider is never staff, whatever the directory says.

    Who left, or was erased, is nobody.
    """
    person = work.person_at(by.id, lock) if channel == MAIL else None
    person = work.person_numbered(int(by.id), lock) if channel == API else person
    person = person or work.person_of(channel, by.homes or (tenant,), by.id, lock=lock)
    if person is None or person.left_at is not None or person.erased_at is not None:
        return None
    return None if by.outsider and person.role in STAFF else person


def barred(work: Work, here: Address, by: User) -> bool:
    """Whether they are met as nobody: staff who are guests here, and who left, was erased or is linked no more."""
    homes = by.homes or (here.tenant,)
    if here.channel == MAIL and (work.person_at(by.id) or work.tombstone(PERSON, by.id)):
        return True
    return bool(work.person_of(here.channel, homes, by.id)) or work.revoked(here.channel, homes, by.id)


def speaks_for(work: Work, place: Conversation | None, here: Address, by: User) -> int | None:
    """The account of somebody in no directory: their own tenant's, or that of the shared room they are a guest in."""
    homes = by.homes or (here.tenant,)
    if barred(work, here, by):
        return None
    own = work.account_of(here.channel, homes) if not (by.outsider and here.tenant in homes) else None
    return own or (place.account_id if place and by.outsider else None)


def welcome(work: Work, here: Address, by: User, account: int, at: datetime) -> Person:
    """A guest of the account: with a name to call them by, no seat, and a case only of their own."""
    name = " ".join(by.name.split())[:LONGEST_NAME] or by.id
    person = Person(name=name, role=Role.CUSTOMER, account_id=account, guest=True, zone=by.zone or None)
    work.add(person)
    work.link(here.channel, (by.homes or (here.tenant,))[0], by.id, person, "guest", at)
    return person


def guest(by: User, account: int, zone: str) -> Actor:
    """The same, before anything is kept of them."""
    return Actor(0, by.name or by.id, Role.CUSTOMER, account, by.zone or zone, guest=True)


def apart(work: Work, incoming: Incoming, actor: Actor, place: Conversation | None) -> bool:
    """Whether a customer's matters must not be spoken of here: others than their own company may read along."""
    if incoming.personal or actor.account is None or (incoming.private is None and not incoming.cut_off):
        return False
    bound = place.account_id if place else None
    if bound is not None:
        return bound != actor.account
    own = work.account_of(incoming.here.channel, (incoming.here.tenant,))
    return incoming.mixed or own != actor.account
