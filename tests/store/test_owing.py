"""Owing: once ever, in the order of the commits, without anybody standing in another's way."""

import asyncio
from collections.abc import Callable

from store.work import Work
from tests.store.inside import Gate, failing, on_postgresql, settled
from tests.store.sender import Sender


async def test_a_key_that_was_owed_before_is_ignored(lanes: Sender) -> None:
    await lanes.owe("ann", "once", "in the same breath", key="k1")
    await lanes.owe("bob", "elsewhere", key="k1")
    assert await lanes.sends() == ["once"]
    await lanes.owe("ann", "after it was sent", key="k1")
    await lanes.owe("ann", "another", key="k2")
    assert await lanes.sends() == ["another"]


@on_postgresql
async def test_what_is_owed_follows_the_order_of_the_commits(lanes: Sender, gate: Gate) -> None:
    """A unit that began first and ended last owes last."""

    def slow(work: Work) -> None:
        lanes.owing("ann", "of the slow unit")(work)
        gate.stand()

    writing = asyncio.create_task(lanes.store.write(slow))
    await gate.reached()
    await lanes.owe("ann", "of the quick unit")
    gate.open()
    await writing
    assert await lanes.sends() == ["of the quick unit", "of the slow unit"]


@on_postgresql
async def test_who_owes_to_a_lane_waits_for_the_commit_of_whoever_owed_before(lanes: Sender, gate: Gate) -> None:
    """Or the second could be sent before the first can be seen."""
    await lanes.owe("ann", "one")  # the lane is awake already
    held: list[bool] = []

    def hold_first(statement: str) -> bool:
        if statement == "COMMIT" and not held:
            held.append(True)
            gate.stand()
        return False

    with failing(lanes.store, hold_first):
        first = asyncio.create_task(lanes.store.write(lanes.owing("ann", "two")))
        await gate.reached()
        second = asyncio.create_task(lanes.store.write(lanes.owing("ann", "three")))
        await settled(second, lanes.store)
        assert not second.done()
        gate.open()
        await asyncio.gather(first, second)
    assert await lanes.sends() == ["one", "two", "three"]


@on_postgresql
async def test_units_that_owe_to_each_others_rooms_do_not_deadlock(lanes: Sender) -> None:
    def owing(*rooms: str) -> Callable[[Work], None]:
        def unit(work: Work) -> None:
            for room in rooms:
                lanes.owing(room, "news")(work)

        return unit

    await lanes.owe("ann", "hello")
    await lanes.owe("bob", "hello")
    units = [owing("ann", "bob"), owing("bob", "ann")] * 20
    await asyncio.gather(*(lanes.store.write(unit) for unit in units))
    assert len(await lanes.sends()) == 82
