"""What a desk did in a period: promises kept and broken, times to the first answer, endings, and what they are of.

Counted are the cases *received* in the period, by the verdict that fell when it fell (R14); endings, ratings, missed
appointments and questions by when they happened, the backlog at the period's end. What nobody has asked the desk for,
its own offers and what waits for a word of the customer's own side, is in none of it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from rules import sla
from rules.business_time import AROUND_THE_CLOCK, Calendar
from rules.lifecycle import Status
from rules.sla import State

Key = TypeVar("Key")
DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 2000, 2199
BY_DAY, BY_WEEK = 14, 190
"""Days up to which a period is drawn by the day, by the week."""
SATISFIED = 4
"""Of five stars: from there on a rating counts as satisfied."""


EVERYBODYS, LOOKED_AFTER = "a", "c"
"""Whose cases, where it is not one account's: all of them, or those that a concierge looks after."""


# Periods ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Period:
    """Whole days, the last one included, where the provider is."""

    first: date
    last: date
    zone: str

    @property
    def since(self) -> datetime:
        return _midnight(self.first, self.zone)

    @property
    def until(self) -> datetime:
        """Half open: midnight after the last day."""
        return _midnight(self.last + DAY, self.zone)

    @property
    def step(self) -> str:
        """By what it is drawn."""
        days = (self.last - self.first).days + 1
        return "day" if days <= BY_DAY else "week" if days <= BY_WEEK else "month"

    def bucket(self, at: datetime) -> date:
        """The first day of the step that ``at`` is in; never before the period's own."""
        day = at.astimezone(ZoneInfo(self.zone)).date()
        return max(self.first, _begins(day, self.step))

    def buckets(self) -> Iterator[date]:
        day = self.first
        while day <= self.last:
            yield day
            day = _next(_begins(day, self.step), self.step)


def period(words: str, now: datetime, zone: str) -> Period | None:
    """``this week``, ``last quarter``, ``2026``, ``2026-Q1``, ``Q1 2026``, ``2026-01``, ``2026-01-05``, or from one
    such day to another.

    None where it is none of these.
    """
    said = _QUARTER.sub(r"\2-q\1", " ".join(words.lower().split()))
    if named := _NAMED.fullmatch(said):
        today = now.astimezone(ZoneInfo(zone)).date()
        first = _begins(today, named["unit"])
        if named["which"] == "last":
            first = _begins(first - DAY, named["unit"])
        return Period(first, _next(first, named["unit"]) - DAY, zone)
    return _dated(said, zone)


def _dated(said: str, zone: str) -> Period | None:
    found = _DATES.fullmatch(said)
    if found is None:
        return None
    try:
        first = date(int(found["year"]), _month(found), int(found["day"] or 1))
        last = date.fromisoformat(found["last"]) if found["last"] else first if found["day"] else None
    except ValueError:
        return None
    unit = "month" if found["month"] else "quarter" if found["quarter"] else "year"
    last = last or _next(first, unit) - DAY
    return Period(first, last, zone) if first <= last and FIRST_YEAR <= first.year <= last.year <= LAST_YEAR else None


def _month(found: "re.Match[str]") -> int:
    return int(found["month"] or 1) if not found["quarter"] else 3 * int(found["quarter"]) - 2


NAMED = r"(?P<which>this|last) (?P<unit>week|month|quarter|year)"
DATES = (
    r"(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<day>\d\d)((?: to | ?\.\. ?| )(?P<last>\d{4}-\d\d-\d\d))?)?"
    r"|[- ]q(?P<quarter>[1-4]))?"
)
_QUARTER = re.compile(r"^q([1-4])[- ](\d{4})$")
_NAMED, _DATES = re.compile(NAMED), re.compile(DATES)


def _begins(day: date, unit: str) -> date:
    match unit:
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
        case "year":
            return day.replace(month=1, day=1)
    return day


def _next(first: date, unit: str) -> date:
    """The day after what began then."""
    days = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}[unit]
    return _begins(first + timedelta(days=days), unit)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


