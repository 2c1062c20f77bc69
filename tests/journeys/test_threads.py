"""One conversation on two sides: mirrored, followed by others, its words followed when they change or are deleted."""

import json
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from adapters.api.desk import Caller
from app import api
from app.api import Reading
from bot import portal, records
from bot.desk import editing, holding, integrating
from bot.erasing import Erasure
from bot.exporting import sections
from bot.files import File
from bot.messages import Address, Deleted, Edited, Incoming, Picked, Reacted, SentOn, User
from bot.plain import plain
from bot.portal import looking
from bot.subjects import find_account, find_person
from bot.turn import Turn
from bot.verifying import Verification
from rules.lifecycle import Status
from store.store import Store
from store.tables import Case, CaseEvent, Draft, Follower, Outbox, RoomEntry, Tenant
from store.work import Work
from tests.world import BROKEN, CATALOGUES, MONDAY, World, opened

BODIES = Edited | Deleted | Picked | Reacted | SentOn


async def does(world: World, who: str, body: BODIES, **how: Any) -> str:
    """What they read at that where they are."""
    world.acts += 1
    here = Address(world.channel, "", how.pop("room", who), how.pop("thread", ""))
    how.setdefault("personal", here.room == who)
    key, seen, at = how.pop("key", f"act {world.acts}"), len(world.fake.posts), how.pop("at", world.time.business)
    how.setdefault("addressed", False)
    await world.bot.hear(Incoming(key, User(who), here, body, at, **how))
    await world.delivery.deliver_all()
    return "\n".join(post.text for post in world.fake.posts[seen:] if post.room == here.room)


async def changes(world: World, who: str, of: str, text: str, **how: Any) -> str:
    return await does(world, who, Edited(text, of), **how)


async def takes_back(world: World, who: str, of: str, **how: Any) -> str:
    return await does(world, who, Deleted(of), **how)


async def notes(world: World, text: str, key: str = "", case: int = 1001) -> str:
    """Sam writes it in the case's thread at the desk, without a verb and without calling anybody."""
    how = {"key": key} if key else {}
    thread = world.receipt(case)
    return str(await world.says("sam", text, room="desk", thread=thread, addressed=False, **how))


async def happened(world: World, case: int = 1001) -> list[tuple[str, str]]:
    events: list[CaseEvent] = await world.ask_store(lambda work: work.events(case, internal=True))
    return [(str(one.verb), one.words) for one in events]


async def standing(world: World, case: int = 1001) -> Case:
    found: Case = await world.ask_store(lambda work: work.glance(case, None))
    return found


def told(world: World, room: str, words: str) -> list[str]:
    return [text for text in world.heard(room) if words in text]


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


# Changed, and taken back ------------------------------------------------------------------------------------------


async def test_a_changed_message_changes_every_copy_and_its_history_keeps_both(case: World) -> None:
    await case.says("bob", "follow 1001")
    await case.says("ann", "reply 1001 It brok on Monday", key="k1")
    posts = len(case.fake.posts)
    for text in ("reply 1001 It broke on Monday", "It broke on Tuesday"):
        await changes(case, "ann", "k1", text)
    assert len(case.fake.posts) == posts, "in their places"
    for room in ("desk", "bob"):
        assert "> It broke on Tuesday\nEdited by its author." in case.last(room), room
    history = await happened(case)
    assert history[-3:] == [
        ("say", "It brok on Monday"),
        ("edit", "It broke on Monday"),
        ("edit", "It broke on Tuesday"),
    ]
    shown = str(await case.says("sam", "show 1001"))
    assert "Ann Lee wrote: It brok on Monday" in shown
    assert "Ann Lee changed what they had said: It broke on Tuesday" in shown
    assert await changes(case, "eve", "k1", "reply 1001 mine") == ""
    assert await changes(case, "bob", "k1", "reply 1001 mine") == ""
    assert await happened(case) == history
    await case.says("sam", "reply 1001 It is the cash", key="r1")
    await changes(case, "sam", "r1", "reply 1001 It is the cache")
    assert "> It is the cache\nEdited by its author." in case.last("ann")
    assert "> It is the cache\nEdited by its author." in case.last("bob")
    assert "Sam Ortiz changed what they had said: It is the cache" in str(await case.says("ann", "show 1001"))
    assert (await standing(case)).responded_at == case.time.business


