"""Sends what is owed: in order for each place, within each channel's pace, again after a failure, or says why not."""

import asyncio
import logging
import random
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot import text
from bot.breaker import Breaker, backoff, clamped
from bot.channel import Channel, NotSent, Outgoing, Undeliverable
from bot.dead_letters import UNDRAWN, lead_on, redirect, undrawn
from bot.desk import pictured
from bot.incoming import Address
from bot.messages import Message, from_json
from bot.turn import Now, Turn, as_actor, the_desk, zone_of
from rules.catalogue import Catalogues
from rules.people import CLOCK
from store.failpoints import failpoint
from store.sending import Claimed, Fate
from store.store import Store, Unavailable
from store.tables import Card
from store.work import Work

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=120)  # the time-out, a clock that is 90 seconds ahead elsewhere, and a little
TIME_OUT = 25.0  # seconds for one send: far below the lease, so that nobody else sends it meanwhile
AT_ONCE = 64  # lanes on their way at the same time
BATCH = 16  # lanes claimed in one unit, which others wait for
PATIENCE = timedelta(hours=24)  # from the first attempt; then it is a dead letter
IDLE = 1.0  # seconds between looks without a wake-up: other replicas' messages, ended leases
SOON = 0.01  # seconds until another look at what is on its way
LOOK = timedelta(seconds=15)  # between two looks for warnings that are late


