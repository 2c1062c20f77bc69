"""From the commit that owes a message to its leaving, alone and under load, beside a bare asyncio queue
(python -m benchmarks latency).

Somebody of the desk replies and waits until it has left to the customer, then replies again; under load so many do at
once. The channel takes everything at once. The queue has nothing to keep, to look up or to lock: it is the least that
handing a message over can cost in one process.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from statistics import quantiles

from benchmarks.databases import databases
from benchmarks.table import Row
from benchmarks.turns import answer, desk_with
from bot.channel import Outgoing
from tests.world import World

AT_ONCE = (1, 16)
MESSAGES = 320
Delays = list[float]
Hand = Callable[[int], Awaitable[float]]
"""Owes the message of one pair and waits until it has left; how many milliseconds that took since it was owed."""


async def taken(hand: Hand, at_once: int) -> Delays:
    async def one_after_the_other(pair: int) -> Delays:
        return [await hand(pair) for _ in range(MESSAGES // at_once)]

    found = await asyncio.gather(*(one_after_the_other(pair) for pair in range(at_once)))
    return [delay for delays in found for delay in delays]


async def bare(at_once: int) -> Delays:
    owed: asyncio.Queue[tuple[float, asyncio.Future[float]]] = asyncio.Queue()

    async def send() -> None:
        while True:
            since, left = await owed.get()
            left.set_result((time.perf_counter() - since) * 1e3)

    async def hand(_: int) -> float:
        left: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        owed.put_nowait((time.perf_counter(), left))
        return await left

    sending = asyncio.create_task(send())
    found = await taken(hand, at_once)
    sending.cancel()
    return found


async def ours(world: World, at_once: int) -> Delays:
    committed: dict[asyncio.Task[object] | None, float] = {}
    left: dict[str, asyncio.Future[float]] = {}

    def wake() -> None:
        committed[asyncio.current_task()] = time.perf_counter()
        world.delivery.wake.set()

    def sent(out: Outgoing) -> None:
        if waiting := left.pop(out.to.room, None):
            waiting.set_result(time.perf_counter())

    async def hand(pair: int) -> float:
        left[f"customer{pair}"] = arrived = asyncio.get_running_loop().create_future()
        while not await answer(world, pair):  # 503: nothing was owed
            pass
        return (await arrived - committed[asyncio.current_task()]) * 1e3

    world.fake.before, world.bot = sent, replace(world.bot, wake=wake)
    return await taken(hand, at_once)


async def compare(url: str, at_once: int) -> tuple[Delays, Delays]:
    """Sorted into the percentiles 1 to 99: ours, and the bare queue's."""
    world = await desk_with(url, at_once, at_once)
    await world.delivery.deliver_all()
    delivering = asyncio.create_task(world.delivery.run())
    found = quantiles(await ours(world, at_once), n=100), quantiles(await bare(at_once), n=100)
    await world.delivery.stop()
    await delivering
    await world.store.close()
    return found


def rows(full: bool) -> list[Row]:
    found = []
    with databases() as both:
        for each in both:
            measured = [asyncio.run(compare(each.new(), at_once)) for at_once in AT_ONCE]
            for cut in (50, 99):
                found.append(
                    Row(
                        f"{each.name}: from a commit until its message leaves, p{cut}, at 1 / 16 at once",
                        "ms",
                        tuple(mine[cut - 1] for mine, _ in measured),
                        "a bare asyncio queue",
                        tuple(least[cut - 1] for _, least in measured),
                    )
                )
    return found
