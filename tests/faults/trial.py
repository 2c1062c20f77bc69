"""One trial: people act, the process that serves them is killed and started again, until all is done and delivered."""

import asyncio
import os
import random
import shutil
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from bot.channel import Outgoing
from tests.faults.checker import Violation, check
from tests.faults.far import FarSide
from tests.faults.hub import Order
from tests.faults.life import KILLED, Answer, Gone, Life, Refused
from tests.faults.people import Act, play
from tests.faults.places import DATABASE, RECORDED
from tests.faults.plan import Plan, Tally
from tests.world import MONDAY

T = TypeVar("T")
LEASE_OVER = 121.0  # seconds
HOURS = (1800.0, 3400.0)  # seconds that pass between two epochs where nobody answers: less than between two steps
PATIENCE = 12  # epochs of these in which nothing need happen, since no step is due
DEADLINE = 100.0  # seconds
OURS = (RECORDED, DATABASE)


class Stuck(Exception):
    """Nothing goes on any more, and somebody still waits."""


class Trial:
    """See people.Stage for what the people see of it."""

    def __init__(self, plan: Plan, door: Path, folder: Path) -> None:
        self.plan, self.far = plan, FarSide(before=self._travels, after=self._recorded)
        self._door, self._folder = door, folder
        self._url = ""
        self._chance = random.Random(plan.seed)
        self._kills = list(plan.kills)
        self._began = time.monotonic()
        self._lives: list[Life] = []
        self._deaths: dict[Life, str] = {}
        self._waiting: list[tuple[asyncio.Future[Any], Callable[[], Any], str]] = []
        self._moved = asyncio.Event()
        self._down = False
        self._acts: dict[str, Act] = {}
        self._people: list[asyncio.Task[None]] = []
        self._tally = Tally(trials=1)

    async def run(self) -> Tally:
        async with self.plan.desks(self._folder) as self._url, self.far.at(self._folder / "far"):
            with self._playing():
                try:
                    async with asyncio.timeout(DEADLINE):
                        await self._live_on()
                except (Stuck, TimeoutError) as error:
                    what = f"{error or 'too slow'}; {self._whereabouts()}"
                    self._tally.violations.append(Violation("stuck", what))
            self._tally.violations += await check(self._url, list(self._acts.values()), self.far)
        self._tally.acts, self._tally.posts = len(self._acts), len(self.far.arrivals)
        self._tally.recovered += self.far.found
        return self._tally

    # What the people see

    def now(self) -> datetime:
        return MONDAY + timedelta(seconds=time.monotonic() - self._began)

    async def act(self, act: Act) -> Answer:
        self.notice()
        tries = 0
        while True:
            tries += 1
            life = await self._somebody()
            try:
                answer = await life.hear(act.incoming)
            except Gone:
                continue
            except Refused:
                await asyncio.sleep(0.05)  # as a vendor waits before it delivers again
                continue
            break
        self._tally.recovered += tries > 1
        self._acts[act.incoming.key] = act
        if "Something broke" in str(answer):
            self._tally.violations.append(Violation("unexpected", f"{act.incoming.key} was answered: {answer}"))
        await self._maybe_again(act, answer)
        return answer

    async def until(self, seen: Callable[[], T | None], what: str) -> T:
        waiting: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((waiting, seen, what))
        self.notice()
        return await waiting

    def notice(self) -> None:
        """Something happened: whoever waited for it goes on."""
        still = []
        for waiting, seen, what in self._waiting:
            if (value := seen()) is None:
                still.append((waiting, seen, what))
            elif not waiting.done():
                waiting.set_result(value)
        self._waiting = still
        self._moved.set()

    async def _maybe_again(self, act: Act, answer: Answer) -> None:
        """Vendors deliver again what was acknowledged, now and then; the answer must be the same."""
        if self._chance.random() > 0.1:
            return
        try:
            again = await (await self._somebody()).hear(act.incoming)
        except (Gone, Refused):
            return
        if again != answer:
            self._tally.violations.append(Violation("unexpected", f"{act.incoming.key}: {answer} and then {again}"))

    async def _somebody(self) -> Life:
        while not (alive := [life for life in self._lives if life.status is None]):
            self._moved.clear()
            await self._moved.wait()
        return self._chance.choice(alive)

    # Lives and deaths

    @contextmanager
    def _playing(self) -> Iterator[None]:
        self._people = play(self, self.plan.seed, self.plan.late)
        for person in self._people:
            person.add_done_callback(lambda _: self.notice())
        try:
            yield
        finally:
            for person in self._people:
                person.cancel()
            for life in self._lives:
                if life.status is None and life.pid:
                    kill(life)

    async def _live_on(self) -> None:
        """One epoch after the other: in each the clock goes on, and before the next the leases of the dead end."""
        in_vain = 0
        while True:
            before = self._progress
            owed = await self._epoch()
            if owed == 0 and all(person.done() for person in self._people):
                return
            in_vain = in_vain + 1 if self._progress == before else 0
            if in_vain > (PATIENCE if self.plan.late else 0):
                raise Stuck(f"{owed} are owed")
            self._began -= self._pause(in_vain)

    def _pause(self, in_vain: int) -> float:
        if not self.plan.late:
            return LEASE_OVER
        night = in_vain > 3
        return self._chance.uniform(*HOURS) * (4 if night else 1)

    @property
    def _progress(self) -> tuple[int, int, int]:
        return self._tally.kills, len(self._acts), len(self.far.arrivals)

    async def _epoch(self) -> int | None:
        """Ends with a death, or when nobody has anything to do; how much is owed then, if somebody lived to say."""
        self._lives = [await self._begin() for _ in range(self.plan.replicas)]
        while True:
            await self._news()
            for life in [life for life in self._lives if life.status is not None]:
                self._bury(life)
                if len(self._lives) == 1 and self._chance.random() < 0.5:
                    return None
                self._lives.remove(life)
                self._lives.append(await self._begin())
            if self._quiet:
                return await self._rest()

    async def _news(self) -> None:
        while not self._quiet and all(life.status is None for life in self._lives):
            self._moved.clear()
            await self._moved.wait()

    @property
    def _quiet(self) -> bool:
        done = [person for person in self._people if person.done()]
        if fallen := [person.exception() for person in done if person.exception()]:
            raise Stuck(f"somebody could not go on: {fallen!r}")
        blocked = len(done) + len(self._waiting) == len(self._people)
        return blocked and not self._down and all(life.idle for life in self._lives)

    async def _rest(self) -> int | None:
        lives, self._lives = self._lives, []
        await asyncio.gather(*(life.rest() for life in lives))
        for life in lives:
            if life.status != 0:
                self._bury(life)
        return lives[-1].owed if all(life.status == 0 for life in lives) else None

    async def _begin(self) -> Life:
        armed = self._kills.pop(0) if self._kills else ""
        failpoint = "" if armed.startswith(OURS) else armed
        far, log = str(self._folder / "far"), str(self._folder / "log")
        life = Life(Order(self._url, far, self._began, log, failpoint, self.plan.mutation), self.notice)
        self._deaths[life] = armed
        return await life.begin(self._door)

    def _bury(self, life: Life) -> None:
        name = self._deaths[life].partition(":")[0]
        if life.status != KILLED or not name:
            raise Stuck(f"the process ended by itself with {life.status}: {life.log()}")
        self._tally.hit[name] += 1

    # What the driver does at the far side

    async def _travels(self, _: Outgoing) -> None:
        if self.plan.latency:
            await asyncio.sleep(self.plan.latency)

    async def _recorded(self, _out: Outgoing) -> None:
        self.notice()
        for life in self._lives:
            name, _, left = self._deaths[life].partition(":")
            if name not in OURS or life.status is not None:
                continue
            self._deaths[life] = f"{name}:{int(left) - 1}"
            if int(left) == 1:
                await self._kill_database() if name == DATABASE else kill(life)

    async def _kill_database(self) -> None:
        assert self.plan.server is not None
        self._tally.hit[DATABASE] += 1
        self._down = True
        await asyncio.to_thread(self.plan.server.kill)
        await asyncio.to_thread(self.plan.server.start)
        self._down = False

    def _whereabouts(self) -> str:
        return "; ".join(what for _, _, what in self._waiting)


def kill(life: Life) -> None:
    with suppress(ProcessLookupError):  # it was quicker
        os.kill(life.pid, signal.SIGKILL)


async def campaign(plans: Sequence[Plan], door: Path, folder: Path, at_once: int) -> Tally:
    """All of them, a few at the same time; ends early with the first trial that shows a violation."""
    tally, left = Tally(), list(reversed(plans))

    async def lane() -> None:
        while left and not tally.violations:
            plan = left.pop()
            here = folder / f"trial-{plan.seed}"
            here.mkdir()
            tally.add(await Trial(plan, door, here).run())
            if not tally.violations:
                shutil.rmtree(here)

    await asyncio.gather(*(lane() for _ in range(at_once)))
    return tally
