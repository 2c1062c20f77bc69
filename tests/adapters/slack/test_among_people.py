"""Where others read along: channels of one company and of several, guests, outsiders, and what is nobody's business."""

from copy import deepcopy

import pytest

from bot.commands import COMMANDS
from store.tables import Case, Inbox, LinkedIdentity, Outbox, Person, Tenant
from tests.slack.delivery import Delivered
from tests.slack.places import Message
from tests.slack.stage import DESK, TEAM, Stage
from tests.world import BROKEN, MONDAY

NORTH, SHARED, OTHERS = "C0NORTH", "C0SHARED", "C0OTHERS"
STRANGER = "I don't know you yet, so I can't open cases for you."
NOT_YOURS = "That is not yours to do. help shows what you can ask me."


@pytest.fixture
async def north(stage: Stage) -> str:
    """Northwind's channel in the desk's workspace. Eve of another company and Max, whom nobody knows, are in it too."""
    stage.far.add_user("U0MAX", "Max")
    stage.far.add_user("U0GIA", "Gia Guest", restricted=True)
    everybody = ["U0ANN", "U0BOB", "U0EVE", "U0SAM", "U0MAX", "U0GIA"]
    stage.far.add_channel(NORTH, "northwind", everybody)
    await stage.bind(NORTH, "northwind")
    return NORTH


@pytest.fixture
async def shared(stage: Stage) -> str:
    """Shared with Northwind's own workspace through Slack Connect; bound to Northwind."""
    stage.far.add_workspace("T2", "Northwind")
    stage.far.add_user("U2ZOE", "Zoe", "T2")
    stage.far.add_user("U2YAN", "Yan", "T2", stranger=True)
    people = ["U2ZOE", "U2YAN", "U0ANN", "U0SAM", "U0EVE"]
    stage.far.add_channel(SHARED, "ext-northwind", people, shared_with=["T2"])
    await stage.bind(SHARED, "northwind")
    return SHARED


@pytest.fixture
async def others(stage: Stage, shared: str) -> str:
    """Shared with the same workspace, but bound to nobody."""
    people = ["U2ZOE", "U2YAN", "U0ANN", "U0SAM", "U0EVE"]
    stage.far.add_channel(OTHERS, "ext-others", people, shared_with=["T2"])
    return OTHERS


async def calls(stage: Stage, who: str, place: str, text: str, thread: str = "", **how: str) -> Delivered:
    """By mention."""
    return await stage.writes(who, f"{stage.slack.mention(place)} {text}", place, thread, **how)


# In the company's own channel -------------------------------------------------------------------------------------


async def test_a_mention_opens_a_case_that_lives_in_its_thread(stage: Stage, north: str) -> None:
    written = await calls(stage, "ann", north, BROKEN)
    assert (await stage.case()).subject == BROKEN
    assert await stage.lives_in() == (north, written.ts)
    receipt = stage.far.thread(north, written.ts)[1]
    assert receipt.text.startswith("Thank you, Ann Lee. This is case #1001.")
    assert [one for one in stage.far.messages(north) if one.thread in ("", one.ts)][1:] == []


async def test_what_follows_in_that_thread_needs_no_mention(stage: Stage, north: str) -> None:
    written = await calls(stage, "ann", north, BROKEN)
    await stage.writes("ann", "Error 500 on Save", north, written.ts)
    assert (await stage.case()).details == "Error 500 on Save"
    await stage.writes("ann", "cancel", north, written.ts)
    await stage.writes("bob", "I see it as well", north, written.ts)
    assert ("say", "I see it as well") in await stage.history()


async def test_a_colleague_s_words_are_no_answer_to_somebody_else_s_question(stage: Stage, north: str) -> None:
    written = await calls(stage, "ann", north, BROKEN)
    await stage.writes("bob", "I see it as well", north, written.ts)
    assert (await stage.case()).details is None
    assert ("say", "I see it as well") in await stage.history()


