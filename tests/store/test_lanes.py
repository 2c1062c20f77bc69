"""Lanes: what is owed to one place leaves in order, one at a time, and no place waits for another."""

import asyncio
from datetime import timedelta

from sqlalchemy.util import await_only

from store.sending import Claimed, Fate
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
