"""Lanes: what is owed to one place leaves in order, one at a time, and no place waits for another."""

import asyncio
from datetime import timedelta

from sqlalchemy.util import await_only

from store.lanes import Claimed, Fate
from store.tables import Outbox
from store.work import Work
from tests.store.inside import Gate, everything, failing, on_postgresql, settled, sql
from tests.store.sender import LEASE, NOW, SENT, Sender, said


async def test_what_is_owed_to_one_place_leaves_in_the_order_in_which_it_was_owed(lanes: Sender) -> None:
    for text in ("one", "two", "three"):
        await lanes.owe("ann", text)
    await lanes.owe("ann", "four", "five")
    assert await lanes.sends() == ["one", "two", "three", "four", "five"]
    assert await lanes.sends() == []


async def test_one_message_of_a_place_is_on_its_way_at_a_time(lanes: Sender) -> None:
    await lanes.owe("ann", "one", "two")
    await lanes.owe("bob", "other")
    first, other = await lanes.claim()
    assert {said(first), said(other)} == {"one", "other"}
    assert await lanes.claim() == []
    await lanes.settle(first)
    assert said(await lanes.claim_one()) == "two"


async def test_a_claim_takes_no_more_lanes_than_asked_for_and_none_of_a_channel_left_alone(lanes: Sender) -> None:
    for room in ("ann", "bob", "eve"):
        await lanes.owe(room, room)
    assert await lanes.claim(without=("fake",)) == []
    assert len(await lanes.claim(limit=2)) == 2
    assert len(await lanes.claim(limit=2)) == 1


async def test_what_is_held_back_is_not_in_its_lane_yet_and_then_keeps_its_place(lanes: Sender) -> None:
    await lanes.owe("ann", "held", after=10)
    await lanes.owe("ann", "not held")
    assert await lanes.sends() == ["not held"]
    assert await lanes.store.read(Work.next_due) == NOW + timedelta(seconds=10)
    lanes.passes(seconds=9)
    assert await lanes.sends() == []
    lanes.passes(seconds=1)
    await lanes.owe("ann", "later")
    assert await lanes.sends() == ["held", "later"]
    assert await lanes.store.read(Work.next_due) is None


async def test_a_head_that_failed_blocks_its_own_lane_and_no_other(lanes: Sender) -> None:
    await lanes.owe("ann", "one", "two")
    await lanes.settle(await lanes.claim_one(), lanes.later(seconds=30))
    await lanes.owe("ann", "three")
    await lanes.owe("bob", "other")
    assert await lanes.sends() == ["other"]
    lanes.passes(seconds=30)
    assert await lanes.sends() == ["one", "two", "three"]


async def test_blocked_lanes_take_nobodys_turn(lanes: Sender) -> None:
    for room in ("ann", "bob", "eve"):
        await lanes.owe(room, "one")
        await lanes.settle(await lanes.claim_one(), lanes.later(seconds=30))
        await lanes.owe(room, "two")
    await lanes.owe("sam", "other")
    tries = [said(one) for _ in range(4) for one in await lanes.claim(limit=1)]
    assert tries == ["other"]


async def test_a_dead_head_frees_its_lane_and_keeps_why(lanes: Sender) -> None:
    await lanes.owe("ann", "one", "two")
    await lanes.settle(await lanes.claim_one(), Fate(dead="the person has blocked the bot"))
    assert await lanes.sends() == ["two"]
    dead = await lanes.store.read(lambda work: work.find(Outbox, dead="the person has blocked the bot"))
    assert dead.message == {"text": "one"}
    assert dead.done_at == NOW
    assert dead.receipt is None


async def test_warnings_jump_their_lane_even_past_a_head_that_failed(lanes: Sender) -> None:
    await lanes.owe("cora", "one", "two")
    await lanes.settle(await lanes.claim_one(), lanes.later(seconds=30))
    await lanes.owe("cora", "first warning", warning=True, case_id=1001)
    await lanes.owe("cora", "second warning", warning=True, case_id=1001)
    assert await lanes.sends() == ["first warning", "second warning"]
    lanes.passes(seconds=30)
    assert await lanes.sends() == ["one", "two"]


async def test_warnings_wait_for_the_message_that_is_on_its_way(lanes: Sender) -> None:
    await lanes.owe("cora", "one")
    one = await lanes.claim_one()
    await lanes.owe("cora", "warning", warning=True, case_id=1001)
    assert await lanes.claim() == []
    await lanes.settle(one)
    assert await lanes.sends() == ["warning"]


async def test_withdrawn_warnings_never_leave_and_nothing_else_is_withdrawn(lanes: Sender) -> None:
    await lanes.owe("cora", "warning", warning=True, case_id=1001)
    await lanes.owe("cora", "of another case", warning=True, case_id=1002)
    await lanes.owe("cora", "no warning", case_id=1001)
    await lanes.store.write(Work.withdraw_warnings, 1001, lanes.now)
    assert await lanes.sends() == ["of another case", "no warning"]
    await lanes.owe("cora", "a later one", warning=True, case_id=1001)
    assert await lanes.sends() == ["a later one"]


