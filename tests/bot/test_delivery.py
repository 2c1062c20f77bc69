"""What is owed leaves: in order, within each channel's pace, again after a failure, once, or as a dead letter."""

import asyncio
from datetime import timedelta

import pytest

from bot.channel import NotSent, Outgoing, Undeliverable
from bot.delivery import LEASE, Delivery
from bot.incoming import Said
from bot.plain import plain
from bot.turn import Now
from store.sending import Claimed
from store.tables import Card, Outbox
from tests.bot.owing import down, gone_quiet, owe, up
from tests.fake import Fake
from tests.world import BROKEN, CATALOGUES, World


async def test_a_message_that_did_not_go_through_is_sent_again_later_and_its_lane_waits(desk: World) -> None:
    def down(out: Outgoing) -> None:
        if out.to.room == "ann":
            raise NotSent("connection refused")

    desk.fake.before = down
    for text in ("one", "two"):
        await owe(desk, "ann", text)
    await owe(desk, "bob", "other lane")
    await desk.delivery.deliver_all()
    assert desk.heard("ann") == []
    assert desk.heard("bob") == ["other lane"]
    desk.fake.before = lambda out: None
    desk.passes(minutes=1)
    await desk.delivery.deliver_all()
    assert desk.heard("ann") == ["one", "two"]


async def test_a_channel_that_says_when_is_asked_then_and_not_before(desk: World) -> None:
    """429 with Retry-After is no failure of the channel."""

    def limited(out: Outgoing) -> None:
        raise NotSent("too many", after=timedelta(seconds=30))

    desk.fake.before = limited
    await owe(desk, "ann", "one")
    await desk.delivery.deliver_all()
    desk.fake.before = lambda out: None
    desk.passes(seconds=29)
    await desk.delivery.deliver_all()
    assert desk.heard("ann") == []
    desk.passes(seconds=2)
    await desk.delivery.deliver_all()
    assert desk.heard("ann") == ["one"]


async def test_an_ambiguous_send_is_looked_up_before_it_is_repeated(desk: World) -> None:
    def reset(out: Outgoing) -> None:
        raise ConnectionResetError

    desk.fake.after = reset
    await owe(desk, "ann", "one")
    await desk.delivery.deliver_all()
    desk.fake.after = lambda out: None
    desk.passes(minutes=1)
    await desk.delivery.deliver_all()
    assert desk.heard("ann") == ["one"]
    assert desk.fake.sends == 1


async def test_where_the_channel_cannot_tell_the_message_is_sent_again_rather_than_lost(desk: World) -> None:
    desk.fake.tells = False

    def reset(out: Outgoing) -> None:
        raise ConnectionResetError

    desk.fake.after = reset
    await owe(desk, "ann", "one")
    await desk.delivery.deliver_all()
    desk.fake.after = lambda out: None
    desk.passes(minutes=1)
    await desk.delivery.deliver_all()
    assert desk.heard("ann") == ["one", "one"]


async def test_a_clear_failure_is_not_looked_up(desk: World) -> None:
    asked: list[str] = []

    async def sent(out: Outgoing) -> str | None:
        asked.append(out.key)
        return None

    desk.fake.sent = sent  # type: ignore[method-assign]
    desk.fake.before = lambda out: (_ for _ in ()).throw(NotSent("refused"))
    await owe(desk, "ann", "one")
    await desk.delivery.deliver_all()
    desk.fake.before = lambda out: None
    desk.passes(minutes=1)
    await desk.delivery.deliver_all()
    assert desk.heard("ann") == ["one"]
    assert asked == []


async def test_a_refused_message_is_a_dead_letter_told_to_the_desk_and_frees_its_lane(desk: World) -> None:
    def blocked(out: Outgoing) -> None:
        if out.to.room == "ann" and plain(out.message) == "one":
            raise Undeliverable("the person has blocked the bot")

    desk.fake.before = blocked
    for text in ("one", "two"):
        await owe(desk, "ann", text)
    await desk.delivery.deliver_all()
    assert desk.heard("ann") == ["two"]
    assert desk.last("desk") == (
        "Not delivered to Ann Lee: the person has blocked the bot.\n"
        "It goes to ann@northwind.example (email) instead.\nsupporthub [internal]:\n> one"
    )
    row = await desk.ask_store(lambda work: work.find(Outbox, dead="the person has blocked the bot"))
    assert row.done_at is not None