async def test_people_talking_elsewhere_in_the_channel_leave_no_trace(stage: Stage, north: str) -> None:
    await calls(stage, "ann", north, BROKEN)
    kept, said = len(await stage.rows(Inbox)), stage.said(north)
    root = await stage.writes("ann", "help, the printer is broken", north)
    await stage.writes("bob", "status 1001", north, root.ts)
    await stage.writes("ann", "close it", north)
    await stage.writes("U0MAX", "hello", north)
    assert len(await stage.rows(Inbox)) == kept
    assert stage.said(north) == said
    assert stage.whispered("ann", north) == []


@pytest.mark.parametrize("order", ["message first", "mention first", "together"])
async def test_a_mention_told_twice_is_one_case(stage: Stage, north: str, order: str) -> None:
    """Slack sends both a message and an app_mention, in either order."""
    await calls(stage, "ann", north, BROKEN, order=order)
    assert len(await stage.rows(Case)) == 1
    assert len([text for text in stage.said(north) if text.startswith("Thank you")]) == 1


async def test_a_mention_told_only_as_such_is_heard_too(stage: Stage, north: str) -> None:
    """Where the app may not read the channel, nothing but mentions arrive."""
    stage.slack.events = {"app_mention"}
    await calls(stage, "ann", north, BROKEN)
    assert len(await stage.rows(Case)) == 1


async def test_a_mention_alone_is_not_an_empty_case(stage: Stage, north: str) -> None:
    done = await calls(stage, "ann", north, "")
    assert done.status == 200
    assert await stage.rows(Case) == []


async def test_a_mention_in_the_middle_of_an_ongoing_thread_opens_a_case_there(stage: Stage, north: str) -> None:
    root = await stage.writes("bob", "does anybody else see this?", north)
    await calls(stage, "ann", north, BROKEN, root.ts)
    assert await stage.lives_in() == (north, root.ts)


async def test_words_that_are_broadcast_from_a_case_s_thread_are_heard_once(stage: Stage, north: str) -> None:
    written = await calls(stage, "ann", north, BROKEN)
    await stage.writes("ann", "cancel", north, written.ts)
    await stage.writes("ann", "It is worse now", north, written.ts, subtype="thread_broadcast")
    assert [words for verb, words in await stage.history() if verb == "say"] == ["It is worse now"]


async def test_an_edit_in_a_case_s_thread_changes_the_desk_s_copy_and_is_marked(stage: Stage, north: str) -> None:
    written = await calls(stage, "ann", north, BROKEN)
    await stage.writes("ann", "cancel", north, written.ts)
    said = await stage.writes("bob", "I see it to", north, written.ts)
    assert said.message
    before = len(stage.under_card())
    edited = await stage.slack.edit(said.message, "I see it too")
    await stage.slack.redeliver(edited, 2)
    await stage.settle()
    assert (await stage.history())[-2:] == [("say", "I see it to"), ("edit", "I see it too")]
    await stage.slack.edit(said.message, "I see it, too")
    await stage.settle()
    assert (await stage.history())[-1] == ("edit", "I see it, too")
    assert len(stage.under_card()) == before
    copy = stage.under_card()[-1]
    assert "> I see it, too" in copy, copy
    assert "Edited by its author." in copy, copy


async def test_an_edit_of_the_report_itself_changes_what_the_case_is_called(stage: Stage, north: str) -> None:
    written = await calls(stage, "ann", north, BROKEN)
    assert written.message
    await stage.slack.edit(written.message, f"{stage.slack.mention(north)} {BROKEN}, and the report as well")
    await stage.settle()
    assert ("edit", f"{BROKEN}, and the report as well") in await stage.history()
    assert (await stage.case()).subject == f"{BROKEN}, and the report as well"
    assert stage.card().words.splitlines()[0].endswith("and the report as well")
    assert len(await stage.rows(Case)) == 1


