"""The real core in a process that may die at any moment: a store, the bot and the delivery, driven over one socket."""

import asyncio
import json
import os
import socket
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

from pydantic import TypeAdapter
from sqlmodel import col, func, or_, select

from bot import dead_letters
from bot.channel import Busy
from bot.delivery import Delivery
from bot.dispatch import Bot
from bot.escalation import BATCH, Escalation
from bot.incoming import Incoming
from bot.messages import Message, to_json
from bot.turn import Now
from store.failpoints import arm
from store.store import Unavailable, open_store
from store.tables import Card, Conversation, Outbox
from store.work import Work
from tests.faults.far import CHANNELS, LONGEST, FarChannel
from tests.faults.mutations import mutate
from tests.world import CATALOGUES, MONDAY

T = TypeVar("T")
_INCOMING = TypeAdapter(Incoming)


@dataclass(frozen=True)
class Order:
    """How one life is to be."""

    database: str
    door: str
    """Of the far side."""
    began: float
    """The machine's monotonic time that the clock counts from; earlier for whoever lives later than they should."""
    log: str
    failpoint: str = ""
    mutation: str = ""
    one_address: bool = False
    """Late warnings stay where they are: a clock that jumps makes them late without anybody having waited."""


def live(order: Order, line: socket.socket) -> None:
    """Until told to rest, the driver is gone, or the failpoint."""
    log = os.open(order.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 2)
    if order.mutation:
        mutate(order.mutation)
    if order.one_address:
        dead_letters.LATE = timedelta(days=365)
    arm(order.failpoint)
    asyncio.run(_Hub(order, line).run())


class Clock:
    def __init__(self, began: float) -> None:
        self._began = began

    def __call__(self) -> Now:
        now = MONDAY + timedelta(seconds=time.monotonic() - self._began)
        return Now(now, now)


@dataclass
class _Watched(Delivery):
    """Says when there is nothing more that it could do now, the warnings that are due included."""

    idle: Any = field(default=None)
    warned: asyncio.Event = field(default_factory=asyncio.Event)

    async def _nap(self) -> None:
        if not self._sending and not self.wake.is_set() and self.warned.is_set():
            self.idle()
        await super()._nap()


@dataclass(frozen=True)
class _Warning(Escalation):
    done: asyncio.Event

    async def round(self) -> int:
        warned = await super().round()
        if warned < BATCH and not self.done.is_set():
            self.done.set()
            self.wake()  # for somebody may have nothing else to be woken by
        return warned


class _Hub:
    def __init__(self, order: Order, line: socket.socket) -> None:
        self._order, self._line = order, line
        self._heard = 0
        self._hearing: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        self._reader, self._writer = await asyncio.open_unix_connection(sock=self._line, limit=LONGEST)
        clock, store = Clock(self._order.began), open_store(self._order.database)
        channels = {name: FarChannel(self._order.door) for name in CHANNELS}
        delivery = _Watched(store, channels, CATALOGUES, clock, idle=self._idle)
        self._bot = Bot(store, CATALOGUES, clock, delivery.wake.set)
        warnings = _Warning(store, CATALOGUES, clock, delivery.wake.set, delivery.warned)
        self._tell(ready=os.getpid())
        await store.take_over()
        running, warning = asyncio.create_task(delivery.run()), asyncio.create_task(warnings.run())
        await self._listen()
        warning.cancel()
        await asyncio.gather(warning, return_exceptions=True)
        await delivery.stop()
        await running
        await _at_last(delivery.deliver_all)
        owed = await _at_last(lambda: store.read(still_owed))
        await store.close()
        self._tell(rested=owed)
        await self._writer.drain()

    async def _listen(self) -> None:
        while raw := await self._reader.readline():
            told = json.loads(raw)
            if "rest" in told:
                return
            task = asyncio.create_task(self._hear(told["act"], _INCOMING.validate_python(told["incoming"])))
            self._hearing.add(task)
            task.add_done_callback(self._heard_it)
        os._exit(1)  # the driver is gone

    async def _hear(self, number: int, incoming: Incoming) -> None:
        try:
            shown = await self._bot.hear(incoming)
        except Busy as error:
            return self._tell(act=number, busy=str(error))
        finally:
            self._heard += 1
        self._tell(act=number, answer=to_json(shown) if isinstance(shown, Message) else None)

    def _heard_it(self, task: "asyncio.Task[None]") -> None:
        self._hearing.discard(task)
        if task.exception():
            task.print_stack()
            os._exit(3)

    def _idle(self) -> None:
        self._tell(idle=self._heard)

    def _tell(self, **what: object) -> None:
        self._writer.write(json.dumps(what).encode() + b"\n")


async def _at_last(what: Callable[[], Awaitable[T]]) -> T:
    """A database that was killed and is back has left dead connections in the pool: each fails once."""
    for _ in range(20):
        with suppress(Unavailable):
            return await what()
    return await what()


def still_owed(work: Work) -> int:
    messages = select(func.count()).select_from(Outbox).where(col(Outbox.done_at).is_(None))
    stale = or_(col(Card.rendered) < Card.wanted, col(Card.receipt).is_(None))
    cards = select(func.count()).select_from(Card).where(stale, col(Card.dead).is_(None))
    leased = select(func.count()).select_from(Conversation).where(col(Conversation.leased_until).is_not(None))
    session = work._session
    return sum(session.exec(query).one() for query in (messages, cards, leased))
