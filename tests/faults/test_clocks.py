"""Clocks that are wrong: machines that jump by an hour, replicas 90 s apart, nights when clocks change (R6, R10)."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channel import Outgoing
from bot.delivery import LEASE, Delivery
from bot.escalation import Escalation
from bot.incoming import Said
from bot.turn import Now
from rules import sla
from rules.business_time import Calendar
from rules.lifecycle import Verb
from store.store import Store, open_store
from tests.fake import Fake
from tests.faults.checker import Violation
from tests.faults.plan import Tally, report, sized
from tests.rules.on_the_wall import CHANGES, Oracle, days_off, moments, weeks
from tests.store.inside import on_postgresql, sql
from tests.verifying import differences
from tests.world import BROKEN, CATALOGUES, World, opened

pytestmark = pytest.mark.faults

NEW_YORK = ZoneInfo("America/New_York")
HOUR, SKEW, TICK = timedelta(hours=1), timedelta(seconds=90), timedelta(minutes=20)
FORWARD, BACK = datetime(2026, 3, 6, 16, tzinfo=NEW_YORK), datetime(2026, 10, 30, 16, tzinfo=NEW_YORK)
"""The Fridays before clocks change."""
CASES = 10  # in each situation
SITUATIONS = sized(10_000, 500) // CASES
ZONES = [*CHANGES, ("Europe/Berlin", "2025-03-30"), ("Asia/Tokyo", "2025-06-01")]


@dataclass
class Replica:
    """One of several on a database, whose clock is ``off`` from the true time."""

    store: Store
    channels: dict[str, Fake]
    true: list[datetime]
    off: timedelta = timedelta(0)
    escalation: Escalation = field(init=False)
    delivery: Delivery = field(init=False)

    def __post_init__(self) -> None:
        self.delivery = Delivery(self.store, self.channels, CATALOGUES, self.clock)
        self.escalation = Escalation(self.store, CATALOGUES, self.clock, self.delivery.wake.set)

    def clock(self) -> Now:
        at = self.true[0] + self.off
        return Now(at, at)

    async def live(self) -> None:
        await self.escalation.round()
        await self.delivery.deliver_all()


@asynccontextmanager
async def replicas(world: World, url: str, offs: list[timedelta]) -> AsyncIterator[list[Replica]]:
    """The first one is the world's own."""
    true = [world.time.machine]
    stores = [world.store, *(open_store(url) for _ in offs[1:])]
    channels = {"fake": world.fake, "email": Fake()}
    try:
        yield [Replica(store, channels, true, off) for store, off in zip(stores, offs, strict=True)]
    finally:
        for store in stores[1:]:
            await store.close()


async def found(world: World) -> list[Violation]:
    """Each level at most once, and at last told; each message once; nothing left waiting."""
    events = await world.store.read(lambda work: work.events(1001, internal=True))
    levels = Counter(event.words for event in events if event.verb is Verb.WARN)
    wrong = [Violation("duplicated", f"level {level}, {many} times") for level, many in levels.items() if many > 1]
    if not any(level.startswith("100") for level in levels):
        wrong.append(Violation("lost", f"nobody was told of the breach: {dict(levels)}"))
    keys = Counter(post.key for post in world.fake.posts)
    wrong += [Violation("duplicated", f"message {key}, {many} times") for key, many in keys.items() if many > 1]
    [[waiting]] = await world.store.read(sql, "SELECT count(*) FROM outbox WHERE done_at IS NULL")
    wrong += [Violation("stuck", f"{waiting} messages")] if waiting else []
    return wrong + [Violation("corrupt", each) for each in await differences(world.store)]


@pytest.mark.parametrize("seed", range(sized(30, 2)))
async def test_a_machine_whose_clock_jumps_warns_once_a_level_and_sends_all(desk: World, seed: int) -> None:
    world, dice = await opened(desk), random.Random(seed)
    async with replicas(world, "", [timedelta(0)]) as [replica]:
        for _ in range(30):
            replica.true[0] += TICK
            if dice.random() < 0.15:
                replica.off = dice.choice([HOUR, -HOUR, timedelta(0)])
            world.time = replica.clock()
            if dice.random() < 0.1:
                await world.hear("sam", Said("note 1001 still at it"))
            await replica.live()
        replica.off = timedelta(0)
        replica.true[0] += 3 * HOUR  # whatever was put off while the clock was ahead
        await replica.live()
    tally = Tally(trials=1, acts=world.acts, posts=len(world.fake.posts), violations=await found(world))
    report("clocks that jump by an hour", tally)
    assert not tally.violations


@pytest.mark.parametrize("friday", [FORWARD, BACK], ids=["forward", "back"])
async def test_over_the_night_when_clocks_change_each_level_comes_once_and_at_its_time(
    desk: World, friday: datetime
) -> None:
    """Four business hours from Friday at four: two on Friday, two on Monday."""
    desk.time = Now(friday, friday)
    world, heard = await opened(desk), []
    async with replicas(world, "", [timedelta(0)]) as [replica]:
        replica.true[0] = friday
        while replica.true[0] < friday + timedelta(days=2, hours=20):
            replica.true[0] += timedelta(minutes=30)
            if await replica.escalation.round():
                heard.append(replica.true[0].astimezone(NEW_YORK).strftime("%a %H:%M"))
            await replica.delivery.deliver_all()
    assert heard[:3] == ["Fri 18:00", "Mon 09:00", "Mon 10:00"]
    assert await found(world) == []


