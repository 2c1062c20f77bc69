"""Warning the desk before a promise is broken, and climbing from one to the next until somebody answers (R10-R13)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Literal

from bot import text
from bot.desk.hearing import Heard, heard, tell
from bot.desk.views import CaseView, view
from bot.messages import Message
from bot.turn import Turn
from rules import sla
from rules.appointments import AGREED, MISSED, Slot
from rules.business_time import Calendar
from rules.catalogue import Catalogues, Plan, Provider
from rules.ladder import Hearer, Hearers, Ladder
from rules.lifecycle import RULES, Status, Verb
from rules.people import Actor
from store.tables import Case

BEFORE = timedelta(microseconds=1)


@dataclass(frozen=True)
class Watch:
    """One clock of a case whose steps somebody hears of."""

    of: Literal["response", "answer", "appointment"]
    """The promise of a first response (R2), the desk's own measure of the next one (R3), an agreed time (R13)."""
    ladder: Ladder
    calendar: Calendar | None
    since: datetime
    minutes: int
    told: datetime
    """All its steps up to then were told, or need not be."""
    acknowledged: datetime | None

    def due(self, now: datetime) -> sla.Step | None:
        """The highest step that was passed and is still to be told: after downtime the lower ones are not sent."""
        step = self._reached(now)
        return step if step != self._reached(self.told) else None

    def next(self) -> sla.Step | None:
        if self.calendar is None:  # no hours are published, so there are no business minutes to climb by
            return sla.Step(0, 0, self.since) if self.told < self.since else None
        ladder, calendar = self.ladder, self.calendar
        return sla.next_alarm(ladder, calendar, self.since, self.minutes, self.told, self.acknowledged)

    def hearers(self, step: sla.Step) -> Hearers:
        if self.of == "answer":  # never mail, and never called a breach
            return (Hearer.LEAD,) if step.share >= 100 else (Hearer.ASSIGNEE,)
        return self.ladder.climb if step.rung else self.ladder.at[step.share]

    def mail(self, step: sla.Step) -> bool:
        """Whether the provider's address is still to be written to (W53): a breach is, however late it is noticed."""
        told = self._reached(self.told)
        overtaken = (share for share in self.ladder.at if step.rung and (told is None or told.share < share))
        return self.of == "response" and any(Hearer.MAIL in self.ladder.at[share] for share in overtaken)

    def _reached(self, at: datetime) -> sla.Step | None:
        if self.calendar is None:
            return sla.Step(0, 0, self.since) if at >= self.since else None
        return sla.reached(self.ladder, self.calendar, self.since, self.minutes, at, self.acknowledged)


def schedule(turn: Turn, case: Case) -> None:
    """When the next step is due; never while nothing is promised or nobody waits for an answer."""
    case.next_alarm_at = alarm(turn.catalogues, case)


def alarm(catalogues: Catalogues, case: Case) -> datetime | None:
    """It follows from the case alone, whenever it is asked for."""
    if case.over_at is not None:
        return None
    steps = (watch.next() for watch in watches(catalogues, case))
    found = [step.at for step in steps if step is not None]
    if case.slot_state == AGREED and case.slot_at is not None:
        found.append(case.slot_at)
        found += filter(None, [reminder(catalogues, case)])
    found += filter(None, [case.handover_until, asks_again(catalogues, case)])
    return min(found, default=None)


def reminder(catalogues: Catalogues, case: Case) -> datetime | None:
    """When the next one of an agreed time is due."""
    if case.slot_state != AGREED or case.slot_at is None or case.reminded_at is None:
        return None
    provider, _ = terms(catalogues, case)
    return Slot(case.slot_at).reminder(provider.desk.remind_before_minutes, case.reminded_at)


def asks_again(catalogues: Catalogues, case: Case) -> datetime | None:
    """When the customer is reminded next that only their word closes it (W59); not while they wait for an answer."""
    if case.status is not Status.AWAITING or case.awaiting_since is None or case.asked_at is not None:
        return None
    return next(iter(_askings(catalogues, case)[case.confirm_reminders :]), None)


def asked_so_far(catalogues: Catalogues, case: Case, now: datetime) -> int:
    """How many of these reminders are due by then, told or not."""
    return sum(at <= now for at in _askings(catalogues, case))


def _askings(catalogues: Catalogues, case: Case) -> list[datetime]:
    provider, _ = terms(catalogues, case)
    since, calendar = case.awaiting_since, provider.counted()
    return [calendar.add_days(since, days) for days in sorted(provider.desk.remind_days)] if since else []


def asleep_until(catalogues: Catalogues, case: Case, opens: datetime) -> datetime:
    """While the hours are over: when they begin again, unless an agreed time, its reminder or the end of a hand-over
    comes first."""
    agreed = case.slot_at if case.slot_state == AGREED else None
    return min(at for at in (opens, agreed, reminder(catalogues, case), case.handover_until) if at is not None)


