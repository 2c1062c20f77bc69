"""A time that two sides agree on: how it is written down, and how it lies to the hours of a desk."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rules.business_time import LAST_YEAR, Calendar

OFFERED, AGREED, DECLINED, CALLED_OFF = "offered", "agreed", "declined", "called_off"
KEPT, MISSED, LATE = "kept", "missed", "late"
"""Of an agreed time: somebody was in contact around it; it passed without; and was made up for afterwards (R13)."""
EARLY = timedelta(minutes=30)
"""How long before an agreed time a contact counts as the one that was agreed."""
USUAL = timedelta(hours=1)
"""How long one is thought to take where no end was said."""
AROUND = timedelta(days=14)
"""How far before and after it the nearest time is looked for."""


@dataclass(frozen=True)
class Slot:
    """From ``at`` to ``ends``, both aware; written in UTC as ``at`` or ``at/ends``."""

    at: datetime
    ends: datetime | None = None

    @classmethod
    def read(cls, written: str) -> "Slot":
        """ValueError: it is none."""
        at, _, ends = written.partition("/")
        return cls(_instant(at), _instant(ends) if ends else None)

    def __str__(self) -> str:
        return "/".join(at.astimezone(UTC).isoformat() for at in (self.at, self.ends) if at is not None)

    def contact(self, state: str | None, at: datetime) -> str | None:
        """The state of an agreed time after the desk was in contact with the customer at that instant."""
        if state == MISSED:
            return LATE
        return KEPT if state == AGREED and at >= self.at - EARLY else state

    def within(self, hours: Calendar) -> bool:
        """Whether there is work at its beginning and, where its end was said, until then."""
        whole = hours.between(self.at, self.ends) == int(self._length.total_seconds()) if self.ends else True
        return whole and hours.is_open(self.at)

    def nearest(self, hours: Calendar, since: datetime) -> datetime | None:
        """The beginning nearest to its own, not before ``since``, from which on all of it is within hours."""
        starts = [
            min(max(self.at, opens), closes - self._length)
            for opens, closes in hours.spans(max(self.at - AROUND, since), max(self.at, since) + AROUND)
            if closes - opens >= self._length
        ]
        return min(starts, key=lambda start: abs(start - self.at), default=None)

    def reminder(self, before: Iterable[int], told: datetime) -> datetime | None:
        """The next one, so many minutes ``before`` it, after the ``told`` ones."""
        times = (self.at - timedelta(minutes=minutes) for minutes in before)
        return min((at for at in times if at > told), default=None)

    @property
    def _length(self) -> timedelta:
        return self.ends - self.at if self.ends else USUAL


def _instant(written: str) -> datetime:
    at = datetime.fromisoformat(written)
    if at.tzinfo is None or at.year >= LAST_YEAR:
        raise ValueError(f"{written} is no instant that a calendar can tell of.")
    return at
