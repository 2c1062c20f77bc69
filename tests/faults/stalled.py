"""A sender that is stopped in the middle of a send, as by a swapping machine, and goes on after its lease has ended."""

import asyncio
import os
import signal
import time
from collections import Counter
from pathlib import Path

from bot.channel import Outgoing
from bot.messages import Address, Incoming, Said
from tests.faults.far import FarSide
from tests.faults.hub import Order
from tests.faults.life import Life
from tests.faults.trial import LEASE_OVER
from tests.world import BROKEN, MONDAY

ROOM = "ann"


class _Scene:
    """Two messages for one room: the first process stops at the first of them, the second process sends the other."""

    def __init__(self, door: Path, url: str, folder: Path, mutation: str) -> None:
        self._door, self._folder = door, folder
        self._order = Order(url, str(folder / "far"), time.monotonic(), str(folder / "log"), "", mutation)
        self._far = FarSide(before=self._under_way, after=self._arrived)
        self._moved, self._stopped, self._held, self._let_go = (asyncio.Event() for _ in range(4))
        self._first: Life | None = None

    async def play(self) -> Counter[str]:
        late = Order(**{**vars(self._order), "began": self._order.began - LEASE_OVER})
        async with self._far.at(self._folder / "far"):
            first = self._first = await Life(self._order, self._moved.set).begin(self._door)
            act = asyncio.ensure_future(first.hear(_report()))
            await self._stopped.wait()
            second = await Life(late, self._moved.set).begin(self._door)
            await self._held.wait()
            os.kill(first.pid, signal.SIGCONT)
            await act
            while not (first.idle or self._let_go.is_set()):
                self._moved.clear()
                await self._moved.wait()
            self._let_go.set()
            await asyncio.gather(first.rest(), second.rest())
        return Counter(arrival.out.key for arrival in self._far.arrivals if arrival.out.to.room == ROOM)

    async def _arrived(self, out: Outgoing) -> None:
        if out.to.room == ROOM and not self._stopped.is_set():
            assert self._first is not None
            os.kill(self._first.pid, signal.SIGSTOP)
            self._stopped.set()

    async def _under_way(self, out: Outgoing) -> None:
        """The successor's message is held back until the first sender has settled, or has sent it too."""
        if out.to.room != ROOM or not self._stopped.is_set():
            return
        if self._held.is_set():
            self._let_go.set()
            self._moved.set()
        self._held.set()
        await self._let_go.wait()


async def messages_of_a_stalled_sender(door: Path, url: str, folder: Path, mutation: str = "") -> Counter[str]:
    """How often each message to the room arrived."""
    return await _Scene(door, url, folder, mutation).play()


def _report() -> Incoming:
    return Incoming("ann 1", ROOM, Address("fake", "", ROOM), Said(BROKEN), MONDAY)
