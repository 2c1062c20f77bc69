"""A warning that waits for its moment while somebody answers the case that it is about."""

import asyncio
import time
from datetime import timedelta
from pathlib import Path

from bot.incoming import Address, Incoming, Said, User
from tests.faults.far import FarSide
from tests.faults.hub import Order
from tests.faults.life import Life
from tests.faults.trial import DEADLINE
from tests.world import BROKEN, MONDAY

HALF = 2 * 3600  # seconds: half the time of the first case
LATER = 30  # seconds after the first case the second one is reported
FIRST, SECOND = 1001, 1002


class _Scene:
    """The second warning would share a message with the first, which left a moment ago: it has to wait."""

    def __init__(self, door: Path, url: str, folder: Path, mutation: str) -> None:
        self._door, self._folder, self._url, self._mutation = door, folder, url, mutation
        self._far, self._moved, self._acts = FarSide(), asyncio.Event(), 0

    async def play(self) -> int:
        opened = [("ann", BROKEN, 0), *[("ann", "skip", 0)] * 3, ("bob", BROKEN, LATER), *[("bob", "skip", LATER)] * 3]
        taken = [("sam", f"take {number}", LATER) for number in (FIRST, SECOND)]
        async with self._far.at(self._folder / "far"):
            await self._at(2 * LATER, *opened, *taken)
            await self._at(HALF + 5)
            await self._at(HALF + LATER + 5, ("sam", f"reply {SECOND} On it", HALF + LATER))
            await self._at(HALF + 10 * LATER)
        assert self._warned(FIRST) == 1
        return self._warned(SECOND)

    async def _at(self, seconds: float, *said: tuple[str, str, float]) -> None:
        """A server that begins at that second of Monday, warns, hears that, and rests."""
        places = str(self._folder / "far"), time.monotonic() - seconds, str(self._folder / "log")
        life = await Life(Order(self._url, *places, "", self._mutation), self._moved.set).begin(self._door)
        while not life.idle:
            self._moved.clear()
            await self._moved.wait()
        for who, text, at in said:
            self._acts += 1
            written = MONDAY + timedelta(seconds=at)
            here = Address("fake", "", who)
            await life.hear(Incoming(f"act {self._acts}", User(who), here, Said(text), written, personal=True))
        await life.rest()
        assert life.status == 0, life.log()

    def _warned(self, case: int) -> int:
        mine = (arrival for arrival in self._far.arrivals if arrival.out.to.room == "sam")
        return sum(f"#{case} has used 50" in arrival.text for arrival in mine)


async def warnings_about_an_answered_case(door: Path, url: str, folder: Path, mutation: str = "") -> int:
    """How many of them arrived."""
    async with asyncio.timeout(DEADLINE):
        return await _Scene(door, url, folder, mutation).play()
