"""Due times and business time, step by step."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from app.explain.house import House, of_desk, of_week
from app.explain.question import Answer, Days, Instant, Minutes, Question, Text, Zone, instant
from rules import sla
from rules.business_time import Calendar
from rules.catalogue import Provider, Target

NOT_PUBLISHED = "not published"


class Due(Question):
    """`timezone` and `holidays` are the desk's: its hours are counted there, and without those days."""

    plan: Text
    received: Instant
    timezone: Zone | None = None
    holidays: Days | None = None
    priority: Text | None = None

    def answer(self, house: House) -> Answer:
        plan = house.plan(self.plan)
        target = plan.target(self.priority)
        desk = of_desk(plan.provider.hours, self.timezone, self.holidays)
        if target is None or desk is None or plan.provider.hours is None:
            return {"target": NOT_PUBLISHED}
        due = sla.due(desk, self.received, target.minutes)
        warnings = sla.warnings(plan.ladder(self.priority), desk, self.received, target.minutes)
        return {
            "due": instant(due),
            "local": due.astimezone(ZoneInfo(desk.zone)).isoformat(),
            "target_minutes": target.minutes,
            "clauses": [*target.clauses, *plan.provider.hours.clauses],
            "why": [*self._rests_on(plan.provider, target, desk), *_steps(desk, self.received, target.minutes)],
            "warnings": {str(share): instant(at) for share, at in warnings.items()},
        }

    def _rests_on(self, provider: Provider, target: Target, desk: Calendar) -> Iterator[str]:
        hours = provider.hours
        assert hours is not None, "there is a target only where there are hours"
        for id in target.clauses:
            yield f"{provider.clauses[id].says} ({id})"
        if self.timezone is None and self.holidays is None:
            yield from (f"{provider.clauses[id].says} ({id})" for id in hours.clauses)
            yield from hours.assumptions
            return
        yield f"Its hours ({', '.join(hours.clauses)}) are counted on the clocks of {desk.zone}."
        yield f"Holidays: {', '.join(day.isoformat() for day in sorted(desk.holidays)) or 'none'}."


def _steps(desk: Calendar, received: datetime, minutes: int) -> Iterator[str]:
    """The way to the due time, window by window, on the desk's own clocks."""
    zone, label = ZoneInfo(desk.zone), desk.label
    yield f"Received {received.astimezone(zone):%a %d %b %Y %H:%M} {label}."
    due = received
    for stretch in sla.explain(desk, received, minutes):
        start, due = stretch.start.astimezone(zone), stretch.end.astimezone(zone)
        yield f"{start:%a %d %b %H:%M} to {due:%H:%M} {label}: {_span(stretch.used)}, {_span(stretch.remaining)} left."
    yield f"Due {due:%a %d %b %Y %H:%M} {label}."


def _span(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


class Elapsed(Question):
    plan: Text
    since: Instant = Field(alias="from")
    to: Instant
    timezone: Zone | None = None
    holidays: Days | None = None

    def answer(self, house: House) -> Answer:
        desk = of_desk(house.plan(self.plan).provider.hours, self.timezone, self.holidays)
        return {"minutes": sla.elapsed(desk, self.since, self.to) if desk else NOT_PUBLISHED}


class Recompute(Question):
    """By the calendar of the plan, or else of the first provider that publishes hours."""

    received: Instant
    old_minutes: Minutes
    new_minutes: Minutes
    changed: Instant
    was_breached: bool | None = None
    plan: Text | None = None
    timezone: Zone | None = None
    holidays: Days | None = None

    def answer(self, house: House) -> Answer:
        by = house.plan(self.plan).provider if self.plan else house.publishes(lambda one: one.hours, None)
        desk = of_desk(by.hours, self.timezone, self.holidays)
        if desk is None:
            return {"due": NOT_PUBLISHED, "breached": False, "breach_kind": None}
        new = sla.recompute(desk, self.received, self.old_minutes, self.new_minutes, self.changed, self.was_breached)
        return {"due": instant(new.due), "breached": new.breached, "breach_kind": new.breach_kind}


class Business(Question):
    op: Literal["add", "between", "roll_forward", "roll_back", "add_days"]
    tz: Zone
    week: dict[str, object]
    start: Instant
    holidays: Days = Field(default_factory=list)
    end: Instant | None = None
    amount_s: int | None = None
    days: int | None = None

    def answer(self, house: House) -> Answer:
        desk = of_week(self.week, self.tz, self.holidays)
        match self:
            case Business(op="roll_forward"):
                return {"result": instant(desk.roll_forward(self.start))}
            case Business(op="roll_back"):
                return {"result": instant(desk.roll_back(self.start))}
            case Business(op="add", amount_s=int(seconds)):
                return {"result": instant(desk.add(self.start, seconds))}
            case Business(op="add_days", days=int(days)):
                return {"result": instant(desk.add_days(self.start, days))}
            case Business(op="between", end=datetime() as end):
                return {"result": desk.between(self.start, end)}
        raise ValueError(f"`{NEEDS[self.op]}` is missing.")


NEEDS = {"add": "amount_s", "add_days": "days", "between": "end"}
QUESTIONS: dict[str, type[Question]] = {"due": Due, "elapsed": Elapsed, "recompute": Recompute, "business": Business}
