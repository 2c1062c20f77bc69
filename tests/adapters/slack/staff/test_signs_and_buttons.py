"""Signs on messages, buttons and modals of the desk in Slack: whose they are, and what stale ones do."""

import asyncio
from copy import deepcopy

import pytest

from store.tables import Draft, Inbox
from tests.asked import WORDS
from tests.slack import faults
from tests.slack.mrkdwn import unescaped
from tests.slack.places import Message
from tests.slack.stage import DESK, Stage

# Signs on the card ------------------------------------------------------------------------------------------------


async def test_eyes_on_an_unassigned_card_take_it(opened: Stage) -> None:
    await opened.reacts("sam", opened.card(), "eyes")
    assert "With: Sam Ortiz" in opened.card().text


async def test_eyes_on_a_taken_card_are_nothing(opened: Stage) -> None:
    await opened.reacts("sam", opened.card(), "eyes")
    kept = len(await opened.rows(Inbox))
    await opened.reacts("cora", opened.card(), "eyes")
    assert "With: Sam Ortiz" in opened.card().text
    assert len(await opened.rows(Inbox)) == kept
    assert opened.whispered("cora", DESK) == []


async def test_eyes_on_another_message_are_nothing(opened: Stage) -> None:
    kept = len(await opened.rows(Inbox))
    under = opened.far.thread(DESK, opened.card().ts)[1]
    await opened.reacts("sam", under, "eyes")
    said = await opened.writes("cora", "who takes it?", DESK)
    assert said.message
    await opened.reacts("sam", said.message, "eyes")
    assert (await opened.case()).assignee_id is None
    assert len(await opened.rows(Inbox)) == kept


async def test_a_tick_on_the_card_asks_privately_and_its_button_for_the_sentence(opened: Stage) -> None:
    await opened.reacts("sam", opened.card(), "white_check_mark")
    asked = opened.far.ephemerals(DESK, "U0SAM")[-1]
    assert asked.labels == ["Yes, ask the customer", "Write to them"]
    assert (await opened.case()).status == "new"
    assert opened.far.ephemerals(DESK, "U0CORA") == []
    await opened.presses("sam", "Yes, ask the customer", DESK)
    assert opened.slack.modal("U0SAM").labels == ["What was done? The customer reads it and is asked to confirm."]
    await opened.fills("sam", **{opened.slack.modal("U0SAM").labels[0]: "Switched it on again"})
    assert (await opened.case()).status == "awaiting_confirmation"
    assert "> Switched it on again" in opened.said("U0ANN")[-1]


@pytest.mark.parametrize("sign", ["eyes", "white_check_mark", "heavy_check_mark"])
async def test_a_customer_s_signs_do_nothing(opened: Stage, sign: str) -> None:
    opened.far.channels[DESK].members.add("U0ANN")
    kept = len(await opened.rows(Inbox))
    await opened.reacts("ann", opened.card(), sign)
    await opened.reacts("ann", opened.seen("ann")[0], sign)
    assert (await opened.case()).assignee_id is None
    assert len(await opened.rows(Inbox)) == kept
    assert opened.far.ephemerals(DESK, "U0ANN") == []


async def test_taking_a_sign_away_does_nothing(opened: Stage) -> None:
    await opened.reacts("sam", opened.card(), "eyes")
    await opened.slack.unreact("U0SAM", opened.card(), "eyes")
    await opened.settle()
    assert "With: Sam Ortiz" in opened.card().text


# Buttons ----------------------------------------------------------------------------------------------------------


@pytest.fixture
async def warned(opened: Stage) -> Stage:
    """Half the response time is gone, and the desk's channel is told so, with a button to reply."""
    opened.world.passes(hours=3)
    assert await opened.world.escalation.round() > 0
    await opened.settle()
    return opened


async def test_reply_is_a_modal_and_its_words_reach_the_customer(warned: Stage) -> None:
    await warned.presses("sam", "Reply", DESK)
    assert warned.slack.modal("U0SAM").labels == [WORDS]
    await warned.fills("sam", **{WORDS: "We look into it"})
    assert warned.said("U0ANN")[-1].endswith("> We look into it")


CHATTER = ("what a mess", "skip", "cancel", "yes", "answer", "reply", "back", "help", "@here lunch", "close", "!lunch")


@pytest.mark.parametrize("place", ["channel", "card's thread", "warning's thread", "own thread"])
async def test_a_dismissed_reply_and_chatter_afterwards_send_the_customer_nothing(warned: Stage, place: str) -> None:
    """What somebody says to colleagues must never leave as an answer."""
    before = warned.far.messages("U0ANN")
    pressed = warned.with_button("sam", "Reply", DESK)
    await warned.presses("sam", "Reply", DESK)
    await warned.slack.close_view("U0SAM", warned.slack.modal("U0SAM"))
    root = (await warned.writes("cora", "anybody there?", DESK)).ts
    threads = {"channel": "", "card's thread": warned.card().ts, "warning's thread": pressed.thread, "own thread": root}
    for words in CHATTER:
        await warned.writes("sam", words, DESK, threads[place])
    assert warned.far.messages("U0ANN") == before
    assert (await warned.case()).responded_at is None
    assert [verb for verb, _ in await warned.history() if verb == "reply"] == []


