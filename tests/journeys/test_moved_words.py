"""Words that others made something of, moved or sent on, are followed too, and reach nobody who may not read them."""

from datetime import timedelta

from bot.desk import editing
from bot.files import File
from bot.incoming import Picked, SentOn, User
from store.store import Store
from store.work import Work
from tests.journeys.edits import changes, does, happened, still_kept, takes_back, told
from tests.world import BROKEN, World, opened

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
    assert await case.ask_store(still_kept, "invoice") == []
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
    assert await world.ask_store(still_kept, "hunter") == []


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
    assert await world.ask_store(still_kept, "fault") == []


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
    assert await case.ask_store(still_kept, "hunter") == []
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
    assert await desk.ask_store(still_kept, "hunter") == []
    assert len(desk.heard("ann")) == many
