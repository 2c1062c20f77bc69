"""One conversation on two sides: mirrored, followed by others, and what the desk notes kept from customers."""

import json
from functools import partial

from adapters.api.desk import Caller
from app import api
from app.api import Reading
from bot import portal, records
from bot.desk import integrating
from bot.erasing import Erasure
from bot.erasing.subjects import find_account, find_person
from bot.exporting import sections
from bot.incoming import Address, Reacted, SentOn, User
from bot.plain import plain
from bot.portal import looking
from bot.turn import Turn
from store.tables import Follower, Outbox, RoomEntry, Tenant
from store.work import Work
from tests.journeys.edits import changes, does, notes, takes_back, told
from tests.world import CATALOGUES, MONDAY, World, opened

# The mirror -------------------------------------------------------------------------------------------------------


async def test_what_each_says_stands_on_both_sides_with_their_name_and_our_word_for_them(case: World) -> None:
    await case.says("ann", "reply 1001 It began on Monday")
    await case.says("bob", "reply 1001 Mine is broken too")
    await case.says("sam", "reply 1001 We look into it")
    assert "Bob Shaw (customer):\n> Mine is broken too" in case.heard("ann")[-2], "from elsewhere, so it is shown"
    assert "Sam Ortiz (support desk):\n> We look into it" in case.last("ann")
    assert told(case, "ann", "It began on Monday") == [], "it stands there already"
    at_the_desk = [text for text in case.heard("desk") if " wrote on #1001" in text or " answered on #1001" in text]
    assert [text.splitlines()[1:3] for text in at_the_desk] == [
        ["Ann Lee (customer):", "> It began on Monday"],
        ["Bob Shaw (customer):", "> Mine is broken too"],
        ["Sam Ortiz (support desk):", "> We look into it"],
    ]
    await notes(case, "They are always in a hurry")
    await case.says("lena", "note 1001 And they pay late")
    assert "Lena Park (team lead) [internal]:\n> And they pay late" in case.last("desk")
    assert told(case, "ann", "hurry") + told(case, "ann", "pay late") == []


# Notes never cross ------------------------------------------------------------------------------------------------
CANARY = "QUIETLY"
LINES = (
    *("show 1001", "show 1002", "status 1001", "why 1001", "cases", "record 1001", "report this month", "home"),
    *("follow 1001", "move 1001 {n} new", "send-note 1001", "undo 1001", "send-anyway 1001", "saved", "incident"),
    *("queue", "reopen 1001", "escalate 1001 now"),
)


async def test_what_the_desk_notes_reaches_no_customer_whatever_anybody_does(case: World) -> None:
    """By edits both ways, reactions, merges, splits, incidents, files of record, mail, API, webhooks and portal."""
    world = case
    await opened(world, "eve", "Exports fail")
    await world.store.write(_open_doors)
    for who in ("bob", "sam", "lena"):
        await world.says(who, "follow 1001")
    await notes(world, f"{CANARY} plain words", "n1")
    await world.says("sam", f"note 1001 {CANARY} by a line", key="n2", room="desk", personal=False)
    await world.says("lena", f"incident open {CANARY} title")
    await world.says("sam", "incident 1 add 1001 1002")
    for of in ("n1", "n2"):
        for text in (f"{CANARY} changed", f"!reply 1001 {CANARY}", f"close 1001 {CANARY}"):
            await changes(world, "sam", of, text, room="desk", thread=world.receipt())
    await world.says("sam", "reply 1001 We look into it", key="r1")
    for text in (f"note 1001 {CANARY}", f"{CANARY} unmarked", f"!note {CANARY}", f"wait 1001 {CANARY}", f"/x {CANARY}"):
        refusal = await changes(world, "sam", "r1", text)
        assert "stays as it was" in refusal, text
    for who in ("ann", "eve"):
        for of in ("n1", "r1"):
            await changes(world, who, of, "reply 1001 what is it?")
            await takes_back(world, who, of)
            await does(world, who, SentOn(User(who), of), quotes=world.receipt(), addressed=True)
        await does(world, who, Reacted("take"), room="desk", quotes=world.receipt())
    await world.says("lena", "incident 1 reply It is being mended")
    await world.says("sam", "link-cases 1001 1002")
    await opened(world, "ann", "/open The report is blank")
    await world.says("lena", f"note 1003 {CANARY} in another case")
    await world.says("sam", "merge 1003 1001")
    await world.says("sam", "split 1001 The report is blank again")
    await world.says("sam", "close 1001 Mended")
    await world.says("sam", "draft-article 1001")
    await world.says("ann", "confirm 1001")
    numbers = await world.ask_store(lambda work: [one.id for one in work.events(1001, True) if CANARY in one.words])
    read = [await _reads_all(world, who, numbers[:2] if who == "ann" else []) for who in ("ann", "bob", "eve")]
    read += [await world.ask_store(_customers_side), await world.ask_store(_pages, world)]
    read.append("\n".join(post.text for post in world.fake.posts if post.room not in ("desk", "sam", "lena", "cora")))
    everything = "\n".join(read)
    assert "We look into it" in everything
    assert "It is being mended" in everything
    assert CANARY not in everything, everything[everything.index(CANARY) - 300 :][:400]
    assert CANARY in "\n".join(world.heard("lena")), "who follows it at the desk reads it"


