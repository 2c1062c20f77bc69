"""An agreed time as a calendar's file (RFC 5545), and the signed link under which it can be fetched without a login.

PUBLISH, not REQUEST: a request makes calendars answer by mail, and those answers would open cases.
"""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from rules.appointments import USUAL, Slot

if TYPE_CHECKING:
    from store.tables import Case

MEDIA = "text/calendar"
LIVES = timedelta(days=30)
"""How long after the agreed time its link leads anywhere."""
OCTETS = 75
_PURPOSE = b"an appointment's link"


@dataclass(frozen=True)
class Invitation:
    """One agreed time, or that it was called off. Nothing of people is in it but what ``summary`` names."""

    uid: str
    slot: Slot
    summary: str
    organizer: tuple[str, str] | None
    """Name and mail address of the provider, as it publishes them."""
    at: datetime
    """When this was written."""
    cancelled: bool = False

    def file(self) -> str:
        return "".join(f"{folded}\r\n" for line in self._lines() for folded in _folded(line))

    def _lines(self) -> Iterator[str]:
        slot = self.slot
        yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Support Hub//Appointments//EN", "CALSCALE:GREGORIAN")
        yield f"METHOD:{'CANCEL' if self.cancelled else 'PUBLISH'}"
        yield from ("BEGIN:VEVENT", f"UID:{self.uid}", f"SEQUENCE:{int(self.cancelled)}", f"DTSTAMP:{_utc(self.at)}")
        yield from (f"DTSTART:{_utc(slot.at)}", f"DTEND:{_utc(slot.ends or slot.at + USUAL)}")
        yield f"SUMMARY:{_escaped(self.summary)}"
        if self.organizer:
            name, address = self.organizer
            yield f'ORGANIZER;CN="{_parameter(name)}":mailto:{address}'
        yield f"STATUS:{'CANCELLED' if self.cancelled else 'CONFIRMED'}"
        yield from ("TRANSP:OPAQUE", "END:VEVENT", "END:VCALENDAR")


def uid(case: "Case", slot: int) -> str:
    """The same for everybody and for good; no two desks have a case of that number received at that instant."""
    return f"{case.id}-{slot}-{int(case.received_at.timestamp() * 10**6):x}@appointments.supporthub"


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    """RFC 5545, 3.3.11. Of line ends one kind is left, of control characters none."""
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return "\\n".join("".join(sign for sign in line if sign.isprintable()) for line in text.splitlines())


def _parameter(text: str) -> str:
    """Inside quotation marks, which it cannot hold itself (3.2)."""
    return "".join(sign for sign in text if sign.isprintable() and sign != '"')


def _folded(line: str) -> Iterator[str]:
    """Lines of at most so many octets, never through a character; what goes on begins with a space (3.1)."""
    held = ""
    for sign in line:
        if len(f"{held}{sign}".encode()) > OCTETS:
            yield held
            held = " "
        held += sign
    yield held


@dataclass(frozen=True)
class Links:
    """Makes and reads them; ``origin`` is where browsers reach this server."""

    origin: str
    key: bytes = field(repr=False)
    desk_elsewhere: bool = False
    """Whether the desk's people have a sign-in of their own, and get no link into the portal."""

    def to(self, case: int, slot: int, at: datetime) -> str:
        named = f"{case}-{slot}-{int((at + LIVES).timestamp())}"
        return f"{self.origin}/appointments/{named}-{self._signature(named)}.ics"

    def read(self, token: str, now: datetime) -> tuple[int, int, datetime] | None:
        """The case, which of its times, and when that is; None for anything that was not made here, or is over."""
        named, _, signature = token.rpartition("-")
        if not hmac.compare_digest(signature.encode(), self._signature(named).encode()):
            return None
        case, slot, until = (int(each) for each in named.split("-"))
        at = datetime.fromtimestamp(until, UTC) - LIVES
        return (case, slot, at) if now < at + LIVES else None

    def _signature(self, named: str) -> str:
        """With a purpose of its own, so that nothing else signed with the key passes for it."""
        key = hmac.digest(self.key, _PURPOSE, sha256)
        return hmac.digest(key, named.encode(), sha256).hex()[:40]
