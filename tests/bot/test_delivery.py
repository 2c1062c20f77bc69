"""What is owed leaves: in order, within each channel's pace, again after a failure, once, or as a dead letter."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.breaker import KNOCK, Breaker, backoff, clamped
from bot.channel import NotSent, Outgoing, Undeliverable
from bot.delivery import LEASE, Delivery
from bot.messages import Said, Text
from bot.plain import plain
from bot.text import welcome
from bot.turn import Now, the_desk
from rules.people import Role
from store.lanes import Claimed
from store.tables import Card, Outbox
from tests.fake import Fake
from tests.world import BROKEN, CATALOGUES, MONDAY, World

HELLO = welcome(the_desk("UTC"))


async def owe(desk: World, room: str, *texts: str, **more: object) -> None:
    from bot.messages import Message, to_json

    def unit(work) -> None:
        for text in texts:
            row = {"message": to_json(Message((Text((text,)),))), **more}
            work.owe(work.conversation(desk.channel, "", room).id, desk.time.machine, row)

    await desk.store.write(unit)


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


def gone_quiet(*rooms: str) -> Callable[[Outgoing], None]:
    return lambda out: down(out) if out.to.room in rooms else None


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


def down(out: Outgoing) -> None:
    raise NotSent("down")


def up(out: Outgoing) -> None:
    """As usual."""


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


# The next address -------------------------------------------------------------------------------------------------


def gone(*rooms: str, why: str = "the bot was removed") -> Callable[[Outgoing], None]:
    """For ``Fake.before``: these rooms take nothing any more."""

    def refuse(out: Outgoing) -> None:
        if out.to.room in rooms:
            raise Undeliverable(why)

    return refuse


def mailbox(desk: World) -> Fake:
    email = desk.channels["email"]
    assert isinstance(email, Fake)
    return email


async def in_the_shop(desk: World, *gone_rooms: str) -> None:
    """Ann's case 1001 from a room of her company's, its questions skipped; then the rooms are gone."""

    def bound(work) -> None:
        shop = work.conversation("fake", "", "shop")
        shop.account_id = work.person_of("fake", [""], "ann").account_id
        work.add(shop)

    await desk.store.write(bound)
    await desk.says("ann", BROKEN, room="shop")
    for _ in range(3):
        await desk.says("ann", "skip", room="shop")
    desk.fake.before = gone(*gone_rooms)


def alone(desk: World, who: str = "ann") -> list[str]:
    """What stands in their own room."""
    return [post.text for post in desk.fake.posts if post.room == who]


def told(desk: World) -> list[str]:
    return [text for text in desk.heard("desk") if text.startswith("Not delivered")]


async def test_a_room_that_takes_nothing_any_more_is_left_for_the_customers_own(desk: World) -> None:
    await in_the_shop(desk, "shop")
    await desk.says("sam", "reply 1001 Please try again")
    [heard] = alone(desk)
    assert "Please try again" in heard
    [why] = told(desk)
    assert why.startswith("Not delivered to shop: the bot was removed.\nIt goes to Ann Lee (fake) instead.")
    await desk.delivery.deliver_all()
    desk.passes(days=2)
    await desk.delivery.deliver_all()
    assert alone(desk) == [heard], "and not twice"


async def test_the_desk_is_told_under_the_card_of_the_case(desk: World) -> None:
    await in_the_shop(desk, "shop")
    await desk.says("sam", "reply 1001 Please try again")
    [post] = [post for post in desk.posts("desk") if post.text.startswith("Not delivered")]
    assert post.thread == desk.receipt()


async def test_where_that_takes_nothing_either_it_goes_on_to_their_mailbox_and_ends_there(desk: World) -> None:
    await in_the_shop(desk, "shop", "ann")
    mailbox(desk).before = gone("ann@northwind.example", why="the mailbox is full")
    await desk.says("sam", "reply 1001 Please try again")
    desk.passes(days=2)
    await desk.delivery.deliver_all()
    assert [text.splitlines()[:2] for text in told(desk)] == [
        ["Not delivered to shop: the bot was removed.", "It goes to Ann Lee (fake) instead."],
        ["Not delivered to Ann Lee: the bot was removed.", "It goes to ann@northwind.example (email) instead."],
        ["Not delivered to ann@northwind.example: the mailbox is full.", "supporthub [internal]:"],
    ]
    assert mailbox(desk).sends == 1


async def test_several_keep_their_order_at_the_next_address(desk: World) -> None:
    await in_the_shop(desk, "shop")
    for n in range(4):
        await desk.hear("sam", Said(f"reply 1001 Part {n}"))
    await desk.delivery.deliver_all()
    assert [text[-6:] for text in alone(desk)] == [f"Part {n}" for n in range(4)]


async def test_nobody_else_of_the_room_is_meant(desk: World) -> None:
    """Neither Bob, who read along, nor the desk's own people."""
    await in_the_shop(desk, "shop")
    await desk.says("bob", "I see it too", room="shop")
    await desk.says("sam", "reply 1001 Please try again")
    heard = {who: [text for text in desk.heard(who) if "Please try again" in text] for who in ("ann", "bob", "cora")}
    assert [len(texts) for texts in heard.values()] == [1, 0, 0]


async def test_what_is_about_no_case_has_no_other_address_than_its_room(desk: World) -> None:
    desk.fake.before = gone("shop")
    await owe(desk, "shop", "one")
    await desk.delivery.deliver_all()
    assert "instead" not in told(desk)[0]