async def test_a_preview_that_slack_adds_is_no_edit(stage: Stage, north: str) -> None:
    written = await calls(stage, "ann", north, f"{BROKEN} https://a.example/page")
    assert written.message
    before, kept = await stage.history(), len(await stage.rows(Inbox))
    await stage.slack.unfurl(written.message)
    assert (await stage.history(), len(await stage.rows(Inbox))) == (before, kept)


async def test_a_preview_added_to_a_message_that_was_edited_before_is_no_second_edit(stage: Stage, north: str) -> None:
    written = await calls(stage, "ann", north, BROKEN)
    assert written.message
    await stage.slack.edit(written.message, f"{BROKEN} https://a.example/page")
    before = await stage.history()
    await stage.slack.unfurl(written.message)
    assert await stage.history() == before


async def test_a_deletion_takes_the_words_back_and_leaves_a_mark(stage: Stage, north: str) -> None:
    written = await calls(stage, "ann", north, BROKEN)
    said = await stage.writes("bob", "My password is hunter2", north, written.ts)
    assert said.message
    assert "hunter2" in stage.under_card()[-1]
    deleted = await stage.slack.delete(said.message)
    assert deleted.status == 200
    await stage.slack.redeliver(deleted, 2)
    await stage.settle()
    assert (await stage.history())[-2:] == [("say", ""), ("delete", "")]
    copy = stage.under_card()[-1]
    assert "hunter2" not in copy, copy
    assert "Deleted by its author." in copy, copy


async def test_a_report_with_answers_under_it_is_taken_back_too(stage: Stage, north: str) -> None:
    """Slack tells of it as a change, and leaves a message of its own in the place."""
    written = await calls(stage, "ann", north, BROKEN)
    assert written.message
    assert stage.far.thread(north, written.ts)[1:]
    await stage.slack.delete(written.message)
    await stage.settle()
    assert (await stage.case()).subject == "[deleted by its author]"
    assert [verb for verb, words in await stage.history() if BROKEN in words] == []
    assert all(BROKEN not in text for text in stage.said(DESK))


async def test_deleted_talk_is_nobody_s_business(stage: Stage, north: str) -> None:
    said = await stage.writes("ann", "lunch at none", north)
    assert said.message
    assert (await stage.slack.delete(said.message)).status == 200
    assert await stage.rows(Inbox) == []


async def test_an_edit_elsewhere_is_nobody_s_business(stage: Stage, north: str) -> None:
    said = await stage.writes("ann", "lunch at none", north)
    assert said.message
    await stage.slack.edit(said.message, "lunch at noon")
    assert await stage.rows(Inbox) == []


async def test_bots_and_the_app_s_own_echoes_are_not_heard(stage: Stage, north: str) -> None:
    written = await calls(stage, "ann", north, BROKEN)
    before, kept = await stage.history(), len(await stage.rows(Inbox))
    for echo in (*stage.far.thread(north, written.ts)[1:], stage.card()):
        assert (await stage.slack.echo(echo)).status == 200
    stage.far.add_user("U0ROBOT", "Robot", bot=True)
    stage.far.channels[north].members.add("U0ROBOT")
    await stage.writes("U0ROBOT", "I am a robot", north, written.ts, bot_id="B0ROBOT")
    await stage.writes("U0ROBOT", "I am a robot without a mark", north, written.ts)
    assert (await stage.history(), len(await stage.rows(Inbox))) == (before, kept)


@pytest.mark.parametrize("subtype", ["channel_join", "channel_topic", "bot_message", "pinned_item", "reminder_add"])
async def test_what_slack_itself_tells_in_a_channel_is_not_heard(stage: Stage, north: str, subtype: str) -> None:
    written = await calls(stage, "ann", north, BROKEN)
    kept = len(await stage.rows(Inbox))
    await stage.writes("ann", "has joined", north, written.ts, subtype=subtype)
    assert len(await stage.rows(Inbox)) == kept


async def test_mentions_become_names(stage: Stage, north: str) -> None:
    await calls(stage, "ann", north, "it fails for <@U0BOB> and <@U0NOBODY>")
    assert (await stage.case()).subject.startswith("it fails for @bob and")


