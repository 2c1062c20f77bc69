"""The round that gives waiting cases to people in turn, where a catalogue has it so: whichever replica comes first."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from bot.desk import assigning
from bot.pausing import pause
from bot.turn import Now, Turn
from rules.catalogue import Catalogues
from rules.people import CLOCK
from store.store import Store, Unavailable
from store.work import Work

log = logging.getLogger(__name__)
BATCH = 50
EVERY = 2.0  # seconds between two rounds


@dataclass(frozen=True)
class Assigning:
    store: Store
    catalogues: Catalogues
    clock: Callable[[], Now]
    wake: Callable[[], None]

    async def run(self) -> None:
        """Until cancelled; at once over, where no queue's cases are given in turn."""
        while any(provider.desk.in_turn for provider in self.catalogues.providers.values()):
            try:
                await self.round()
            except Unavailable as error:
                log.warning("cases are given out later: %s", error)
            except Exception:
                log.exception("giving cases out")
            await pause(EVERY)
        await asyncio.Event().wait()

    async def round(self) -> int:
        """How many were given to somebody. Each in a unit of its own: its lock, then whose turn it is."""
        given, after = 0, 0
        while numbers := await self.store.read(waiting, after, self.clock(), self.catalogues):
            for after in numbers:
                given += await self.store.write(give, after, self.clock(), self.catalogues)
        if given:
            self.wake()
        return given


def waiting(work: Work, after: int, now: Now, catalogues: Catalogues) -> list[int]:
    return assigning.waiting(Turn(work, catalogues, CLOCK, now, now.business), BATCH, after)


def give(work: Work, number: int, now: Now, catalogues: Catalogues) -> bool:
    return assigning.give(Turn(work, catalogues, CLOCK, now, now.business), number)