@dataclass
class Delivery:
    store: Store
    channels: Mapping[str, Channel]
    catalogues: Catalogues
    clock: Callable[[], Now]
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    breakers: dict[str, Breaker] = field(default_factory=dict)
    _sending: set["asyncio.Task[None]"] = field(default_factory=set)
    _lanes: set[int] = field(default_factory=set)
    """Those of the messages that are on their way from here."""
    _claiming: asyncio.Lock = field(default_factory=asyncio.Lock)
    _looked: datetime | None = None
    _stopping: bool = False

    async def run(self) -> None:
        """Until stopped: whatever is owed leaves as soon as its lane is free."""
        while not self._stopping:
            self.wake.clear()
            try:
                async with self._claiming:
                    more = await self._begin()
                await self._redirect()
            except Unavailable as error:
                log.warning("cannot look for messages: %s", error)
                more = False
            except Exception:
                log.exception("looking for messages")
                more = False
            if not more:
                await self._nap()

    async def deliver_all(self) -> None:
        """Until nothing is due: for tests, and before a shutdown."""
        await self._redirect()
        while claimed := await self._claim(AT_ONCE):
            await asyncio.gather(*(self._deliver(*one) for one in claimed))

    async def rest(self) -> None:
        """Returns when nothing is due, nor on its way from anywhere."""
        while True:
            await self.deliver_all()
            if not await self.store.read(Work.sending, self.clock().machine):
                return
            await asyncio.sleep(SOON)

    async def stop(self) -> None:
        """Claims nothing more and sees what is under way to its end."""
        self._stopping = True
        self.wake.set()
        async with self._claiming:
            pass
        await asyncio.gather(*self._sending, return_exceptions=True)

    async def _begin(self) -> bool:
        """Whether there may be more to claim at once."""
        limit = min(AT_ONCE - len(self._sending), BATCH)
        claimed = await self._claim(limit)
        if self._stopping:  # meanwhile
            await self.store.write(hand_back, [one for one, _ in claimed], self.clock().machine)
            return False
        for one in claimed:
            task = asyncio.create_task(self._deliver(*one))
            self._sending.add(task)
            task.add_done_callback(self._sent)
        return 0 < limit <= len(claimed)

    async def _claim(self, limit: int) -> list[tuple[Claimed, Outgoing]]:
        if limit <= 0:
            return []
        now = self.clock()
        failing = self._failing()
        trying = [name for name in failing if self.breakers[name].may_try(now.machine)]
        threaded = sorted(name for name, channel in self.channels.items() if channel.threads)
        given = (failing, trying, threaded, set(self._lanes))
        claimed = await self.store.write(claim, now, limit, *given, self.catalogues)
        for one, _ in claimed:
            breaker = self.breakers.get(one.place.channel)
            if breaker is not None and not breaker.closed:
                breaker.tries(one.place.id, now.machine + LEASE)
        failpoint("after claim")
        return claimed

    async def _redirect(self) -> None:
        """Late warnings, to where they can be read."""
        now, after = self.clock().machine, 0
        if self._looked is not None and now < self._looked + LOOK:
            return
        while (last := await self.store.write(redirect, now, set(self.channels), self._failing(), after)) is not None:
            after = last
        self._looked = now

    def _failing(self) -> list[str]:
        return sorted(name for name, breaker in self.breakers.items() if not breaker.closed)

    def _sent(self, task: "asyncio.Task[None]") -> None:
        if len(self._sending) == AT_ONCE:
            self.wake.set()
        self._sending.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("delivery", exc_info=error)

    async def _nap(self) -> None:
        with_jitter = IDLE * random.uniform(0.5, 1.0)  # noqa: S311
        try:
            await asyncio.wait_for(self.wake.wait(), with_jitter)
        except TimeoutError:
            return

    async def _deliver(self, claimed: Claimed, out: Outgoing) -> None:
        self._lanes.add(claimed.place.id)
        try:
            if not self._overslept(claimed):
                await self._send(claimed, out)
        finally:
            self._lanes.discard(claimed.place.id)

    async def _send(self, claimed: Claimed, out: Outgoing) -> None:
        channel = self.channels.get(claimed.place.channel)
        breaker = self.breakers.setdefault(claimed.place.channel, Breaker())
        fate = await self._attempt(channel, claimed, out, breaker)
        failpoint("after send")
        pace = (channel.gap, channel.burst) if channel else (timedelta(0), timedelta(0))
        try:
            now, on = self.clock(), set(self.channels)
            next_at = await self.store.write(settle, claimed, out, fate, now, pace, self.catalogues, on)
            self._wake_at(next_at, now.machine)
        except Unavailable as error:
            log.warning(
                "sent, but not noted: %s", error
            )  # the lease ends, and whoever claims it asks the channel first
        failpoint("after settle")

    def _wake_at(self, next_at: datetime | None, now: datetime) -> None:
        """Unless a look without a wake-up comes first."""
        delay = (next_at - now).total_seconds() if next_at else IDLE
        if delay < IDLE:
            asyncio.get_running_loop().call_later(max(delay, 0.0), self.wake.set)

    def _overslept(self, claimed: Claimed) -> bool:
        """A process that was held up since its claim must not send what somebody else may be sending by now."""
        until = claimed.place.leased_until
        return until is None or self.clock().machine + timedelta(seconds=TIME_OUT) > until

    async def _attempt(self, channel: Channel | None, claimed: Claimed, out: Outgoing, breaker: Breaker) -> Fate:
        if channel is None:
            return Fate(dead="this channel is not set up here")
        open_ = claimed.unsure  # whether an earlier attempt may have arrived, until the channel says
        try:
            async with asyncio.timeout(TIME_OUT):
                there = await channel.sent(out) if open_ else None
                open_ = False
                failpoint("before send")
                receipt = there or await channel.send(out)
            breaker.worked()
            # A card found there was drawn when it was first tried: it stands, and is drawn anew.
            return Fate(receipt=receipt, outdated=there is not None and out.root and not out.edits)
        except Undeliverable as error:
            breaker.worked()
            return Fate(dead=str(error))
        except NotSent as error:
            fate = self._again(claimed, str(error), error.after, breaker, unsure=open_ or error.begun)
            return replace(fate, paused=fate.paused and not error.alone)
        except Exception as error:
            log.warning("message %s: unclear whether it arrived", out.key, exc_info=error)
            return self._again(claimed, type(error).__name__, None, breaker, unsure=True)

    def _again(self, claimed: Claimed, why: str, after: timedelta | None, breaker: Breaker, unsure: bool) -> Fate:
        now = self.clock().machine
        if after is not None:
            breaker.worked()
            return self._given_up(claimed, why, now) or Fate(again_at=now + clamped(after), paused=True, unsure=unsure)
        breaker.failed(now, claimed.place.id)
        if breaker.failures in (1, 5):  # an outage is said at its beginning, and when the channel is left alone
            log.warning("%s: message later: %s", claimed.place.channel, why)
        again = now + backoff(claimed.row.attempt)
        if breaker.open_until is not None:  # it is not the message's fault, and need not wait longer than its channel
            again = min(again, breaker.open_until)
        return self._given_up(claimed, why, now) or Fate(again_at=again, unsure=unsure)

    def _given_up(self, claimed: Claimed, why: str, now: datetime) -> Fate | None:
        tried = claimed.row.tried_at
        return Fate(dead=f"given up after 24 hours: {why}") if tried and now - tried >= PATIENCE else None