async def test_a_member_of_staff_mentioning_the_app_gets_their_answer_alone(stage: Stage, north: str) -> None:
    """A queue has other companies' cases in it."""
    await stage.writes("eve", "The contoso report is blank")
    await calls(stage, "sam", north, "queue")
    assert "contoso" not in "\n".join(stage.said(north))
    assert "contoso" in "\n".join([*stage.whispered("sam", north), *stage.said("U0SAM")])


# Somebody of another company --------------------------------------------------------------------------------------


async def test_another_company_s_customer_is_answered_in_private(stage: Stage, north: str) -> None:
    await calls(stage, "eve", north, "The contoso report is blank")
    assert (await stage.case()).subject == "The contoso report is blank"
    assert stage.said(north) == []
    assert await stage.lives_in() == ("U0EVE", "")
    assert stage.said("U0EVE")[0].startswith("Thank you, Eve Stone. This is case #1001.")


async def test_their_words_in_a_case_s_thread_are_not_on_that_case(stage: Stage, north: str) -> None:
    written = await calls(stage, "ann", north, BROKEN)
    before = await stage.history()
    await stage.writes("eve", "We have that too", north, written.ts)
    await stage.writes("eve", "!reply 1001 we have that too", north, written.ts)
    await calls(stage, "eve", north, "status 1001", written.ts)
    assert await stage.history() == before
    assert "no case #1001" in "\n".join([*stage.said("U0EVE"), *stage.whispered("eve", north)])
    assert "We have that" not in "\n".join(stage.under_card())


async def test_a_room_of_several_companies_is_no_place_for_anybody_s_matters(stage: Stage) -> None:
    stage.far.add_channel(OTHERS, "general", ["U0ANN", "U0EVE"])
    await calls(stage, "ann", OTHERS, BROKEN)
    assert stage.said(OTHERS) == []
    assert stage.said("U0ANN")[0].startswith("Thank you, Ann Lee. This is case #1001.")


# Whom nobody knows ------------------------------------------------------------------------------------------------


async def test_an_unknown_member_of_the_workspace_is_told_where_the_desk_is_reached(stage: Stage, north: str) -> None:
    await calls(stage, "U0MAX", north, BROKEN)
    assert await stage.rows(Case) == []
    assert stage.whispered("U0MAX", north)[0].startswith(STRANGER)
    assert stage.said(north) == []


async def test_they_are_told_so_in_their_own_conversation_and_by_command_too(stage: Stage, north: str) -> None:
    await stage.writes("U0MAX", BROKEN)
    assert stage.said("U0MAX")[0].startswith(STRANGER)
    assert (await stage.commands("U0MAX", "/case queue")).startswith(STRANGER)
    assert (await stage.commands("U0MAX", "/support open")).startswith(STRANGER)
    assert await stage.rows(Case) == []


# Guests and outsiders ---------------------------------------------------------------------------------------------


async def test_a_guest_in_the_company_s_channel_opens_a_case_of_their_own(stage: Stage, north: str) -> None:
    written = await calls(stage, "U0GIA", north, "My own page is blank")
    assert (await stage.case()).subject == "My own page is blank"
    assert await stage.lives_in() == (north, written.ts)
    await stage.writes("U0GIA", "On Save", north, written.ts)
    assert (await stage.case()).details == "On Save"


async def test_an_outsider_in_the_company_s_channel_opens_and_sees_only_that_case(stage: Stage, shared: str) -> None:
    await calls(stage, "ann", shared, BROKEN)
    await calls(stage, "U2ZOE", shared, "My own page is blank")
    [zoe] = [one for one in await stage.rows(Person) if one.guest]
    assert (await stage.case(1002)).opened_by == zoe.id
    assert (zoe.licensed, zoe.nominated) == (False, False)
    heard = await asks(stage, "U2ZOE", shared, "status 1001", "status 1002", "cases", "plan", "queue", "take 1002")
    assert heard["status 1001"] == "There is no case #1001."
    assert "My own page is blank" in heard["status 1002"]
    assert BROKEN not in heard["cases"]
    assert heard["plan"] == heard["queue"] == heard["take 1002"] == NOT_YOURS