async def test_a_dead_letter_to_the_desk_itself_makes_no_further_one(desk: World) -> None:
    desk.fake.before = lambda out: (_ for _ in ()).throw(Undeliverable("gone"))
    await owe(desk, "desk", "one")
    await desk.delivery.deliver_all()
    told = [post.room for post in desk.fake.posts]
    assert (desk.fake.sends, told) == (2, [])  # the lead is told once that the desk's own room fails


async def test_what_could_not_be_sent_for_a_day_is_a_dead_letter(desk: World) -> None:
    desk.fake.before = lambda out: (_ for _ in ()).throw(NotSent("down")) if out.to.room == "ann" else None
    await owe(desk, "ann", "one")
    for _ in range(40):
        await desk.delivery.deliver_all()
        desk.passes(hours=1)
    assert desk.last("desk").startswith("Not delivered to Ann Lee: given up after 24 hours: down.")


async def test_the_day_begins_with_a_messages_own_first_attempt(desk: World) -> None:
    """Or all that waited behind one that was given up would be given up with it."""
    await owe(desk, "ann", "one", "two", "three")
    desk.fake.before = gone_quiet("ann")
    for _ in range(27):
        await desk.delivery.deliver_all()
        desk.passes(hours=1)
    desk.fake.before = up
    desk.passes(hours=1)
    await desk.delivery.deliver_all()
    assert desk.heard("ann") == ["two", "three"]


async def test_the_same_goes_for_cards(case: World) -> None:
    case.fake.before = lambda out: down(out) if out.root else None
    await case.hear("sam", Said("take 1001"))
    case.passes(days=2)
    await case.delivery.deliver_all()
    assert (await the_card(case)).dead is None, "it was never tried before"
    for _ in range(25):
        case.passes(hours=1)
        await case.delivery.deliver_all()
    assert (await the_card(case)).dead == "given up after 24 hours: down"


async def the_card(desk: World) -> Card:
    card: Card = await desk.ask_store(lambda work: work.find(Card, case_id=1001))
    return card


async def test_a_sender_that_died_is_taken_over_when_its_lease_ends(desk: World) -> None:
    """Claimed and never settled: exactly what a killed process leaves."""
    await owe(desk, "ann", "one")
    await desk.delivery._claim(10)
    await desk.delivery.deliver_all()
    assert desk.heard("ann") == []
    desk.passes(seconds=LEASE.total_seconds() + 1)
    await desk.delivery.deliver_all()
    assert desk.heard("ann") == ["one"]


async def test_a_sender_that_woke_up_too_late_changes_nothing(desk: World) -> None:
    await owe(desk, "ann", "one")
    [late] = await desk.delivery._claim(10)
    desk.passes(seconds=LEASE.total_seconds() + 1)
    await desk.delivery.deliver_all()
    await owe(desk, "ann", "two")
    await desk.delivery._deliver(*late)
    await desk.delivery.deliver_all()
    assert desk.heard("ann") == ["one", "two"]


async def test_several_replicas_send_each_message_once_and_in_order(desk: World) -> None:
    others = [Delivery(desk.store, desk.channels, CATALOGUES, lambda: desk.time) for _ in range(3)]
    for n in range(30):
        await owe(desk, f"room {n % 6}", f"message {n}")
    await asyncio.gather(*(one.deliver_all() for one in (desk.delivery, *others)))
    await desk.delivery.deliver_all()
    for room in range(6):
        assert desk.heard(f"room {room}") == [f"message {n}" for n in range(30) if n % 6 == room]


async def test_a_running_delivery_sends_what_is_owed_without_being_asked_and_stops_cleanly(desk: World) -> None:
    arrived = asyncio.Event()
    desk.fake.after = lambda out: arrived.set() if out.to.room == "ann" else None
    running = asyncio.create_task(desk.delivery.run())
    await desk.hear("ann", Said(BROKEN))
    await asyncio.wait_for(arrived.wait(), 20)
    await desk.delivery.stop()
    await running
    assert desk.heard("ann")[0].startswith("Thank you, Ann Lee.")


