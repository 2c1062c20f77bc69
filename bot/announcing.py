"""Announcements to many: what is still owed of them leaves a part at a time, by whichever replica comes first."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from bot.desk.announcing import AT_ONCE, owe_some
from bot.rounds import rounds
from bot.turn import Now, Turn
from rules.catalogue import Catalogues
from rules.people import CLOCK
from store.store import Store
from store.work import Work

EVERY = 2.0  # seconds between two looks whether there is more to owe


@dataclass(frozen=True)
class Announcing:
    store: Store
    catalogues: Catalogues
    clock: Callable[[], Now]
    wake: Callable[[], None]
    channels: Collection[str]

    async def run(self) -> None:
        """Until cancelled."""
        await rounds("announcements", self.round, EVERY, full=AT_ONCE)

    async def round(self) -> int:
        """How many people it was owed to, or cannot be."""
        number = await self.store.read(Work.still_to_owe)
        if number is None:
            return 0
        owed = await self.store.write(owe_more, number, self.clock(), self.catalogues, self.channels)
        if owed:
            self.wake()
        return owed


def owe_more(work: Work, number: int, now: Now, catalogues: Catalogues, channels: Collection[str]) -> int:
    turn = Turn(work, catalogues, CLOCK, now, now.business, channels=channels)
    row = work.announcement(number)
    return owe_some(turn, row) if row is not None else 0