async def test_another_channel_where_they_are_known_comes_before_their_mailbox(desk: World) -> None:
    def known_there(work) -> None:
        ann = work.person_of("fake", [""], "ann")
        work.link("pigeon", "loft", "ann-7", ann, "test", desk.time.machine)

    await desk.store.write(known_there)
    pigeon = Fake()
    desk.delivery.channels = {**desk.channels, "pigeon": pigeon}
    desk.fake.before = gone("ann")
    await owe(desk, "ann", "one")
    await desk.delivery.deliver_all()
    assert [(post.room, post.text) for post in pigeon.posts] == [("ann-7", "one")]
    assert mailbox(desk).posts == []


async def test_a_channel_that_is_not_set_up_is_no_address(desk: World) -> None:
    desk.delivery.channels = {"fake": desk.fake}
    desk.fake.before = gone("ann")
    await owe(desk, "ann", "one")
    await desk.delivery.deliver_all()
    assert "instead" not in told(desk)[0]


async def test_a_whisper_that_cannot_be_delivered_goes_to_its_askers_own_room_once_and_to_nobody_else(
    desk: World,
) -> None:
    desk.fake.before = gone("shop")
    await owe(desk, "shop", "one", only_for="ann")
    await desk.delivery.deliver_all()
    assert (alone(desk), told(desk), mailbox(desk).posts) == (["one"], [], [])


async def test_a_whisper_that_is_refused_everywhere_comes_to_an_end(desk: World) -> None:
    desk.fake.before = gone("shop", "ann")
    mailbox(desk).before = gone("ann@northwind.example")
    await owe(desk, "shop", "one", only_for="ann")
    for _ in range(3):
        await desk.delivery.deliver_all()
        desk.passes(days=1)
    assert mailbox(desk).sends <= 1
    assert len(told(desk)) <= 2


async def test_a_warning_to_somebody_who_cannot_be_reached_is_a_warning_at_the_next_address_too(desk: World) -> None:
    await desk.says("ann", BROKEN)
    desk.fake.before = gone("cora", "lena")
    mailbox(desk).before = lambda out: (_ for _ in ()).throw(NotSent("down"))
    await desk.passes_and_warns(hours=5)
    rows = await desk.ask_store(lambda work: [work.find(Outbox, instead_of=n) for n in range(1, 40)])
    carried = [row for row in rows if row]
    assert carried
    assert all(row.warning for row in carried)
    await desk.says("sam", "reply 1001 Looking into it")
    mailbox(desk).before = lambda out: None
    desk.passes(hours=1)
    await desk.delivery.deliver_all()
    assert mailbox(desk).posts == [], "the case moved on"


async def test_who_lost_the_lease_sends_nothing_to_another_address(desk: World) -> None:
    await owe(desk, "ann", "one")
    [late] = await desk.delivery._claim(10)
    desk.passes(seconds=LEASE.total_seconds() + 1)
    [heir] = await desk.delivery._claim(10)
    desk.fake.before = gone("ann")
    await desk.delivery._deliver(*late)  # sees for itself that it is late
    await desk.delivery._deliver(*heir)
    await desk.delivery.deliver_all()
    assert [post.text for post in mailbox(desk).posts] == ["one"]
    assert len(told(desk)) == 1


async def test_where_the_desks_room_takes_nothing_the_lead_hears_of_it_once_a_day(desk: World) -> None:
    desk.fake.before = gone("desk")
    for text in ("one", "two"):
        await owe(desk, "desk", text)
        await desk.delivery.deliver_all()
    [heard] = desk.heard("lena")
    assert heard.startswith("Not delivered to desk: the bot was removed.")
    desk.passes(days=1)
    await owe(desk, "desk", "three")
    await desk.delivery.deliver_all()
    assert len(desk.heard("lena")) == 2


async def test_where_there_is_no_lead_everybody_of_the_desk_hears_of_it(desk: World) -> None:
    def no_lead(work) -> None:
        for lead in work.leads():
            lead.role = Role.AGENT
            work.add(lead)

    await desk.store.write(no_lead)
    desk.fake.before = gone("desk")
    await owe(desk, "desk", "one")
    await desk.delivery.deliver_all()
    assert all(desk.last(who).startswith("Not delivered to desk") for who in ("sam", "lena", "cora"))


async def test_a_desk_that_nobody_can_be_told_of_is_no_endless_tale(desk: World) -> None:
    desk.fake.before = gone("desk", "ann", "lena", "sam", "cora")
    mailbox(desk).before = gone("ann@northwind.example")
    await owe(desk, "ann", "one")
    for _ in range(5):
        await desk.delivery.deliver_all()
        desk.passes(days=1)
    assert desk.fake.sends <= 4


# While it is open whether it arrived ------------------------------------------------------------------------------


async def test_a_channel_that_wants_a_pause_before_it_tells_what_arrived_is_asked_again(desk: World) -> None:
    """That pause says nothing of the message itself."""

    def reset(out: Outgoing) -> None:
        raise ConnectionResetError

    asked: list[str] = []
    real = desk.fake.sent

    async def sent(out: Outgoing) -> str | None:
        asked.append(out.key)
        if len(asked) == 1:
            raise NotSent("too many questions", after=timedelta(seconds=30))
        return await real(out)

    desk.fake.sent = sent  # type: ignore[method-assign]
    desk.fake.after = reset
    await owe(desk, "ann", "one")
    await desk.delivery.deliver_all()
    desk.fake.after = lambda out: None
    for _ in range(3):
        desk.passes(minutes=1)
        await desk.delivery.deliver_all()
    assert desk.heard("ann") == ["one"]
    assert len(asked) == 2
