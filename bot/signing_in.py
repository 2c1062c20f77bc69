"""Who comes into the portal: by a one-time link, by the desk's own sign-in, or as whom Teams vouches for."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot import text
from bot.invitations import Links
from bot.messages import ENGLISH, Message, to_json
from bot.turn import Now, as_actor, zone_of
from bot.who import MAIL, PORTAL
from rules.catalogue import Catalogues
from rules.people import LEADS, STAFF, Actor
from store.links import fingerprint
from store.tables import Person
from store.work import Work

LINK_LIVES = timedelta(minutes=15)
IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
AT_ONCE = 3
"""Links that one person can have at the same time: whoever asks for more floods a mailbox."""
OCTETS = 32


@dataclass(frozen=True)
class Visitor:
    """Somebody who is signed in."""

    person: int
    user: str
    """What the portal calls them: their own room there goes by it."""
    name: str
    company: str
    """Empty for the desk's own people."""
    staff: bool
    lead: bool
    guest: bool
    language: str
    zone: str
    how: str
    """link, oidc, teams or demo"""
    seen_at: datetime
    """Machine time, as exactly as SEEN_EVERY."""


def path(token: str = "") -> str:
    """Of the way in, or of one link; below the address at which browsers reach us."""
    return f"/portal/sign-in/{token}".rstrip("/")


def elsewhere(person: Person, links: Links | None) -> bool:
    """Whether they are of a desk that has a sign-in of its own: no link lets them in."""
    return links is not None and links.desk_elsewhere and person.role in STAFF


def link_for(work: Work, person: Person, now: datetime, mailed: str = "") -> str | None:
    """A new one-time link's token; None where they have enough of them."""
    if work.open_sign_ins(person.id, now) >= AT_ONCE:
        return None
    token = secrets.token_urlsafe(OCTETS)
    work.new_sign_in(token, person.id, now, now + LINK_LIVES, mailed)
    return token


def told(origin: str, token: str, now: datetime, reader: Actor) -> Message:
    """With the link, to be read by them alone."""
    said = text.sign_in_link(f"{origin}{path(token)}", now + LINK_LIVES, reader)
    return replace(said, way_in=fingerprint(token))


def send_link(
    work: Work,
    address: str,
    now: Now,
    catalogues: Catalogues,
    channels: Collection[str],
    origin: str,
    links: Links | None = None,
) -> bool:
    """By mail, to whom the directory gives that address. Whether it did is nobody's business who asked."""
    person = work.person_at(address.strip().lower())
    if person is None or not _may_come(person) or not person.email or MAIL not in channels:
        return False
    actor = as_actor(person, zone_of(next(iter(catalogues.providers.values()))))
    if elsewhere(person, links):
        said = text.own_sign_in(f"{origin}{path()}", actor)
    elif token := link_for(work, person, now.machine, person.email):
        said = told(origin, token, now.machine, actor)
    else:
        return False
    work.owe(work.conversation(MAIL, "", person.email).id, now.machine, {"message": to_json(said)})
    return True


def redeem(work: Work, token: str, now: Now, channels: Collection[str], links: Links | None = None) -> str | None:
    """The new session's token, once."""
    number = work.use_sign_in(token, now.machine)
    person = work.person(number) if number else None
    if person is None or elsewhere(person, links):
        return None
    return _begin(work, person, "link", now, channels)


def by_address(work: Work, address: str, now: Now, channels: Collection[str]) -> str | None:
    """Somebody of the desk, whose address its own sign-in has verified."""
    person = work.person_at(address.strip().lower())
    staff = person is not None and person.role in STAFF
    return _begin(work, person if staff else None, "oidc", now, channels)


def by_teams(work: Work, tenant: str, user: str, now: Now, channels: Collection[str]) -> str | None:
    """Whoever that user of that tenant is linked to; a name or an address in the token decides nothing."""
    return _begin(work, work.person_of("teams", [tenant], user), "teams", now, channels)


def as_cast(work: Work, user: str, now: Now, channels: Collection[str]) -> str | None:
    """In the playground alone, where everybody may be anybody."""
    return _begin(work, work.person_of("web", [""], user), "demo", now, channels)


def _begin(work: Work, person: Person | None, how: str, now: Now, channels: Collection[str]) -> str | None:
    if person is None or not _may_come(person):
        return None
    token = secrets.token_urlsafe(OCTETS)
    work.begin_session(token, person.id, how, now.machine, now.machine + LONGEST)
    _note(work, person.id, "sign in", how, now)
    _move_in(work, person, how, now.machine, channels)
    return token


def end(work: Work, token: str, person: int, now: Now) -> None:
    """In that browser."""
    work.end_session(token)
    _note(work, person, "sign out", "one browser", now)


def end_all(work: Work, person: int, now: Now) -> None:
    """Wherever they are signed in."""
    work.end_sessions(person)
    _note(work, person, "sign out", "everywhere", now)


def _note(work: Work, person: int, what: str, about: str, now: Now) -> None:
    work.audit(at=now.machine, person_id=person, what=what, about=about, outcome="done")


def _may_come(person: Person) -> bool:
    return person.left_at is None and person.erased_at is None


def _move_in(work: Work, person: Person, how: str, at: datetime, channels: Collection[str]) -> None:
    """Known in the portal from now on. What they are told goes on to where they are met; else by mail, else here."""
    user = work.user_in(PORTAL, person.id)
    if user is None:
        user = str(person.id)
        work.restore(PORTAL, "", user)
        work.link(PORTAL, "", user, person, how, at)
    if person.conversation_id is None:
        place = (MAIL, person.email) if MAIL in channels and person.email else (PORTAL, user)
        person.conversation_id = work.conversation(place[0], "", place[1]).id
        work.add(person)


def visitor(work: Work, token: str, now: Now, catalogues: Catalogues) -> Visitor | None:
    """Who is signed in there; None: nobody, any more."""
    found = work.session_of(token, now.machine, IDLE)
    user = work.user_in(PORTAL, found[1].id) if found else None
    if found is None or user is None:
        return None
    session, person = found
    company = work.account(person.account_id).name if person.account_id else ""
    zone = person.zone or zone_of(next(iter(catalogues.providers.values())))
    who = (person.id, user, person.name, company, person.role in STAFF, person.role in LEADS, person.guest)
    return Visitor(*who, person.language or ENGLISH, zone, session.how, session.seen_at)