async def test_what_the_case_began_with_is_changed_on_its_card_and_nothing_else_of_it(desk: World) -> None:
    await desk.says("ann", BROKEN, key="k0")
    await desk.says("ann", "Error 5000", key="k1")
    desk.passes(minutes=5)
    before = await standing(desk)
    await changes(desk, "ann", "k0", "The quote form is slow since this morning")
    await changes(desk, "ann", "k1", "Error 500")
    await changes(desk, "ann", "k1", "confirm 1001")
    after = await standing(desk)
    assert (after.subject, after.details) == ("The quote form is slow since this morning", "confirm 1001")
    assert (after.due_at, after.received_at, after.status) == (before.due_at, before.received_at, Status.NEW)
    assert desk.card().startswith("#1001: The quote form is slow since this morning\n")
    assert "Details: confirm 1001" in desk.card()
    await desk.says("ann", "high")
    assert ((await standing(desk)).details, (await standing(desk)).priority) == ("confirm 1001", "high")
    assert [finding async for finding in Verification(desk.store, CATALOGUES).all() if finding.wrong] == []


async def test_an_edit_never_runs_a_command_nor_reopens_nor_answers(case: World) -> None:
    await case.says("sam", "take 1001", key="t1")
    await notes(case, "call them", "n1")
    await case.says("ann", "reply 1001 It is back", key="k1")
    await case.says("sam", "close 1001 Mended", key="c1")
    await changes(case, "ann", "k1", "confirm 1001")
    assert (await standing(case)).status is Status.AWAITING
    assert "Ann Lee (customer) changed what they had written on #1001." in case.last("desk"), "it has gone on since"
    assert "> confirm 1001" in case.last("desk")
    assert "nothing was changed" in await changes(case, "sam", "t1", "assign 1001 lena")
    await changes(case, "sam", "n1", "!force-close 1001 I am bored", room="desk", thread=case.receipt())
    assert (await happened(case))[-1] == ("edit", "!force-close 1001 I am bored")
    await notes(case, "Restart it twice", "n2")
    await does(case, "sam", SentOn(User("sam"), "n2"), room="desk", thread=case.receipt(), addressed=True)
    assert "> Restart it twice" in case.last("ann")
    await changes(case, "sam", "n2", "They will not manage", room="desk", thread=case.receipt())
    assert "> Restart it twice\n" in f"{case.last('ann')}\n", "what was sent on stays as it was"
    await changes(case, "sam", "c1", "close 1001 Mended for good")
    assert told(case, "ann", "> Mended for good\nEdited by its author.")
    await case.says("ann", "confirm 1001")
    posts, closed = len(case.fake.posts), await standing(case)
    await changes(case, "ann", "k1", "It is not solved at all!")
    after = await standing(case)
    assert (len(case.fake.posts), after.status, after.cycle) == (posts, Status.CLOSED, closed.cycle)
    assert "> It is not solved at all!" in "\n".join(case.heard("desk"))
    assert (await happened(case))[-1] == ("edit", "It is not solved at all!")


async def test_what_is_taken_back_is_gone_wherever_it_went_and_leaves_a_mark(case: World) -> None:
    await case.says("bob", "follow 1001")
    await opened(case, "ann", "/open The report is blank")
    await case.says("ann", "reply 1002 My password is hunter2", key="k1")
    await case.says("sam", "take 1002")
    await changes(case, "ann", "k1", "My password is hunter3")
    assert "hunter3" in case.last("desk")
    await case.says("sam", "merge 1002 1001")
    await takes_back(case, "ann", "k1")
    await takes_back(case, "ann", "k1")
    await changes(case, "ann", "k1", "My password is hunter4", key="late")
    everything = "\n".join(post.text for post in case.fake.posts)
    assert "hunter" not in everything
    assert "wrote on #1002.\nDeleted by its author." in everything
    assert await case.ask_store(_kept, "hunter") == []
    assert (await happened(case, 1002))[-1] == ("delete", "")
    assert "Ann Lee wrote: deleted by its author" in str(await case.says("sam", "show 1002"))
    await case.says("sam", "reply 1001 It is Eve's fault", key="r1")
    for room in ("ann", "bob"):
        assert told(case, room, "Eve's fault"), room
    assert await takes_back(case, "ann", "r1") == ""
    assert told(case, "ann", "Eve's fault"), "it is not hers to take back"
    await takes_back(case, "sam", "r1")
    for room in ("ann", "bob"):
        assert told(case, room, "Eve's fault") == [], room
        assert "answered on #1001.\nDeleted by its author." in case.last(room)
    assert (await standing(case)).responded_at is not None, "somebody did answer"
    assert [finding async for finding in Verification(case.store, CATALOGUES).all() if finding.wrong] == []


