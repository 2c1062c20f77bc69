"""The desk in Slack: every line by command and in a conversation, the card and its thread, and what never crosses."""

from datetime import timedelta

import pytest

from store.store import Store
from store.tables import Case, Inbox
from tests.asked import WORDS
from tests.slack.mrkdwn import unescaped
from tests.slack.stage import DESK, Stage, staged
from tests.world import BROKEN

ROOM = "C0NORTH"


@pytest.fixture
async def room(stage: Stage) -> str:
    """Northwind's own channel in the desk's workspace, where Sam is too."""
    stage.far.add_channel(ROOM, "northwind", ["U0ANN", "U0BOB", "U0SAM", "U0CORA"])
    await stage.bind(ROOM, "northwind")
    return ROOM


# Every line -------------------------------------------------------------------------------------------------------
LINES = {
    "queue": "1 in the queue, soonest due first",
    "queue unassigned": "1 in the queue, soonest due first",
    "show 1001": "What happened",
    "take 1001": "Done. Case #1001 is being worked on.",
    "assign 1001 cora": "Done. Case #1001 is being worked on.",
    "assign 1001 <@U0CORA>": "Done. Case #1001 is being worked on.",
    "reply 1001 Looking into it": "Done. Case #1001 is being worked on.",
    "note 1001 Not for Ann": "Noted on case #1001.",
    "priority 1001 high The whole team": "The priority of case #1001 is High",
    "close 1001 Fixed": "Done. Case #1001 is solved, awaiting the customer's confirmation.",
    "force-close 1001 No answer for weeks": "Done. Case #1001 is closed without",
    "ack 1001": "You see to case #1001.",
    "why 1001": "Received",
    "help": "What you can say",
}


@pytest.mark.parametrize("line", LINES)
async def test_a_line_works_as_a_command(opened: Stage, line: str) -> None:
    said = await opened.commands("sam", f"/case {line}", DESK)
    assert LINES[line].partition("\n")[0] in said
    assert opened.far.messages("U0SAM") == []


@pytest.mark.parametrize("line", LINES)
async def test_the_same_line_works_in_a_conversation_with_the_app(opened: Stage, line: str) -> None:
    written = await opened.writes("sam", line)
    answers = [unescaped(one.text) for one in opened.far.thread("U0SAM", written.ts)[1:]]
    assert any(LINES[line] in answer for answer in answers), answers


@pytest.mark.parametrize("way", ["command", "conversation"])
async def test_reopening_and_merging_work_as_well(opened: Stage, way: str) -> None:
    async def says(line: str) -> str:
        if way == "command":
            return await opened.commands("sam", f"/case {line}")
        await opened.writes("sam", line)
        return "\n".join(opened.said("U0SAM"))

    await says("force-close 1001 No answer")
    assert "Done. Case #1001 is being worked on." in await says("reopen 1001 They wrote again")
    await opened.writes("bob", "open: the quote form is broken for me too")
    assert "It goes on as case #1001" in await says("merge 1002 1001")
    assert (await opened.case(1002)).status == "merged"


@pytest.mark.parametrize("who", ["cora", "<@U0CORA>", "Cora Diaz"])
async def test_a_case_is_given_to_whoever_is_named(opened: Stage, who: str) -> None:
    await opened.commands("sam", f"/case assign 1001 {who}")
    assert "With: Cora Diaz" in opened.card().text
    assert "Sam Ortiz (support desk) gave #1001 to Cora Diaz" in "\n".join(opened.said("U0CORA"))


async def test_a_case_is_not_given_to_a_customer_by_mentioning_them(opened: Stage) -> None:
    assert "nobody on the desk" in await opened.commands("sam", "/case assign 1001 <@U0BOB>")


async def test_nobody_becomes_cora_by_calling_themselves_so(opened: Stage) -> None:
    """Whom a mention means is its id, never the name that it shows."""
    opened.far.users["U0EVE"].name = "Cora Diaz"
    assert "nobody on the desk" in await opened.commands("sam", "/case assign 1001 <@U0EVE>")


async def test_a_command_s_answer_stands_nowhere_else(opened: Stage) -> None:
    before = opened.far.messages(DESK)
    await opened.commands("sam", "/case show 1001", DESK)
    assert opened.far.messages(DESK) == before
    assert len(opened.far.ephemerals(DESK, "U0SAM")) == 1


async def test_a_command_given_in_a_customer_s_channel_shows_nothing_there(opened: Stage, room: str) -> None:
    await opened.commands("sam", "/case note 1001 Not for Ann", room)
    assert opened.far.messages(room) == []
    assert opened.far.ephemerals(room, "U0ANN") == []


async def test_reply_without_words_asks_for_them_in_a_modal(opened: Stage) -> None:
    await opened.commands("sam", "/case reply 1001")
    assert opened.slack.modal("U0SAM").labels == [WORDS]
    await opened.fills("sam", **{WORDS: "We look into it"})
    assert "We look into it" in opened.said("U0ANN")[-1]