async def test_what_is_claimed_while_it_stops_is_handed_back_to_whoever_comes_next(desk: World) -> None:
    await owe(desk, "ann", "one")
    claim = desk.delivery._claim

    async def told_to_stop_meanwhile(limit: int) -> list[tuple[Claimed, Outgoing]]:
        claimed = await claim(limit)
        stopping.append(asyncio.create_task(desk.delivery.stop()))
        await asyncio.sleep(0)
        return claimed

    stopping: list[asyncio.Task[None]] = []
    desk.delivery._claim = told_to_stop_meanwhile  # type: ignore[method-assign]
    await desk.delivery.run()
    await asyncio.gather(*stopping)
    assert desk.fake.sends == 0
    heir = Delivery(desk.store, desk.channels, CATALOGUES, lambda: desk.time)
    await heir.deliver_all()
    assert desk.heard("ann") == ["one"], "at once, without waiting for a lease to end"


async def test_a_lone_message_waits_no_longer_than_its_channel_once_that_is_left_alone(desk: World) -> None:
    """However often it was tried: the outage was not its fault."""
    desk.fake.before = gone_quiet("ann")
    await owe(desk, "ann", "one")
    for _ in range(200):
        await desk.delivery.deliver_all()
        desk.passes(seconds=5)
    desk.fake.before = up
    for _ in range(3):
        desk.passes(seconds=5)
        await desk.delivery.deliver_all()
    assert desk.heard("ann") == ["one"]


async def test_a_card_is_drawn_from_how_its_case_stands_when_it_is_sent(desk: World) -> None:
    await desk.hear("ann", Said(BROKEN))
    await desk.hear("sam", Said("take 1001"))
    await desk.hear("sam", Said("close 1001 Fixed"))
    await desk.delivery.deliver_all()
    cards = [post for post in desk.posts("desk") if post.root]
    assert len(cards) == 1
    assert "Status: solved, awaiting" in cards[0].text
    row = await desk.ask_store(lambda work: work.find(Card, case_id=1001))
    assert row.rendered == row.wanted


async def test_what_belongs_under_a_card_waits_for_the_card(desk: World) -> None:
    down = True

    def no_cards(out: Outgoing) -> None:
        if out.root and down:
            raise NotSent("down")

    desk.fake.before = no_cards
    await desk.says("ann", BROKEN)
    assert desk.heard("desk") == []
    down = False
    desk.passes(minutes=1)
    await desk.delivery.deliver_all()
    posts = desk.posts("desk")
    assert posts[0].root
    assert posts[1].thread == desk.receipt()


async def test_a_message_too_slow_is_ambiguous_and_not_waited_for(desk: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.delivery.TIME_OUT", 0.05)
    real = Fake.send

    async def slow(self: Fake, out: Outgoing) -> str:
        receipt = await real(self, out)
        await asyncio.sleep(30)
        return receipt

    monkeypatch.setattr(Fake, "send", slow)
    await owe(desk, "ann", "one")
    await desk.delivery.deliver_all()
    monkeypatch.setattr(Fake, "send", real)
    desk.passes(minutes=1)
    await desk.delivery.deliver_all()
    assert desk.heard("ann") == ["one"]


def test_the_send_time_out_is_below_half_the_lease() -> None:
    """Or somebody else would send the same message while this one still tries."""
    from bot.delivery import TIME_OUT

    assert LEASE.total_seconds() / 2 > TIME_OUT


async def test_business_time_has_no_part_in_delivery(desk: World) -> None:
    """A clock moved by a week does not age what is owed."""
    desk.fake.before = lambda out: (_ for _ in ()).throw(NotSent("down")) if out.to.room == "ann" else None
    await owe(desk, "ann", "one")
    await desk.delivery.deliver_all()
    desk.time = Now(desk.time.business + timedelta(days=7), desk.time.machine)
    desk.fake.before = lambda out: None
    await desk.delivery.deliver_all()
    assert desk.heard("ann") == []
    assert desk.heard("desk") == []


async def test_a_card_that_may_have_arrived_is_posted_once_and_then_brought_up_to_date(desk: World) -> None:
    """Its case moved on between the attempt and the next one."""

    def reset(out: Outgoing) -> None:
        if out.root:
            raise ConnectionResetError

    desk.fake.after = reset
    await desk.says("ann", BROKEN)
    desk.fake.after = lambda out: None
    await desk.hear("sam", Said("take 1001"))
    desk.passes(minutes=1)
    await desk.delivery.deliver_all()
    cards = [post for post in desk.posts("desk") if post.root]
    assert len(cards) == 1
    assert "With: Sam Ortiz" in cards[0].text
