"""One person's warnings: those due within two minutes leave in one message, and each is noted by itself (R10)."""

from datetime import timedelta

from sqlmodel import col, select

from store.sending import MOST, TOGETHER, Claimed, Fate
from store.tables import Outbox
from store.work import Work
from tests.store.sender import NOW, SENT, Sender, said


async def warn(lanes: Sender, *texts: str, room: str = "cora", case: int = 1001, joins: int | None = 0) -> None:
    await lanes.owe(room, *texts, warning=True, case_id=case, joins=joins)


def key(claimed: Claimed) -> int:
    assert isinstance(claimed.row, Outbox)
    return claimed.row.id


def words(claimed: Claimed) -> list[str]:
    return [str(row.message["text"]) for row in claimed.rows if isinstance(row, Outbox)]


async def leaves(lanes: Sender, fate: Fate = SENT) -> list[list[str]]:
    """Message by message."""
    found = []
    while claimed := await lanes.claim():
        for one in claimed:
            found.append(words(one))
            assert await lanes.settle(one, fate)
    return found


async def rows(lanes: Sender) -> list[Outbox]:
    return await lanes.store.read(lambda work: list(work._session.exec(select(Outbox).order_by(col(Outbox.id)))))


async def test_those_that_are_due_leave_in_one_message_and_each_is_noted(lanes: Sender) -> None:
    await warn(lanes, "one", "two", "three")
    assert await leaves(lanes) == [["one", "two", "three"]]
    assert [(row.receipt, row.done_at, row.attempt) for row in await rows(lanes)] == [("p1", NOW, 1)] * 3


async def test_the_first_leaves_at_once_and_the_next_ones_together_two_minutes_later(lanes: Sender) -> None:
    await warn(lanes, "one")
    assert await leaves(lanes) == [["one"]]
    lanes.passes(seconds=30)
    await warn(lanes, "two")
    assert await leaves(lanes) == []
    lanes.passes(seconds=60)
    await warn(lanes, "three", case=1002)
    lanes.passes(seconds=29)
    assert await leaves(lanes) == []
    lanes.passes(seconds=1)
    assert await leaves(lanes) == [["two", "three"]]
    await warn(lanes, "four")
    lanes.passes(seconds=TOGETHER.total_seconds() - 1)
    assert await leaves(lanes) == []
    lanes.passes(seconds=1)
    assert await leaves(lanes) == [["four"]]


async def test_what_is_held_back_keeps_nothing_else_of_its_lane(lanes: Sender) -> None:
    await warn(lanes, "one")
    await leaves(lanes)
    await warn(lanes, "two")
    await lanes.owe("cora", "no warning")
    assert await leaves(lanes) == [["no warning"]]
    assert await lanes.store.read(Work.next_due) == NOW + TOGETHER


async def test_one_that_is_to_stand_alone_never_waits_and_never_joins(lanes: Sender) -> None:
    await warn(lanes, "one")
    await leaves(lanes)
    await warn(lanes, "two")
    await warn(lanes, "critical", joins=None)
    assert await leaves(lanes) == [["critical"]]
    lanes.passes(seconds=150)
    await warn(lanes, "critical too", joins=None)
    assert await leaves(lanes) == [["two"], ["critical too"]]


async def test_a_full_message_need_not_wait_and_the_rest_leaves_with_the_next(lanes: Sender) -> None:
    await warn(lanes, "one")
    await leaves(lanes)
    many = [str(n) for n in range(2 * MOST + 1)]
    await warn(lanes, *many)
    assert await leaves(lanes) == [many[:MOST], many[MOST : 2 * MOST]]
    lanes.passes(seconds=TOGETHER.total_seconds())
    assert await leaves(lanes) == [many[2 * MOST :]]