# One case ---------------------------------------------------------------------------------------------------------


class Cause(StrEnum):
    """How a promise came to be broken."""

    LATE = "late"
    UNANSWERED = "unanswered"
    """Past its time, and nobody has answered yet."""
    ENDED = "ended"
    """Past its time, and then withdrawn, merged or solved by the customer without an answer."""
    REPRIORITISED = "reprioritised"
    """Another priority made it so: reported apart (R7)."""
    PLAN_CHANGED = "plan_changed"
    """Another contract made it so: apart too."""


CHANGES: Mapping[str, Cause] = {
    sla.Breach.ON_REPRIORITISATION: Cause.REPRIORITISED,
    sla.ON_PLAN_CHANGE: Cause.PLAN_CHANGED,
}
"""By what the history calls the breach."""


class Received(NamedTuple):
    """One case that was received in the period, as it stands now."""

    number: int
    account: int
    plan: str | None
    at: datetime
    target: int | None
    due: datetime | None
    responded: datetime | None
    met: bool | None
    """The verdict as it fell (R14)."""
    over: datetime | None
    """When it ended, or its clock did: nobody waited for the first answer any more (R8, R9)."""
    changed: str | None
    """One of CHANGES, where that broke the promise."""


def verdict(case: Received, now: datetime) -> tuple[State, Cause | None]:
    if case.met is not None:
        return (State.MET, None) if case.met else (State.BREACHED, _cause(case))
    if case.due is None or case.target is None or case.responded is not None:
        return State.NO_TARGET, None
    if min(now, case.over or now) > case.due:
        return State.BREACHED, _cause(case)
    return (State.RUNNING if case.over is None else State.CANCELLED), None


class Judged(NamedTuple):
    state: State
    cause: Cause | None
    minutes: int | None
    """To the first answer, whole ones."""
    business: bool


def judge(case: Received, calendar: Calendar | None, now: datetime) -> Judged:
    """``calendar``: the provider's hours, None where it publishes none."""
    minutes = None
    if case.responded is not None:
        minutes = sla.elapsed(calendar or AROUND_THE_CLOCK, case.at, case.responded)
    return Judged(*verdict(case, now), minutes, calendar is not None)


def _cause(case: Received) -> Cause:
    if case.changed is not None:
        return CHANGES[case.changed]
    if case.responded is not None:
        return Cause.LATE
    return Cause.UNANSWERED if case.over is None else Cause.ENDED


# Sums -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Share:
    """Rounded down: all of them alone are 100 %."""

    part: int
    of: int

    @property
    def percent(self) -> int:
        return self.part * 100 // self.of


NEARLY_ALL = Share(9, 10)