def _kept(work: Work, words: str) -> list[str]:
    rows = [row for kind in (Outbox, CaseEvent, Draft, Case) for row in work.rows_after(kind, None, 999)]
    return [repr(row) for row in rows if words in repr(row.model_dump())]


async def test_a_case_whose_first_words_are_taken_back_stays_without_them(desk: World) -> None:
    await desk.says("ann", "My password hunter2 does not work since the update", key="k0")
    answer = await takes_back(desk, "ann", "k0")
    assert answer.startswith("The words with which case #1001 began are gone. The case stays open.\n[Withdraw it]")
    case = await standing(desk)
    assert (case.subject, case.changed, case.status) == ("[deleted by its author]", None, Status.NEW)
    assert await desk.ask_store(_kept, "hunter2") == []
    await desk.says("ann", "high")
    assert await desk.ask_store(_kept, "hunter2") == [], "the other answers bring nothing of it back"
    await takes_back(desk, "ann", "k9")
    assert await desk.says("ann", "My password hunter9 is wrong", key="k9") == "", "delivered only after its deletion"
    assert await desk.ask_store(_kept, "hunter9") == []


@pytest.mark.parametrize("taken", [True, False], ids=["taken back", "changed"])
async def test_words_that_wait_for_an_answer_are_followed_too(case: World, taken: bool) -> None:
    """While it is asked which case they belong to nobody else has them."""
    await opened(case, "ann", "/open The report is blank")
    asked = str(await case.says("ann", "It fails with code hunter2 on each second page", key="k1"))
    assert "Where does this belong?" in asked
    await (takes_back(case, "ann", "k1") if taken else changes(case, "ann", "k1", "It fails with code 7"))
    await case.says("ann", "1002")
    assert ("say", "It fails with code 7") in await happened(case, 1002) or taken
    assert await case.ask_store(_kept, "hunter2") == []
    if not taken:
        await changes(case, "ann", "k1", "It fails with code 8")
        assert (await happened(case, 1002))[-1] == ("edit", "It fails with code 8")


async def test_an_answer_that_has_not_left_yet_leaves_as_it_reads_now_or_not_at_all(store: Store) -> None:
    world = await opened(await World(store, hold=timedelta(seconds=10)).open())
    await world.says("sam", "reply 1001 It is the cash", key="r1")
    assert "stays as it was" in await changes(world, "sam", "r1", "note 1001 It is the cash")
    await changes(world, "sam", "r1", "reply 1001 It is the cache")
    world.passes(seconds=10)
    await world.holding.round()
    await world.delivery.deliver_all()
    assert "> It is the cache" in world.last("ann")
    assert "Edited" not in world.last("ann")
    await changes(world, "sam", "r1", "reply 1001 It was the cache")
    assert "> It was the cache\nEdited by its author." in world.last("ann")
    await world.says("sam", "reply 1001 It is Eve's fault", key="r2")
    await takes_back(world, "sam", "r2")
    world.passes(seconds=10)
    assert await world.holding.round() == 0
    assert told(world, "ann", "Eve's fault") == []
    assert "said_as" in holding.ORIGIN


async def test_what_was_mailed_is_mailed_once_more_and_cannot_be_taken_back(case: World) -> None:
    def to_the_mailbox(work: Work) -> None:
        found = work.case(1001, None)
        assert found is not None
        found.conversation_id, found.thread = work.conversation("email", "", "ann@northwind.example").id, ""
        work.add(found)

    await case.store.write(to_the_mailbox)
    mailed = case.channels["email"].posts  # type: ignore[attr-defined]
    await case.says("sam", "reply 1001 It is the cash", key="r1")
    await changes(case, "sam", "r1", "reply 1001 It is the cache")
    assert [post.text.splitlines()[2:] for post in mailed] == [
        ["> It is the cash"],
        ["> It is the cache", "Edited by its author."],
    ]
    assert [post.edits for post in mailed] == [0, 0]
    await takes_back(case, "sam", "r1")
    assert len(mailed) == 2


