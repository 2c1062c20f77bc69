"""The clock's own round: every case whose next warning is due is warned about, by whichever replica comes first."""

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.desk import escalation
from bot.desk.doors import record
from bot.turn import Now, Turn
from rules.catalogue import Catalogues
from rules.lifecycle import RULES, Verb
from rules.people import CLOCK
from store.store import Store, Unavailable
from store.tables import Case
from store.work import Work

log = logging.getLogger(__name__)
BATCH = 50
LATER = timedelta(hours=1)
EVERY = 1.0  # seconds between two rounds


@dataclass(frozen=True)
class Escalation:
    store: Store
    catalogues: Catalogues
    clock: Callable[[], Now]
    wake: Callable[[], None]

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                full = await self.round() == BATCH
            except Unavailable as error:
                log.warning("warnings later: %s", error)
                full = False
            except Exception:
                log.exception("warnings")
                full = False
            if not full:
                await asyncio.sleep(EVERY * random.uniform(0.5, 1.0))  # noqa: S311 (no secret)

    async def round(self) -> int:
        """How many cases were warned about."""
        warned = await self.store.write(sweep, self.clock(), self.catalogues, BATCH)
        if warned:
            self.wake()
        return warned


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
    step = escalation.reached(turn, case)
    escalation.schedule(turn, case)
    if step is None or case.status not in RULES[Verb.WARN].moves:
        turn.work.add(case)
        return
    record(turn, case, Verb.WARN, step.threshold)
    escalation.warn(turn, case, step)