async def test_a_guest_s_words_in_a_colleague_s_case_s_thread_are_not_on_it(stage: Stage, shared: str) -> None:
    written = await calls(stage, "ann", shared, BROKEN)
    before = await stage.history()
    await stage.writes("U2ZOE", "I have that too", shared, written.ts)
    await calls(stage, "U2ZOE", shared, "status 1001", written.ts)
    assert [one for one in await stage.history() if one not in before] == []
    assert "There is no case #1001." in stage.whispered("U2ZOE", shared)


async def test_they_confirm_their_own_case_with_its_button(stage: Stage, shared: str) -> None:
    written = await calls(stage, "U2ZOE", shared, "My own page is blank")
    await stage.writes("sam", "!close Fixed", shared, written.ts)
    await stage.presses("U2ZOE", "Yes, close it", shared)
    assert (await stage.case()).status == "closed"


async def test_nobody_else_in_the_channel_confirms_it_for_them(stage: Stage, shared: str) -> None:
    written = await calls(stage, "U2ZOE", shared, "My own page is blank")
    await stage.writes("sam", "!close Fixed", shared, written.ts)
    button = stage.with_button("U2ZOE", "Yes, close it", shared)
    for who in ("U2YAN", "U0EVE", "U0SAM"):
        await stage.slack.press(who, button, "Yes, close it")
    await stage.settle()
    assert (await stage.case()).status == "awaiting_confirmation"


async def test_an_outsider_elsewhere_gets_nothing_about_anybody(stage: Stage, others: str) -> None:
    await stage.writes("ann", BROKEN)
    for text in (BROKEN, "status 1001", "queue", "cases", "plan"):
        await calls(stage, "U2ZOE", others, text)
    assert len(await stage.rows(Case)) == 1
    assert all(text.startswith(STRANGER) for text in stage.whispered("U2ZOE", others))
    assert len(stage.whispered("U2ZOE", others)) == 5
    assert stage.said(others) == []


async def test_somebody_of_the_account_s_own_workspace_is_told_where_to_write(stage: Stage, others: str) -> None:
    """The app cannot write to people of other workspaces alone, and others read along."""
    await own_workspace(stage, "T2", "northwind")
    await calls(stage, "U2ZOE", others, "My own page is blank")
    assert await stage.rows(Case) == []
    [told] = stage.whispered("U2ZOE", others)
    assert told.startswith("Others than your company read along here, so I open no case here.")
    assert stage.said(others) == []
    assert await undelivered(stage) == []


async def test_in_the_account_s_own_workspace_everybody_is_its_guest_in_every_channel(stage: Stage, north: str) -> None:
    """Where the customer has installed the app themselves."""
    await own_workspace(stage, TEAM, "northwind")
    stage.far.add_channel(OTHERS, "general", ["U0MAX", "U0ANN"])
    await calls(stage, "ann", OTHERS, BROKEN)
    written = await calls(stage, "U0MAX", OTHERS, "My own page is blank")
    assert await stage.lives_in(1002) == (OTHERS, written.ts)
    heard = await asks(stage, "U0MAX", OTHERS, "status 1001", "queue")
    assert heard == {"status 1001": "There is no case #1001.", "queue": NOT_YOURS}


async def test_an_outsider_of_another_company_in_the_company_s_channel_is_told_where_to_write(
    stage: Stage, shared: str
) -> None:
    """Their own conversation with the app does not exist: their workspace has no such app."""
    await own_workspace(stage, "T3", "contoso")
    stage.far.add_workspace("T3", "Contoso")
    stage.far.add_user("U3KIM", "Kim", "T3")
    stage.far.channels[shared].members.add("U3KIM")
    stage.far.channels[shared].shared_with.add("T3")
    await calls(stage, "U3KIM", shared, "The contoso report is blank")
    assert (await stage.rows(Case), stage.said(shared)) == ([], [])
    [told] = stage.whispered("U3KIM", shared)
    assert told.startswith("Others than your company read along here, so I open no case here.")
    assert await undelivered(stage) == []


