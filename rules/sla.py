"""Promised times: when a response is due, when to warn before it, and how its clock ends (R1-R12, R15).

Every clock starts at `received`, the time of the customer's own message (R1), and counts business time of a calendar
(R6). Targets, shares of them and pauses are in business minutes; instants are aware datetimes, answers are in UTC.

`pauses` are (from, to) pairs in any order, for the next-response and resolution clocks alone: the first-response clock
never pauses (R5). A pause that still lasts ends now.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from rules.business_time import Calendar
from rules.ladder import Ladder

AFTER_HOURS = timedelta(minutes=5)  # what falls on closing time itself is still told then, and not the next morning

Pauses = Sequence[tuple[datetime, datetime]]

OFFER = "offer"
"""In the place of whose promise it is, on a case that the desk began with an offer of its own: none is promised."""


class State(StrEnum):
    """How a promised first answer stands."""

    RUNNING = "running"
    MET = "met"
    BREACHED = "breached"
    CANCELLED = "cancelled"
    """Merged away while still open: neither met nor breached (R9)."""
    NO_TARGET = "no_target"
    """Nothing was published, so nothing can be broken (R12)."""


class Breach(StrEnum):
    MISSED = "missed"
    ON_REPRIORITISATION = "on_reprioritisation"
    """The new target was already past when it was set: reported apart from the missed ones (R7)."""


ON_PLAN_CHANGE = "on_plan_change"
"""As the same kind is recorded where another contract, and no other priority, moved the target."""


@dataclass(frozen=True)
class Step:
    """One warning: its share of the target in percent, and how many rungs beyond 100 % it climbed (R10)."""

    share: int
    rung: int
    at: datetime

    @property
    def threshold(self) -> str:
        """50, 75, 100, 100+1, 100+2 ...: with case, clock and cycle, what lets a step fire only once."""
        return f"{self.share}+{self.rung}" if self.rung else str(self.share)


@dataclass(frozen=True)
class Recomputed:
    due: datetime
    breached: bool
    breach_kind: Breach | None


@dataclass(frozen=True)
class Stretch:
    """Part of the way to a due time: a window, the seconds of the target it uses up and those that then remain."""

    start: datetime
    end: datetime
    used: int
    remaining: int


def due(calendar: Calendar, received: datetime, minutes: int, pauses: Pauses = ()) -> datetime:
    """When `minutes` of business time have passed; a target that ends with a window is due at its end (R6)."""
    return _after(calendar, received, minutes * 60, pauses)


def explain(calendar: Calendar, received: datetime, minutes: int) -> list[Stretch]:
    """Why it is due then: each window on the way, up to the due time (R15)."""
    stretches, left = [], minutes * 60
    for start, end in calendar.spans(received, due(calendar, received, minutes)):
        remaining = minutes * 60 - calendar.between(received, end)
        stretches.append(Stretch(start, end, left - remaining, remaining))
        left = remaining
    return stretches


def elapsed(calendar: Calendar, since: datetime, until: datetime, pauses: Pauses = ()) -> int:
    """Whole business minutes without the pauses: how long a resolution took, measured and never promised (R4, R5)."""
    return _used(calendar, since, until, pauses) // 60


def share_used(calendar: Calendar, received: datetime, minutes: int, now: datetime, pauses: Pauses = ()) -> int:
    """Percent of the target used, rounded down; more than 100 once it is past."""
    return _used(calendar, received, now, pauses) * 100 // (minutes * 60)


def warnings(
    ladder: Ladder, calendar: Calendar, received: datetime, minutes: int, pauses: Pauses = ()
) -> dict[int, datetime]:
    """When each share of the target is used of which somebody hears (R10)."""
    return {share: _after(calendar, received, minutes * 60 * share // 100, pauses) for share in ladder.shares}


def reached(
    ladder: Ladder,
    calendar: Calendar,
    received: datetime,
    minutes: int,
    now: datetime,
    acknowledged: datetime | None = None,
    pauses: Pauses = (),
) -> Step | None:
    """The highest step passed by now: after downtime the lower ones are not sent (R10).

    While the last acknowledgement holds, the highest one passed when it was given (R11).
    """
    if acknowledged is not None and acknowledged <= now < lapses(ladder, calendar, acknowledged):
        now = acknowledged
    passed = _passed(ladder, calendar, received, minutes, now, pauses)
    return _step(ladder, calendar, received, minutes, passed, pauses) if passed else None


def next_alarm(
    ladder: Ladder,
    calendar: Calendar,
    received: datetime,
    minutes: int,
    now: datetime,
    acknowledged: datetime | None = None,
    pauses: Pauses = (),
) -> Step:
    """The step to come after now. One that an acknowledgement holds back comes when that lapses (R11)."""
    if acknowledged is None or not acknowledged <= now < (lapse := lapses(ladder, calendar, acknowledged)):
        passed = _passed(ladder, calendar, received, minutes, now, pauses)
        return _step(ladder, calendar, received, minutes, passed + 1, pauses)
    held = _passed(ladder, calendar, received, minutes, acknowledged, pauses) + 1
    by_then = _passed(ladder, calendar, received, minutes, lapse, pauses)
    step = _step(ladder, calendar, received, minutes, max(held, by_then), pauses)
    return replace(step, at=max(step.at, lapse))


def lapses(ladder: Ladder, calendar: Calendar, acknowledged: datetime) -> datetime:
    """When an acknowledgement without a human reply no longer stops the ladder (R11)."""
    return calendar.add(acknowledged, ladder.acknowledged_minutes * 60)


def quiet(calendar: Calendar, now: datetime) -> bool:
    """Whether the hours are over, so that nobody is pinged who did not ask for it (R10)."""
    return not calendar.is_open(now) and now - calendar.roll_back(now) > AFTER_HOURS


def recompute(
    calendar: Calendar,
    received: datetime,
    old_minutes: int,
    new_minutes: int,
    changed: datetime,
    was_breached: bool | None = None,
) -> Recomputed:
    """The due time of an open clock after its target changed; what had elapsed still counts (R7).

    `was_breached` is what the history says; without it, whether the old target was past. A breach is never erased.
    """
    limit = due(calendar, received, new_minutes)
    if was_breached is None:
        was_breached = due(calendar, received, old_minutes) < changed
    if was_breached:
        return Recomputed(limit, True, Breach.MISSED)
    past = limit < changed
    return Recomputed(limit, past, Breach.ON_REPRIORITISATION if past else None)


def in_force(at_receipt: int | None, later: int | None) -> int | None:
    """The target of an open case after its contract changed: the one at receipt, unless the later is shorter (R7).

    None is no published target: a case received without one gets none, and no promise is ever taken back.
    """
    return at_receipt if at_receipt is None or later is None else min(at_receipt, later)


def survivor(received: Mapping[int, datetime]) -> int:
    """Which of the merged cases (number -> received) lives on: the one received first (R9)."""
    return min(received, key=lambda number: (received[number], number))


def _after(calendar: Calendar, received: datetime, seconds: int, pauses: Pauses) -> datetime:
    at = calendar.add(received, seconds)
    for start, end in _disjoint(pauses, received):
        # A pause without business time must not push a due time over the night.
        if start < at and (lost := calendar.between(start, end)):
            at = calendar.add(at, lost)
    return at


def _used(calendar: Calendar, received: datetime, now: datetime, pauses: Pauses) -> int:
    """Seconds of business time from `received` to `now` without the pauses; 0 for a `now` before it."""
    paused = 0
    for start, end in _disjoint(pauses, received):
        if start < now < end:
            now = start
        elif end <= now:
            paused += calendar.between(start, end)
    return max(calendar.between(received, now) - paused, 0)


def _disjoint(pauses: Pauses, received: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The pauses in order, without what overlaps an earlier one or comes before `received`."""
    covered = received
    for start, end in sorted(pauses):
        if end > covered:
            yield max(start, covered), end
            covered = end


def _passed(ladder: Ladder, calendar: Calendar, received: datetime, minutes: int, at: datetime, pauses: Pauses) -> int:
    """How many steps have been reached by `at`."""
    if at < received:
        return 0
    over = _used(calendar, received, at, pauses) - minutes * 60
    if over >= 0:
        return len(ladder.shares) + over // (ladder.climb_minutes * 60)
    return sum(minutes * 60 * share // 100 <= over + minutes * 60 for share in ladder.shares)


def _step(ladder: Ladder, calendar: Calendar, received: datetime, minutes: int, number: int, pauses: Pauses) -> Step:
    """The first, second ... step: the shares of the target, then one rung after the other."""
    shares = ladder.shares
    share, rung = (shares[number - 1], 0) if number <= len(shares) else (100, number - len(shares))
    beyond = rung * ladder.climb_minutes * 60
    return Step(share, rung, _after(calendar, received, minutes * 60 * share // 100 + beyond, pauses))