@on_postgresql
@pytest.mark.parametrize("seed", range(sized(15, 1)))
async def test_replicas_whose_clocks_differ_by_90_seconds_warn_once_a_level(
    desk: World, database_url: str, seed: int
) -> None:
    world, dice = await opened(desk), random.Random(seed)
    async with replicas(world, database_url, [timedelta(0), SKEW, -SKEW / 2]) as all_of_them:
        for _ in range(30):
            all_of_them[0].true[0] += timedelta(minutes=dice.choice([1, 1, 20]), seconds=dice.randint(0, 59))
            await asyncio.gather(*(each.live() for each in all_of_them))
        all_of_them[0].true[0] += 4 * HOUR  # past the breach, however short the steps were
        await asyncio.gather(*(each.live() for each in all_of_them))
    tally = Tally(trials=1, acts=world.acts, posts=len(world.fake.posts), violations=await found(world))
    report("replicas 90 s apart", tally)
    assert not tally.violations


class Held(Fake):
    """Holds the first message that it is given till the test lets it go; all others pass."""

    def __init__(self) -> None:
        super().__init__()
        self.first = ""
        self.begun, self.again, self.free = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def send(self, out: Outgoing) -> str:
        if not self.first:
            self.first = out.key
            self.begun.set()
            await self.free.wait()
        elif out.key == self.first:
            self.again.set()
        return await super().send(out)


async def _sent_again(world: World, sender: Replica, other: Replica, far: Held, jump: timedelta) -> bool:
    """Whether ``other`` sends what is on its way, when it looks for work after the sender's clock has jumped."""
    await world.hear("ann", Said(BROKEN))
    sending = asyncio.create_task(sender.delivery.deliver_all())
    await far.begun.wait()
    sender.off += jump
    looking, again = asyncio.create_task(other.delivery.deliver_all()), asyncio.create_task(far.again.wait())
    await asyncio.wait((looking, again), return_when=asyncio.FIRST_COMPLETED)
    again.cancel()
    far.free.set()
    await asyncio.gather(sending, looking)
    return far.again.is_set()


async def test_a_message_on_its_way_is_not_sent_again_because_the_clock_jumped(desk: World) -> None:
    far = Held()
    async with replicas(desk, "", [timedelta(0)]) as [replica]:
        replica.channels["fake"] = far
        assert not await _sent_again(desk, replica, replica, far, HOUR)


@on_postgresql
async def test_a_message_on_its_way_is_not_sent_again_by_a_replica_whose_clock_is_ahead(
    desk: World, database_url: str
) -> None:
    far = Held()
    async with replicas(desk, database_url, [timedelta(0), SKEW]) as [sender, other]:
        sender.channels["fake"] = far
        assert not await _sent_again(desk, sender, other, far, timedelta(0))


async def test_after_a_jump_back_what_a_dead_sender_held_is_sent_in_the_end(desk: World) -> None:
    async with replicas(desk, "", [HOUR]) as [replica]:
        desk.time = replica.clock()
        await desk.hear("ann", Said(BROKEN))
        assert await replica.delivery._claim(64), "and dies"
        replica.off = timedelta(0)
        await replica.delivery.deliver_all()
        replica.true[0] += HOUR + LEASE + TICK
        await replica.delivery.deliver_all()
    assert [text for text in desk.heard("ann") if "This is case #1001" in text]


@st.composite
def lives(draw: st.DrawFn) -> tuple[Calendar, Oracle, list[tuple[int, int, int]]]:
    """Hours of some desk, and cases: received in that minute, with such a target, answered so many minutes later."""
    zone, around = draw(st.sampled_from(ZONES))
    holidays = frozenset(date.fromisoformat(around) + timedelta(days=n) for n in draw(days_off))
    calendar = Calendar(draw(weeks), zone, holidays)
    cases = st.lists(st.tuples(moments, st.integers(1, 900), st.integers(0, 4320)), min_size=CASES, max_size=CASES)
    return calendar, Oracle(calendar, around), draw(cases)


@given(lives())
@settings(max_examples=SITUATIONS, deadline=None)
def test_promised_times_are_what_the_clock_on_the_wall_makes_them(
    life: tuple[Calendar, Oracle, list[tuple[int, int, int]]],
) -> None:
    """Due, elapsed and the share used, minute by minute, around the nights that matter."""
    calendar, oracle, cases = life
    for received, target, later in cases:
        at, worked = oracle.at(received), [n for n in range(received, len(oracle.open)) if oracle.open[n]]
        answered = min(received + later, len(oracle.open) - 1)
        if len(worked) < target:
            continue  # the oracle's week ends before
        due = worked[target - 1] + 1
        assert sla.due(calendar, at, target) == oracle.at(due)
        used = sum(oracle.open[received:answered])
        assert sla.elapsed(calendar, at, oracle.at(answered)) == used
        assert sla.share_used(calendar, at, target, oracle.at(answered)) == used * 100 // target


def test_those_are_20_zones() -> None:
    assert len({zone for zone, _ in ZONES}) >= 20
