"""The desk in Teams: pings that reach whoever never wrote, lines in a chat, the card and its thread, and what never
crosses."""

from copy import deepcopy

import pytest

from store.tables import Case, Draft, Inbox
from tests.teams.places import Json, Posted, guid
from tests.teams.stage import DESK, Stage, lines, plain_of
from tests.world import BROKEN

ANN, SAM, CORA, LENA = guid("ann"), guid("sam"), guid("cora"), guid("lena")
WORDS = "What do you want to write?"


@pytest.fixture
async def opened(stage: Stage) -> Stage:
    """Ann's case 1001, without any more questions."""
    await stage.writes("ann", BROKEN)
    await stage.writes("ann", "cancel")
    return stage


@pytest.fixture
async def warned(opened: Stage) -> Stage:
    """Three quarters of the response time are gone: the concierge is told, who never wrote to the app."""
    opened.world.passes(hours=3)
    assert await opened.world.escalation.round() > 0
    await opened.settle()
    return opened


def answers(stage: Stage, seen: int, place: str = SAM) -> str:
    return "\n".join(stage.said(place)[seen:])


# Pings ------------------------------------------------------------------------------------------------------------


async def test_a_ping_reaches_a_concierge_who_never_wrote(warned: Stage) -> None:
    [ping] = warned.far.said(CORA)
    assert plain_of(ping).startswith("#1001 has used 75 % of its response time.")
    assert ping.labels == ["Acknowledge", "Take", "Reply", "Reassign"]
    [made] = [call for call in warned.far.called("create") if call.args["members"] == [{"id": CORA}]]
    assert made.args["tenantId"] == warned.far.app.tenant


async def test_their_conversation_is_begun_once_and_kept(warned: Stage) -> None:
    for _ in range(3):
        warned.world.passes(minutes=30)
        await warned.world.escalation.round()
        await warned.settle()
    assert len(warned.far.said(CORA)) > 1
    assert len([call for call in warned.far.called("create") if call.args["members"] == [{"id": CORA}]]) == 1
    warned.connection._atlas._known.clear()  # as after a restart
    await warned.writes("sam", "assign 1001 cora")
    assert "gave #1001 to Cora Diaz" in warned.said(CORA)[-1]
    assert len([call for call in warned.far.called("create") if call.args["members"] == [{"id": CORA}]]) == 1


async def test_how_much_of_the_time_is_gone_is_drawn_with_a_fallback(warned: Stage) -> None:
    [ping] = warned.far.said(CORA)
    assert ping.card
    [bar] = [one for one in ping.card["body"] if one["type"] == "ProgressBar"]
    assert bar["value"] == 75
    assert bar["fallback"]["type"] == "ColumnSet"


@pytest.mark.parametrize("submit", [False, True], ids=["Execute", "Submit"])
async def test_acknowledge_stops_the_ladder(warned: Stage, submit: bool) -> None:
    await warned.presses("cora", "Acknowledge", CORA, submit=submit)
    assert "You see to case #1001." in warned.said(CORA)[-1]
    assert "Cora Diaz (concierge) sees to #1001." in "\n".join(warned.under_card())
    warned.world.passes(minutes=29)
    assert await warned.world.escalation.round() == 0


async def test_reply_is_a_form_in_the_ping_s_place_and_its_words_reach_the_customer(warned: Stage) -> None:
    ping = warned.with_button("Reply", CORA)
    done = await warned.presses("cora", "Reply", CORA)
    assert WORDS in str(done.card)
    await warned.fills("cora", ping, **{WORDS: "We look into it"})
    assert warned.said(ANN)[-1].endswith("Cora Diaz (concierge):\n> We look into it")
    assert (await warned.case()).responded_at is not None


async def test_where_clients_know_no_execute_the_question_is_asked_in_the_chat(warned: Stage) -> None:
    await warned.presses("cora", "Reply", CORA, submit=True)
    assert warned.said(CORA)[-1] == WORDS
    await warned.writes("cora", "We look into it")
    assert warned.said(ANN)[-1].endswith("> We look into it")


async def test_a_second_reply_by_the_same_ping_is_a_second_reply(warned: Stage) -> None:
    ping = warned.with_button("Reply", CORA)
    for words in ("We look into it", "It takes until noon"):
        # The form stands in the ping's place; Teams shows the ping again where the chat is opened anew.
        warned.teams._seen(ping).views.clear()
        await warned.presses("cora", "Reply", CORA)
        await warned.fills("cora", ping, **{WORDS: words})
    assert [words for verb, words in await warned.history() if verb == "reply"] == [
        "We look into it",
        "It takes until noon",
    ]


