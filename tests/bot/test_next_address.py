"""Where a room takes nothing any more, its words go to the next address of whom they were for, and the desk is told."""

from datetime import timedelta

from bot.channel import NotSent, Outgoing
from bot.delivery import LEASE
from bot.incoming import Said
from rules.people import Role
from store.tables import Outbox
from tests.bot.owing import gone, mailbox, owe, told
from tests.fake import Fake
from tests.world import BROKEN, World


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
