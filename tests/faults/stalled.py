"""A sender that hears the channel's answer only when its lease has ended and somebody else sends in its place."""

import asyncio
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

from bot.channel import Outgoing
from bot.incoming import Address, Incoming, Said, User
from tests.faults.far import FarSide
from tests.faults.hub import Order
from tests.faults.life import Life
from tests.faults.trial import DEADLINE, LEASE_OVER
from tests.world import BROKEN, MONDAY

ROOM = "ann"


class _Scene:
    """Two messages for one room: the first process stalls over the one, the second process has the other under way."""

    def __init__(self, door: Path, url: str, folder: Path, mutation: str) -> None:
        self._door, self._folder = door, folder
        self._order = Order(url, str(folder / "far"), time.monotonic(), str(folder / "log"), "", mutation)
        self._far = FarSide(before=self._under_way, after=self._arrived)
        self._moved, self._stalled, self._held, self._let_go = (asyncio.Event() for _ in range(4))

    async def play(self) -> Counter[str]:
        late = replace(self._order, began=self._order.began - LEASE_OVER)
        async with self._far.at(self._folder / "far"):
            first = await Life(self._order, self._moved.set).begin(self._door)
            await first.hear(Incoming("ann 1", User(ROOM), Address("fake", "", ROOM), Said(BROKEN), MONDAY))
            await self._stalled.wait()
            second = await Life(late, self._moved.set).begin(self._door)
            await self._held.wait()  # and with it, the first one's answer is on its way
            while not (first.idle or self._let_go.is_set()):
                self._moved.clear()
                await self._moved.wait()
            self._let_go.set()
            await asyncio.gather(first.rest(), second.rest())
        return Counter(arrival.out.key for arrival in self._far.arrivals if arrival.out.to.room == ROOM)

    async def _arrived(self, out: Outgoing) -> None:
        if out.to.room == ROOM and not self._stalled.is_set():
            self._stalled.set()
            await self._held.wait()

    async def _under_way(self, out: Outgoing) -> None:
        """The successor's message is held back until the first sender has settled, or sends it as well."""
        if out.to.room != ROOM or not self._stalled.is_set():
            return
        if self._held.is_set():
            self._let_go.set()
            self._moved.set()
        self._held.set()
        await self._let_go.wait()


async def messages_of_a_stalled_sender(door: Path, url: str, folder: Path, mutation: str = "") -> Counter[str]:
    """How often each message to the room arrived."""
    async with asyncio.timeout(DEADLINE):
        return await _Scene(door, url, folder, mutation).play()