def upcoming(catalogues: Catalogues, case: Case) -> str:
    """How the step is called that ``alarm`` is about."""
    at = alarm(catalogues, case)
    for watch in watches(catalogues, case):
        step = watch.next()
        if step is not None and step.at == at:
            return name(case, watch, step)
    if at == asks_again(catalogues, case):
        return f"confirm r{case.resolutions}"
    return "hand-over" if at == case.handover_until else f"slot-{case.slots}"


def watches(catalogues: Catalogues, case: Case) -> Iterator[Watch]:
    provider, ladder = terms(catalogues, case)
    calendar, since = provider.calendar(), case.received_at if case.owed else case.asked_at
    if since and case.target_minutes is not None and case.status in RULES[Verb.WARN].moves:
        of: Literal["response", "answer"] = "response" if case.owed else "answer"
        yield _watch(case, of, ladder, provider.counted(), since, case.target_minutes)
    if case.slot_state == MISSED and case.slot_at is not None:
        at_once = replace(ladder, at={0: ladder.missed})
        climbs = calendar if case.status in RULES[Verb.WARN].moves else None
        yield _watch(case, "appointment", at_once, climbs, case.slot_at, 0)


def terms(catalogues: Catalogues, case: Case) -> tuple[Provider, Ladder]:
    """The provider, and the ladder of the case's plan and priority, the customer's proposal included."""
    plan: Plan | None = catalogues.plan(case.plan) if case.plan else None
    provider = plan.provider if plan else next(iter(catalogues.providers.values()))
    return provider, (plan or provider).ladder(case.priority)


def _watch(
    case: Case,
    of: Literal["response", "answer", "appointment"],
    ladder: Ladder,
    calendar: Calendar | None,
    since: datetime,
    minutes: int,
) -> Watch:
    acknowledged = case.acknowledged_at if case.acknowledged_at and case.acknowledged_at >= since else None
    told = max(at for at in (since - BEFORE, case.warned_at, acknowledged) if at is not None)
    return Watch(of, ladder, calendar, since, minutes, told, acknowledged)


def due(turn: Turn, case: Case) -> list[tuple[Watch, sla.Step]]:
    found = ((watch, watch.due(turn.now)) for watch in watches(turn.catalogues, case))
    return [(watch, step) for watch, step in found if step is not None]


def quiet_until(turn: Turn, case: Case) -> datetime | None:
    """When the hours begin again, while they are over: till then nobody is pinged who did not ask for it (R10)."""
    calendar = terms(turn.catalogues, case)[0].calendar()
    return calendar.roll_forward(turn.now) if calendar and sla.quiet(calendar, turn.now) else None


def name(case: Case, watch: Watch, step: sla.Step) -> str:
    """With the case, the clock and its cycle what lets a step be told only once."""
    if watch.of == "appointment":
        return f"slot-{case.slots}" + (f"+{step.rung}" if step.rung else "")
    return step.threshold


def key(case: Case, watch: Watch, step: sla.Step) -> str:
    if watch.of == "answer":
        return f"next {case.id}.{watch.since:%Y%m%d%H%M%S%f}.{step.threshold}"
    return f"warn {case.id}.{case.cycle}.{name(case, watch, step)}"


def warn(turn: Turn, case: Case, watch: Watch, step: sla.Step) -> None:
    """Tells whoever this step reaches, each once ever for this case, clock, cycle and step."""
    seen = view(turn, case)
    also = (Hearer.MAIL,) if watch.mail(step) else ()
    whom = heard(turn, seen, (*watch.hearers(step), *also))
    unclaimed = replace(whom, desk=whom.desk or seen.assignee is None)  # what nobody works on is everybody's
    tell(turn, seen, unclaimed, key(case, watch, step), _words(seen, watch, step))


def wake(turn: Turn, case: Case, watch: Watch, step: sla.Step) -> bool:
    """Tells those alone who asked to be warned at any hour; whether there were any."""
    seen = view(turn, case)
    people = tuple(person for person in heard(turn, seen, watch.hearers(step)).people if person.any_hour)
    if people:
        tell(turn, seen, Heard(people), key(case, watch, step), _words(seen, watch, step))
    return bool(people)


def _words(seen: CaseView, watch: Watch, step: sla.Step) -> Callable[[Actor], Message]:
    said = {"response": text.warned, "answer": text.unanswered, "appointment": text.missed}[watch.of]
    return partial(said, seen, step)


def critical(turn: Turn, case: Case) -> None:
    """Proposed critical: those named for it hear of it at once, whatever the hour (R10)."""
    seen = view(turn, case)
    whom = heard(turn, seen, terms(turn.catalogues, case)[1].critical)
    tell(turn, seen, whom, f"critical {case.id}", lambda reader: text.critical(seen, reader), alone=True)
