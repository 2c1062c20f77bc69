"""What did not arrive: looked at and sent again by a lead, and a late warning read somewhere else."""

import re
from datetime import timedelta

import pytest

from bot.channel import NotSent, Outgoing, Undeliverable
from bot.incoming import Address, Said
from store.tables import Audit, LinkCode, Outbox
from tests.bot.owing import down, gone, gone_quiet, mailbox, owe, up
from tests.world import World, opened

CODE = re.compile(r"link [A-Z0-9]{4}-")


async def letter(desk: World, number: int) -> Outbox:
    row: Outbox = await desk.ask_store(lambda work: work.find(Outbox, id=number))
    return row


async def dead(desk: World, *texts: str, room: str = "shop", **row: object) -> int:
    """In a room where nobody can be met elsewhere; the number of the first."""
    desk.fake.before = gone(room)
    await owe(desk, room, *texts, **row)
    await desk.delivery.deliver_all()
    desk.fake.before = up
    found = await desk.ask_store(lambda work: work.dead_letters(None, 50))
    return min(int(each.name) for each in found)


async def test_a_lead_sees_them_without_their_words_and_one_with_all_about_it(desk: World) -> None:
    number = await dead(desk, "secret words")
    listed = str(await desk.says("lena", "dead"))
    assert "the bot was removed" in listed
    assert "secret words" not in listed
    shown = str(await desk.presses("lena", "Show"))
    assert f"Dead letter {number}" in shown
    assert "> secret words" in shown
    assert "Attempts: 1, the first Mon 19 Jan" in shown


async def test_a_code_that_did_not_arrive_is_read_by_nobody_and_links_nobody(desk: World) -> None:
    """Nor does it go to another address: whoever was to have it asks again."""
    desk.fake.before = gone("lena")
    await desk.says("lena", "invite sam")
    await desk.delivery.deliver_all()
    desk.fake.before = up
    assert desk.heard("desk") == ["Not delivered to Lena Park: the bot was removed."]
    [row] = await desk.ask_store(lambda work: [each.row for each in work.dead_letters(None, 9)])
    assert row.message["way_in"] == ""
    assert not CODE.search(str(row.message))
    assert await desk.ask_store(lambda work: work.find(LinkCode)) is None


async def test_one_that_is_sent_again_takes_its_place_and_is_audited(desk: World) -> None:
    number = await dead(desk, "one")
    assert f"Back in their lanes: {number}." in str(await desk.says("lena", f"dead {number} replay"))
    assert desk.heard("shop") == ["one"]
    row = await letter(desk, number)
    assert (row.dead, row.attempt, row.receipt is not None) == (None, 1, True)
    audit = await desk.ask_store(lambda work: work.find(Audit, what="replay"))
    assert (audit.about, audit.outcome) == (f"dead letter {number}", "done")


async def test_one_that_may_have_arrived_is_asked_after_before_it_is_sent_again(desk: World) -> None:
    def lost(out: Outgoing) -> None:
        if out.to.room == "shop":
            raise ConnectionResetError

    desk.fake.after = lost
    await owe(desk, "shop", "one")
    await desk.delivery.deliver_all()
    desk.fake.after = up
    desk.fake.before = gone_quiet("shop")
    desk.fake.tells = False
    desk.passes(hours=25)
    await desk.delivery.deliver_all()
    desk.fake.before, desk.fake.tells = up, True
    [died] = await desk.ask_store(lambda work: work.dead_letters(None, 5))
    await desk.says("lena", f"dead {died.name} replay")
    assert desk.heard("shop") == ["one"], "and not twice"


async def test_one_that_dies_again_is_told_again_and_stays_where_it_is(desk: World) -> None:
    number = await dead(desk, "one")
    desk.fake.before = gone("shop")
    desk.passes(minutes=1)
    await desk.says("lena", f"dead {number} replay")
    told = [text for text in desk.heard("desk") if text.startswith("Not delivered")]
    assert len(told) == 2
    assert (await letter(desk, number)).dead is not None


async def test_one_that_went_elsewhere_is_not_sent_again(desk: World) -> None:
    number = await dead(desk, "one", room="ann")
    said = str(await desk.says("lena", f"dead {number} replay"))
    assert said == f"{number} went to ann@northwind.example instead, so it is not sent again."
    assert desk.heard("ann") == []


@pytest.mark.parametrize("line", ["/dead 4711", "/dead 4711 replay", "/dead 1001.3"])
async def test_what_is_none_is_refused(desk: World, line: str) -> None:
    assert "is no dead letter." in str(await desk.says("lena", line))


@pytest.mark.parametrize("line", ["dead", "/dead 17", "/dead 17 replay"])
async def test_they_are_the_leads_and_administrators_alone(desk: World, line: str) -> None:
    for who in ("sam", "cora", "ann"):
        assert str(await desk.says(who, line)).startswith("That is not yours to do.")