@pytest.mark.parametrize("how", ["restricted", "ultra_restricted"])
async def test_a_guest_has_no_staff_verbs_whatever_the_directory_says(stage: Stage, north: str, how: str) -> None:
    await calls(stage, "ann", north, BROKEN)
    setattr(stage.far.users["U0SAM"], how, True)
    assert (await stage.commands("sam", "/case queue")).startswith(STRANGER)
    await powerless(stage, "sam", north)


async def test_somebody_of_another_workspace_has_none_either(stage: Stage, shared: str) -> None:
    await calls(stage, "ann", shared, BROKEN)
    await staff_link(stage, "T2", "U2ZOE")
    for channel in (shared, DESK):
        stage.far.channels[channel].members.add("U2ZOE")
        stage.far.channels[channel].shared_with.add("T2")
    await powerless(stage, "U2ZOE", shared)


async def test_a_link_under_the_desk_s_own_workspace_makes_no_outsider_staff(stage: Stage, shared: str) -> None:
    await calls(stage, "ann", shared, BROKEN)
    await staff_link(stage, TEAM, "U2ZOE")
    await powerless(stage, "U2ZOE", shared, speaks=True)


async def powerless(stage: Stage, who: str, place: str, speaks: bool = False) -> None:
    """By words, by sign and by button. ``speaks``: for the account, as its guest, with cases of their own."""
    stage.far.channels[DESK].members.add(user_id := who if who[1] in "02" and who.isupper() else f"U0{who.upper()}")
    before, cases = await stage.history(), len(await stage.rows(Case))
    root = next(one for one in stage.far.messages(place) if one.thread == one.ts)
    await stage.writes(who, "!take 1001", place, root.ts)
    await stage.writes(who, "We look into it", place, root.ts)
    await stage.writes(who, "!close Fixed", DESK, stage.card().ts)
    await stage.writes(who, "plain words", DESK, stage.card().ts)
    await calls(stage, who, DESK, "take 1001")
    await calls(stage, who, DESK, "show 1001")
    await stage.reacts(who, stage.card(), "eyes")
    await stage.reacts(who, stage.card(), "white_check_mark")
    if not speaks:
        await stage.reacts(who, root, "ticket")
    await stage.slack.press(user_id, stage.card(), "Take")
    await stage.settle()
    assert await stage.history() == before
    assert len(await stage.rows(Case)) == cases
    told = "\n".join([*stage.whispered(who, DESK), *stage.whispered(who, place)])
    assert BROKEN not in told


# Who is switched off ----------------------------------------------------------------------------------------------