# The card and its thread ------------------------------------------------------------------------------------------


async def test_close_inside_the_card_s_thread(opened: Stage) -> None:
    """Slash commands do not work there."""
    await opened.writes("sam", "!close Fixed", DESK, opened.card().ts)
    assert (await opened.case()).status == "awaiting_confirmation"
    assert "Fixed" in opened.said("U0ANN")[-1]


async def test_reply_inside_the_card_s_thread(opened: Stage) -> None:
    await opened.writes("sam", "!reply Looking into it", DESK, opened.card().ts)
    assert opened.said("U0ANN")[-1].endswith("> Looking into it")
    assert (await opened.case()).responded_at is not None


async def test_plain_words_in_the_card_s_thread_are_a_note_that_never_crosses(opened: Stage) -> None:
    before = opened.far.messages("U0ANN")
    await opened.writes("sam", "they forgot to pay, I think", DESK, opened.card().ts)
    assert ("note", "they forgot to pay, I think") in await opened.history()
    assert opened.far.messages("U0ANN") == before
    assert "forgot to pay" not in await opened.commands("ann", "/support show 1001")
    assert (await opened.case()).responded_at is None


async def test_a_note_that_stands_in_the_thread_is_not_repeated_there(opened: Stage) -> None:
    await opened.writes("sam", "they forgot to pay, I think", DESK, opened.card().ts)
    assert len([text for text in opened.under_card() if "forgot to pay" in text]) == 1


async def test_words_elsewhere_in_the_desk_s_channel_are_people_talking(opened: Stage) -> None:
    kept = len(await opened.rows(Inbox))
    await opened.writes("sam", "close 1001 would be nice", DESK)
    other = await opened.writes("sam", "lunch?", DESK)
    await opened.writes("cora", "yes please", DESK, other.ts)
    assert len(await opened.rows(Inbox)) == kept
    assert (await opened.case()).status == "new"


async def test_an_unknown_mark_among_people_is_answered_to_its_writer_alone_or_not_at_all(opened: Stage) -> None:
    before = opened.far.messages(DESK)
    await opened.writes("sam", "!important: lunch", DESK)
    assert [one for one in opened.far.messages(DESK) if one.user != "U0SAM"] == before


async def test_a_mention_in_the_desk_s_channel_is_a_line(opened: Stage) -> None:
    await opened.writes("sam", f"{opened.slack.mention(DESK)} take 1001", DESK)
    assert (await opened.case()).assignee_id is not None


async def test_there_is_one_live_card_a_case_edited_in_place(opened: Stage) -> None:
    card = opened.card()
    for line in ("take 1001", "reply 1001 Hello", "priority 1001 high Everybody", "close 1001 Fixed"):
        await opened.commands("sam", f"/case {line}")
    roots = [one for one in opened.far.messages(DESK) if one.thread in ("", one.ts)]
    assert [one.ts for one in roots] == [card.ts]
    assert "With: Sam Ortiz" in roots[0].text
    assert roots[0].edits >= 4


async def test_both_sides_are_mirrored_under_the_card(opened: Stage) -> None:
    root = opened.far.messages("U0ANN")[0]
    await opened.writes("ann", "It happens on Save", thread=root.ts)
    await opened.commands("sam", "/case reply 1001 Thank you, Ann")
    told = "\n".join(opened.under_card())
    assert "> It happens on Save" in told
    assert "> Thank you, Ann" in told
    assert opened.far.messages("U0ANN")[-1].thread == root.ts


# In the customer's channel ----------------------------------------------------------------------------------------


async def test_staff_s_plain_words_in_the_customer_s_thread_are_the_reply(stage: Stage, room: str) -> None:
    written = await stage.writes("ann", f"{stage.slack.mention(room)} {BROKEN}", room)
    before = stage.said(room)
    await stage.writes("sam", "We look into it", room, written.ts)
    assert ("reply", "We look into it") in await stage.history()
    case = await stage.case()
    assert case.responded_at is not None  # R2
    assert case.response_met is True
    assert stage.said(room) == before  # it stands there already
    assert "> We look into it" in "\n".join(stage.under_card())


async def test_calling_the_app_by_name_in_that_thread_does_not_make_a_note_of_it(stage: Stage, room: str) -> None:
    """The customer reads it: whoever is told that they do not would be told wrong."""
    written = await stage.writes("ann", f"{stage.slack.mention(room)} {BROKEN}", room)
    await stage.writes("sam", f"{stage.slack.mention(room)} we look into it", room, written.ts)
    assert ("reply", "we look into it") in await stage.history()
    assert "does not see it" not in "\n".join(stage.whispered("sam", room))


