"""A channel that is away for ten minutes: what was owed arrives once and in order, within a minute of its return.

On a clock of its own, at Slack's pace and with its delay, so that the minute is the machine's and not this test's.
"""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlmodel import func, select

from bot.channel import NotSent, Outgoing
from bot.delivery import AT_ONCE, Delivery
from bot.messages import Message, Text, to_json
from store.tables import Outbox
from tests.fake import Fake
from tests.faults.checker import Violation
from tests.faults.plan import Tally, report
from tests.world import CATALOGUES, World

pytestmark = pytest.mark.faults

AWAY, SOON = timedelta(minutes=10), timedelta(seconds=60)
ROOMS, EACH = 60, 10
STEP = 5.0  # seconds between two looks while it is away
DELAY = 0.15  # seconds for one message, so many at once


@dataclass
class Far:
    """The channel's far side. ``away``: refuses, breaks off, or takes the message and never says so."""

    fake: Fake
    away: bool = True
    chance: random.Random = field(default_factory=lambda: random.Random(6))
    swallowed: int = 0

    def __post_init__(self) -> None:
        self.fake.gap, self.fake.burst = timedelta(seconds=1), timedelta(seconds=3)
        self.fake.before, self.fake.after, self._told = self._before, self._after, self.fake.sent
        self.fake.sent = self._sent  # type: ignore[method-assign]

    def _before(self, out: Outgoing) -> None:
        if self.away and self.chance.random() < 0.5:
            raise NotSent("connection refused") if self.chance.random() < 0.5 else TimeoutError

    def _after(self, out: Outgoing) -> None:
        if self.away:
            self.swallowed += 1
            raise ConnectionResetError

    async def _sent(self, out: Outgoing) -> str | None:
        if self.away:
            raise ConnectionResetError
        return await self._told(out)


@dataclass
class Outage:
    desk: World
    far: Far
    owed: list[tuple[str, str]] = field(default_factory=list)

    async def play(self) -> tuple[Tally, timedelta]:
        """What came of it, and how long after its return all had arrived."""
        steps = int(AWAY.total_seconds() / STEP)
        for step in range(steps):
            await self.owe(ROOMS * EACH // steps)
            if step == steps // 2:
                await self.die()
            await self.deliver()
            self.desk.passes(seconds=STEP)
        self.far.away, back = False, self.desk.time.machine
        while len(self.desk.fake.posts) < len(self.owed) and self.desk.time.machine < back + 10 * SOON:
            await self.deliver()
            self.desk.passes(seconds=0.25)
        took = self.desk.time.machine - back
        self.desk.passes(hours=1)
        await self.deliver()  # whatever still comes is one too many
        return await self.tally(), took

    async def owe(self, many: int) -> None:
        first = len(self.owed)
        new = [(f"room {n % ROOMS}", f"message {n}") for n in range(first, first + many)]
        self.owed += new
        await self.desk.store.write(_owe, new, self.desk.time.machine)

    async def die(self) -> None:
        """With messages in its hands; the next one knows nothing of the outage."""
        await self.desk.delivery._claim(AT_ONCE)
        self.desk.delivery = Delivery(self.desk.store, self.desk.channels, CATALOGUES, lambda: self.desk.time)

    async def deliver(self) -> None:
        while claimed := await self.desk.delivery._claim(AT_ONCE):
            await asyncio.gather(*(self.desk.delivery._deliver(*one) for one in claimed))
            self.desk.passes(seconds=0 if self.far.away else DELAY)

    async def tally(self) -> Tally:
        arrived = Counter((post.room, post.text) for post in self.desk.fake.posts)
        wrong = [Violation("lost", f"{one}") for one in self.owed if one not in arrived]
        wrong += [Violation("duplicated", f"{one}") for one, times in arrived.items() if times > 1]
        wrong += [Violation("unexpected", f"{one}") for one in arrived if one not in set(self.owed)]
        for room in sorted({room for room, _ in self.owed}):
            if self.desk.heard(room) != [text for there, text in self.owed if there == room]:
                wrong.append(Violation("disordered", room))
        again = await self.desk.ask_store(_tried_again)
        return Tally(1, len(self.owed), len(self.desk.fake.posts), again, Counter({"down": 1}), wrong)


def _owe(work, new: list[tuple[str, str]], now: datetime) -> None:
    for room, text in new:
        message = to_json(Message((Text((text,)),)))
        work.owe(work.conversation("fake", "", room).id, now, {"message": message})


def _tried_again(work) -> int:
    again = select(func.count()).select_from(Outbox).where(Outbox.attempt > 1)
    return int(work._session.exec(again).one())


@pytest.mark.parametrize(
    "database_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)
async def test_ten_minutes_without_the_channel_cost_nothing_but_time(desk: World, database_url: str) -> None:
    outage = Outage(desk, Far(desk.fake))
    tally, took = await outage.play()
    report(f"channel away on {'SQLite' if database_url.startswith('sqlite') else 'PostgreSQL'}", tally)
    assert not tally.violations
    assert outage.far.swallowed, "else nobody would have been asked after"
    assert took <= SOON, took
