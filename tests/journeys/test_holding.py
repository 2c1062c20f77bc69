"""What the desk says to a customer can be taken back for some seconds; then it leaves, exactly once and in order."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.incoming import Address, Edited, Incoming, Pressed, SentOn, User
from bot.messages import Message, from_json, to_json
from bot.plain import plain
from store.work import Work
from tests.journeys.held import case, edits, events, lets_go
from tests.world import World, opened


async def test_an_answer_waits_ten_seconds_then_leaves_and_counts_from_when_it_was_said(held: World) -> None:
    """R2: its author is told twice, in one message: that it will leave, and that it has."""
    before = len(held.posts("ann"))
    said = str(await held.says("sam", "reply 1001 We look into it"))
    assert said.startswith("On case #1001 this goes out to Ann Lee in 10 seconds.")
    assert "Undo" in said
    at = held.time.business
    assert await lets_go(held, seconds=9) == 0
    assert len(held.posts("ann")) == before
    assert await events(held, "reply") == []
    posts = len(held.posts("sam"))
    assert await lets_go(held, seconds=1) == 1
    assert "> We look into it" in held.last("ann")
    assert held.last("sam") == "Done. Case #1001 is being worked on."
    assert len(held.posts("sam")) == posts
    assert (await case(held)).responded_at == at
    assert await lets_go(held, seconds=60) == 0
    assert len(await events(held, "reply")) == 1


async def test_what_was_taken_back_never_leaves_and_later_it_is_too_late(held: World) -> None:
    before = len(held.posts("ann"))
    await held.says("sam", "close 1001 It works agian")
    assert "nothing of yours waits" in str(await held.says("cora", "undo"))
    told = str(await held.presses("sam", "Undo"))
    assert told.startswith("Taken back. Nothing of it went out on case #1001.")
    assert "> It works agian" in told
    assert await lets_go(held, seconds=60) == 0
    assert len(held.posts("ann")) == before
    assert (await case(held)).status == "new"

    line = "undo 1001 1"
    assert "was taken back already" in str(await held.presses_line("sam", line))
    await held.says("sam", "wait 1001 Which browser?")
    for who, other in (("lena", "undo 1001 2"), ("lena", "send-anyway 1001 2"), ("sam", "undo 1099 2")):
        assert "nothing of yours waits" in str(await held.presses_line(who, other)), other
    await held.says("sam", "reply 1001 And which version?")
    assert "And which version?" in str(await held.says("sam", "undo 1001"))
    assert await lets_go(held, seconds=10) == 1
    assert "It is too late for that" in str(await held.says("sam", "undo"))
    assert "> Which browser?" in held.last("ann")


async def test_all_that_the_desk_says_to_a_customer_leaves_in_its_order(held: World) -> None:
    """What follows is tried after all that waits before it, so that it is refused at once or not at all."""
    assert "Say what was done" in str(await held.says("sam", "force-close 1001")) or True
    await held.says("sam", "cancel")
    await held.says("sam", "cover 1001 time_and_materials it is new")
    for line in ("quote 1001 90 a template", "call 1001 Talked it over", "reply 1001 As promised"):
        assert "in 10 seconds" in str(await held.says("sam", line))
    assert "has not answered the quote" in str(await held.says("sam", "close 1001 Fixed"))
    assert "in 10 seconds" in str(await held.says("sam", "force-close 1001 they asked us to"))
    assert "so that can't be done now" in str(await held.says("sam", "wait 1001 Which browser?"))
    assert await events(held, "quote", "call", "reply", "force-close") == []
    await lets_go(held, seconds=10)
    done = [str(event.verb) for event in await events(held, "quote", "call", "reply", "force-close", "wait")]
    assert done == ["quote", "call", "reply", "force-close"]


async def test_what_is_refused_by_then_or_fails_is_told_with_the_words(
    held: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await held.says("sam", "reply 1001 We look into it")
    await held.says("ann", "withdraw 1001")
    assert await lets_go(held, seconds=10) == 1
    told = held.last("sam")
    assert told.startswith("This did not go out on case #1001:\n")
    assert "> We look into it" in told
    assert "Case #1001 is withdrawn, so that can't be done now." in told
    assert await events(held, "reply") == []
    assert await lets_go(held, seconds=10) == 0
    await held.says("ann", "reopen 1001 We need it after all")
    await held.says("sam", "reply 1001 We look into it")

    def fails(*_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("bot.holding.outward.carry_out", fails)
    assert await lets_go(held, seconds=10) == 1
    told = held.last("sam")
    assert told.startswith("This did not go out on case #1001:")
    assert "> We look into it" in told
    assert await lets_go(held, seconds=10) == 0


async def test_in_the_desks_room_only_who_says_it_is_told_and_shown_a_saved_reply_as_it_will_be_sent(
    held: World,
) -> None:
    thread = held.receipt()
    await held.says("sam", "!reply 1001 We look into it", room="desk", thread=thread)
    [notice] = [post for post in held.posts("sam") if "in 10 seconds" in post.text]
    assert (notice.room, notice.only_for) == ("desk", "sam")
    await lets_go(held, seconds=10)
    assert "> We look into it" in held.last("ann")
    assert "Sam Ortiz (support desk) answered on #1001." not in "".join(held.heard("desk")), "it stands there already"
    held.passes(minutes=3)
    await held.says("sam", "save looking Hello {customer}, {me} looks into {case}.")
    assert "> Hello Ann Lee, Sam Ortiz looks into #1001." in str(await held.says("sam", "reply 1001 !looking"))
    await held.says("sam", "save looking Something else")
    await lets_go(held, seconds=10)
    assert "Hello Ann Lee, Sam Ortiz looks into #1001." in held.last("ann")


async def test_what_is_not_held_comes_after_what_is(held: World) -> None:
    """Free words that reach the customer are held as well; who takes a case over cuts nobody's time to undo short."""
    await held.says("sam", "reply 1001 We look into it")
    await held.says("lena", "take 1001")
    assert await events(held, "reply") == []
    await held.says("lena", "schedule 1001 26 January 2026 10:00")
    assert [str(event.verb) for event in await events(held, "reply", "schedule")] == ["reply", "schedule"]
    assert "It is too late for that" in str(await held.says("sam", "undo"))
    before = len(held.posts("ann"))
    for line in ("client-caused 1001 You changed the view", "ineligible 1001 The contract is over"):
        assert "in 10 seconds" in str(await held.says("lena", line))
    assert "Taken back" in str(await held.says("lena", "undo"))
    await held.says("ann", "withdraw 1001")
    assert "in 10 seconds" in str(await held.says("lena", "reopen 1001 It is not done"))
    assert len(held.posts("ann")) == before + 1, "of the withdrawal alone"
    await lets_go(held, seconds=10)
    done = [str(event.verb) for event in await events(held, "client-caused", "ineligible", "reopen")]
    assert done == ["reopen"], "what cannot be said any more is given back"
    await held.says("ann", "withdraw 1001")
    assert "in 10 seconds" not in str(await held.says("lena", "reopen 1001"))
    assert (await case(held)).status == "open"