async def test_a_reply_sent_off_twice_is_one_reply(warned: Stage) -> None:
    ping = warned.with_button("Reply", CORA)
    await warned.presses("cora", "Reply", CORA)
    done = await warned.teams.fill(CORA, ping, values={WORDS: "We look into it"})
    await warned.teams.redeliver(done, 3, new_ids=True, together=True)
    await warned.settle()
    assert [verb for verb, _ in await warned.history()].count("reply") == 1


async def test_reassign_asks_whom(warned: Stage) -> None:
    ping = warned.with_button("Reassign", CORA)
    done = await warned.presses("cora", "Reassign", CORA)
    assert done.card
    [question] = [one["id"] for one in done.card["body"] if one["type"].startswith("Input.")]
    await warned.fills("cora", ping, **{question: "sam"})
    assert "With: Sam Ortiz" in plain_of(warned.card())
    assert "gave #1001 to Sam Ortiz" in "\n".join(warned.said(SAM))


async def test_a_form_whose_question_is_closed_says_so_and_sends_nothing(warned: Stage) -> None:
    ping = warned.with_button("Reply", CORA)
    await warned.presses("cora", "Reply", CORA)
    [draft] = await warned.rows(Draft)
    await warned.world.store.write(lambda work: work.drop(work._session.get_one(Draft, draft.id)))
    before = warned.far.said(ANN)
    await warned.fills("cora", ping, **{WORDS: "Too late"})
    assert len(warned.far.said(ANN)) == len(before)
    assert "That question is no longer open." in warned.said(CORA)[-1]


# Lines in their own chat ------------------------------------------------------------------------------------------