async def test_a_warning_on_its_way_cannot_be_withdrawn(lanes: Sender) -> None:
    await lanes.owe("cora", "warning", warning=True, case_id=1001)
    claimed = await lanes.claim_one()
    await lanes.store.write(Work.withdraw_warnings, 1001, lanes.now)
    assert await lanes.settle(claimed)
    row = await lanes.store.read(lambda work: work.find(Outbox, receipt="p1"))
    assert not row.withdrawn


async def test_a_warning_that_did_not_get_through_can_still_be_withdrawn(lanes: Sender) -> None:
    await lanes.owe("cora", "warning", warning=True, case_id=1001)
    await lanes.settle(await lanes.claim_one(), lanes.later(seconds=30))
    await lanes.store.write(Work.withdraw_warnings, 1001, lanes.now)
    lanes.passes(seconds=30)
    assert await lanes.sends() == []


@on_postgresql
async def test_a_warning_withdrawn_while_it_is_being_claimed_does_not_leave(lanes: Sender) -> None:
    await lanes.owe("cora", "warning", warning=True, case_id=1001)
    withdrawing: list[asyncio.Task[None]] = []

    def between(statement: str) -> bool:
        """The claim has chosen its message and says so."""
        if statement.startswith("UPDATE conversation") and "leased_until" in statement and not withdrawing:
            unit = lanes.store.write(Work.withdraw_warnings, 1001, lanes.now)
            withdrawing.append(asyncio.create_task(unit))
            await_only(settled(withdrawing[0], lanes.store))
        return False

    with failing(lanes.store, between):
        claimed = await lanes.claim()
        await withdrawing[0]
    rows = await lanes.store.read(sql, "SELECT withdrawn, attempt FROM outbox")
    assert rows == ([(False, 1)] if claimed else [(True, 0)])


@on_postgresql
async def test_a_claim_does_not_stand_in_the_way_of_a_withdrawal_that_owes_to_the_same_lane(
    lanes: Sender, gate: Gate
) -> None:
    def withdraw_and_owe(work: Work) -> None:
        work.withdraw_warnings(1001, lanes.now)
        gate.stand()
        lanes.owing("cora", "news")(work)

    await lanes.owe("cora", "warning", warning=True, case_id=1001)
    withdrawing = asyncio.create_task(lanes.store.write(withdraw_and_owe))
    await gate.reached()
    claiming = asyncio.create_task(lanes.claim())
    await settled(claiming, lanes.store)
    gate.open()
    await withdrawing
    [warning] = await claiming  # it came first, and is on its way
    await lanes.settle(warning)
    assert await lanes.sends() == ["news"]


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


async def threads(lanes: Sender, receipts: str = "p") -> list[tuple[str, str]]:
    """Everything that is due in a channel that threads, each with the thread in which it is to stand."""
    found: list[tuple[str, str]] = []
    while claimed := await lanes.store.write(Work.claim, lanes.now, LEASE, 16, (), ("fake",)):
        for one in claimed:
            found.append((said(one), one.thread))
            assert await lanes.settle(one, Fate(receipt=f"{receipts}{len(found)}"))
    return found


async def test_where_a_channel_threads_what_follows_about_a_case_stands_under_the_first(lanes: Sender) -> None:
    await lanes.owe("ann", "one", "two", case_id=1001)
    await lanes.owe("ann", "of another case", case_id=1002)
    await lanes.owe("ann", "of no case")
    await lanes.owe("ann", "three", case_id=1001)
    await lanes.owe("ann", "more of it", case_id=1002)
    assert await threads(lanes) == [
        ("one", ""),
        ("two", "p1"),
        ("of another case", ""),
        ("of no case", ""),
        ("three", "p1"),
        ("more of it", "p3"),
    ]


async def test_where_a_channel_does_not_everything_stands_in_the_room(lanes: Sender) -> None:
    await lanes.owe("ann", "one", "two", case_id=1001)
    await lanes.settle(await lanes.claim_one())
    assert (await lanes.claim_one()).thread == ""


async def test_each_place_has_its_own_first_message_about_a_case(lanes: Sender) -> None:
    await lanes.owe("ann", "one", case_id=1001)
    assert await threads(lanes, "a") == [("one", "")]
    await lanes.owe("bob", "one", "two", case_id=1001)
    assert await threads(lanes, "b") == [("one", ""), ("two", "b1")]


async def test_what_names_its_thread_stands_there_and_begins_none(lanes: Sender) -> None:
    await lanes.owe("ann", "one", case_id=1001, thread="t1")
    await lanes.owe("ann", "two", "three", case_id=1001)
    assert await threads(lanes) == [("one", "t1"), ("two", ""), ("three", "p2")]


