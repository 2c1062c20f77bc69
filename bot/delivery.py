"""Sends what is owed: in order for each place, within each channel's pace, again after a failure, or says why not."""

import asyncio
import logging
import random
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot import text
from bot.channel import Channel, NotSent, Outgoing, Undeliverable
from bot.desk import view
from bot.messages import Address, from_json, to_json
from bot.plain import plain
from bot.turn import Now, Turn, as_actor, the_desk, zone_of
from rules.catalogue import Catalogues
from rules.people import CLOCK
from store.failpoints import failpoint
from store.lanes import Claimed, Fate
from store.store import Store, Unavailable
from store.tables import Card, Conversation, Outbox
from store.work import Work

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)
TIME_OUT = 25.0  # seconds for one send: below half the lease, so that nobody else sends it meanwhile
AT_ONCE = 16  # lanes on their way at the same time
PATIENCE = timedelta(hours=24)  # then it is a dead letter
FIRST, LONGEST = timedelta(seconds=2), timedelta(minutes=10)  # between two attempts
IDLE = 1.0  # seconds between looks without a wake-up: other replicas' messages, ended leases


@dataclass
class Breaker:
    """Leaves a channel alone that fails again and again, and tries it with one message at a time until it answers."""

    failures: int = 0
    open_until: datetime | None = None

    def failed(self, now: datetime) -> None:
        self.failures += 1
        if self.failures >= 5:
            self.open_until = now + backoff(self.failures - 4)

    def worked(self) -> None:
        self.failures, self.open_until = 0, None

    def closed(self, now: datetime) -> bool:
        return self.open_until is None or now >= self.open_until


def backoff(attempt: int) -> timedelta:
    """Doubling from two seconds to ten minutes, with jitter so that not all come back at once."""
    whole: timedelta = min(FIRST * 2 ** min(attempt - 1, 12), LONGEST)
    return whole * random.uniform(0.5, 1.0)  # noqa: S311 (no secret)


@dataclass
class Delivery:
    store: Store
    channels: Mapping[str, Channel]
    catalogues: Catalogues
    clock: Callable[[], Now]
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    breakers: dict[str, Breaker] = field(default_factory=dict)
    _sending: set["asyncio.Task[None]"] = field(default_factory=set)
    _stopping: bool = False

    async def run(self) -> None:
        """Until stopped: whatever is owed leaves as soon as its lane is free."""
        while not self._stopping:
            self.wake.clear()
            try:
                claimed = await self._claim(AT_ONCE - len(self._sending))
            except Unavailable as error:
                log.warning("cannot look for messages: %s", error)
                claimed = []
            except Exception:
                log.exception("looking for messages")
                claimed = []
            for one in claimed:
                task = asyncio.create_task(self._deliver(*one))
                self._sending.add(task)
                task.add_done_callback(self._sent)
            if not claimed:
                await self._nap()

    async def deliver_all(self) -> None:
        """Until nothing is due: for tests, and before a shutdown."""
        while claimed := await self._claim(AT_ONCE):
            await asyncio.gather(*(self._deliver(*one) for one in claimed))

    async def stop(self) -> None:
        """Claims nothing more and sees what is under way to its end."""
        self._stopping = True
        self.wake.set()
        await asyncio.gather(*self._sending, return_exceptions=True)

    async def _claim(self, limit: int) -> list[tuple[Claimed, Outgoing]]:
        if limit <= 0:
            return []
        now = self.clock()
        broken = sorted(name for name, breaker in self.breakers.items() if not breaker.closed(now.machine))
        threaded = sorted(name for name, channel in self.channels.items() if channel.threads)
        claimed = await self.store.write(claim, now, limit, broken, threaded, self.catalogues)
        failpoint("after claim")
        return claimed

    def _sent(self, task: "asyncio.Task[None]") -> None:
        self._sending.discard(task)
        self.wake.set()  # the lane may have more
        if not task.cancelled() and (error := task.exception()):
            log.error("delivery: %r", error)

    async def _nap(self) -> None:
        with_jitter = IDLE * random.uniform(0.5, 1.0)  # noqa: S311
        try:
            await asyncio.wait_for(self.wake.wait(), with_jitter)
        except TimeoutError:
            return

    async def _deliver(self, claimed: Claimed, out: Outgoing) -> None:
        if self._overslept(claimed):
            return
        channel = self.channels.get(claimed.place.channel)
        breaker = self.breakers.setdefault(claimed.place.channel, Breaker())
        fate = await self._attempt(channel, claimed, out, breaker)
        failpoint("after send")
        pace = (channel.gap, channel.burst) if channel else (timedelta(0), timedelta(0))
        try:
            await self.store.write(settle, claimed, out, fate, self.clock(), pace, self.catalogues, set(self.channels))
        except Unavailable as error:
            log.warning(
                "sent, but not noted: %s", error
            )  # the lease ends, and whoever claims it asks the channel first
        failpoint("after settle")

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
            return self._again(claimed, str(error), error.after, breaker, unsure=open_ or error.begun)
        except Exception as error:
            log.warning("message %s: %r", out.key, error)
            return self._again(claimed, type(error).__name__, None, breaker, unsure=True)

    def _again(self, claimed: Claimed, why: str, after: timedelta | None, breaker: Breaker, unsure: bool) -> Fate:
        now = self.clock().machine
        if now - claimed.row.owed_at >= PATIENCE:
            return Fate(dead=f"given up after 24 hours: {why}")
        if after is None:
            breaker.failed(now)
            if breaker.failures in (1, 5):  # an outage is said at its beginning, and when the channel is left alone
                log.warning("%s: message later: %s", claimed.place.channel, why)
        again = now + (after or backoff(claimed.row.attempt))
        return Fate(again_at=again, paused=after is not None, unsure=unsure)


