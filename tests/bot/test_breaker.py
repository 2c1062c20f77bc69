"""A channel keeps its pace, and one that fails is left alone and tried with one message at a time."""

from datetime import timedelta

import pytest

from bot.breaker import KNOCK, Breaker, backoff, clamped
from bot.channel import NotSent, Outgoing, Undeliverable
from bot.delivery import LEASE
from bot.text import welcome
from bot.turn import the_desk
from tests.bot.owing import down, owe, up
from tests.world import MONDAY, World

HELLO = welcome(the_desk("UTC"))


async def test_a_channel_that_is_not_set_up_is_a_dead_letter_at_once(desk: World) -> None:
    def unit(work) -> None:
        from bot.messages import to_json

        work.owe(work.conversation("pigeon", "", "x").id, desk.time.machine, {"message": to_json(HELLO)})

    await desk.store.write(unit)
    await desk.delivery.deliver_all()
    assert desk.last("desk").startswith("Not delivered to x: this channel is not set up here.")


async def test_a_channel_keeps_its_pace(desk: World) -> None:
    desk.fake.gap = timedelta(seconds=1)
    for text in ("one", "two", "three"):
        await owe(desk, "ann", text)
    counts = []
    for _ in range(3):
        await desk.delivery.deliver_all()
        counts.append(len(desk.heard("ann")))
        desk.passes(seconds=1)
    assert counts == [1, 2, 3]


async def test_a_breaker_leaves_a_failing_channel_alone_and_tries_it_again(desk: World) -> None:
    desk.fake.before = lambda out: (_ for _ in ()).throw(NotSent("down"))
    for n in range(8):
        await owe(desk, f"room {n}", "one")
    await desk.delivery.deliver_all()
    tried = desk.fake.sends
    for n in range(8):
        await owe(desk, f"other {n}", "one")
    await desk.delivery.deliver_all()
    assert desk.fake.sends == tried, "nobody knocks while the breaker is open"
    desk.fake.before = lambda out: None
    desk.passes(minutes=30)
    await desk.delivery.deliver_all()
    await desk.delivery.deliver_all()
    assert len(desk.fake.posts) == 16


def test_a_breaker_opens_after_five_failures_in_a_row_and_closes_with_one_success() -> None:
    breaker = Breaker()
    for lane in range(4):
        breaker.failed(MONDAY, lane)
    assert breaker.closed
    breaker.failed(MONDAY, 4)
    assert not breaker.closed
    assert not breaker.may_try(MONDAY)
    assert breaker.may_try(MONDAY + KNOCK)
    breaker.worked()
    assert breaker.closed


def test_what_was_under_way_when_it_opened_does_not_keep_it_open_for_longer() -> None:
    breaker = Breaker()
    for lane in range(64):
        breaker.failed(MONDAY, lane)
    assert breaker.may_try(MONDAY + timedelta(seconds=2))


def test_while_one_message_tries_nobody_else_does_and_its_sender_is_not_waited_for_for_ever() -> None:
    breaker = Breaker()
    for lane in range(5):
        breaker.failed(MONDAY, lane)
    at = MONDAY + KNOCK
    breaker.tries(7, at + LEASE)
    assert not breaker.may_try(at + KNOCK)
    assert breaker.may_try(at + LEASE)
    breaker.failed(at, 3)
    assert not breaker.may_try(at + KNOCK), "a late word of another lane's is not the answer"
    breaker.failed(at, 7)
    assert breaker.may_try(at + KNOCK)


async def test_a_channel_that_fails_is_tried_with_exactly_one_message_until_it_answers(desk: World) -> None:
    desk.fake.before = down
    for n in range(20):
        await owe(desk, f"room {n}", "one")
    for _ in range(10):
        await desk.delivery.deliver_all()
        before = desk.fake.sends
        desk.passes(seconds=KNOCK.total_seconds())
        await desk.delivery.deliver_all()
        assert desk.fake.sends == before + 1
    desk.fake.before = up
    desk.passes(seconds=KNOCK.total_seconds())
    await desk.delivery.deliver_all()
    assert len(desk.fake.posts) == 20, "nobody waits for a turn of its own any longer"


@pytest.mark.parametrize("answer", [Undeliverable("blocked"), NotSent("too many", after=timedelta(seconds=1))])
async def test_any_answer_closes_the_breaker(desk: World, answer: Exception) -> None:
    desk.fake.before = down
    for n in range(6):
        await owe(desk, f"room {n}", "one")
    await desk.delivery.deliver_all()

    def says_no(out: Outgoing) -> None:
        raise answer

    desk.fake.before = says_no
    desk.passes(seconds=KNOCK.total_seconds())
    await desk.delivery.deliver_all()
    assert desk.delivery.breakers["fake"].closed


@pytest.mark.parametrize(("asked", "given"), [(-5, 1), (0, 1), (30, 30), (86_400, 3600)])
def test_a_channel_that_says_when_is_believed_within_reason(asked: int, given: int) -> None:
    assert clamped(timedelta(seconds=asked)) == timedelta(seconds=given)


@pytest.mark.parametrize("attempt", [1, 3, 10, 100])
def test_waiting_doubles_and_has_an_end(attempt: int) -> None:
    assert timedelta(seconds=1) <= backoff(attempt) <= timedelta(minutes=10)
