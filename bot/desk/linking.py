"""Which channel's user is whom: by a one-time code, or as an administrator approves what a tenant's roster tells."""

import re
import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot import spoken, text
from bot.desk.arranging import person_named
from bot.incoming import Address, Incoming, Pressed, Said, User
from bot.turn import Turn
from rules.lifecycle import Verb, permit
from rules.people import STAFF, Role
from rules.refusals import (
    LinkedAlready,
    Misunderstood,
    NobodyLikeThat,
    NoProposal,
    NotBound,
    NotForYou,
    TooManyTries,
    WrongCode,
)
from store.links import UNVERIFIED, fingerprint
from store.tables import LinkedIdentity, LinkProposal, Person
from store.work import Work

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is taken for another
GROUPS, EACH = 4, 4  # 78 bits: nobody guesses it within its life
LIVES = timedelta(hours=24)
TRIES = 5  # of one channel's user within an hour of the clock, right ones included
ALL = "all"
_CODE = re.compile(r"[0-9a-z]{4}(-?[0-9a-z]{4}){3}", re.I)
_LINE = re.compile(r"(?P<mark>/case\s+|/support\s+|[/!])?\s*link\s+(?P<code>\S.{0,60})", re.I)


@dataclass(frozen=True)
class Code:
    """Shown once: only what it is recognised by is kept."""

    words: str
    person: Person
    until: datetime
    """Machine time."""

    @property
    def hash(self) -> str:
        """What is kept of it."""
        return fingerprint(_bare(self.words))


@dataclass(frozen=True)
class Listed:
    """Somebody in a tenant's roster; ``email`` in small letters."""

    user: str
    name: str
    email: str


@dataclass(frozen=True)
class Proposal:
    row: LinkProposal
    person: Person


# Codes ------------------------------------------------------------------------------------------------------------


def invite(turn: Turn, who: str) -> Code:
    """For somebody who is then known in one more channel."""
    permit(turn.actor, Verb.INVITE)
    person = person_named(turn, who, [one for one in turn.work.everybody() if not one.guest])
    if person.role is Role.ADMIN and turn.actor.role is not Role.ADMIN:
        raise NotForYou(verb=Verb.INVITE)  # else a lead could become one
    return make_code(turn.work, person, turn.actor.id, turn.time.machine)


def make_code(work: Work, person: Person, by: int | None, now: datetime) -> Code:
    """Whoever sends it is this person; any older code of theirs is void. ``by`` None: on the command line."""
    if person.guest or person.left_at is not None or person.erased_at is not None:
        raise NobodyLikeThat(who=person.name, several="")
    words = "-".join("".join(secrets.choice(LETTERS) for _ in range(EACH)) for _ in range(GROUPS))
    work.new_code(_bare(words), person.id, by, now, now + LIVES)
    work.audit(at=now, person_id=by, what="link code", about=_named(person), outcome="done")
    return Code(words, person, now + LIVES)


def code_in(incoming: Incoming) -> str | None:
    """What is sent as one: after a mark anything, else only what looks like one."""
    match incoming.body:
        case Said(text) if incoming.addressed:
            words = text
        case Pressed(line):
            words = f"/{line}"
        case _:
            return None
    found = _LINE.fullmatch(spoken.line(words.strip()))
    given = found["code"].strip() if found else ""
    return given if given and ((found and found["mark"]) or _CODE.fullmatch(given)) else None


def redeem(work: Work, here: Address, by: User, code: str, now: datetime) -> Person:
    """The person whom the channel's user is from now on. Raises TooManyTries, or WrongCode for whatever reason."""
    homes = by.homes or (here.tenant,)
    home = next((each for each in homes if work.identity(here.channel, each, by.id)), homes[0])
    who = f"{here.channel} {home} {by.id}"
    if not any(work.first_time(f"link try {now:%Y%m%d%H} {n} {who}", now) for n in range(TRIES)):
        _refused(work, now, who)
        raise TooManyTries()
    row = work.code(_bare(code), now)
    person = work.person(row.person_id) if row else None
    if row is None or person is None or not _may_be(work, person, here, by):
        _refused(work, now, who)
        raise WrongCode()
    row.used_at = now
    work.add(row)
    attach(work, here.channel, home, by.id, person, "code", now, by=person.id)
    return person


