"""The clock's own round: every case whose next warning is due is warned about, by whichever replica comes first."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.desk import confirming, escalation, handing_over, upgrading
from bot.desk.doors import record
from bot.desk.reminding import remind
from bot.rounds import rounds
from bot.turn import Now, Turn
from rules.appointments import AGREED, MISSED, Slot
from rules.catalogue import Catalogues
from rules.lifecycle import RULES, Verb
from rules.people import CLOCK
from rules.sla import Step
from store.store import Store, Unavailable
from store.tables import Case
from store.work import Work

log = logging.getLogger(__name__)
BATCH = 50
LATER = timedelta(hours=1)
SOON = timedelta(seconds=1)
STUCK = timedelta(minutes=1)  # then what is held does not leave as it should
EVERY = 1.0  # seconds between two rounds


@dataclass(frozen=True)
class Escalation:
    store: Store
    catalogues: Catalogues
    clock: Callable[[], Now]
    wake: Callable[[], None]

    async def run(self) -> None:
        """Until cancelled."""
        await rounds("warnings", self.round, EVERY, full=BATCH)

    async def round(self) -> int:
        """How many cases were warned about."""
        await self._change_contracts()
        warned = await self.store.write(sweep, self.clock(), self.catalogues, BATCH)
        if warned:
            self.wake()
        return warned

    async def _change_contracts(self) -> None:
        """Each change in a unit of its own: none keeps another one, or a warning, from being done."""
        now = self.clock()
        for number in await self.store.read(upgrading.due, now, self.catalogues, BATCH):
            try:
                await self.store.write(upgrading.carry_out, number, now, self.catalogues)
            except Unavailable as error:
                log.warning("a change of contract later: %s", error)
            except Exception:
                log.exception("a change of contract")


def sweep(work: Work, now: Now, catalogues: Catalogues, limit: int) -> int:
    """Step, history, next alarm and messages in one commit; each due case is locked for one sweeper."""
    due = work.due_alarms(now.business, limit)
    for case in due:
        try:
            with work.attempt():
                _warn(Turn(work, catalogues, CLOCK, now, now.business), case)
        except Exception:  # one case that cannot be read must not silence all others
            log.exception("cannot warn about %s", case.id)
            work.alarm_later(case.id, now.business + LATER)
    return len(due)


def _warn(turn: Turn, case: Case) -> None:
    if (leaves := _held_until(turn, case)) is not None:
        case.next_alarm_at = leaves  # an answer counts from when it was said (R2): nobody is warned of its absence
        turn.work.add(case)
        return
    if case.slot_state == AGREED and case.slot_at is not None and case.slot_at <= turn.now:
        case.slot_state = MISSED
        record(turn, case, Verb.MISS, str(Slot(case.slot_at, case.slot_ends)))
    remind(turn, case)
    handing_over.lapse(turn, case)
    waits = confirming.remind(turn, case)
    due, opens = escalation.due(turn, case), escalation.quiet_until(turn, case)
    asked = case.next_alarm_at or turn.now
    for watch, step in due:
        if opens is None or escalation.wake(turn, case, watch, step):
            _record(turn, case, watch, step)
        if opens is None:
            escalation.warn(turn, case, watch, step)
            turn.work.note("warned", _level(watch, step), (turn.now - asked).total_seconds())
    if (due or waits) and opens is not None:
        case.next_alarm_at = escalation.asleep_until(turn.catalogues, case, opens)  # all others hear of it then
    else:
        case.warned_at = turn.now
        escalation.schedule(turn, case)
    turn.work.add(case)


def _level(watch: escalation.Watch, step: Step) -> str:
    if watch.of == "appointment":
        return watch.of
    return f"{step.share}+" if step.rung else str(step.share)


def _held_until(turn: Turn, case: Case) -> datetime | None:
    """When what is on its way has left, in business time: should it be taken back, that is when to warn."""
    until = turn.work.held_until(case.id, turn.time.machine - STUCK)
    return turn.now + max(until - turn.time.machine, SOON) if until else None


def _record(turn: Turn, case: Case, watch: escalation.Watch, step: Step) -> None:
    """Once, though some heard it in the night and the others hear it now."""
    name = escalation.name(case, watch, step)
    if case.status in RULES[Verb.WARN].moves and not turn.work.happened(case.id, Verb.WARN, name, watch.told):
        record(turn, case, Verb.WARN, name)