@dataclass(frozen=True)
class Times:
    """Whole minutes, each with how often it came: ``business`` ones where the provider publishes its hours."""

    minutes: Mapping[int, int]
    business: bool

    @property
    def count(self) -> int:
        return sum(self.minutes.values())

    @property
    def median(self) -> int:
        """The middle one; between two the mean, in whole minutes, a half rounded up."""
        return (self._nth((self.count + 1) // 2) + self._nth(self.count // 2 + 1) + 1) // 2

    @property
    def slow(self) -> int:
        """By when nearly all were answered: the smallest one that at least 90 % do not exceed."""
        return self._nth(-(-self.count * NEARLY_ALL.part // NEARLY_ALL.of))

    def _nth(self, rank: int) -> int:
        for minutes in sorted(self.minutes):
            rank -= self.minutes[minutes]
            if rank <= 0:
                return minutes
        raise ValueError("nothing was answered")


@dataclass
class Tally:
    """Of one group of cases."""

    states: Counter[State] = field(default_factory=Counter)
    causes: Counter[Cause] = field(default_factory=Counter)
    business: Counter[int] = field(default_factory=Counter)
    """Minutes to the first answer, in business hours."""
    clock: Counter[int] = field(default_factory=Counter)
    """The same where no hours are published."""
    closed: Counter[Status] = field(default_factory=Counter)
    missed: int = 0
    """Agreed times that passed without a contact (R13)."""
    stars: Counter[int] = field(default_factory=Counter)
    backlog: int = 0
    helped: int = 0
    unsaid: int = 0
    """Questions to which an article was shown, and nobody said whether it helped."""
    asked: int = 0

    @property
    def received(self) -> int:
        return self.states.total()

    @property
    def broken(self) -> int:
        return self.states[State.BREACHED]

    @property
    def decided(self) -> int:
        """Promises of which it is known whether they were kept."""
        return self.states[State.MET] + self.broken

    @property
    def attainment(self) -> Share | None:
        return Share(self.states[State.MET], self.decided) if self.decided else None

    @property
    def times(self) -> tuple[Times, ...]:
        both = (Times(self.business, True), Times(self.clock, False))
        return tuple(each for each in both if each.count)

    @property
    def satisfied(self) -> Share | None:
        good = sum(many for stars, many in self.stars.items() if stars >= SATISFIED)
        return Share(good, self.stars.total()) if self.stars.total() else None

    @property
    def unanswered(self) -> int:
        """Questions that no article answered, as whoever asked has said, or there was none."""
        return self.asked - self.helped - self.unsaid

    @property
    def unconfirmed(self) -> int:
        return self.closed[Status.UNCONFIRMED]

    @property
    def closings(self) -> int:
        """Confirmed or not; what was withdrawn or merged is none."""
        return self.closed[Status.CLOSED] + self.unconfirmed

    @property
    def cases(self) -> bool:
        return bool(self.received or self.closed or self.backlog or self.missed)

    def __iadd__(self, other: "Tally") -> "Tally":
        for name in ("states", "causes", "business", "clock", "closed", "stars"):
            getattr(self, name).update(getattr(other, name))
        for name in ("missed", "backlog", "helped", "unsaid", "asked"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self

    def add(self, judged: "Judged") -> None:
        self.states[judged.state] += 1
        if judged.cause is not None:
            self.causes[judged.cause] += 1
        if judged.minutes is not None:
            (self.business if judged.business else self.clock)[judged.minutes] += 1


class Group(NamedTuple):
    account: int
    plan: str | None
    """``websan/success``: as it was at receipt (W36). None: none was found, or it is about no case."""

    @property
    def provider(self) -> str | None:
        return self.plan.partition("/")[0] if self.plan else None


@dataclass
class Report:
    period: Period
    now: datetime
    groups: dict[Group, Tally] = field(default_factory=dict)
    steps: dict[date, Tally] = field(default_factory=dict)
    """What was received, over time."""

    def of(self, account: int, plan: str | None) -> Tally:
        return self.groups.setdefault(Group(account, plan), Tally())

    def add(self, case: Received, calendar: Calendar | None) -> None:
        judged = judge(case, calendar, self.now)
        self.of(case.account, case.plan).add(judged)
        self.steps.setdefault(self.period.bucket(case.at), Tally()).add(judged)

    @property
    def total(self) -> Tally:
        return _sum(self.groups.values())

    def by_account(self) -> dict[int, Tally]:
        """Those with the most cases first, as in the next two."""
        return _ranked((group.account, tally) for group, tally in self.groups.items())

    def by_plan(self) -> dict[str | None, Tally]:
        """Of cases: a question is asked under no plan in particular."""
        return _ranked((group.plan, tally) for group, tally in self.groups.items() if tally.cases)

    def by_provider(self) -> dict[str | None, Tally]:
        return _ranked((group.provider, tally) for group, tally in self.groups.items() if tally.cases)


def _ranked(each: "Iterable[tuple[Key, Tally]]") -> "dict[Key, Tally]":
    sums: dict[Key, Tally] = {}
    for key, tally in each:
        sums.setdefault(key, Tally()).__iadd__(tally)
    return dict(sorted(sums.items(), key=lambda one: (-one[1].received, -one[1].backlog, str(one[0]))))


def _sum(tallies: Iterable[Tally]) -> Tally:
    total = Tally()
    for each in tallies:
        total += each
    return total