def _may_be(work: Work, person: Person, here: Address, by: User) -> bool:
    """An outsider is never staff, nor is anybody of a customer's tenant; nor does a tenant speak for two companies."""
    if person.left_at is not None or person.erased_at is not None:
        return False
    homes = by.homes or (here.tenant,)
    bound, met = work.account_of(here.channel, homes), work.person_of(here.channel, homes, by.id)
    if met is not None and not (met.guest and _theirs(work, met, person)):
        return False
    if person.role in STAFF:
        return not by.outsider and bound is None
    return bound in (None, person.account_id)


def was_met(work: Work, there: LinkedIdentity, person: Person) -> bool:
    """Whether it is a guest's, who may have been this person."""
    met = work.person(there.person_id)
    return met.guest and _theirs(work, met, person)


def _theirs(work: Work, met: Person, person: Person) -> bool:
    """Whether the guest that they were met as may have been this person: of one company, or of nobody's yet."""
    if met.account_id == person.account_id:
        return True
    unknown = met.account_id is not None and work.account(met.account_id).slug.startswith(UNVERIFIED)
    return unknown and person.account_id is not None


def _refused(work: Work, now: datetime, who: str) -> None:
    """Noted once an hour of each: whoever goes on guessing fills no table."""
    if not work.first_time(f"link refused {now:%Y%m%d%H} {who}", now):
        return
    work.audit(at=now, person_id=None, what="link", about=who[:200], outcome="refused")


def _bare(code: str) -> str:
    return re.sub(r"[\s-]", "", code).upper()


# Identities -------------------------------------------------------------------------------------------------------


def attach(
    work: Work, channel: str, tenant: str, user: str, person: Person, how: str, now: datetime, by: int | None
) -> None:
    """From now on the channel's user is this person, with the cases that they opened there as a guest."""
    there = work.identity(channel, tenant, user)
    met = work.person(there.person_id) if there else None
    if there is not None and met is not None:
        if not met.guest:
            raise LinkedAlready(who=met.name)
        work.drop(there)
        adopt(work, met, person, now)
    work.restore(channel, tenant, user)
    work.link(channel, tenant, user, person, how, now)
    about = f"{channel}:{tenant}/{user} is {_named(person)}, by {how}"
    work.audit(at=now, person_id=by, what="link", about=about[:200], outcome="done")


def adopt(work: Work, met: Person, person: Person, now: datetime) -> None:
    """Only the guest is gone: in the history stands what they were called then."""
    work.forget_drafts(met.id)
    for number in work.adopt(met.id, person):
        work.refresh_cards(number, now)
    met.left_at, met.conversation_id, met.became = now, None, person.id
    work.add(met)


def detach(work: Work, name: str, now: datetime, by: int | None) -> Person:
    """``slack:T0NORTH/U0ANN`` is nobody from now on. Raises NobodyLikeThat for what is linked to nobody."""
    channel, _, rest = name.partition(":")
    tenant, _, user = rest.rpartition("/")
    there = work.identity(channel, tenant, user)
    if there is None:
        raise NobodyLikeThat(who=name, several="")
    person = work.person(there.person_id)
    work.revoke(there, now)
    _move_out(work, person, channel, tenant, user, now)
    work.audit(at=now, person_id=by, what="unlink", about=f"{name} was {_named(person)}"[:200], outcome="done")
    return person


def _move_out(work: Work, person: Person, channel: str, tenant: str, user: str, now: datetime) -> None:
    """That room is theirs no more: they are written to where else they are known."""
    room = work.known_conversation(channel, tenant, user)
    if room is None:
        return
    others = work.identities(person.id)
    next_ = work.conversation(others[0].channel, others[0].tenant, others[0].user).id if others else None
    if person.conversation_id == room.id:
        person.conversation_id = next_
        work.add(person)
    work.rehome(person.id, [room.id], next_ or work.conversation("email", "", person.email or "").id)
    work.empty(room.id, now)


# Proposals --------------------------------------------------------------------------------------------------------