async def test_what_was_heard_in_no_way_is_added_when_it_is_changed(case: World) -> None:
    """Such as what was said while nobody could hear; the desk's own words stay with the desk."""
    await changes(case, "sam", "unheard", "They pay late", room="desk", thread=case.receipt())
    assert (await happened(case))[-1] == ("note", "(edited) They pay late")
    before = await happened(case)
    await changes(case, "sam", "unheard too", "!close 1001", room="desk", thread=case.receipt())
    assert await happened(case) == before


# Where words could cross, or stay behind --------------------------------------------------------------------------

FILE = File("trace.log", "text/plain", 2_000)


async def test_an_edit_that_names_another_case_reaches_no_customer_of_this_one(case: World) -> None:
    """A number that was merged into this one is this one."""
    await opened(case, "eve", "Exports fail")
    await opened(case, "ann", "/open The report is blank")
    await case.says("sam", "merge 1003 1001")
    await case.says("sam", "reply 1001 Which version?", key="r1")
    for number in (1002, 4711):
        refusal = await changes(case, "sam", "r1", f"reply {number} Eve's invoice is unpaid")
        assert "stays as it was" in refusal
    await changes(case, "sam", "r1", "reply 1003 Which version, please?")
    assert "> Which version, please?\nEdited by its author." in case.last("ann")
    assert await case.ask_store(_kept, "invoice") == []
    await case.says("ann", "reply 1001 It is 9.1", key="k1")
    await changes(case, "ann", "k1", "reply 1002 It is 9.2")
    assert (await happened(case))[-1] == ("edit", "reply 1002 It is 9.2"), "to her it is only words"


async def test_who_may_not_read_it_any_more_never_reads_the_new_words(case: World) -> None:
    for who in ("bob", "sam"):
        await case.says(who, "follow 1001")
    await case.says("ann", "reply 1001 first words", key="k1")
    await case.says("bob", "reply 1001 first of mine", key="b1")
    await case.says("lena", "note 1001 first note", key="n1")
    assert told(case, "sam", "first words")
    assert told(case, "sam", "first note")
    await case.says("lena", "leave sam")

    def elsewhere(work: Work) -> None:
        bob, eve = work.person_at("bob@northwind.example"), work.person_at("eve@contoso.example")
        assert bob is not None
        assert eve is not None
        bob.account_id = eve.account_id
        work.add(bob)

    await case.store.write(elsewhere)
    await changes(case, "ann", "k1", "reply 1001 second words")
    await changes(case, "lena", "n1", "note 1001 second note")
    assert told(case, "desk", "> second words")
    assert told(case, "desk", "> second note")
    for room in ("bob", "sam"):
        assert told(case, room, "second") == [], room
    for who, key in (("ann", "k1"), ("lena", "n1"), ("bob", "b1")):
        await takes_back(case, who, key)
    for room in ("desk", "bob", "sam"):
        assert told(case, room, "first") + told(case, room, "second") == [], "what is deleted goes everywhere"


async def test_a_note_that_is_sent_on_is_followed_while_it_waits_and_deleted_with_its_copy(store: Store) -> None:
    world = await opened(await World(store, hold=timedelta(seconds=10)).open())

    async def sends(key: str, text: str) -> str:
        await world.says("sam", text, room="desk", thread=world.receipt(), addressed=False, key=key, files=files)
        how = {"room": "desk", "thread": world.receipt(), "addressed": True}
        return await does(world, "sam", SentOn(User("sam"), key), **how)

    async def leaves() -> None:
        world.passes(minutes=3)
        await world.holding.round()
        await world.delivery.deliver_all()

    files: tuple[File, ...] = ()
    await sends("n1", "The password is hunter2")
    await takes_back(world, "sam", "n1")
    await sends("n2", "The password is hunter3")
    await changes(world, "sam", "n2", "Use your own password")
    await leaves()
    assert "> Use your own password" in world.last("ann")
    await takes_back(world, "sam", "n2")
    assert world.last("ann").endswith("answered on #1001.\nDeleted by its author.")
    assert [words for verb, words in await happened(world) if verb in ("note", "reply")] == ["", "", ""]
    files = (FILE,)
    assert "stays with the desk" in await sends("n3", "")
    await leaves()
    assert told(world, "ann", FILE.name) == []
    assert await world.ask_store(_kept, "hunter") == []