def _open_doors(work: Work) -> None:
    """Another system hears of Northwind's cases, and Bob is reached by mail."""
    account = next(one.account_id for one in work.customers() if one.name == "Ann Lee")
    slug = work.account(account or 0).slug
    integrating.add_webhook(work, slug, "https://hooks.example/x", "sealed", "test", MONDAY)
    bob = work.person_at("bob@northwind.example")
    assert bob is not None
    bob.conversation_id = work.conversation("email", "", "bob@northwind.example").id
    work.add(bob)


async def _reads_all(world: World, who: str, events: list[int]) -> str:
    lines = LINES if events else LINES[:2]
    meant = [(line, number) for line in lines for number in (events if "{n}" in line else [0])]
    heard = [str(await world.says(who, line.format(n=number))) for line, number in meant]
    home = await world.bot.home(User(who), Address(world.channel, "", who))
    return "\n".join([*heard, plain(home.message)])


def _customers_side(work: Work) -> str:
    """All that was ever owed to a place that is not the desk's, and all that is kept for pages."""
    ours = work.desk_lanes()
    rows = work.rows_after(Outbox, None, 10_000)
    hooks = [row for row in rows if work.place(row.conversation_id).channel == "webhook"]
    assert len(hooks) > 5, "other systems hear of it"
    kept = [json.dumps(row.message) for row in rows if row.conversation_id not in ours]
    return "\n".join([*kept, *(json.dumps(row.entry) for row in work.rows_after(RoomEntry, None, 1000))])


def _pages(work: Work, world: World) -> str:
    read = []
    for name in ("ann", "bob", "eve"):
        person = work.person_of("fake", [""], name)
        assert person is not None
        assert person.account_id is not None
        turn = looking(work, person.id, world.time, CATALOGUES)
        pages: list[object] = [portal.home(turn), portal.cases(turn, "all", "", 1), portal.people(turn)]
        reading = Reading(world.store, lambda: world.time, CATALOGUES)
        caller = Caller("", "", person.id, person.account_id, True)
        for number in (1001, 1002, 1003, 1004):
            pages.append(portal.case(turn, number))
            case = work.glance(number, person.account_id)
            pages += [records.record(work, case, world.time, CATALOGUES, internal=False)] if case else []
            pages.append(reading._in_turn(work, caller, partial(_of_the_api, number)))
        company = find_account(work, work.account(person.account_id).slug)
        for subject in (find_person(work, person.email or ""), company):
            pages += [list(rows) for _, rows in sections(work, subject, CATALOGUES, world.time)]
        read.append(repr(pages))
    return "\n".join(read)


def _of_the_api(number: int, turn: Turn) -> object:
    return api._case(turn, number)


# Followers --------------------------------------------------------------------------------------------------------


