"""From a mail's bytes to what somebody did, or to nothing: pure, and never at a loss."""

import logging
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from hashlib import sha256

from adapters.email.automatic import automatic
from adapters.email.body import Body, body
from adapters.email.bounces import bounce
from adapters.email.deep import by_parts
from adapters.email.headers import Mail, author, header, headers, moment, tamed
from adapters.email.ids import Ours, listed, ours
from adapters.email.quoted import fresh
from adapters.email.trust import vouched
from adapters.email.words import EMPTY, ENCRYPTED, UNREADABLE
from bot.incoming import Address, Incoming, Returned, User, Written

log = logging.getLogger(__name__)
CHANNEL = "email"
BEFORE = timedelta(days=2)  # a mail may have waited so long in its author's own machine
UNDER_WAY = timedelta(days=7)  # longer than any server tries
_NUMBERED = re.compile(r"\[#(\d{4,9})\]")
_REPLY = re.compile(r"^\s*((re|aw|sv|antw|rif|réf|res|отв|rép)(\[\d+\])?\s*:\s*|\[#\d{4,9}\]\s*)+", re.I)


@dataclass(frozen=True)
class House:
    """What must be known of our own side."""

    address: str
    authserv: str = ""
    """The name by which the operator's own mail system signs what it has checked; empty: it vouches for nobody."""

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


def read(raw: bytes, sender: str | None, now: datetime, house: House) -> Incoming | None:
    """None: no person wrote it to us. ``sender`` is the envelope's, None where it is not known."""
    try:
        try:
            return _heard(tamed(message_from_bytes(raw)), raw, sender, now, house)
        except RecursionError:
            return _heard(tamed(by_parts(raw)), raw, sender, now, house)
    except Exception as error:  # whatever people send: it is kept, and the desk looks at it where it lies
        log.warning("a mail that cannot be read: %s", type(error).__name__)
        return _unreadable(raw, now)


def _heard(mail: Mail, raw: bytes, sender: str | None, now: datetime, house: House) -> Incoming | None:
    came_back = bounce(mail, raw, sender, house.domain)
    at, own_id = _when(mail, now), next(iter(listed(header(mail, "Message-ID"))), "")
    if came_back is not None:
        told = Returned(came_back.id, came_back.key, came_back.reason)
        key = f"back {came_back.id} {_key(mail, raw, own_id, '')}"  # what is sent again may come back again
        return Incoming(key, User(""), Address(CHANNEL, "", ""), told, at)
    if why := automatic(mail, sender, house.address):
        log.info("a mail is left alone: %s", why)
        return None
    address, name, single = author(mail)
    proven = single and vouched(mail, address, house.authserv)
    before = listed(f"{header(mail, 'In-Reply-To')} {' '.join(reversed(listed(header(mail, 'References'))))}")
    answered, found = ours(" ".join(before), house.domain), body(mail)
    return Incoming(
        key=_key(mail, raw, own_id, address),
        by=User(address, name=name),
        here=Address(CHANNEL, "", address, _root(mail, before, own_id)),
        body=_written(mail, found, answered, proven, own_id, before),
        files=tuple(found.files),
        at=at,
        quotes=next((one.id for one in answered if one.key), ""),
        unbound=True,
    )


def _written(mail: Mail, found: Body, answered: list[Ours], proven: bool, own_id: str, before: list[str]) -> Written:
    subject = header(mail, "Subject")
    numbered = [int(number) for number in _NUMBERED.findall(subject)]
    text = fresh(found.text, subject, bool(answered or numbered))
    words = text or (ENCRYPTED if found.encrypted else "")
    numbers = [one.case for one in answered if one.case] + numbered + [int(n) for n in _NUMBERED.findall(text)]
    title = _REPLY.sub("", subject).strip()
    return Written(
        words or (EMPTY if not (title or found.files) else ""),
        title,
        tuple(dict.fromkeys(numbers))[:5],
        tuple(before)[:20],
        own_id,
        proven,
    )


def _root(mail: Mail, before: list[str], own_id: str) -> str:
    """The mail with which all that is said to each other began."""
    return next(iter(listed(header(mail, "References")) or before), own_id)


def _key(mail: Mail, raw: bytes, own_id: str, address: str) -> str:
    """Some programs give all their mails one Message-ID: the date and the author tell those apart."""
    if own_id:
        return f"email:{own_id} {address} {header(mail, 'Date')}"
    return f"email:{sha256(raw).hexdigest()}"


def _when(mail: Mail, now: datetime) -> datetime:
    """When it was written, as far as the servers on its way bear it out; else when it reached ours (R1)."""
    found = [moment(line.rpartition(";")[2]) for line in headers(mail, "Received")]
    passed = [at for at in found if at and now - UNDER_WAY <= at <= now]
    arrived, first = (passed[0], min(passed)) if passed else (now, now)
    written = moment(header(mail, "Date"))
    return written if written and first - BEFORE <= written <= now else arrived


def _unreadable(raw: bytes, now: datetime) -> Incoming:
    key = sha256(raw).hexdigest()
    return Incoming(f"email:{key}", User(""), Address(CHANNEL, "", ""), Written(UNREADABLE), now, unbound=True)
