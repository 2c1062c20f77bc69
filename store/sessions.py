"""The part of a unit of work that lets people into the portal: one-time links, and browsers that are signed in."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session as Connection
from sqlmodel import col, delete, func, select, update

from store.links import fingerprint
from store.tables import LinkCode, LinkedIdentity, Person, RoomEntry, Session, SignIn

SEEN_EVERY = timedelta(minutes=5)
"""How exactly it is known when somebody was last there."""


class Sessions:
    _session: Connection

    def new_sign_in(self, token: str, person: int, at: datetime, until: datetime, mailed: str = "") -> None:
        """``mailed``: to which address it goes; it lets nobody in who has another by then."""
        there = fingerprint(mailed) if mailed else None
        self._session.add(SignIn(hash=fingerprint(token), person_id=person, at=at, expires_at=until, mailed=there))
        self._session.flush()

    def open_sign_ins(self, person: int, now: datetime) -> int:
        """How many links of theirs are still good."""
        mine = (SignIn.person_id == person, SignIn.expires_at > now, col(SignIn.used_at).is_(None))
        return self._session.exec(select(func.count()).select_from(SignIn).where(*mine)).one()

    def use_sign_in(self, token: str, now: datetime) -> int | None:
        """Whose it is, the first time; who come second, at the same moment too, get nobody; nor does whoever has a
        mailbox that is theirs no more."""
        fresh = (col(SignIn.hash) == fingerprint(token), col(SignIn.expires_at) > now, col(SignIn.used_at).is_(None))
        if not self._session.exec(update(SignIn).where(*fresh).values(used_at=now)).rowcount:
            return None
        row = self._session.get_one(SignIn, fingerprint(token))
        person = self._session.get_one(Person, row.person_id)
        return person.id if row.mailed in (None, fingerprint(person.email or "")) else None

    def end_way_in(self, hash_: str) -> None:
        """A link or a code, by its fingerprint."""
        for kind in (SignIn, LinkCode):
            self._session.exec(delete(kind).where(col(kind.hash) == hash_))

    def begin_session(self, token: str, person: int, how: str, at: datetime, until: datetime) -> None:
        row = Session(hash=fingerprint(token), person_id=person, how=how, at=at, seen_at=at, expires_at=until)
        self._session.add(row)
        self._session.flush()

    def session_of(self, token: str, now: datetime, idle: timedelta) -> tuple[Session, Person] | None:
        """Of somebody who is still here, and whom nobody has unlinked."""
        found = select(Session, Person).join(Person, col(Person.id) == Session.person_id)
        good = (col(Session.expires_at) > now, col(Session.seen_at) > now - idle)
        here = (col(Person.left_at).is_(None), col(Person.erased_at).is_(None))
        return self._session.exec(found.where(Session.hash == fingerprint(token), *good, *here)).first()

    def seen_in(self, token: str, now: datetime) -> None:
        mine = (col(Session.hash) == fingerprint(token), col(Session.seen_at) <= now - SEEN_EVERY)
        self._session.exec(update(Session).where(*mine).values(seen_at=now))

    def end_session(self, token: str) -> None:
        self._session.exec(delete(Session).where(col(Session.hash) == fingerprint(token)))

    def end_sessions(self, person: int) -> None:
        """Wherever they are signed in, and whatever link they still have."""
        for kind in (Session, SignIn):
            self._session.exec(delete(kind).where(col(kind.person_id) == person))

    def sessions_of(self, person: int, now: datetime, idle: timedelta) -> list[Session]:
        mine = (Session.person_id == person, col(Session.expires_at) > now, col(Session.seen_at) > now - idle)
        return list(self._session.exec(select(Session).where(*mine).order_by(col(Session.seen_at).desc())))

    def forget_sessions(self, now: datetime) -> None:
        """Those that are over."""
        for kind in (Session, SignIn):
            self._session.exec(delete(kind).where(col(kind.expires_at) <= now))

    def user_in(self, channel: str, person: int) -> str | None:
        """What that channel calls them."""
        mine = select(LinkedIdentity.user).where(LinkedIdentity.channel == channel, LinkedIdentity.person_id == person)
        return self._session.exec(mine.limit(1)).first()

    def entries_of(self, room: str, since: int, limit: int) -> Sequence[RoomEntry]:
        """What changed there after that revision, by place; of very many the latest."""
        found = select(RoomEntry).where(RoomEntry.room == room, RoomEntry.revision > since)
        latest: Any = self._session.exec(found.order_by(col(RoomEntry.id).desc()).limit(limit))
        return list(reversed(list(latest)))