async def test_words_that_not_even_their_author_can_be_given_back_keep_no_others_waiting(
    held_here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.lines import outward

    await opened(held_here, "eve", "Exports fail")
    carry_out, give_up = outward.carry_out, outward.give_up
    for number, words in ((1001, "Poison"), (1001, "It is the cache"), (1002, "We look into it")):
        await held_here.says("sam", f"reply {number} {words}")

    def fails(does: Callable[..., None]) -> Callable[..., None]:
        def one(turn: Any, row: Any, *more: Any) -> None:
            if row.words == "Poison":
                raise RuntimeError
            does(turn, row, *more)

        return one

    monkeypatch.setattr("bot.holding.outward.carry_out", fails(carry_out))
    monkeypatch.setattr("bot.holding.outward.give_up", fails(give_up))
    assert await lets_go(held_here, seconds=10) == 2
    assert "> We look into it" in held_here.last("eve")
    assert [event.words for event in await events(held_here, "reply")] == ["It is the cache"]
    until = await held_here.ask_store(lambda work: work.held_until(1001, held_here.time.machine))
    assert until is None, "it silences no warning either"
    monkeypatch.undo()
    assert await lets_go(held_here, seconds=59) == 0
    assert await lets_go(held_here, seconds=1) == 1
    assert "> Poison" in held_here.last("ann")


async def test_who_has_left_says_nothing_any_more(held_here: World) -> None:
    def leaves(work: Work) -> None:
        [sam] = [one for one in work.everybody() if one.name == "Sam Ortiz"]
        sam.left_at = held_here.time.business
        work.add(sam)

    await held_here.says("sam", "reply 1001 We look into it")
    await held_here.store.write(leaves)
    await held_here.says("lena", "schedule 1001 26 January 2026 10:00")
    before = len(held_here.posts("ann"))
    assert await lets_go(held_here, seconds=10) == 1
    assert len(held_here.posts("ann")) == before
    assert await events(held_here, "reply") == []


async def test_words_from_a_page_are_answered_there_once_they_have_left_or_failed(held_here: World) -> None:
    """Nobody looks at a page all day: what failed is told where its author is met as well."""

    def signed_in(work: Work) -> None:
        [sam] = [one for one in work.everybody() if one.name == "Sam Ortiz"]
        work.link("portal", "", "sam", sam, "test", held_here.time.business)

    async def does(act: str, line: str) -> str:
        here = Address("portal", "", "sam")
        body = Pressed(line)
        said = await held_here.bot.hear(
            Incoming(act, User("sam"), here, body, held_here.time.business, personal=True, at_once=True)
        )
        assert isinstance(said, Message)
        entry = {"kind": "bot", "message": to_json(said)}
        await held_here.store.write(Work.keep_entry, "answers", f"portal {act}", entry, "")
        return plain(said)

    async def answer(act: str) -> str:
        entry = await held_here.ask_store(lambda work: work.entry(f"portal {act}"))
        kept = await held_here.ask_store(lambda work: work.kept_answer(act))
        assert kept == entry.entry["message"]
        return plain(from_json(entry.entry["message"]))

    await held_here.store.write(signed_in)
    assert "in 10 seconds" in await does("one", "reply 1001 We look into it")
    posts = len(held_here.posts("sam"))
    await lets_go(held_here, seconds=10)
    assert await answer("one") == "Done. Case #1001 is being worked on."
    assert len(held_here.posts("sam")) == posts
    await does("two", "reply 1001 It is the cache")
    await held_here.says("ann", "withdraw 1001")
    await lets_go(held_here, seconds=10)
    for told in (await answer("two"), held_here.last("sam")):
        assert told.startswith("This did not go out on case #1001:")
        assert "> It is the cache" in told
    await held_here.says("ann", "reopen 1001 We need it after all")
    held_here.passes(minutes=3)
    await held_here.says("lena", "reply 1001 One moment")
    assert "is about to answer" in await does("three", "reply 1001 Clear the cache")
    number = await held_here.ask_store(lambda work: work.held_on(1001)[0].id + 1)
    assert "It goes out now" in await does("four", f"send-anyway 1001 {number}")
    await lets_go(held_here, seconds=10)
    assert await answer("four") == "Done. Case #1001 is being worked on."


async def test_a_correction_is_told_with_the_time_that_is_left_and_stays_on_its_case(held_here: World) -> None:
    await opened(held_here, "eve", "Exports fail")
    await held_here.says("sam", "reply 1001 We lok into it", key="said")
    held_here.passes(seconds=7)
    await edits(held_here, "sam", Edited("reply 1001 We look into it", "said"))
    assert held_here.last("sam").startswith("On case #1001 this goes out to Ann Lee in 3 seconds.\n")
    assert "> We look into it" in held_here.last("sam")
    await edits(held_here, "sam", Edited("reply 1002 We look into yours", "said"))
    assert await lets_go(held_here, seconds=3) == 1
    assert [event.words for event in await events(held_here, "reply")] == ["We look into it"]


# A colleague at the same time ------------------------------------------------------------------------------------


async def test_who_answers_right_after_a_colleague_is_asked_and_nothing_is_lost(held: World) -> None:
    await held.says("sam", "reply 1001 We look into it")
    told = str(await held.says("lena", "reply 1001 Please clear the cache"))
    assert told.startswith("Sam Ortiz (support desk) is about to answer case #1001. Yours waits.")
    assert "> We look into it" in told
    assert "> Please clear the cache" in told
    assert "> Try another browser" in str(await held.says("cora", "reply 1001 Try another browser"))
    assert "It goes out now, on case #1001." in str(await held.presses("lena", "Send anyway"))
    assert await lets_go(held) == 0, "what was said first goes first"
    assert await lets_go(held, seconds=10) == 2
    assert [event.words for event in await events(held, "reply")] == ["We look into it", "Please clear the cache"]
    told = str(await held.says("cora", "reply 1001 Or the other one"))
    assert "Lena Park (team lead) answered case #1001 just now." in told
    assert "Taken back" in str(await held.presses("cora", "Drop"))

    held.passes(seconds=90)
    told = str(await held.says("sam", "reply 1001 It is the cache"))
    assert "Lena Park (team lead) answered case #1001 1 minute ago." in told
    await held.says("sam", "undo")
    held.passes(seconds=31)
    assert "in 10 seconds" in str(await held.says("sam", "reply 1001 It is the cache"))

    await lets_go(held, hours=1)
    assert held.last("cora").startswith("You did not say whether this is to go out on case #1001, so it did not.")
    assert "> Try another browser" in held.last("cora")
    assert await lets_go(held, hours=1) == 0


# From the desk's own words ---------------------------------------------------------------------------------------


async def sends_on(world: World, who: str, message: str, author: str) -> str:
    """What only they are then told."""
    seen, how = len(world.fake.posts), {"room": "desk", "thread": world.receipt(), "visible": False}
    body: Any = SentOn(User(author), message)
    await world.does(who, body, addressed=False, **how)
    return "\n".join(post.text for post in world.fake.posts[seen:] if post.only_for == who)


async def test_ones_own_note_goes_on_to_the_customer_once(held: World) -> None:
    thread = held.receipt()
    for key, words in (("note", "The cache is stale"), ("line", "!take 1001")):
        await held.says("sam", words, room="desk", thread=thread, addressed=False, key=key)
    assert "stale" not in "".join(held.heard("ann"))
    told = await sends_on(held, "sam", "note", "sam")
    assert told.startswith("On case #1001 this goes out to Ann Lee in 10 seconds.\n")
    assert "> The cache is stale" in told
    assert await sends_on(held, "sam", "note", "sam") == "That was sent on before."
    await held.says("sam", "undo")
    assert "in 10 seconds" in await sends_on(held, "sam", "note", "sam")
    await lets_go(held, seconds=10)
    assert "> The cache is stale" in held.last("ann")

    refused = "You can send on only what you wrote yourself, to the desk only."
    assert await sends_on(held, "cora", "note", "sam") == refused
    assert await sends_on(held, "cora", "note", "cora") == refused, "whatever the channel says of its author"
    assert await sends_on(held, "sam", "line", "sam") == refused
    assert await sends_on(held, "ann", "note", "ann") == ""
    assert await lets_go(held, seconds=60) == 0

    assert "There is no note of yours on case #1001" in str(await held.says("lena", "send-note 1001"))
    assert await held.says("sam", "send-note 1001") == "That was sent on before."
    await held.says("sam", "note 1001 It is stale again")
    assert "> It is stale again" in str(await held.says("sam", "send-note 1001"))
    assert "That is not yours to do." in str(await held.says("ann", "send-note 1001"))
    await lets_go(held, seconds=10)
    assert "> It is stale again" in held.last("ann")
