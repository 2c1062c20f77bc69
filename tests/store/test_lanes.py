"""Lanes: what is owed to one place leaves in order, one at a time, and no place waits for another."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.util import await_only

from rules.people import Role
from store.lanes import Claimed, Fate
from store.store import Store
from store.tables import Account, Card, Case, Outbox, Person
from store.work import Work
from tests.store.inside import Gate, everything, failing, on_postgresql, sql, until

NOW = datetime(2026, 1, 19, 14, tzinfo=UTC)
LEASE = timedelta(seconds=60)
SENT = Fate(receipt="p1")
NO_GAP = timedelta(0)


class Sender:
    """Owes and sends, by a clock of its own."""

    def __init__(self, store: Store) -> None:
        self.store, self.now = store, NOW

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)

    async def owe(self, room: str, *texts: str, after: float = 0, **row: Any) -> None:
        await self.store.write(self.owing(room, *texts, after=after, **row))

    def owing(self, room: str, *texts: str, after: float = 0, **row: Any) -> Callable[[Work], None]:
        due = self.now + timedelta(seconds=after) if after else None

        def unit(work: Work) -> None:
            for text in texts:
                work.owe(work.conversation("fake", "", room).id, self.now, {"message": {"text": text}, **row}, due)

        return unit

    async def want_card(self, room: str = "desk", case: int = 1001) -> None:
        await self.store.write(lambda work: work.want_card(case, work.conversation("fake", "", room).id, self.now))

    async def claim(self, limit: int = 16, without: tuple[str, ...] = ()) -> list[Claimed]:
        return await self.store.write(Work.claim, self.now, LEASE, limit, without)

    async def claim_one(self) -> Claimed:
        [claimed] = await self.claim()
        return claimed

    async def settle(self, claimed: Claimed, fate: Fate = SENT, gap: timedelta = NO_GAP) -> bool:
        return await self.store.write(Work.settle, claimed, fate, self.now, gap)

    async def sends(self) -> list[str]:
        """Everything that is due, in the order in which it left."""
        left = []
        while claimed := await self.claim():
            for one in claimed:
                left.append(said(one))
                assert await self.settle(one)
        return left

    def later(self, **time: float) -> Fate:
        return Fate(again_at=self.now + timedelta(**time))


def said(claimed: Claimed) -> str:
    return f"card {claimed.row.case_id}" if isinstance(claimed.row, Card) else str(claimed.row.message["text"])


def two_cases(work: Work) -> None:
    work.add(Account(id=1, slug="northwind", name="Northwind"))
    work.add(Person(id=1, name="Ann Lee", email="ann@northwind.example", role=Role.CUSTOMER, account_id=1))
    place = work.conversation("fake", "", "ann").id
    for number in (1001, 1002):
        case: dict[str, Any] = {
            "id": number,
            "account_id": 1,
            "opened_by": 1,
            "conversation_id": place,
            "subject": "Broken",
        }
        work.add(Case(**case, received_at=NOW, updated_at=NOW))


@pytest.fixture
async def lanes(store: Store) -> Sender:
    await store.write(two_cases)
    return Sender(store)


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


async def settled(task: "asyncio.Task[Any]", store: Store) -> None:
    """It is done, or waits for a lock."""
    waiting = """SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock' AND application_name = 'supporthub'"""

    async def done_or_waiting() -> bool:
        return task.done() or bool((await store.read(sql, waiting))[0][0])

    await until(done_or_waiting)


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


# Cards


async def test_a_message_under_a_card_waits_for_the_cards_first_sending(lanes: Sender) -> None:
    await lanes.owe("desk", "news", under_card=True, case_id=1001)
    await lanes.want_card()
    card = await lanes.claim_one()
    assert isinstance(card.row, Card)
    await lanes.settle(card, lanes.later(seconds=30))
    await lanes.owe("bob", "other")
    assert await lanes.sends() == ["other"]
    lanes.passes(seconds=30)
    await lanes.settle(await lanes.claim_one(), Fate(receipt="the card"))
    news = await lanes.claim_one()
    assert said(news) == "news"
    assert news.thread == "the card"


