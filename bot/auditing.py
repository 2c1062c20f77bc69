"""Finds every live case whose next step of the ladder is late, or whose last ones reached nobody."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.desk import escalation
from bot.desk.proof import step_of
from rules import sla
from rules.business_time import Calendar
from rules.catalogue import Catalogues
from store.tables import Case
from store.warnings import Ping
from store.work import Work

PAGE = 500  # numbers of cases looked at in one unit


@dataclass(frozen=True)
class Late:
    case: int
    step: str
    late: timedelta | None
    """None: it was recorded, and reached nobody."""
    why: str

    def __str__(self) -> str:
        since = f"late by {_spelt(self.late)}" if self.late is not None else "recorded"
        return f"#{self.case}: {self.step}: {since}: {self.why}"


def page(work: Work, after: int, now: datetime, tolerance: timedelta, catalogues: Catalogues) -> tuple[int, list[Late]]:
    """Of the cases with the PAGE numbers that come ``after``: how many live, and what is late."""
    cases = work.live_between(after, after + PAGE)
    warned = [case.id for case in cases if case.warned_at is not None]
    pings = _by_case(work.pings(warned)) if warned else {}
    recorded = work.warned(warned)
    found = list[Late]()
    for case in cases:
        found += _next(case, now, tolerance, catalogues)
        found += _told(case.id, recorded.get(case.id, []), pings.get(case.id, []))
    return len(cases), found


def _next(case: Case, now: datetime, tolerance: timedelta, catalogues: Catalogues) -> Iterator[Late]:
    try:
        due = escalation.alarm(catalogues, case)
        calendar = escalation.terms(catalogues, case)[0].calendar()
        step = escalation.upcoming(catalogues, case)
    except Exception as error:  # one case that cannot be read must not hide all others
        yield Late(case.id, "its next step", None, f"cannot be computed: {error!r}")
        return
    kept = case.next_alarm_at
    asleep = calendar is not None and sla.quiet(calendar, now) and now < _woken(case, calendar, now, catalogues) == kept
    if due is None or asleep:
        return
    if kept is None:
        yield Late(case.id, step, max(now - due, timedelta(0)), f"no alarm is set, though one is due {_at(due)}")
    elif kept > due:
        yield Late(case.id, step, max(now - due, timedelta(0)), f"its alarm is set to {_at(kept)}, due {_at(due)}")
    elif now - kept > tolerance:
        yield Late(case.id, step, now - due, f"due {_at(due)}, and nobody made the round")


def _woken(case: Case, calendar: Calendar, now: datetime, catalogues: Catalogues) -> datetime:
    return escalation.asleep_until(catalogues, case, calendar.roll_forward(now))


def _told(case: int, recorded: Sequence[str], pings: Sequence[Ping]) -> Iterator[Late]:
    """Each step that the history records has a message, and one of them was not given up."""
    groups: dict[tuple[str, str], list[Ping]] = {}
    for ping in pings:
        if ping.instead_of is None and ping.key is not None:
            groups.setdefault((ping.key.split(" ")[1], step_of(ping.key)[1]), []).append(ping)
    owed = Counter(step for _, step in groups)
    for step, missing in (Counter(recorded) - owed).items():
        yield Late(case, step, None, f"{missing} of its warnings have no message")
    carried = [ping for ping in pings if ping.instead_of is not None]
    for (_, step), group in groups.items():
        if all(ping.dead is not None for ping in (*group, *_after(group, carried))):
            yield Late(case, step or "critical", None, f"nobody was reached: {group[-1].dead}")


def _after(group: Sequence[Ping], carried: Sequence[Ping]) -> list[Ping]:
    """What carries the group's words on, wherever to."""
    ids, found = {ping.id for ping in group}, list[Ping]()
    for ping in carried:  # in the order of their numbers, so what is carried on comes before what carries it
        if ping.instead_of in ids:
            ids.add(ping.id)
            found.append(ping)
    return found


def _by_case(pings: Sequence[Ping]) -> dict[int, list[Ping]]:
    found: dict[int, list[Ping]] = {}
    for ping in pings:
        found.setdefault(ping.case, []).append(ping)
    return found


def _at(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _spelt(late: timedelta) -> str:
    return str(timedelta(seconds=int(late.total_seconds())))
