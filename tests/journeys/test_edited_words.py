"""Words are followed when they change or are deleted, wherever they went."""

from datetime import timedelta

import pytest

from bot.desk import holding
from bot.incoming import SentOn, User
from bot.verifying import Verification
from rules.lifecycle import Status
from store.store import Store
from store.tables import Case
from store.work import Work
from tests.journeys.edits import changes, does, happened, notes, still_kept, takes_back, told
from tests.world import BROKEN, CATALOGUES, World, opened


async def standing(world: World, case: int = 1001) -> Case:
    found: Case = await world.ask_store(lambda work: work.glance(case, None))
    return found


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
    assert await case.ask_store(still_kept, "hunter") == []
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


async def test_a_case_whose_first_words_are_taken_back_stays_without_them(desk: World) -> None:
    await desk.says("ann", "My password hunter2 does not work since the update", key="k0")
    answer = await takes_back(desk, "ann", "k0")
    assert answer.startswith("The words with which case #1001 began are gone. The case stays open.\n[Withdraw it]")
    case = await standing(desk)
    assert (case.subject, case.changed, case.status) == ("[deleted by its author]", None, Status.NEW)
    assert await desk.ask_store(still_kept, "hunter2") == []
    await desk.says("ann", "high")
    assert await desk.ask_store(still_kept, "hunter2") == [], "the other answers bring nothing of it back"
    await takes_back(desk, "ann", "k9")
    assert await desk.says("ann", "My password hunter9 is wrong", key="k9") == "", "delivered only after its deletion"
    assert await desk.ask_store(still_kept, "hunter9") == []


@pytest.mark.parametrize("taken", [True, False], ids=["taken back", "changed"])
async def test_words_that_wait_for_an_answer_are_followed_too(case: World, taken: bool) -> None:
    """While it is asked which case they belong to nobody else has them."""
    await opened(case, "ann", "/open The report is blank")
    asked = str(await case.says("ann", "It fails with code hunter2 on each second page", key="k1"))
    assert "Where does this belong?" in asked
    await (takes_back(case, "ann", "k1") if taken else changes(case, "ann", "k1", "It fails with code 7"))
    await case.says("ann", "1002")
    assert ("say", "It fails with code 7") in await happened(case, 1002) or taken
    assert await case.ask_store(still_kept, "hunter2") == []
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
