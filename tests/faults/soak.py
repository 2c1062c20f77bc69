"""A whole server in one process: a day of its clock, and all that people do in it.

``python -m tests.faults.soak URL TURNS`` prints a sample of what it holds every now and then, a line of JSON each.
"""

import asyncio
import gc
import json
import os
import re
import signal
import sys
import threading
import time
from asyncio import FIRST_COMPLETED
from collections import defaultdict, deque
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from pydantic import SecretStr
from sqlmodel import SQLModel, col, func, select

from app import server
from app.clock import Clock
from app.server import House
from app.settings import Mode, Settings
from bot.channel import Busy, Outgoing
from bot.incoming import Address, Incoming, Pressed, Said, User
from bot.messages import Message
from bot.plain import plain
from bot.turn import Now
from rules.people import Role
from store.store import open_store
from store.tables import Draft, Inbox, Outbox, Person
from store.work import Work
from tests.faults.hub import still_owed
from tests.many import add_agents
from tests.world import CATALOGUES, MONDAY, Ids, seed

DAY = timedelta(hours=24)
MOMENTS, EACH = 100, 5  # in each of which the clock is moved; and every how many of them a sample is taken
LONGEST = 60.0  # seconds of one, where everybody waits for the clock
AT_ONCE, PEOPLE = 8, 64
BEHIND = 40  # messages owed at which nobody begins anything: the desk's room takes one at a time
ALONE = timedelta(hours=5)
LEFT = 7  # one case of so many is left alone for hours, and its last question for good
INBOX_LIVES = timedelta(hours=2)


@dataclass(frozen=True)
class Sample:
    turns: int
    rss: int
    """Bytes."""
    files: int
    tasks: int
    threads: int
    held: int
    """Entries of everything that holds others, everywhere in the process."""
    objects: int


@dataclass(frozen=True)
class End:
    turns: int
    sent: int
    busy: int
    owed: int
    warnings: int
    stale: int
    """Keys of acts and drafts that housekeeping should have forgotten."""


class Instant:
    """A channel that keeps nothing, but for the number of the case that somebody opened last."""

    gap = burst = timedelta(0)
    threads = False

    def __init__(self) -> None:
        self.sends = 0
        self.opened: dict[str, asyncio.Queue[str]] = defaultdict(asyncio.Queue)

    async def send(self, out: Outgoing) -> str:
        self.sends += 1
        if found := re.search(r"This is case #(\d+)", plain(out.message)):
            self.opened[out.to.room].put_nowait(found[1])
        return f"p{self.sends}"

    async def sent(self, out: Outgoing) -> str | None:
        return None


class _MovedClock(Clock):
    """Goes as any does, and a good deal further now and then, so that the timers of a day have their turn."""

    def __init__(self) -> None:
        super().__init__()
        self._began, self.ahead = time.monotonic(), timedelta()

    def now(self) -> datetime:
        return self().business

    def __call__(self) -> Now:
        now = MONDAY + self.ahead + timedelta(seconds=time.monotonic() - self._began)
        return Now(now, now)