LINES = {
    "queue": "1 in the queue, soonest due first",
    "queue unassigned": "1 in the queue, soonest due first",
    "show 1001": "What happened",
    "take 1001": "Done. Case #1001 is being worked on.",
    "assign 1001 cora": "Done. Case #1001 is being worked on.",
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
async def test_a_line_works_in_their_own_chat(opened: Stage, line: str) -> None:
    seen = len(opened.said(SAM))
    await opened.writes("sam", line)
    assert LINES[line] in answers(opened, seen)


@pytest.mark.parametrize("line", LINES)
async def test_the_same_line_works_by_calling_the_app_in_the_desk_s_channel(opened: Stage, line: str) -> None:
    """Its answer is for whoever said it."""
    before, seen = opened.said(DESK), len(opened.said(SAM))
    await opened.writes("sam", line, DESK)
    assert LINES[line] in answers(opened, seen)
    own = [one for one in opened.far.said(DESK) if one.thread != opened.card().id]
    assert own == [], "nobody else reads it"
    assert len(opened.said(DESK)) >= len(before)


async def test_reopening_and_merging_work_as_well(opened: Stage) -> None:
    await opened.writes("sam", "force-close 1001 No answer")
    await opened.writes("sam", "reopen 1001 They wrote again")
    assert "Done. Case #1001 is being worked on." in opened.said(SAM)[-1]
    await opened.writes("bob", "open: the quote form is broken for me too")
    await opened.writes("sam", "merge 1002 1001")
    assert "It goes on as case #1001" in opened.said(SAM)[-1]


async def test_a_case_is_given_to_whoever_is_mentioned(opened: Stage) -> None:
    await opened.writes("sam", "assign 1001 @Cora", DESK)
    assert "With: Cora Diaz" in plain_of(opened.card())


async def test_a_case_is_not_given_to_a_customer_by_mentioning_them(opened: Stage) -> None:
    opened.far.place(DESK).members.add(guid("bob"))
    await opened.writes("sam", "assign 1001 @Bob", DESK)
    assert "nobody on the desk called @Bob" in opened.said(SAM)[-1]


async def test_a_shown_queue_s_button_shows_the_case_to_who_pressed(opened: Stage) -> None:
    await opened.writes("sam", "queue")
    await opened.presses("sam", "Show", SAM)
    assert opened.said(SAM)[-1].startswith("#1001: The quote form")


# The card and its thread ------------------------------------------------------------------------------------------


async def says_under(stage: Stage, who: str, text: str, case: int = 1001) -> None:
    await stage.writes(who, text, DESK, thread=stage.card(case).id)


async def test_there_is_one_live_card_a_case_changed_in_place(opened: Stage) -> None:
    card = opened.card()
    for line in ("take 1001", "reply 1001 Hello", "priority 1001 high Everybody", "close 1001 Fixed"):
        await opened.writes("sam", line)
    roots = [one for one in opened.far.said(DESK) if one.thread == one.id]
    assert [one.id for one in roots] == [card.id]
    assert "With: Sam Ortiz" in plain_of(roots[0])
    assert roots[0].edits >= 4


async def test_close_under_the_card_by_calling_the_app(opened: Stage) -> None:
    await says_under(opened, "sam", "close Fixed it just now")
    assert (await opened.case()).status == "new", "words that may be talk are no command"
    await says_under(opened, "sam", "!close Fixed")
    assert (await opened.case()).status == "awaiting_confirmation"
    assert "Fixed" in opened.said(ANN)[-1]


async def test_reply_under_the_card(opened: Stage) -> None:
    await says_under(opened, "sam", "!reply Looking into it")
    assert opened.said(ANN)[-1].endswith("> Looking into it")
    assert (await opened.case()).responded_at is not None


async def test_plain_words_under_the_card_are_a_note_that_never_crosses(opened: Stage) -> None:
    before = opened.said(ANN)
    await says_under(opened, "sam", "they forgot to pay, I think")
    assert ("note", "they forgot to pay, I think") in await opened.history()
    assert opened.said(ANN) == before
    await opened.writes("ann", "show 1001")
    assert "forgot to pay" not in "\n".join(opened.said(ANN))
    assert (await opened.case()).responded_at is None


async def test_without_a_mention_they_are_a_note_where_the_app_overhears_and_nothing_elsewhere(opened: Stage) -> None:
    card = opened.card()
    await opened.writes("sam", "not heard at all", DESK, thread=card.id, mention=False)
    assert ("note", "not heard at all") not in await opened.history()
    opened.teams.overhears = True
    await opened.writes("sam", "they forgot to pay", DESK, thread=card.id, mention=False)
    await opened.writes("sam", "lunch?", DESK, mention=False)
    assert [one for one in await opened.history() if one[0] == "note"] == [("note", "they forgot to pay")]


async def test_words_that_are_overheard_elsewhere_in_the_desk_s_channel_are_people_talking(opened: Stage) -> None:
    opened.teams.overhears = True
    kept, said = len(await opened.rows(Inbox)), opened.said(DESK)
    root = await opened.writes("sam", "close 1001 would be nice", DESK, mention=False)
    assert root.posted
    await opened.writes("cora", "yes please", DESK, thread=root.posted.id, mention=False)
    assert (len(await opened.rows(Inbox)), opened.said(DESK)) == (kept, said)


async def test_both_sides_are_mirrored_under_the_card(opened: Stage) -> None:
    await opened.writes("ann", "It happens on Save")
    await opened.writes("sam", "reply 1001 Thank you, Ann")
    told = "\n".join(opened.under_card())
    assert "> It happens on Save" in told
    assert "> Thank you, Ann" in told


# Buttons on the desk's card ---------------------------------------------------------------------------------------


async def test_a_press_is_answered_to_its_presser_alone(opened: Stage) -> None:
    posted = len(opened.far.said(DESK))
    done = await opened.presses("sam", "Take", DESK)
    assert "Done. Case #1001 is being worked on." in done.words
    assert [text for text in opened.said(DESK)[posted:] if text.startswith("Done.")] == []
    assert opened.said(SAM) == []
    assert "With: Sam Ortiz" in plain_of(opened.card())


async def test_a_press_that_comes_too_late_is_told_how_things_stand_and_changes_nothing(opened: Stage) -> None:
    card = opened.card()
    await opened.writes("cora", "take 1001")
    done = await opened.teams.send(_press(opened, SAM, card, "take 1001"))
    assert "Cora Diaz already works on case #1001." in str(done.json)
    assert "With: Cora Diaz" in plain_of(opened.card())


async def test_of_two_who_take_at_once_one_wins_and_the_other_is_told(opened: Stage) -> None:
    card = opened.card()
    told = [await opened.teams.press(guid(who), card, "Take") for who in ("sam", "cora")]
    await opened.settle()
    assert len([done for done in told if "already works on case #1001" in str(done.json)]) == 1
    assert [verb for verb, _ in await opened.history()].count("take") == 1


async def test_two_presses_of_one_button_are_two_acts_and_a_redelivery_is_none(opened: Stage) -> None:
    done = await opened.teams.press(SAM, opened.card(), "Take")
    again = await opened.teams.redeliver(done, 4, together=True)
    await opened.settle()
    assert {one.text for one in again} == {done.text}
    assert [verb for verb, _ in await opened.history()].count("take") == 1


async def test_reply_on_a_warning_in_the_channel_is_a_form_that_only_its_presser_sees(warned: Stage) -> None:
    warning = warned.with_button("Reply", DESK)
    await warned.presses("sam", "Reply", DESK)
    stands = warned.teams._seen(warning)
    assert WORDS in str(stands.card_for(SAM))
    assert WORDS not in str(stands.card_for(CORA))
    await warned.fills("sam", warning, **{WORDS: "We look into it"})
    assert warned.said(ANN)[-1].endswith("> We look into it")


CHATTER = ("what a mess", "skip", "cancel", "yes", "answer", "reply", "back", "help", "lunch", "close", "!lunch")


@pytest.mark.parametrize("place", ["channel", "card's thread"])
async def test_a_reply_s_form_left_alone_and_chatter_afterwards_send_the_customer_nothing(
    warned: Stage, place: str
) -> None:
    """What somebody says to colleagues must never leave as an answer."""
    before = len(warned.far.said(ANN))
    await warned.presses("sam", "Reply", DESK)
    warned.teams.overhears = True
    thread = warned.card().id if place == "card's thread" else ""
    for words in CHATTER:
        await warned.writes("sam", words, DESK, thread=thread, mention=False)
    for words in ("good grief, these people", "is this thing on", "queue"):
        await warned.writes("sam", words, DESK, thread=thread)
    assert len(warned.far.said(ANN)) == before
    assert (await warned.case()).responded_at is None


async def test_what_cannot_be_answered_in_their_own_chat_is_not_asked_there(warned: Stage) -> None:
    """The form stands in the channel, and the words that answer it are looked for there."""
    seen = len(warned.said(SAM))
    await warned.presses("sam", "Reply", DESK)
    assert WORDS not in answers(warned, seen)


async def test_a_line_typed_without_its_words_in_the_channel_asks_for_them_in_its_thread(opened: Stage) -> None:
    done = await opened.writes("sam", "reply 1001", DESK)
    assert done.posted
    assert [plain_of(one) for one in opened.far.said(DESK, done.posted.id)] == [WORDS]
    await opened.writes("sam", "We look into it", DESK, thread=done.posted.id)
    assert opened.said(ANN)[-1].endswith("> We look into it")


# Nobody but the desk ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("submit", [False, True], ids=["Execute", "Submit"])
async def test_a_customer_in_the_desk_s_channel_presses_in_vain(opened: Stage, submit: bool) -> None:
    opened.far.place(DESK).members.add(ANN)
    before = await opened.history()
    done = await opened.teams.press(ANN, opened.card(), "Take", submit=submit)
    await opened.settle()
    assert done.status == 200
    assert await opened.history() == before
    assert len(await opened.rows(Case)) == 1


def _press(stage: Stage, who: str, posted: Posted, line: str) -> Json:
    """The button as it stood when they saw it."""
    action = deepcopy(next(b for b, said in zip(posted.buttons, lines(posted), strict=True) if said == line))
    action.pop("fallback")
    said = {name: one for name, one in action.items() if name in ("type", "title", "verb", "data")}
    value = {"action": said, "trigger": "manual"}
    return stage.teams._invoke("adaptiveCard/action", who, posted.conversation, value, posted)


# A note that goes out ----------------------------------------------------------------------------------------------


async def test_a_note_of_ones_own_is_sent_to_the_customer_from_its_menu_and_nobody_else_s(opened: Stage) -> None:
    card = opened.card()
    note = (await opened.writes("sam", "The cache is stale", DESK, thread=card.id)).posted
    assert note
    assert "The cache is stale" not in "".join(opened.said(ANN))
    done = await opened.chooses("cora", note, "send_on")
    assert "You can send on only what you wrote yourself" in str(done.json)
    done = await opened.chooses("sam", note, "send_on")
    assert "Done. Case #1001 is being worked on." in str(done.json)
    assert opened.said(ANN)[-1].endswith("> The cache is stale")
    asked = (await opened.writes("ann", "Any news?")).posted
    assert asked
    assert "That is not yours to do." in str((await opened.chooses("ann", asked, "send_on")).json)
    assert [words for verb, words in await opened.history() if verb == "reply"] == ["The cache is stale"]
