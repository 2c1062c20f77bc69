"""The round that gives waiting cases to people in turn, where a catalogue has it so: whichever replica comes first."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from bot.desk import assigning
from bot.rounds import rounds
from bot.turn import Now, Turn
from rules.catalogue import Catalogues
from rules.people import CLOCK
from store.store import Store
from store.work import Work

BATCH = 50
EVERY = 2.0  # seconds between two rounds


@dataclass(frozen=True)
class Assigning:
    store: Store
    catalogues: Catalogues
    clock: Callable[[], Now]
    wake: Callable[[], None]

    async def run(self) -> None:
        """Until cancelled."""
        if any(provider.desk.in_turn for provider in self.catalogues.providers.values()):
            await rounds("giving cases out", self.round, EVERY)
        await asyncio.Event().wait()  # no queue's cases are given in turn

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