class _Day:
    def __init__(self, url: str, turns: int) -> None:
        self._turns, self._done, self._clock = turns, 0, _MovedClock()
        self._store, self._channel = open_store(url), Instant()
        channels = {"fake": self._channel, "email": self._channel}
        settings = Settings(database_url=SecretStr(url), mode=Mode.DEVELOPMENT, port=0, undo_seconds=0)
        self._house = House(settings, self._store, CATALOGUES, self._clock, channels)
        self._numbers, self._busy = count(), 0
        self._forgetful = count(PEOPLE)
        self._left: deque[tuple[str, str, datetime]] = deque()

    async def run(self) -> None:
        await self._store.migrate()
        await self._store.write(_move_in, PEOPLE + self._turns // 50 + AT_ONCE)
        begun = asyncio.Event()
        serving = asyncio.create_task(self._house.run(lambda _: begun.set()))
        await asyncio.wait([serving, waiting := asyncio.create_task(begun.wait())], return_when=FIRST_COMPLETED)
        if not waiting.done():
            return await serving  # it fell before it had begun
        async with asyncio.TaskGroup() as people:
            people.create_task(self._watch())
            for each in range(AT_ONCE):
                people.create_task(self._act(each))
        await self._quiet()
        _print(self._sample())
        _print(await self._store.read(self._end))
        os.kill(os.getpid(), signal.SIGTERM)
        await serving

    async def _watch(self) -> None:
        """One moment of the day after the other; also where everybody waits for a lease to end."""
        for moment in range(1, MOMENTS):
            until = time.monotonic() + LONGEST
            while self._done < self._turns * moment // MOMENTS and time.monotonic() < until:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            self._clock.ahead += DAY / MOMENTS
            if moment % EACH == 0:
                _print(self._sample())

    async def _act(self, one: int) -> None:
        """One after the other, each a conversation with somebody of the desk."""
        for number in count():
            if self._done >= self._turns:
                return
            while await self._store.read(still_owed) > BEHIND:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            leaves = number % LEFT == 2
            who = next(self._forgetful) if leaves else (one + number * AT_ONCE) % PEOPLE
            await self._conversation(f"customer{who}", f"agent{one}", number, leaves)

    async def _conversation(self, customer: str, agent: str, number: int, leaves: bool) -> None:
        await self._says(customer, f"The quote form is broken, {number} of them")
        case = await self._channel.opened[customer].get()
        del self._channel.opened[customer]
        await self._says(customer, "Error 500")
        await self._says(customer, "skip")
        if leaves:
            self._left.append((case, customer, self._clock.now()))
            return
        await self._says(customer, "skip")
        await self._says(agent, f"take {case}")
        await self._says(customer, f"reply {case} It also happens on my phone")
        await self._says(agent, f"/support show {case}", at_once=True)
        await self._answer(customer, agent, case)
        await self._says(agent, "/support queue", at_once=True)
        while self._left and self._clock.now() - self._left[0][2] > ALONE:
            left, forgetful, _ = self._left.popleft()
            await self._answer(forgetful, agent, left)

    async def _answer(self, customer: str, agent: str, case: str) -> None:
        await self._says(agent, f"reply {case} Looking into it")
        await self._says(agent, f"close {case} Fixed it")
        await self._does(customer, Pressed(f"confirm {case} r1"))

    async def _says(self, who: str, text: str, at_once: bool = False) -> str:
        return await self._does(who, Said(text), at_once)

    async def _does(self, who: str, body: Said | Pressed, at_once: bool = False) -> str:
        key = f"act {next(self._numbers)}"
        self._done += 1
        incoming = Incoming(
            key, User(who), Address("fake", "", who), body, self._clock.now(), personal=True, at_once=at_once
        )
        while True:
            try:
                shown = await self._house.bot.hear(incoming)
                return plain(shown) if isinstance(shown, Message) else ""
            except Busy:
                self._busy += 1
                await asyncio.sleep(0.1)

    async def _quiet(self) -> None:
        for _ in range(100):
            if await self._store.read(still_owed) == 0:
                return
            await asyncio.sleep(0.2)
            self._clock.ahead += timedelta(minutes=1)

    def _sample(self) -> Sample:
        gc.collect()
        every = gc.get_objects()
        held = sum(len(each) for each in every if type(each) in (dict, list, set, deque))
        with open("/proc/self/statm") as statm:
            rss = int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        files, tasks = len(os.listdir("/proc/self/fd")), len(asyncio.all_tasks())
        return Sample(self._done, rss, files, tasks, threading.active_count(), held, len(every))

    def _end(self, work: Work) -> End:
        def many(kind: type[SQLModel], *where: Any) -> int:
            return work._session.exec(select(func.count()).select_from(kind).where(*where)).one()

        now = self._clock().machine
        stale = many(Inbox, col(Inbox.at) <= now - INBOX_LIVES - DAY / 12) + many(Draft, Draft.expires_at <= now)
        warnings = many(Outbox, col(Outbox.warning))
        return End(self._done, self._channel.sends, self._busy, still_owed(work), warnings, stale)


def _move_in(work: Work, people: int) -> None:
    seed(work, "fake", True, Ids())
    account = work.customers()[0].account_id
    add_agents(work, AT_ONCE)
    for number in range(people):
        name = f"customer{number}"
        work.add(who := Person(name=name, email=f"{name}@example", role=Role.CUSTOMER, account_id=account))
        who.conversation_id = work.conversation("fake", "", name).id
        work.link("fake", "", name, who, "test", MONDAY)


def _print(what: Sample | End) -> None:
    print(json.dumps(asdict(what)), flush=True)


if __name__ == "__main__":
    server.HOUSEKEEPING, server.INBOX_LIVES = 0.2, INBOX_LIVES  # a day takes minutes here
    asyncio.run(_Day(sys.argv[1], int(sys.argv[2])).run())