def claim(
    work: Work, now: Now, limit: int, broken: list[str], threaded: list[str], catalogues: Catalogues
) -> list[tuple[Claimed, Outgoing]]:
    """The next message of each free lane. Cards are drawn here, from how their case stands now."""
    drawn = []
    for one in work.claim(now.machine, LEASE, limit, broken, threaded):
        try:
            drawn.append((one, _outgoing(work, one, now, catalogues)))
        except Exception:  # one row that cannot be read must not hold up all others
            log.exception("cannot be drawn: %s", one.row)
            work.settle(one, Fate(dead="it could not be drawn"), now.machine, timedelta(0))
    return drawn


def _outgoing(work: Work, claimed: Claimed, now: Now, catalogues: Catalogues) -> Outgoing:
    place, row = claimed.place, claimed.row
    to = Address(place.channel, place.tenant, place.room, claimed.thread)
    if not isinstance(row, Card):
        message, only = from_json(row.message), row.only_for or ""
        edits = work.receipt(row.replaces) if row.replaces else ""
        known = Outgoing(f"m{row.id}", to, message, edits, row.case_id, only_for=only)
        return replace(known, loud=row.warning, since=row.owed_at)
    turn = Turn(work, catalogues, CLOCK, now, now.business)
    case = work.glance(row.case_id, None)
    assert case is not None, "a card's case exists: its key refers to it"
    seen = view(turn, case)
    reader = the_desk(zone_of(turn.provider)) if place.desk else as_actor(seen.opener, seen.zone)
    drawn = text.card(seen, reader)
    # Posted once under one key, however it looked then; each edit of it has a key of its own.
    version = row.wanted if row.receipt else 0
    key = f"c{row.case_id}.{place.id}.{version}"
    return Outgoing(key, to, drawn, edits=row.receipt or "", case=row.case_id, root=True, since=row.owed_at)