async def test_warnings_stand_in_the_room_and_not_in_a_thread(lanes: Sender) -> None:
    await lanes.owe("ann", "one", case_id=1001)
    assert await threads(lanes) == [("one", "")]
    await lanes.owe("ann", "warning", case_id=1001, warning=True)
    await lanes.owe("ann", "two", case_id=1001)
    assert await threads(lanes, "later ") == [("warning", ""), ("two", "p1")]


async def test_a_whisper_stands_in_the_room_and_nothing_under_it(lanes: Sender) -> None:
    """Nobody else sees it, and it is gone when its reader's page is loaded anew."""
    await lanes.owe("desk", "for Sam", case_id=1001, only_for="sam")
    await lanes.owe("desk", "one", "two", case_id=1001)
    await lanes.owe("desk", "for Sam again", case_id=1001, only_for="sam")
    assert await threads(lanes) == [("for Sam", ""), ("one", ""), ("two", "p2"), ("for Sam again", "")]


async def test_a_dead_letter_begins_no_thread(lanes: Sender) -> None:
    await lanes.owe("ann", "one", case_id=1001)
    await lanes.settle(await lanes.claim_one(), Fate(dead="blocked"))
    await lanes.owe("ann", "two", "three", case_id=1001)
    assert await threads(lanes) == [("two", ""), ("three", "p1")]


async def test_what_belongs_under_a_card_stands_under_the_card(lanes: Sender) -> None:
    await lanes.want_card()
    await lanes.owe("desk", "one", case_id=1001, under_card=True)
    await lanes.owe("desk", "warning", case_id=1001, under_card=True, warning=True)
    assert await threads(lanes) == [("card 1001", ""), ("warning", "p1"), ("one", "p1")]


async def test_who_lost_the_lease_hands_over_and_changes_nothing_any_more(lanes: Sender) -> None:
    await lanes.owe("ann", "one", "two")
    late = await lanes.claim_one()
    assert not late.unsure
    lanes.passes(seconds=59)
    assert await lanes.claim() == []
    lanes.passes(seconds=1)
    heir = await lanes.claim_one()
    assert said(heir) == "one"
    assert heir.unsure, "it may have arrived"
    before = await lanes.store.read(everything)
    for fate in (SENT, lanes.later(seconds=5), Fate(dead="blocked")):
        assert not await lanes.settle(late, fate)
    assert await lanes.store.read(everything) == before
    assert await lanes.settle(heir)
    assert not await lanes.settle(late)
    assert await lanes.sends() == ["two"]


async def test_an_attempt_of_unknown_outcome_is_remembered_and_a_clear_one_is_not(lanes: Sender) -> None:
    await lanes.owe("ann", "one")
    await lanes.settle(await lanes.claim_one(), Fate(again_at=lanes.now, unsure=True))
    again = await lanes.claim_one()
    assert again.unsure
    assert again.row.attempt == 2
    await lanes.settle(again, Fate(again_at=lanes.now))
    assert not (await lanes.claim_one()).unsure


async def test_what_is_handed_back_may_be_had_at_once(lanes: Sender) -> None:
    await lanes.owe("ann", "one", "two")
    await lanes.store.write(Work.hand_back, await lanes.claim_one(), lanes.now)
    again = await lanes.claim_one()
    assert said(again) == "one"
    assert not again.unsure


async def test_where_nobody_else_is_alive_leases_end_at_once(lanes: Sender) -> None:
    await lanes.owe("ann", "one")
    late = await lanes.claim_one()
    await lanes.store.write(Work.end_leases)
    heir = await lanes.claim_one()
    assert heir.unsure
    assert not await lanes.settle(late)
    assert await lanes.settle(heir)


@on_postgresql
async def test_four_claimers_at_once_never_claim_the_same_lane_and_none_waits(lanes: Sender, gate: Gate) -> None:
    for number in range(20):
        await lanes.owe(f"room {number}", "one", "two")

    def unit(work: Work) -> list[Claimed]:
        claimed = work.claim(lanes.now, LEASE, 5)
        gate.stand()
        return claimed

    claiming = [asyncio.create_task(lanes.store.write(unit)) for _ in range(4)]
    await gate.reached(by=4)
    gate.open()
    rooms = [one.place.room for claimed in await asyncio.gather(*claiming) for one in claimed]
    assert sorted(rooms) == sorted(f"room {number}" for number in range(20))


async def test_four_senders_at_once_send_everything_once_and_in_order(lanes: Sender) -> None:
    for text in ("one", "two", "three"):
        for number in range(6):
            await lanes.owe(f"room {number}", text)
    left: list[tuple[str, str]] = []

    async def send() -> None:
        while claimed := await lanes.claim(limit=3):
            for one in claimed:
                left.append((one.place.room, said(one)))
                assert await lanes.settle(one)

    await asyncio.gather(*(send() for _ in range(4)))
    await send()  # whoever found every lane taken had gone home
    for number in range(6):
        assert [text for room, text in left if room == f"room {number}"] == ["one", "two", "three"]
