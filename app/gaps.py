"""Notices when nobody could hear a channel, and sees to it that nothing of what people wrote meanwhile is lost."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from bot import gaps
from bot.gaps import Gap, Job
from bot.incoming import Address
from bot.turn import Now
from rules.catalogue import Catalogues
from store.store import Store, Unavailable
from store.work import Work

log = logging.getLogger(__name__)
EVERY, AGAIN = 30.0, 3.0  # seconds between two beats, and after one that failed
PATIENCE, LAST = 5.0, 1.0  # seconds for each beat, and for all of the last ones
LEASE = timedelta(minutes=2)  # then a reader is thought dead
GIVEN_UP = timedelta(hours=24)  # as with messages that cannot be sent
Now_ = Callable[[], Now]


class Desk(Protocol):
    """What a reader asks of the house."""

    async def goes_on(self, pause: timedelta) -> bool:
        """Whether it is still this reader's, for that pause and a while more."""

    async def knows(self, key: str) -> bool:
        """Whether this act was heard and done."""


@runtime_checkable
class Recalls(Protocol):
    """A connection to a channel that can be asked what was written."""

    name: str
    silence: timedelta
    """Whatever was written in less than that, the vendor delivers again by itself."""
    redelivers: timedelta
    """For so long it does; what it may have given up in a gap can be older than the gap by that."""
    lost: tuple[datetime, datetime] | None
    """From when to when it knows that something was lost, until it is taken note of."""

    async def hears(self) -> bool: ...

    async def read_back(self, places: Sequence[Address], since: datetime, until: datetime, desk: Desk) -> bool:
        """Hears, as if it came now, what people wrote there. False: not all of it, and it is worth another try."""


@runtime_checkable
class Forgets(Protocol):
    """A connection to a channel that cannot be asked."""

    name: str
    silence: timedelta
    missed: dict[Address, datetime]
    """Where somebody said something that was not kept, and when, until they are asked for it."""

    async def hears(self) -> bool: ...


@dataclass
class Gaps:
    store: Store
    catalogues: Catalogues
    clock: Now_
    wake: Callable[[], None]
    connections: Sequence[object]
    """Others than Recalls and Forgets have vendors who wait until they are heard."""
    _reading: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)

    async def run(self) -> None:
        """Until cancelled."""
        try:
            while True:
                whole = await self.beat()
                for each in self.connections:
                    if isinstance(each, Recalls) and whole:
                        self._read_on(each)
                await asyncio.sleep(EVERY if whole else AGAIN)
        finally:
            for task in self._reading.values():
                task.cancel()
            await asyncio.gather(*self._reading.values(), return_exceptions=True)

    async def beat(self, patience: float = PATIENCE) -> bool:
        """Says of every channel that is heard that it is. False: not of all, since the store does not answer."""
        whole = True
        for each in self.connections:
            try:
                if isinstance(each, Recalls):
                    await self._kept(each, patience)
                elif isinstance(each, Forgets):
                    await self._asked(each, patience)
            except Unavailable as error:
                log.warning("cannot note what is heard: %s", error)
                whole = False
            except Exception:
                log.exception("noting what is heard")
        return whole

    async def rest(self) -> None:
        """At the end, so that a restart is known to have been short."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.beat(LAST), LAST)

    async def read(self, connection: Recalls) -> None:
        """What is to be read back, if nobody else does."""
        now = self.clock()
        job = await self.store.write(gaps.claim, connection.name, now.machine, now.machine + LEASE)
        if job is None:
            return
        log.warning("%s was not heard from %s to %s: reading back", connection.name, job.gap.start, job.gap.end)
        places = await self.store.read(gaps.to_read, connection.name, now)
        reader = _Reader(self.store, self.clock, connection.name, job)
        since = job.gap.start - connection.redelivers
        whole = await connection.read_back(places, since, now.machine, reader)
        if not whole and self.clock().machine - job.gap.end < GIVEN_UP:
            return log.warning("%s was not read back whole: again in a while", connection.name)
        await self.store.write(gaps.done, connection.name, reader.job)
        if whole:
            log.info("%s was read back", connection.name)
        else:
            log.error("%s could not be read back whole for a day: given up", connection.name)

    def _read_on(self, connection: Recalls) -> None:
        """Beside the beats: it may take an hour."""
        before = self._reading.get(connection.name)
        if before is None or before.done():
            self._reading[connection.name] = asyncio.create_task(self._surely(connection))

    async def _surely(self, connection: Recalls) -> None:
        try:
            await self.read(connection)
        except Unavailable as error:
            log.warning("reading back later: %s", error)
        except Exception:
            log.exception("reading back")

    async def _kept(self, to: Recalls, patience: float) -> None:
        if not await to.hears():
            return
        lost, machine = to.lost, self.clock().machine
        span = Gap(*lost) if lost else None
        await self.store.write(gaps.keep, to.name, machine, to.silence, span, patience=patience)
        if to.lost == lost:
            to.lost = None

    async def _asked(self, of: Forgets, patience: float) -> None:
        if not await of.hears():
            return
        missed, now = dict(of.missed), self.clock()
        asked = await self.store.write(
            gaps.ask_again, of.name, now, of.silence, missed, self.catalogues, patience=patience
        )
        _forget(of.missed, missed)
        if asked:
            log.warning("%s was not heard for a while: %d rooms are asked to repeat", of.name, asked)
            self.wake()


@dataclass
class _Reader:
    store: Store
    clock: Now_
    channel: str
    job: Job

    async def goes_on(self, pause: timedelta) -> bool:
        until = self.clock().machine + pause + LEASE
        longer = await self.store.write(gaps.goes_on, self.channel, self.job, until)
        self.job = longer or self.job
        return longer is not None

    async def knows(self, key: str) -> bool:
        return await self.store.read(Work.handled, key)


def _forget(kept: dict[Address, datetime], told: Mapping[Address, datetime]) -> None:
    for where, at in told.items():
        if kept.get(where) == at:
            del kept[where]