async def test_where_the_reply_s_modal_does_not_open_chatter_is_still_no_answer(warned: Stage) -> None:
    before = warned.far.messages("U0ANN")
    warned.far.script("views.open", faults.error("expired_trigger_id"))
    await warned.presses("sam", "Reply", DESK)
    for words in CHATTER:
        await warned.writes("sam", words, DESK, warned.card().ts)
        await warned.writes("sam", words, DESK)
    assert warned.far.messages("U0ANN") == before


async def test_a_dismissed_reply_and_mentioning_the_app_elsewhere_in_the_channel_send_nothing(warned: Stage) -> None:
    before = warned.far.messages("U0ANN")
    await warned.presses("sam", "Reply", DESK)
    await warned.slack.close_view("U0SAM", warned.slack.modal("U0SAM"))
    for words in ("queue", "is this thing on", "good morning"):
        await warned.writes("sam", f"{warned.slack.mention(DESK)} {words}", DESK)
    assert warned.far.messages("U0ANN") == before


async def test_a_dismissed_reply_and_calling_the_app_under_the_card_send_nothing(warned: Stage) -> None:
    """In a room full of people no words are an answer: that takes the modal, or ``!reply``."""
    before = warned.far.messages("U0ANN")
    await warned.presses("sam", "Reply", DESK)
    await warned.slack.close_view("U0SAM", warned.slack.modal("U0SAM"))
    await warned.writes("sam", f"{warned.slack.mention(DESK)} good grief, these people", DESK, warned.card().ts)
    assert warned.far.messages("U0ANN") == before


async def test_a_dismissed_reply_in_one_s_own_conversation_and_other_words_there_send_nothing(warned: Stage) -> None:
    """Only in the thread where it was asked do words answer it."""
    before = warned.far.messages("U0ANN")
    await warned.writes("sam", "ack 1001")
    await warned.presses("sam", "Reply")
    await warned.slack.close_view("U0SAM", warned.slack.modal("U0SAM"))
    for words in ("what a mess", "queue", "good morning"):
        await warned.writes("sam", words)
    assert warned.far.messages("U0ANN") == before


async def test_a_modal_sent_off_after_the_case_was_answered_by_another_still_says_its_words_once(
    warned: Stage,
) -> None:
    await warned.presses("sam", "Reply", DESK)
    view = warned.slack.modal("U0SAM")
    await warned.commands("cora", "/case reply 1001 I have it")
    await warned.fills("sam", view, **{WORDS: "So have I"})
    assert [words for verb, words in await warned.history() if verb == "reply"] == ["I have it", "So have I"]


async def test_a_modal_whose_question_is_closed_says_so_and_sends_nothing(warned: Stage) -> None:
    await warned.presses("sam", "Reply", DESK)
    view = warned.slack.modal("U0SAM")
    [draft] = await warned.rows(Draft)
    await warned.world.store.write(lambda work: work.drop(work._session.get_one(Draft, draft.id)))
    before = warned.far.messages("U0ANN")
    await warned.fills("sam", view, **{WORDS: "Too late"})
    assert warned.far.messages("U0ANN") == before
    told = [*warned.whispered("sam", DESK), *warned.said("U0SAM")]
    assert "That question is no longer open." in told


async def test_a_stale_button_is_answered_with_how_things_stand(opened: Stage) -> None:
    card = opened.card()
    await opened.commands("cora", "/case take 1001")
    await opened.slack.press("U0SAM", card, "Take")
    await opened.settle()
    assert "Cora Diaz already works on case #1001." in "\n".join(opened.whispered("sam", DESK))
    assert "With: Cora Diaz" in opened.card().text


async def test_of_two_who_take_at_once_one_wins_and_the_other_is_told(opened: Stage) -> None:
    card = opened.card()
    done = await asyncio.gather(opened.slack.press("U0SAM", card, "Take"), opened.slack.press("U0CORA", card, "Take"))
    await opened.settle()
    assert [one.status for one in done] == [200, 200]
    told = {who: "\n".join(opened.whispered(who, DESK)) for who in ("sam", "cora")}
    losers = [who for who, text in told.items() if "already works on case #1001" in text]
    assert len(losers) == 1
    winner = "Cora Diaz" if losers == ["sam"] else "Sam Ortiz"
    assert f"With: {winner}" in opened.card().text
    assert [verb for verb, _ in await opened.history()].count("take") == 1


async def test_a_press_is_answered_to_its_presser_alone(opened: Stage) -> None:
    posted = len(opened.far.messages(DESK))
    await opened.presses("sam", "Take", DESK)
    added = [unescaped(one.text) for one in opened.far.messages(DESK)[posted:]]
    assert [text for text in added if text.startswith("Done.")] == []
    assert "Done. Case #1001 is being worked on." in "\n".join(opened.whispered("sam", DESK))


async def test_a_button_that_only_opens_a_page_is_nothing(opened: Stage) -> None:
    message = forged(opened.card(), "take 1001")
    for block in message.blocks:
        for element in block.get("elements", ()):
            element["action_id"] = "link:1"
    done = await opened.slack.press("U0SAM", message, "Take")
    assert done.status == 200
    assert (await opened.case()).assignee_id is None


def forged(message: Message, line: str) -> Message:
    """The same message, its buttons saying something else."""
    made = deepcopy(message)
    for button in made.buttons:
        button["value"] = line
    return made