async def test_colleagues_who_follow_hear_what_their_side_may_know_and_the_desk_hears_all_of_it(case: World) -> None:
    """Each thing once, in the place where they are reached."""
    assert str(await case.says("bob", "follow 1001")).startswith("You hear what happens on case #1001")
    case.passes(minutes=1)
    for _ in range(2):
        await case.presses("lena", "Follow", room="desk", personal=False)
    assert "Followed by: Bob Shaw (customer), Lena Park (team lead)" in case.card()
    assert "Followed by: Bob Shaw (customer)\n" in f"{await case.says('bob', 'status 1001')}\n"
    assert "Lena" not in str(await case.says("ann", "status 1001"))
    before = {who: len(case.heard(who)) for who in ("bob", "lena")}
    await case.says("ann", "reply 1001 It began on Monday")
    await case.says("sam", "note 1001 Not a word of this")
    await case.says("sam", "assign 1001 lena")
    await case.says("sam", "transfer 1001 billing")
    await case.says("sam", "reply 1001 We look into it")
    heard = {who: [text.splitlines()[0] for text in case.heard(who)[many:]] for who, many in before.items()}
    assert heard["bob"] == [
        "Ann Lee (customer) wrote on #1001.",
        "Sam Ortiz (support desk) gave #1001 to Lena Park (team lead).",
        "Sam Ortiz (support desk) answered on #1001.",
    ]
    assert heard["lena"] == [
        "Ann Lee (customer) wrote on #1001.",
        "Sam Ortiz (support desk) noted on #1001.",
        "Sam Ortiz (support desk) gave #1001 to Lena Park (team lead).",
        "Sam Ortiz (support desk) moved #1001 to another queue.",
        "Sam Ortiz (support desk) answered on #1001.",
    ]
    many = len(case.heard("bob"))
    assert str(await case.presses("bob", "Unfollow")).startswith("You no longer follow case #1001.")
    await case.says("sam", "reply 1001 Still at it")
    assert len(case.heard("bob")) == many + 1, "the answer to Unfollow and no more"


async def test_who_may_not_know_of_a_case_cannot_follow_it_and_who_leaves_follows_nothing(case: World) -> None:
    """C1: the same words as for a case that is not there. A guest sees their own cases alone."""

    def at_home(work: Work) -> None:
        account = next(one.account_id for one in work.customers() if one.name == "Ann Lee")
        work.add(Tenant(channel="fake", tenant="", account_id=account or 0))

    await case.store.write(at_home)
    for line in ("follow {}", "unfollow {}"):
        refused = [str(await case.says("eve", line.format(number))) for number in (1001, 4711)]
        assert refused == ["There is no case #1001.", "There is no case #4711."]
    await opened(case, "gus", "Exports fail")
    assert str(await case.says("gus", "follow 1001")) == "There is no case #1001."
    assert str(await case.says("gus", "follow 1002")).startswith("That is not yours to do.")
    assert "[Follow]" not in str(await case.says("gus", "status 1002"))
    await opened(case, "ann", "/open The report is blank")
    for who in ("bob", "sam"):
        await case.says(who, "follow 1003")
        case.passes(minutes=1)
    await case.says("lena", "merge 1003 1001")
    assert "Followed by: Bob Shaw (customer), Sam Ortiz (support desk)" in case.card()
    await case.says("lena", "leave sam")
    assert "Followed by: Bob Shaw (customer)\n" in f"{case.card()}\n"
    subject = await case.store.read(find_person, "bob@northwind.example")
    kept = await case.ask_store(lambda work: list(dict(sections(work, subject, CATALOGUES, case.time))["followed"]))
    assert [row["case_id"] for row in kept] == [1001]
    await Erasure(case.store, CATALOGUES, lambda: case.time, subject, True).run()
    assert await case.ask_store(lambda work: work.rows_after(Follower, None, 9)) == []
    await case.delivery.deliver_all()
    assert "Followed by" not in case.card()


async def test_whoever_does_not_belong_there_any_more_hears_nothing_though_they_once_followed(case: World) -> None:
    await case.says("bob", "follow 1001")

    def elsewhere(work: Work) -> None:
        bob, eve = work.person_at("bob@northwind.example"), work.person_at("eve@contoso.example")
        assert bob is not None
        assert eve is not None
        bob.account_id = eve.account_id
        work.add(bob)

    await case.store.write(elsewhere)
    many = len(case.heard("bob"))
    await case.says("sam", "reply 1001 We look into it")
    assert len(case.heard("bob")) == many
    assert "Followed by" not in case.card()