async def test_a_command_s_reply_is_posted_into_that_thread(stage: Stage, room: str) -> None:
    written = await stage.writes("ann", f"{stage.slack.mention(room)} {BROKEN}", room)
    await stage.commands("sam", "/case reply 1001 We look into it", room)
    last = stage.far.messages(room)[-1]
    assert (last.thread, "> We look into it" in last.text or "&gt; We look into it" in last.text) == (written.ts, True)


async def test_a_note_marked_as_such_in_the_customer_s_thread_is_no_reply(stage: Stage, room: str) -> None:
    """It stands there for all to read, which no program can take back; yet it does not count as the answer."""
    written = await stage.writes("ann", f"{stage.slack.mention(room)} {BROKEN}", room)
    await stage.writes("sam", "!note they forgot to pay", room, written.ts)
    assert (await stage.case()).responded_at is None
    assert ("note", "they forgot to pay") in await stage.history()


async def test_two_of_the_desk_talking_in_the_customer_s_thread_are_both_on_the_case(stage: Stage, room: str) -> None:
    written = await stage.writes("ann", f"{stage.slack.mention(room)} {BROKEN}", room)
    await stage.writes("sam", "We look into it", room, written.ts)
    await stage.writes("cora", "And I stay on it", room, written.ts)
    assert [words for verb, words in await stage.history() if verb == "reply"] == [
        "We look into it",
        "And I stay on it",
    ]


async def test_close_inside_the_customer_s_thread_by_the_desk(stage: Stage, room: str) -> None:
    written = await stage.writes("ann", f"{stage.slack.mention(room)} {BROKEN}", room)
    await stage.writes("sam", "!close Fixed", room, written.ts)
    assert (await stage.case()).status == "awaiting_confirmation"
    await stage.presses("ann", "Yes, close it", room)
    assert (await stage.case()).status == "closed"


async def test_a_case_waits_in_the_queue_of_home_and_command_alike(opened: Stage) -> None:
    await opened.slack.open_home("U0SAM")
    await opened.settle()
    home = opened.far.home("U0SAM")
    assert home
    assert "#1001" in home.words
    assert "#1001" in await opened.commands("sam", "/case queue")


async def test_time_that_passed_is_seen_on_the_card(opened: Stage) -> None:
    before = opened.card().text
    opened.world.passes(hours=2)
    await opened.commands("sam", "/case priority 1001 high Everybody")
    assert opened.card().text != before
    assert len(await opened.rows(Case)) == 1
    assert (await opened.case()).received_at + timedelta(hours=2) == opened.world.time.business


# What waits before it goes out -------------------------------------------------------------------------------------


async def test_a_note_of_ones_own_goes_out_with_an_outbox_tray_and_can_be_taken_back(store: Store) -> None:
    async with staged(store, hold=timedelta(seconds=10)) as stage:
        written = await stage.writes("ann", BROKEN)
        await stage.writes("ann", "cancel", thread=written.ts)
        before, thread = len(stage.said("U0ANN")), stage.card().ts
        note = (await stage.writes("sam", "The cache is stale", DESK, thread)).message
        assert note
        await stage.reacts("sam", note, "outbox_tray")
        told = stage.whispered("sam", DESK)[-1]
        assert told.startswith("On case #1001 this goes out to Ann Lee in 10 seconds.\n")
        assert "> The cache is stale" in told
        await stage.presses("sam", "Undo", DESK)
        assert stage.whispered("sam", DESK)[-1].startswith("Taken back.")

        await stage.slack.unreact("U0SAM", note, "outbox_tray")
        await stage.reacts("sam", note, "outbox_tray")
        stage.world.passes(seconds=10)
        assert await stage.world.holding.round() == 1
        await stage.settle()
        [answer] = stage.said("U0ANN")[before:]
        assert answer.endswith("> The cache is stale")


async def test_nobody_else_s_message_goes_out_with_an_outbox_tray(opened: Stage, room: str) -> None:
    before, card = len(opened.said("U0ANN")), opened.card()
    note = (await opened.writes("cora", "They forgot to pay", DESK, card.ts)).message
    line = (await opened.writes("sam", "!take", DESK, card.ts)).message
    asked = (await opened.writes("ann", "Any news?", thread=(await opened.case()).thread)).message
    copied = opened.far.thread(DESK, card.ts)[-1]
    chat = (await opened.writes("sam", "Lunch?", DESK)).message
    for message in (note, line, copied, chat, card):
        assert message
        await opened.reacts("sam", message, "outbox_tray")
    refused = "You can send on only what you wrote yourself, to the desk only."
    assert opened.whispered("sam", DESK).count(refused) == 4, "about lunch nobody said a word"
    assert asked
    await opened.reacts("ann", asked, "outbox_tray")
    assert [words for verb, words in await opened.history() if verb == "reply"] == []
    assert "They forgot to pay" not in "".join(opened.said("U0ANN")[before:])