def settle(
    work: Work,
    claimed: Claimed,
    out: Outgoing,
    fate: Fate,
    now: Now,
    pace: tuple[timedelta, timedelta],
    catalogues: Catalogues,
    channels: Collection[str],
) -> None:
    """Notes how an attempt ended. A dead letter goes to the next address of whom it was for, and the desk is told."""
    letters = _after(work, claimed, out, fate, now, catalogues, channels) if fate.dead is not None else []
    gap, burst = pace
    also = [place for place, _ in letters]
    if not work.settle(claimed, fate, now.machine, gap, also, burst) or fate.dead is None:
        return
    log.error("dead letter %s: %s", out.key, fate.dead)
    for place, row in letters:
        work.owe(place, now.machine, row)


def _after(
    work: Work, claimed: Claimed, out: Outgoing, fate: Fate, now: Now, catalogues: Catalogues, channels: Collection[str]
) -> list[tuple[int, dict[str, Any]]]:
    """What a dead letter leads to, by place; nothing for an answer that its asker can ask for again."""
    if out.only_for:
        return _in_private(work, claimed, out)
    if isinstance(claimed.row, Outbox) and (claimed.row.key or "").startswith("dead "):
        return []  # the report of another one
    zone = zone_of(next(iter(catalogues.providers.values())))
    row, letters = claimed.row, []
    other = next_address(work, claimed.place, row, channels) if isinstance(row, Outbox) else None
    if other is not None and isinstance(row, Outbox):
        same = {"message": row.message, "case_id": row.case_id, "warning": row.warning}
        letters.append((other.id, {**same, "instead_of": row.id, "key": f"instead of {row.id}"}))
    there = _named(work, claimed.place)
    elsewhere = f"{_named(work, other)} ({other.channel})" if other else None
    said = text.undeliverable(fate.dead or "", there, plain(out.message), elsewhere, the_desk(zone))
    told = {"message": to_json(said), "case_id": out.case}
    if not claimed.place.desk:
        card = {"under_card": out.case is not None, "key": f"dead {out.key} of {claimed.place.id}"}
        return letters + [(room.id, {**told, **card, "key": f"{card['key']} {room.id}"}) for room in work.desk_rooms()]
    # The desk's own room is the one that fails: its leads hear of it, once a day.
    key = f"dead desk {claimed.place.id} {now.machine:%Y%m%d}"
    leads = [person.conversation_id for person in work.leads() or work.staff() if person.conversation_id]
    told = {"message": to_json(said), "case_id": None}
    return letters + [(place, {**told, "key": f"{key} {place}"}) for place in dict.fromkeys(leads)]


def _named(work: Work, place: Conversation) -> str:
    """Whose room it is; any other goes by its id."""
    person = work.at_home_in(place)
    return person.name if person else place.room


def _in_private(work: Work, claimed: Claimed, out: Outgoing) -> list[tuple[int, dict[str, Any]]]:
    """What one person was to see among others goes to their own room, once."""
    place, row = claimed.place, claimed.row
    own = work.conversation(place.channel, place.tenant, out.only_for)
    if own.id == place.id or not isinstance(row, Outbox):
        return []
    return [
        (own.id, {"message": row.message, "case_id": row.case_id, "instead_of": row.id, "key": f"instead of {row.id}"})
    ]


def next_address(work: Work, place: Conversation, row: Outbox, channels: Collection[str]) -> Conversation | None:
    """Where else whoever it was for can be met, that has not been tried: their own rooms, then their mailbox."""
    person = work.at_home_in(place)
    if person is None and row.case_id is not None and not place.desk:
        case = work.glance(row.case_id, None)
        person = work.person(case.opened_by) if case and case.conversation_id == place.id else None
    if person is None:
        return None
    places = [work.place(person.conversation_id)] if person.conversation_id else []
    places += [work.conversation(each.channel, each.tenant, each.user) for each in work.identities(person.id)]
    places += [work.conversation("email", "", person.email)] if person.email else []
    tried = work.tried(row)
    return next((each for each in places if each.id not in tried and each.channel in channels), None)