def claim(
    work: Work,
    now: Now,
    limit: int,
    failing: list[str],
    trying: list[str],
    threaded: list[str],
    sending: set[int],
    catalogues: Catalogues,
) -> list[tuple[Claimed, Outgoing]]:
    """The next message of each free lane, of a failing channel one or none. Cards are drawn here, from how their case
    stands now."""
    claimed = [one for name in trying for one in work.claim(now.machine, LEASE, 1, (), threaded, name, sending)]
    drawn = []
    for one in claimed + work.claim(now.machine, LEASE, limit, failing, threaded, None, sending):
        try:
            drawn.append((one, _outgoing(work, one, now, catalogues)))
        except Exception:  # one row that cannot be read must not hold up all others
            log.exception("cannot be drawn: about case %s, for conversation %s", one.row.case_id, one.place.id)
            told = undrawn(work, one, catalogues)
            work.settle(one, Fate(dead=UNDRAWN), now.machine, timedelta(0), [place for place, _ in told])
            for place, row in told:
                work.owe(place, now.machine, row)
    return drawn


def _outgoing(work: Work, claimed: Claimed, now: Now, catalogues: Catalogues) -> Outgoing:
    place, row = claimed.place, claimed.row
    to = Address(place.channel, place.tenant, place.room, claimed.thread)
    if not isinstance(row, Card):
        message, only = joint([from_json(each.message) for each in (row, *claimed.joined)]), row.only_for or ""
        edits = work.receipt(row.replaces) if row.replaces else ""
        known = Outgoing(f"m{row.id}", to, message, edits, row.case_id, only_for=only)
        return replace(known, loud=row.warning, since=row.owed_at)
    turn = Turn(work, catalogues, CLOCK, now, now.business)
    case = work.glance(row.case_id, None)
    assert case is not None, "a card's case exists: its key refers to it"
    seen = pictured(turn, case)
    reader = the_desk(zone_of(turn.provider)) if place.desk else as_actor(seen.opener, seen.zone)
    drawn = text.card(seen, reader)
    # Posted once under one key, however it looked then; each edit of it has a key of its own.
    version = row.wanted if row.receipt else 0
    key = f"c{row.case_id}.{place.id}.{version}"
    return Outgoing(key, to, drawn, edits=row.receipt or "", case=row.case_id, root=True, since=row.owed_at)


def joint(messages: list[Message]) -> Message:
    """Several that one person is to read together."""
    return replace(messages[0], parts=tuple(part for message in messages for part in message.parts))


def hand_back(work: Work, claimed: list[Claimed], now: datetime) -> None:
    for one in sorted(claimed, key=lambda one: one.place.id):  # the one order in which lanes are locked
        work.hand_back(one, now)


def settle(
    work: Work,
    claimed: Claimed,
    out: Outgoing,
    fate: Fate,
    now: Now,
    pace: tuple[timedelta, timedelta],
    catalogues: Catalogues,
    channels: Collection[str],
) -> datetime | None:
    """Notes how an attempt ended; returns when that lane has something to send next. A dead letter goes to the next
    address of whom it was for, and the desk is told."""
    dead = fate.dead
    letters = [] if dead is None else lead_on(work, claimed, out, dead, now.machine, catalogues, channels)
    gap, burst = pace
    also = [place for place, _ in letters]
    settled = work.settle(claimed, fate, now.machine, gap, also, burst)
    if settled is None:
        return None
    if dead is not None:
        log.error("dead letter %s: %s", out.key, dead)
    for place, row in letters:
        work.owe(place, now.machine, row)
    return now.machine if letters else settled.next_at