async def test_a_card_that_failed_at_first_takes_nobodys_turn(lanes: Sender) -> None:
    await lanes.want_card()
    await lanes.owe("desk", "news", under_card=True, case_id=1001)
    await lanes.settle(await lanes.claim_one(), lanes.later(seconds=30))
    lanes.passes(seconds=1)
    await lanes.owe("bob", "other")
    tries = [said(one) for _ in range(3) for one in await lanes.claim(limit=1)]
    assert tries == ["other"]


async def test_a_card_that_failed_does_not_keep_what_was_held_back(lanes: Sender) -> None:
    await lanes.want_card()
    await lanes.owe("desk", "held", after=10)
    await lanes.settle(await lanes.claim_one(), lanes.later(seconds=600))
    lanes.passes(seconds=10)
    assert await lanes.sends() == ["held"]


async def test_a_head_that_failed_does_not_keep_a_warning_that_was_held_back(lanes: Sender) -> None:
    await lanes.owe("cora", "one")
    await lanes.owe("cora", "warning", after=10, warning=True)
    await lanes.settle(await lanes.claim_one(), lanes.later(seconds=600))
    lanes.passes(seconds=10)
    assert await lanes.sends() == ["warning"]


async def test_a_message_whose_card_is_dead_goes_without_it(lanes: Sender) -> None:
    await lanes.want_card()
    await lanes.owe("desk", "news", under_card=True, case_id=1001)
    await lanes.settle(await lanes.claim_one(), Fate(dead="too long"))
    news = await lanes.claim_one()
    assert (said(news), news.thread) == ("news", "")


async def test_of_a_card_wanted_three_times_one_is_drawn(lanes: Sender) -> None:
    for _ in range(3):
        await lanes.want_card()
    assert await lanes.sends() == ["card 1001"]
    await lanes.want_card()
    assert await lanes.sends() == ["card 1001"]


async def test_a_card_wanted_anew_while_it_is_being_drawn_is_drawn_once_more(lanes: Sender) -> None:
    await lanes.want_card()
    drawn = await lanes.claim_one()
    for _ in range(2):
        await lanes.want_card()
    await lanes.settle(drawn)
    assert await lanes.sends() == ["card 1001"]


async def test_cards_yield_to_messages(lanes: Sender) -> None:
    await lanes.want_card(case=1001)
    await lanes.want_card(case=1002)
    await lanes.owe("desk", "one")
    await lanes.owe("desk", "under the second", under_card=True, case_id=1002)
    assert await lanes.sends() == ["one", "card 1002", "under the second", "card 1001"]


async def test_a_case_has_its_card_anew_wherever_it_has_one(lanes: Sender) -> None:
    for room in ("desk", "desk two"):
        await lanes.want_card(room)
    await lanes.want_card("desk", case=1002)
    await lanes.sends()
    await lanes.store.write(Work.refresh_cards, 1001, lanes.now)
    claimed = await lanes.claim()
    assert sorted((one.place.room, said(one)) for one in claimed) == [("desk", "card 1001"), ("desk two", "card 1001")]


async def test_a_cards_age_is_that_of_its_last_change(lanes: Sender) -> None:
    """Or the live card of an old case would be given up at its first failure."""
    await lanes.want_card()
    await lanes.sends()
    lanes.passes(days=2)
    await lanes.want_card()
    lanes.passes(hours=1)
    await lanes.want_card()
    assert (await lanes.claim_one()).row.owed_at == NOW + timedelta(days=2)


# Owing


async def test_a_key_that_was_owed_before_is_ignored(lanes: Sender) -> None:
    await lanes.owe("ann", "once", "in the same breath", key="k1")
    await lanes.owe("bob", "elsewhere", key="k1")
    assert await lanes.sends() == ["once"]
    await lanes.owe("ann", "after it was sent", key="k1")
    await lanes.owe("ann", "another", key="k2")
    assert await lanes.sends() == ["another"]


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