def propose(work: Work, channel: str, tenant: str, roster: Iterable[Listed], now: datetime) -> Sequence[Proposal]:
    """Who of a tenant has the address of somebody of its account, or of the desk in the desk's own; all that wait.

    Raises NotBound. Nobody is linked by it.
    """
    wanted = {person.email: person for person in candidates(work, channel, tenant) if person.email}
    before = {row.user: row for row in work.proposals_of(channel, tenant)}
    everybody = list(roster)
    many = Counter(one.email for one in everybody)  # an address of two users does not say who of them it is
    listed = {one.user: one for one in everybody if one.email in wanted and many[one.email] == 1}
    for row in before.values():
        if row.decided_at is None and row.user not in listed:
            work.drop(row)  # they are there no more
    for one in listed.values():
        if not _linked(work, channel, tenant, one.user):
            _proposed(work, before.get(one.user), channel, tenant, one, wanted[one.email], now)
    work.audit(at=now, person_id=None, what="link propose", about=f"{channel}:{tenant}", outcome="done")
    return waiting(work)


def _proposed(
    work: Work, row: LinkProposal | None, channel: str, tenant: str, one: Listed, person: Person, now: datetime
) -> None:
    if row is not None and row.person_id == person.id and row.approved is False:
        return  # it was said that they are not the same
    if row is not None and (row.person_id, row.decided_at) == (person.id, None):
        return
    if row is not None:
        work.drop(row)
    work.add(LinkProposal(channel=channel, tenant=tenant, user=one.user, name=one.name, person_id=person.id, at=now))


def candidates(work: Work, channel: str, tenant: str) -> Sequence[Person]:
    account = work.account_of(channel, [tenant])
    if account is not None:
        return work.contacts(account)
    if (channel, tenant) not in work.desk_homes():
        raise NotBound(channel=channel, tenant=tenant)
    return work.staff()


def _linked(work: Work, channel: str, tenant: str, user: str) -> bool:
    there = work.identity(channel, tenant, user)
    return there is not None and not work.person(there.person_id).guest


def waiting(work: Work) -> Sequence[Proposal]:
    return [Proposal(row, work.person(row.person_id)) for row in work.proposals()]


def read_proposals(turn: Turn, words: str) -> tuple[str, list[str]]:
    """``approve 3 4`` and ``reject 3``; nothing where they are only to be shown."""
    permit(turn.actor, Verb.LINKS)
    if not words.strip():
        return "", []
    what, *names = words.lower().replace(",", " ").split()
    if what not in ("approve", "reject") or not names:
        raise Misunderstood(usage="links approve all | 3 4")
    return what, names


def decide(work: Work, names: Sequence[str], approved: bool, now: datetime, by: Person | None) -> list[Proposal]:
    """All of them or none; ``all`` is those that wait. Raises NoProposal, or LinkedAlready."""
    chosen = [str(row.id) for row in work.proposals()] if list(names) == [ALL] else list(dict.fromkeys(names))
    decided = [_decided(work, name, approved, now, by) for name in chosen]
    if not decided:
        raise NoProposal(name=" ".join(names))
    return decided


def tell_of(turn: Turn, done: Iterable[Proposal]) -> None:
    """Each hears it where they were met before."""
    for each in done:
        turn.tell(each.person, partial(text.linked_by_roster, each.row.channel))


def _decided(work: Work, name: str, approved: bool, now: datetime, by: Person | None) -> Proposal:
    row = work.proposal(int(name)) if name.isascii() and name.isdigit() and len(name) < 19 else None
    person = work.person(row.person_id) if row else None
    if row is None or person is None or person not in candidates(work, row.channel, row.tenant):
        raise NoProposal(name=name)
    if person.role is Role.ADMIN and by is not None and by.role is not Role.ADMIN:
        raise NotForYou(verb=Verb.LINKS)
    row.approved, row.decided_at, row.decided_by = approved, now, by.id if by else None
    work.add(row)
    number = by.id if by else None
    if approved:
        attach(work, row.channel, row.tenant, row.user, person, "roster", now, by=number)
    else:
        about = f"{row.channel}:{row.tenant}/{row.user} is not {_named(person)}"
        work.audit(at=now, person_id=number, what="link", about=about[:200], outcome="rejected")
    return Proposal(row, person)


def _named(person: Person) -> str:
    return person.email or person.name
