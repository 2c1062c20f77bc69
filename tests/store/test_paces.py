"""Every place gets its messages at its channel's pace, a few at once after a rest, and a pause that it asked for."""

from datetime import timedelta

from store.sending import Claimed, Fate
from store.work import Work
from tests.store.sender import NOW, SENT, Sender, said


async def test_a_place_gets_its_messages_at_the_channels_pace(lanes: Sender) -> None:
    gap = timedelta(seconds=1)
    await lanes.owe("ann", "one", "two")
    await lanes.owe("bob", "other")
    for claimed in await lanes.claim():
        await lanes.settle(claimed, gap=gap)
    lanes.passes(seconds=0.9)
    assert await lanes.claim() == []
    lanes.passes(seconds=0.1)
    assert said(await lanes.claim_one()) == "two"


async def test_what_is_owed_during_the_pause_waits_for_its_end(lanes: Sender) -> None:
    await lanes.owe("ann", "one")
    await lanes.settle(await lanes.claim_one(), gap=timedelta(seconds=1))
    lanes.passes(seconds=0.1)
    await lanes.owe("ann", "two")
    await lanes.owe("ann", "warning", warning=True)
    assert await lanes.claim() == []
    lanes.passes(seconds=0.9)
    assert said(await lanes.claim_one()) == "warning"


async def burst(lanes: Sender, most: int = 20) -> int:
    """How many leave the place at once, by a pace of one a second and three seconds ahead of it."""
    for left in range(most):
        claimed = await lanes.claim()
        if not claimed:
            return left
        await paced(lanes, claimed[0])
    return most


async def paced(lanes: Sender, claimed: Claimed, fate: Fate = SENT) -> None:
    gap, ahead = timedelta(seconds=1), timedelta(seconds=3)
    assert await lanes.store.write(Work.settle, claimed, fate, lanes.now, gap, (), ahead)


async def test_a_place_that_has_rested_gets_a_few_at_once_and_then_keeps_the_pace(lanes: Sender) -> None:
    await lanes.owe("ann", *map(str, range(9)))
    counts = [await burst(lanes)]
    for _ in range(6):
        lanes.passes(seconds=0.5)
        counts.append(await burst(lanes))
    assert counts == [4, 0, 1, 0, 1, 0, 1]


async def test_a_rest_saves_up_no_more_than_the_burst(lanes: Sender) -> None:
    await lanes.owe("ann", *map(str, range(20)))
    counts = [await burst(lanes)]
    for seconds in (2, 3, 4, 100):
        lanes.passes(seconds=seconds)
        counts.append(await burst(lanes))
    assert counts == [4, 2, 3, 4, 4]


async def test_over_any_time_no_more_leave_than_the_pace_and_one_burst_allow(lanes: Sender) -> None:
    left: list[float] = []
    await lanes.owe("ann", *map(str, range(40)))
    for pause in (0.3, 0.9, 0.2, 2.4, 0.1, 0.1, 5.0, 0.7, 1.0, 0.6, 3.1, 0.4):
        left += [(lanes.now - NOW).total_seconds()] * await burst(lanes)
        lanes.passes(seconds=pause)
    for n, start in enumerate(left):
        for m, end in enumerate(left[n:], 1):
            assert m <= 4 + (end - start), (start, end)


async def test_attempts_that_fail_count_as_much_as_those_that_do_not(lanes: Sender) -> None:
    """The channel has seen them too."""
    await lanes.owe("ann", "one")
    for _ in range(4):
        await paced(lanes, await lanes.claim_one(), Fate(again_at=lanes.now, unsure=True))
    assert await lanes.claim() == []
    lanes.passes(seconds=1)
    assert await burst(lanes) == 1


async def test_one_places_burst_is_not_anothers(lanes: Sender) -> None:
    await lanes.owe("ann", *map(str, range(5)))
    assert await burst(lanes) == 4
    await lanes.owe("bob", *map(str, range(5)))
    assert await burst(lanes) == 4


async def test_after_a_pause_that_was_asked_for_messages_come_one_by_one(lanes: Sender) -> None:
    await lanes.owe("ann", *map(str, range(9)))
    await paced(lanes, await lanes.claim_one(), Fate(again_at=lanes.now + timedelta(seconds=30), paused=True))
    lanes.passes(seconds=29)
    assert await burst(lanes) == 0
    lanes.passes(seconds=1)
    assert await burst(lanes) == 1
    lanes.passes(seconds=1)
    assert await burst(lanes) == 1


async def test_a_channel_that_asks_for_a_pause_gets_it_from_all_that_is_owed_there(lanes: Sender) -> None:
    """429 with Retry-After: neither a warning nor a card goes first, and no other place waits."""
    await lanes.owe("desk", "one")
    await lanes.settle(await lanes.claim_one(), Fate(again_at=lanes.now + timedelta(seconds=30), paused=True))
    await lanes.owe("desk", "warning", warning=True)
    await lanes.want_card()
    await lanes.owe("bob", "other")
    assert await lanes.sends() == ["other"]
    lanes.passes(seconds=30)
    assert await lanes.sends() == ["warning", "one", "card 1001"]