async def test_lists_have_pages(desk: World) -> None:
    await dead(desk, *map(str, range(12)))
    assert str(await desk.says("lena", "dead")).count("the bot was removed") == 10
    assert str(await desk.presses("lena", "Older ones")).count("the bot was removed") == 2
    assert await desk.says("lena", "dead page 7") == "No dead letters here."


async def test_a_card_that_died_is_drawn_again(case: World) -> None:
    def no_cards(out: Outgoing) -> None:
        if out.root:
            raise Undeliverable("too long")

    case.fake.before = no_cards
    await case.says("sam", "take 1001")
    case.fake.before = up
    place = (await case.ask_store(lambda work: work.desk_rooms()))[0].id
    assert "live card" in str(await case.says("lena", f"dead 1001.{place}"))
    await case.says("lena", f"dead 1001.{place} replay")
    assert "With: Sam Ortiz" in case.card()


# Warnings ---------------------------------------------------------------------------------------------------------


async def test_one_persons_warnings_share_a_message_and_each_step_is_noted(case: World) -> None:
    """R10."""
    await opened(case, "bob", "The import fails")
    await case.passes_and_warns(hours=3)
    [warned] = [text for text in case.heard("cora") if "75 %" in text]
    assert "#1001 has used" in warned
    assert "#1002 has used" in warned
    assert warned.count("[Acknowledge]") == 2


async def test_what_is_critical_never_waits(desk: World) -> None:
    await owe(desk, "cora", "one", warning=True, joins=0)
    await desk.delivery.deliver_all()
    desk.passes(seconds=10)
    await desk.says("ann", "Nobody can work, the CRM is down")
    assert desk.last("cora").startswith("#1001 was reported as critical.")


async def test_an_ambiguous_joint_message_is_looked_up_as_one(desk: World) -> None:
    def lost(out: Outgoing) -> None:
        raise ConnectionResetError

    desk.fake.after = lost
    await owe(desk, "cora", "one", "two", warning=True, joins=0)
    await desk.delivery.deliver_all()
    desk.fake.after = up
    desk.passes(minutes=1)
    await desk.delivery.deliver_all()
    assert (desk.heard("cora"), desk.fake.sends) == (["one\ntwo"], 1)
    assert (await letter(desk, 2)).receipt == (await letter(desk, 1)).receipt == "p1"


async def test_a_joint_message_that_is_refused_goes_whole_to_the_next_address(desk: World) -> None:
    desk.fake.before = gone("cora")
    await owe(desk, "cora", "one", "two", warning=True, joins=0)
    await desk.delivery.deliver_all()
    assert [post.text for post in mailbox(desk).posts] == ["one\ntwo"]


async def test_a_warning_that_cannot_be_sent_for_five_minutes_is_sent_elsewhere_and_not_here_any_more(
    desk: World,
) -> None:
    desk.fake.before = gone_quiet("cora")
    await owe(desk, "cora", "warned", warning=True, joins=0)
    await owe(desk, "cora", "no warning")
    for _ in range(4):
        desk.passes(minutes=1)
        await desk.delivery.deliver_all()
    assert mailbox(desk).posts == []
    for _ in range(3):
        desk.passes(minutes=1)
        await desk.delivery.deliver_all()
    assert [(post.room, post.text) for post in mailbox(desk).posts] == [("cora@desk.example", "warned")]
    desk.fake.before = up
    desk.passes(minutes=20)
    await desk.delivery.deliver_all()
    assert desk.heard("cora") == ["no warning"]
    assert len(mailbox(desk).posts) == 1


async def test_so_is_one_that_a_failing_channel_kept_from_its_first_attempt(desk: World) -> None:
    desk.fake.before = down
    for n in range(6):
        await owe(desk, f"room {n}", "one")
    await desk.delivery.deliver_all()
    await owe(desk, "cora", "warned", warning=True)
    for _ in range(24):
        desk.passes(seconds=15)
        await desk.delivery.deliver_all()
    assert [post.text for post in mailbox(desk).posts] == ["warned"]


async def test_one_that_may_have_arrived_stays_and_is_looked_up(desk: World) -> None:
    def lost(out: Outgoing) -> None:
        raise ConnectionResetError

    desk.fake.after, desk.fake.tells = lost, False
    await owe(desk, "cora", "warned", warning=True)
    for _ in range(7):
        await desk.delivery.deliver_all()
        desk.fake.before = lambda out: (_ for _ in ()).throw(TimeoutError)
        desk.passes(minutes=1)
    assert [post.text for post in mailbox(desk).posts] == ["warned"]
    desk.fake.before, desk.fake.after, desk.fake.tells = up, up, True
    desk.passes(minutes=20)
    await desk.delivery.deliver_all()
    assert (await letter(desk, 1)).receipt == "p1"
    assert desk.heard("cora") == ["warned"]