async def test_whoever_is_asked_beside_an_answer_sees_it_change_and_go(store: Store) -> None:
    world = await opened(await World(store, hold=timedelta(seconds=10)).open())
    await world.says("sam", "reply 1001 It is Eve's fault", key="r1")
    await world.says("lena", "reply 1001 We look into it", key="r2")
    assert "> It is Eve's fault" in world.last("lena")
    await changes(world, "sam", "r1", "reply 1001 It is Bob's fault")
    assert "> It is Bob's fault\nLena Park (team lead):\n> We look into it" in world.last("lena")
    await takes_back(world, "sam", "r1")
    assert world.last("lena").startswith("Sam Ortiz (support desk) is about to answer case #1001. Yours waits.\nLena")
    assert "Send anyway" in world.last("lena")
    assert await world.ask_store(_kept, "fault") == []


async def test_moved_words_are_followed_where_they_went_and_stay_nowhere_else(case: World) -> None:
    """In the order in which they were changed, whatever the order in which that is told."""
    await case.says("bob", "reply 1001 See here\nThe password is hunter1", key="k1", files=(FILE,))
    later = case.time.business
    await changes(case, "bob", "k1", "reply 1001 See here\nThe password is hunter3", at=later)
    await changes(case, "bob", "k1", "reply 1001 See here\nThe password is hunter2", at=later - timedelta(seconds=1))
    event = await case.ask_store(_said_last, "say")
    await case.presses_line("bob", f"move 1001 {event} new")
    assert (await happened(case, 1002))[0] == ("open", "See here\nThe password is hunter3")
    assert await case.ask_store(_file_of) == (1002, await case.ask_store(_said_last, "open"))
    await changes(case, "bob", "k1", "reply 1001 See here\nThe password is hunter4", at=later + timedelta(seconds=1))
    assert (await happened(case, 1002))[-1] == ("edit", "See here\nThe password is hunter4")
    await takes_back(case, "bob", "k1")
    assert await case.ask_store(_kept, "hunter") == []
    assert "hunter" not in "\n".join(post.text for post in case.fake.posts)
    await case.says("bob", "reply 1001 Forget it", key="k2")
    event = await case.ask_store(_said_last, "say")
    await takes_back(case, "bob", "k2")
    assert "no longer open" in str(await case.presses_line("bob", f"move 1001 {event} new"))


def _said_last(work: Work, verb: str) -> int:
    return max(event.id for number in (1001, 1002) for event in work.events(number, True) if event.verb == verb)


def _file_of(work: Work) -> tuple[int, int | None]:
    [file] = [*work.files_on(1001, True), *work.files_on(1002, True)]
    return file.case_id, file.event_id


async def test_files_of_any_line_and_messages_that_others_made_a_case_of_are_their_authors_to_delete(
    desk: World,
) -> None:
    """Also by who has left: that they wrote it is their channel's word."""
    await desk.says("ann", BROKEN)
    await desk.says("ann", "Error 5000", key="e1", files=(FILE,))
    await desk.says("ann", "person 1001", key="p1", files=(FILE,))
    await desk.says("sam", "take 1001", key="t1", files=(FILE,))
    assert len(told(desk, "desk", FILE.name)) == 3
    for who, key in (("ann", "e1"), ("ann", "p1"), ("sam", "t1")):
        await takes_back(desk, who, key)
    assert FILE.name not in "\n".join(post.text for post in desk.fake.posts)
    assert {file.name for file in await desk.ask_store(lambda work: work.files_on(1001, True))} == {editing.DELETED}
    for who, key in (("bob", "m1"), ("sam", "m2")):
        await does(desk, who, Picked("It is broken.\nThe password is hunter2", User("ann"), desk.time.business, key))
    assert await takes_back(desk, "bob", "m1") == "", "he did not write it"
    assert ("open", "It is broken.\nThe password is hunter2") in await happened(desk, 1002)
    await desk.says("ann", "reply 1001 It is hunter2", key="k1")
    for key in ("m1", "m2"):
        await takes_back(desk, "ann", key)
    await desk.says("lena", "nominate bob")
    assert "Ann Lee has left" in str(await desk.says("lena", "leave ann to bob"))
    many = len(desk.heard("ann"))
    await takes_back(desk, "ann", "k1")
    assert await changes(desk, "ann", "k1", "reply 1001 It is hunter3") == ""
    assert await desk.ask_store(_kept, "hunter") == []
    assert len(desk.heard("ann")) == many
