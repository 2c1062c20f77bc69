"""Replicas that warn about thousands of cases at once, while one after the other of them is killed."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlmodel import col, select

from bot.channel import Outgoing
from rules.lifecycle import Verb
from store.store import open_store
from store.tables import Case, CaseEvent, Outbox
from store.work import Work
from tests.fake import Fake
from tests.faults.checker import Violation
from tests.faults.far import FarSide
from tests.faults.hub import Order
from tests.faults.life import KILLED, Life
from tests.faults.places import FAILPOINTS
from tests.faults.plan import Tally
from tests.faults.trial import LEASE_OVER, Stuck, kill
from tests.many import add_agents, copy_case
from tests.world import MONDAY, World, opened

AGENTS = 100
DUE = MONDAY + timedelta(hours=2)  # half the time of each case is gone
BY_CHANCE = "killed by chance"


@dataclass
class Siege:
    door: Path
    url: str
    folder: Path
    cases: int
    kills: int
    replicas: int
    mutation: str = ""

    async def run(self) -> Tally:
        """Until every case was warned about and every warning has arrived."""
        await _open(self.url, self.cases)
        self._far, self._tally = FarSide(after=self._arrived), Tally(trials=1)
        self._chance, self._moved = random.Random(self.cases), asyncio.Event()
        self._lives: list[Life] = []
        self._resting = False
        self._began = time.monotonic() - timedelta(hours=2, minutes=5).total_seconds()
        async with self._far.at(self.folder / "far"):
            while await self._epoch() != 0:
                self._began -= LEASE_OVER
        self._tally.violations += await _check(self.url, self.cases, self._far)
        self._tally.posts, self._tally.recovered = len(self._far.arrivals), self._far.found
        return self._tally

    async def _epoch(self) -> int | None:
        """Ends when nobody has anything to do; how much is owed then, if all of them lived to say."""
        self._lives = [await self._begin() for _ in range(self.replicas)]
        while not all(life.idle for life in self._lives):
            self._moved.clear()
            await self._moved.wait()
            for dead in self._bury():
                self._lives.remove(dead)
                self._lives.append(await self._begin())
        await asyncio.gather(*(life.rest() for life in self._lives))
        return self._lives[-1].owed if not self._bury() else None

    async def _begin(self) -> Life:
        armed = ""
        if self._tally.kills < self.kills and self._chance.random() < 0.5:
            armed = f"{self._chance.choice(FAILPOINTS)}:{self._chance.randint(1, 40)}"
        far, log = str(self.folder / "far"), str(self.folder / "log")
        life = Life(Order(self.url, far, self._began, log, armed, self.mutation, one_address=True), self._moved.set)
        return await life.begin(self.door)

    def _bury(self) -> list[Life]:
        dead = [life for life in self._lives if life.status not in (None, 0)]
        for life in dead:
            if life.status != KILLED:
                raise Stuck(f"the process ended by itself with {life.status}: {life.log()}")
            self._tally.hit[life.order.failpoint.partition(":")[0] or BY_CHANCE] += 1
        return dead

    async def _arrived(self, _: Outgoing) -> None:
        """Several warnings share a message, so there are fewer of these than of cases."""
        alive = [life for life in self._lives if life.status is None and life.pid]
        if alive and self._tally.kills < self.kills and self._chance.random() < 4 * self.kills / self.cases:
            kill(self._chance.choice(alive))


async def _open(url: str, cases: int) -> None:
    store = open_store(url)
    world = await opened(World(store))
    agents = await store.write(add_agents, AGENTS)
    await store.write(copy_case, 1001, cases, DUE, agents)
    await world.says("ann", "withdraw 1001")
    await store.close()


async def _check(url: str, cases: int, far: FarSide) -> list[Violation]:
    store = open_store(url)
    try:
        return await store.read(lambda work: list(_wrong(work, cases, far.fakes["fake"])))
    finally:
        await store.close()


def _wrong(work: Work, cases: int, fake: Fake) -> Iterator[Violation]:
    every = work._session.exec
    warned = Counter(every(select(CaseEvent.case_id).where(CaseEvent.verb == Verb.WARN)))
    owed = every(select(Outbox).where(col(Outbox.warning))).all()
    pinged = Counter(row.case_id for row in owed)
    posted = Counter(post.key for post in fake.posts)
    for number in every(select(Case.id).where(col(Case.over_at).is_(None))):
        yield from _unless_once(warned[number], f"the step of #{number}")
        yield from _unless_once(pinged[number], f"the ping about #{number}")
    for head, rows in Counter(row.joins or row.id for row in owed).items():
        yield from _unless_once(posted.pop(f"m{head}", 0), f"message {head} about {rows} cases")
    if (len(warned), len(pinged)) != (cases, cases) or posted:
        yield Violation("unexpected", f"{len(warned)} warned about, {len(pinged)} pinged, and nobody owed {posted}")


def _unless_once(times: int, what: str) -> Iterator[Violation]:
    if times != 1:
        yield Violation("duplicated" if times else "lost", f"{what}: {times} times")