async def test_somebody_whose_account_is_switched_off_cannot_act(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    for who in ("U0ANN", "U0SAM"):
        stage.far.users[who].deleted = True
    stage.connection._front._people._known.clear()  # type: ignore[union-attr]
    kept = len(await stage.rows(Inbox))
    assert await stage.commands("sam", "/case take 1001") == ""
    assert await stage.commands("ann", "/support withdraw 1001") == ""
    await stage.writes("ann", "and another thing")
    assert len(await stage.rows(Inbox)) == kept
    assert (await stage.case()).status == "new"


# Forged lines -----------------------------------------------------------------------------------------------------

FORGED = (
    "take 1001", "close 1001 x", "note 1001 x", "queue", "whois ann", "show 1002", "confirm 1002 r1", "assign 1001 ann",
    "answer 1 case 1002", "answer 99 priority high", "force-close 1001 x", "open-for ann x", "merge 1002 1001",
    "reply 1002 x", "withdraw 1002", "", "\u202e", "x" * 1900, "rm -rf /", "/case take 1001", "priority 1001 high x",
)  # fmt: skip


async def test_a_button_s_line_is_authorised_like_typed_text(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    await stage.writes("eve", "The contoso report is blank")
    before = (await stage.history(1001), await stage.history(1002))
    receipt = stage.with_button("ann", "Skip")
    for line in FORGED:
        done = await stage.slack.press("U0ANN", forged(receipt, line), "Skip")
        assert done.status == 200, line
    await stage.settle()
    assert (await stage.history(1001), await stage.history(1002)) == before
    assert "contoso" not in "\n".join(stage.said("U0ANN"))
    assert "Something broke" not in "\n".join(stage.said("U0ANN"))


def forged(message: Message, line: str) -> Message:
    made = deepcopy(message)
    for button in made.buttons:
        button["value"] = line
    return made


# Absent and forbidden read alike ----------------------------------------------------------------------------------

ABOUT_A_CASE = sorted(name for name, meant in COMMANDS.items() if any(one.case != "no" for one in meant))


async def test_a_case_that_is_not_theirs_and_one_that_is_not_there_read_alike(stage: Stage, north: str) -> None:
    """Every line, said by another company's customer, by a guest, and by somebody whom nobody knows."""
    await calls(stage, "ann", north, BROKEN)
    await calls(stage, "U0GIA", north, "My own page is blank")
    before = await stage.history()
    for who in ("eve", "U0GIA", "U0MAX"):
        for name in ABOUT_A_CASE:
            real, none = [await answered(stage, who, f"{name} {number} words") for number in (1001, 1777)]
            assert real.replace("1001", "N") == none.replace("1777", "N"), (who, name)
            assert BROKEN not in real
            assert "Northwind" not in real
    assert await stage.history() == before


async def test_the_same_by_button(stage: Stage, north: str) -> None:
    await calls(stage, "ann", north, BROKEN)
    await stage.writes("eve", "The contoso report is blank")
    button = stage.with_button("eve", "Skip")
    for name in ABOUT_A_CASE:
        answers = []
        for number in (1001, 1777):
            seen = len(stage.said("U0EVE"))
            await stage.slack.press("U0EVE", forged(button, f"{name} {number} words"), "Skip")
            await stage.settle()
            said = "\n".join(stage.said("U0EVE")[seen:]).replace(str(number), "N")
            answers.append(said.partition("\nWhat exactly happens")[0])  # which she is still asked, once
        assert answers[0] == answers[1], name


async def answered(stage: Stage, who: str, line: str) -> str:
    place = who if who.isupper() else f"U0{who.upper()}"
    seen = len(stage.said(place))
    at_once = await stage.commands(who, f"/case {line}")
    return "\n".join([at_once, *stage.said(place)[seen:]])


async def asks(stage: Stage, who: str, place: str, *lines: str) -> dict[str, str]:
    """What each is answered to them alone or in the thread that it begins."""
    heard = {}
    for line in lines:
        seen, said = len(stage.whispered(who, place)), len(stage.said(place))
        await calls(stage, who, place, line)
        heard[line] = "\n".join([*stage.whispered(who, place)[seen:], *stage.said(place)[said:]])
    return heard


async def own_workspace(stage: Stage, team: str, account: str) -> None:
    slugs = {"northwind": 1, "contoso": 2}
    row = Tenant(channel="slack", tenant=team, account_id=slugs[account])
    await stage.world.store.write(lambda work: work.add(row))


async def staff_link(stage: Stage, team: str, user: str) -> None:
    [sam] = [one for one in await stage.rows(Person) if one.name == "Sam Ortiz"]
    row = LinkedIdentity(channel="slack", tenant=team, user=user, person_id=sam.id, how="test", at=MONDAY)
    await stage.world.store.write(lambda work: work.add(row))


async def undelivered(stage: Stage) -> list[str]:
    return [one.dead for one in await stage.rows(Outbox) if one.dead]
