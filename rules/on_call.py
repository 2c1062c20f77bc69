"""Who is on call, in turn and by the local clock; and who hears what somebody absent would. Instants are aware."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Shift:
    person: int
    since: datetime
    until: datetime


@dataclass(frozen=True)
class Rota:
    """Each of ``people`` for ``days`` local days, handed over at that time of the zone's day."""

    name: str
    people: Sequence[int]
    begins: date
    """The day of the first handover, to the first of them."""
    handover: time
    zone: str
    days: int

    def shift(self, at: datetime) -> Shift | None:
        """None before the rota begins."""
        local = at.astimezone(ZoneInfo(self.zone)).date()
        # By instants, not by what clocks show: an hour that they repeat or skip hands nothing over twice or never.
        today = local if at >= self._handed_over(local) else local - timedelta(days=1)
        turns = (today - self.begins).days // self.days
        if turns < 0:
            return None
        first = self.begins + timedelta(days=turns * self.days)
        until = self._handed_over(first + timedelta(days=self.days))
        return Shift(self.people[turns % len(self.people)], self._handed_over(first), until)

    def _handed_over(self, day: date) -> datetime:
        return datetime.combine(day, self.handover, ZoneInfo(self.zone)).astimezone(UTC)


@dataclass(frozen=True)
class Away:
    """Somebody is absent from ``starts`` up to ``ends``."""

    person: int
    starts: datetime
    ends: datetime
    stand_in: int | None = None


def on_call(rotas: Iterable[Rota], at: datetime) -> list[Shift]:
    """One of each rota that has begun."""
    return [shift for rota in rotas if (shift := rota.shift(at))]


def present(person: int, away: Collection[Away], at: datetime) -> int | None:
    """They themselves, or whoever stands in, or stands in for that one; None: nobody does."""
    met = set[int]()
    while (absence := absent(person, away, at)) is not None:
        met.add(person)
        if absence.stand_in is None or absence.stand_in in met:
            return None
        person = absence.stand_in
    return person


def absent(person: int, away: Iterable[Away], at: datetime) -> Away | None:
    """The one that lasts longest, where several meet."""
    now = [each for each in away if each.person == person and each.starts <= at < each.ends]
    return max(now, key=lambda each: each.ends, default=None)


def circle(new: Away, away: Collection[Away]) -> list[int]:
    """Whoever would stand in for one another in a ring at some instant of ``new``; empty where nobody does."""
    edges = {new.starts, *(at for each in away for at in (each.starts, each.ends) if new.starts < at < new.ends)}
    for since, _ in pairwise([*sorted(edges), new.ends]):
        ring, person = [new.person], new.stand_in
        while person is not None and person not in ring:
            ring.append(person)
            absence = absent(person, away, since)
            person = absence.stand_in if absence else None
        if person == new.person:
            return ring
    return []