async def test_a_second_attempt_is_at_the_same_message(lanes: Sender) -> None:
    """Under the key of the first: what may have arrived is asked after as what it was."""
    await warn(lanes, "one", "two")
    first = await lanes.claim_one()
    await lanes.settle(first, Fate(again_at=lanes.now + timedelta(seconds=5), unsure=True))
    await warn(lanes, "three")
    lanes.passes(seconds=5)
    again = await lanes.claim_one()
    assert (key(again), words(again), again.unsure) == (key(first), ["one", "two"], True)
    await lanes.settle(again)
    lanes.passes(seconds=TOGETHER.total_seconds())
    assert await leaves(lanes) == [["three"]]


async def test_who_takes_over_from_a_dead_sender_has_the_same_message(lanes: Sender) -> None:
    await warn(lanes, "one", "two")
    first = await lanes.claim_one()
    await warn(lanes, "three")
    lanes.passes(seconds=60)
    heir = await lanes.claim_one()
    assert (key(heir), words(heir), heir.unsure) == (key(first), ["one", "two"], True)


async def test_a_withdrawn_one_falls_out_and_the_others_leave(lanes: Sender) -> None:
    await warn(lanes, "one")
    await warn(lanes, "of another case", case=1002)
    await lanes.settle(await lanes.claim_one(), lanes.later(seconds=5))
    await lanes.store.write(Work.withdraw_warnings, 1001, lanes.now)
    lanes.passes(seconds=5)
    assert await leaves(lanes) == [["of another case"]]


async def test_none_that_may_have_arrived_falls_out(lanes: Sender) -> None:
    await warn(lanes, "one")
    await warn(lanes, "of another case", case=1002)
    await lanes.settle(await lanes.claim_one(), Fate(again_at=lanes.now, unsure=True))
    await lanes.store.write(Work.withdraw_warnings, 1001, lanes.now)
    assert await leaves(lanes) == [["one", "of another case"]]


async def test_they_die_together_and_are_sent_again_together(lanes: Sender) -> None:
    await warn(lanes, "one", "two")
    first = await lanes.claim_one()
    await lanes.settle(first, Fate(dead="blocked"))
    assert [row.dead for row in await rows(lanes)] == ["blocked"] * 2

    def again(work: Work) -> None:
        letter = work.letter("2")
        assert letter is not None
        work.replay(letter, lanes.now)

    await lanes.store.write(again)
    claimed = await lanes.claim_one()
    assert (key(claimed), words(claimed), claimed.unsure) == (key(first), ["one", "two"], True)


async def test_rooms_of_the_desk_and_mailboxes_get_each_by_itself(lanes: Sender) -> None:
    await warn(lanes, "one", "two", room="desk", joins=None)
    assert await leaves(lanes) == [["one"], ["two"]]


async def test_what_was_seen_is_noted_and_ends_the_wait(lanes: Sender) -> None:
    await warn(lanes, "one")
    await leaves(lanes)
    lanes.passes(seconds=20)
    await lanes.store.write(lambda work: work.see(work.conversation("fake", "", "cora"), lanes.now))
    await warn(lanes, "two")
    assert await leaves(lanes) == [["two"]]
    assert [row.seen_at for row in await rows(lanes)] == [lanes.now, None]


async def test_what_was_sent_later_was_not_seen_then(lanes: Sender) -> None:
    await warn(lanes, "one")
    await leaves(lanes)
    earlier = lanes.now - timedelta(seconds=1)
    await lanes.store.write(lambda work: work.see(work.conversation("fake", "", "cora"), earlier))
    assert [row.seen_at for row in await rows(lanes)] == [None]
    assert said(await _next(lanes)) == "two"


async def _next(lanes: Sender) -> Claimed:
    lanes.passes(seconds=TOGETHER.total_seconds())
    await warn(lanes, "two")
    return await lanes.claim_one()


async def test_withdrawing_what_kept_its_lane_lets_the_next_one_leave(lanes: Sender) -> None:
    await lanes.owe("cora", "no warning")
    await warn(lanes, "one")
    await lanes.settle(await lanes.claim_one(), lanes.later(seconds=600))
    await lanes.store.write(Work.withdraw_warnings, 1001, lanes.now)
    assert await leaves(lanes) == [["no warning"]]