async def test_a_full_lane_of_a_channel_that_works_is_no_reason(desk: World) -> None:
    desk.fake.gap = timedelta(minutes=1)
    await owe(desk, "cora", *map(str, range(9)), warning=True)
    for _ in range(9):
        await desk.delivery.deliver_all()
        desk.passes(minutes=1)
    assert len(desk.heard("cora")) == 9
    assert mailbox(desk).posts == []


async def test_nobody_is_warned_elsewhere_of_a_case_that_moved_on(case: World) -> None:
    case.fake.before = gone_quiet("cora")
    case.passes(hours=3)
    await case.escalation.round()
    await case.delivery.deliver_all()
    await case.hear("sam", Said("reply 1001 On it"))
    for _ in range(8):
        case.passes(minutes=1)
        await case.delivery.deliver_all()
    assert [post.room for post in mailbox(case).posts] == []


@pytest.mark.parametrize("line", ["take 1001", "assign 1001 sam", "priority 1001 high it blocks us", "note 1001 hm"])
async def test_a_warning_says_what_is_still_true_whoever_has_the_case(case: World, line: str) -> None:
    """Only an answer, an acknowledgement or the case's end stops the ladder (R11)."""
    case.passes(hours=3)
    await case.escalation.round()
    await case.hear("sam", Said(line))
    await case.delivery.deliver_all()
    assert [text for text in case.heard("cora") if "75 %" in text]


@pytest.mark.parametrize(
    "line",
    ["wait 1001 Which browser?", "call 1001 Talked to her", "close 1001 Fixed", "force-close 1001 spam", "ack 1001"],
)
async def test_a_warning_is_pointless_once_somebody_answered_or_sees_to_it(case: World, line: str) -> None:
    case.passes(hours=3)
    await case.escalation.round()
    await case.hear("sam", Said(line))
    await case.delivery.deliver_all()
    assert [text for text in case.heard("cora") if "75 %" in text] == []


async def test_a_merged_cases_warning_is_pointless_too(case: World) -> None:
    await opened(case, "bob", "The import fails")
    case.passes(hours=3)
    await case.escalation.round()
    await case.hear("sam", Said("merge 1002 1001"))
    await case.delivery.deliver_all()
    [warned] = [text for text in case.heard("cora") if "75 %" in text]
    assert "#1002" not in warned


async def test_whoever_says_something_has_seen_what_stood_there(desk: World) -> None:
    await owe(desk, "cora", "one", warning=True)
    await desk.delivery.deliver_all()
    assert (await letter(desk, 1)).seen_at is None
    desk.passes(seconds=9)
    await desk.says("cora", "queue")
    assert (await letter(desk, 1)).seen_at == desk.time.machine


async def test_so_has_whoever_the_channel_says_it_of(desk: World) -> None:
    await owe(desk, "cora", "one", warning=True)
    await desk.delivery.deliver_all()
    there = Address("fake", "", "cora")
    await desk.bot.seen(there, desk.time.machine - timedelta(seconds=1))
    assert (await letter(desk, 1)).seen_at is None
    await desk.bot.seen(there, desk.time.machine)
    assert (await letter(desk, 1)).seen_at == desk.time.machine
    await desk.bot.seen(Address("fake", "", "nowhere"), desk.time.machine)


async def test_an_edit_of_unknown_outcome_ends_as_one_message(desk: World) -> None:
    """It reads the same however often it is made."""
    await owe(desk, "ann", "one")
    await desk.delivery.deliver_all()
    desk.fake.after = lambda out: (_ for _ in ()).throw(ConnectionResetError)
    await owe(desk, "ann", "another", replaces=1)
    await desk.delivery.deliver_all()
    desk.fake.after = up
    desk.passes(minutes=1)
    await desk.delivery.deliver_all()
    assert desk.heard("ann") == ["another"]


async def test_a_message_in_pieces_that_stopped_halfway_is_asked_after(desk: World) -> None:
    asked: list[str] = []

    async def sent(out: Outgoing) -> str | None:
        asked.append(out.key)
        return None

    desk.fake.sent = sent  # type: ignore[method-assign]
    desk.fake.before = lambda out: (_ for _ in ()).throw(NotSent("too many", timedelta(seconds=5), begun=True))
    await owe(desk, "ann", "one")
    await desk.delivery.deliver_all()
    desk.fake.before = up
    desk.passes(seconds=5)
    await desk.delivery.deliver_all()
    assert (asked, desk.heard("ann")) == (["m1"], ["one"])
