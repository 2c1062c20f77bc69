"""Customers in Slack: whichever way they come, it is a case at once, and what is asked stands where they wrote."""

from datetime import timedelta

import pytest

from store.tables import Case, Inbox
from tests.slack import faults
from tests.slack.places import Message
from tests.slack.stage import DESK, Stage
from tests.world import BROKEN, MONDAY

PROBLEM, WHERE = "What is going wrong?", "What exactly happens, and where do you see it?"
URGENT = "How bad is it? You propose, the desk agrees it with you."
CHANGED = "Did anything change just before, such as an update, a workflow or a setting?"
ROOM = "C0ROOM"


@pytest.fixture
def room(stage: Stage) -> str:
    """A channel of the desk's workspace that belongs to nobody's account."""
    stage.far.add_channel(ROOM, "general", ["U0ANN", "U0BOB", "U0EVE", "U0SAM"])
    return ROOM


# In their conversation with the app -------------------------------------------------------------------------------


async def test_a_message_opens_a_case_and_the_questions_are_asked_in_its_thread(stage: Stage) -> None:
    written = await stage.writes("ann", BROKEN)
    receipt, question = stage.far.thread("U0ANN", written.ts)[1:]
    assert receipt.text.startswith("Thank you, Ann Lee. This is case #1001.")
    assert question.text.startswith(WHERE)
    await stage.writes("ann", "Error 500 on Save", thread=written.ts)
    await stage.presses("ann", "High")
    await stage.writes("ann", "skip", thread=written.ts)
    assert stage.said("U0ANN")[-1] == "Thank you. That is all on case #1001; the desk has it."
    assert {one.thread for one in stage.far.messages("U0ANN")} == {written.ts}
    case = await stage.case()
    assert (case.details, case.priority, case.incomplete) == ("Error 500 on Save", "high", False)
    assert await stage.lives_in() == ("U0ANN", written.ts)


async def test_a_second_conversation_while_a_case_is_open_asks_where_it_belongs(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    second = await stage.writes("ann", "The report is blank as well")
    [question] = stage.far.thread("U0ANN", second.ts)[1:]
    assert question.labels == ["Add to #1001", "New case"]
    await stage.presses("ann", "Add to #1001")
    assert ("say", "The report is blank as well") in await stage.history()
    assert len(await stage.rows(Case)) == 1


async def test_what_is_new_lives_in_the_thread_where_it_was_said(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    second = await stage.writes("ann", "The report is blank as well")
    await stage.presses("ann", "New case")
    assert (await stage.case(1002)).subject == "The report is blank as well"
    assert await stage.lives_in(1002) == ("U0ANN", second.ts)


async def test_an_answer_in_a_case_s_thread_reaches_that_case_however_many_are_open(stage: Stage) -> None:
    first = await stage.writes("ann", BROKEN)
    second = await stage.writes("ann", "open: the report is blank")
    await stage.writes("ann", "in the first one", thread=first.ts)
    await stage.writes("ann", "in the second one", thread=second.ts)
    assert (await stage.case(1001)).details == "in the first one"
    assert (await stage.case(1002)).details == "in the second one"


async def test_files_go_along_as_name_and_link(stage: Stage) -> None:
    shot = {"id": "F1", "name": "screen.png", "permalink": "https://provider.slack.com/files/F1"}
    await stage.writes("ann", BROKEN, subtype="file_share", files=[shot])
    assert "screen.png" in stage.under_card()[0]
    told = stage.far.thread(DESK, stage.card(1001).ts)[1]
    assert "https://provider.slack.com/files/F1" in str(told.blocks)
    assert (await stage.case()).subject == BROKEN


async def test_a_file_alone_in_a_case_s_thread_is_an_answer(stage: Stage) -> None:
    written = await stage.writes("ann", BROKEN)
    for _ in range(3):
        await stage.writes("ann", "skip", thread=written.ts)
    shot = {"id": "F1", "name": "screen.png", "permalink": "https://provider.slack.com/files/F1"}
    await stage.writes("ann", "", thread=written.ts, subtype="file_share", files=[shot])
    [(_, words)] = [one for one in await stage.history() if one[0] == "say"]
    assert "screen.png" in words


async def test_a_tombstone_of_slack_s_own_among_the_files_does_no_harm(stage: Stage) -> None:
    await stage.writes("ann", BROKEN, subtype="file_share", files=[{"id": "F1", "mode": "tombstone", "name": None}])
    assert (await stage.case()).subject == BROKEN


async def test_what_slack_encoded_is_kept_as_it_was_typed(stage: Stage) -> None:
    await stage.writes("ann", "Price < 5 & > 3 breaks https://a.example/x?a=1 for <@U0BOB>")
    assert (await stage.case()).subject == "Price < 5 & > 3 breaks https://a.example/x?a=1 for @bob"


async def test_closing_and_confirming_ends_where_it_began(stage: Stage) -> None:
    written = await stage.writes("ann", BROKEN)
    assert "awaiting" in await stage.commands("sam", "/case close 1001 Switched it on again")
    await stage.presses("ann", "Yes, close it")
    assert stage.said("U0ANN")[-1].startswith("Thank you. Case #1001 is closed.")
    assert stage.far.messages("U0ANN")[-1].thread == written.ts
    assert "closed, confirmed by the customer" in stage.card().text


# /support ---------------------------------------------------------------------------------------------------------


async def test_support_alone_is_help(stage: Stage, room: str) -> None:
    said = await stage.commands("ann", "/support", room)
    assert said.startswith("What you can say")
    assert "queue" not in said


@pytest.mark.parametrize(
    "line", ["/support", "/support status 1001", "/support cases", "/support plan", "/support why 1001"]
)
async def test_an_answer_to_a_command_is_for_the_asker_s_eyes_only(stage: Stage, room: str, line: str) -> None:
    await stage.writes("ann", BROKEN)
    before = [*stage.far.messages("U0ANN"), *stage.far.messages(DESK)]
    done = await stage.slack.command("U0ANN", room, *line.split(" ", 1))
    await stage.settle()
    assert done.json["response_type"] == "ephemeral"
    assert len(stage.far.ephemerals(room, "U0ANN")) == 1
    assert stage.far.messages(room) == []
    assert [*stage.far.messages("U0ANN"), *stage.far.messages(DESK)] == before


async def test_support_open_is_a_modal_and_filled_in_a_case_with_everything_on_it(stage: Stage, room: str) -> None:
    assert await stage.commands("ann", "/support open", room) == ""
    assert stage.slack.modal("U0ANN").labels == [PROBLEM, WHERE, URGENT, CHANGED]
    assert await stage.rows(Inbox) == []  # what may be dismissed keeps nothing
    filled = {PROBLEM: "The report is blank", WHERE: "On every page", URGENT: "High", CHANGED: "We moved servers"}
    await stage.fills("ann", **filled)
    assert stage.far.stack("U0ANN") == []
    case = await stage.case()
    assert (case.subject, case.details) == ("The report is blank", "On every page")
    assert (case.priority, case.changed, case.incomplete) == ("high", "We moved servers", False)
    assert "This is case #1001" in "\n".join(stage.said("U0ANN"))
    assert stage.far.messages(room) == []


async def test_a_modal_with_a_mistake_stays_with_the_mistake(stage: Stage) -> None:
    await stage.commands("ann", "/support open")
    done = await stage.fills("ann", **{PROBLEM: "x"})
    assert done.json == {"response_action": "errors", "errors": {"q:problem": "Please write a little more."}}
    assert await stage.rows(Case) == []
    await stage.fills("ann", **{PROBLEM: "The report is blank"})
    assert (await stage.case()).subject == "The report is blank"


async def test_where_the_trigger_expired_the_question_is_asked_in_the_conversation(stage: Stage) -> None:
    stage.far.script("views.open", faults.error("expired_trigger_id"))
    await stage.commands("ann", "/support open")
    assert stage.far.stack("U0ANN") == []
    assert stage.said("U0ANN") == [PROBLEM]
    await stage.writes("ann", "The report is blank")
    assert (await stage.case()).subject == "The report is blank"


async def test_the_answer_to_that_question_is_a_new_case_whatever_else_is_open(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    stage.far.script("views.open", faults.error("expired_trigger_id"))
    await stage.commands("ann", "/support open")
    asked = stage.far.messages("U0ANN")[-1]
    assert asked.text == PROBLEM
    await stage.writes("ann", "The report is blank", thread=asked.ts)
    assert (await stage.case(1002)).subject == "The report is blank"


async def test_support_with_free_text_opens_a_case(stage: Stage, room: str) -> None:
    await stage.commands("ann", "/support the import fails today", room)
    assert (await stage.case()).subject == "the import fails today"
    assert stage.said("U0ANN")[0].startswith("Thank you, Ann Lee. This is case #1001.")
    assert stage.slack.modal("U0ANN").labels == [WHERE, URGENT, CHANGED]
    assert stage.far.messages(room) == []
    assert await stage.lives_in() == ("U0ANN", "")


async def test_its_questions_are_answered_in_the_thread_of_each(stage: Stage) -> None:
    await stage.commands("ann", "/support the import fails today")
    asked = stage.far.messages("U0ANN")[-1]
    assert asked.text.startswith(WHERE)
    await stage.writes("ann", "Error 500", thread=asked.ts)
    assert (await stage.case()).details == "Error 500"


async def test_its_questions_are_answered_beside_them_too(stage: Stage) -> None:
    """In the conversation itself the answer roots a thread of its own."""
    await stage.commands("ann", "/support the import fails today")
    await stage.writes("ann", "Error 500")
    assert (await stage.case()).details == "Error 500"


async def test_support_open_with_words_opens_at_once_and_asks_the_rest_in_a_modal(stage: Stage) -> None:
    await stage.commands("ann", "/support open the import fails today")
    assert (await stage.case()).subject == "the import fails today"
    assert stage.slack.modal("U0ANN").labels == [WHERE, URGENT, CHANGED]
    await stage.fills("ann", **{WHERE: "Everywhere"})
    case = await stage.case()
    assert (case.details, case.incomplete) == ("Everywhere", False)


async def test_a_mention_in_a_command_is_a_name_in_the_case(stage: Stage) -> None:
    await stage.commands("ann", "/support open it fails for <@U0BOB>")
    assert (await stage.case()).subject == "it fails for @bob"


# Shortcuts --------------------------------------------------------------------------------------------------------


async def test_the_global_shortcut_opens_the_same_modal(stage: Stage) -> None:
    await stage.slack.shortcut("U0ANN", "open_case")
    await stage.settle()
    assert stage.slack.modal("U0ANN").labels == [PROBLEM, WHERE, URGENT, CHANGED]
    await stage.fills("ann", **{PROBLEM: "The report is blank"})
    assert (await stage.case()).subject == "The report is blank"


async def test_a_message_becomes_a_case_whose_clock_started_when_it_was_written(stage: Stage, room: str) -> None:
    """R1."""
    message = await written(stage, "ann", BROKEN, room, hours=2)
    await stage.slack.shortcut("U0ANN", "open_from_message", message)
    await stage.settle()
    case = await stage.case()
    assert (case.subject, case.received_at) == (BROKEN, MONDAY - timedelta(hours=2))
    assert stage.slack.modal("U0ANN").labels == [WHERE, URGENT, CHANGED]
    await stage.fills("ann", **{WHERE: "Everywhere", URGENT: "Low"})
    case = await stage.case()
    assert (case.details, case.priority, case.received_at) == ("Everywhere", "low", MONDAY - timedelta(hours=2))


async def test_a_dismissed_modal_leaves_the_case_and_its_question(stage: Stage, room: str) -> None:
    message = await written(stage, "ann", BROKEN, room)
    await stage.slack.shortcut("U0ANN", "open_from_message", message)
    await stage.settle()
    await stage.slack.close_view("U0ANN", stage.slack.modal("U0ANN"))
    asked = stage.seen("ann")[-1]
    assert asked.text.startswith(WHERE)
    await stage.writes("ann", "Everywhere", thread=asked.thread or asked.ts)
    assert (await stage.case()).details == "Everywhere"


async def test_a_case_from_a_message_whose_modal_does_not_open_is_opened_once(stage: Stage, room: str) -> None:
    stage.far.script("views.open", faults.error("expired_trigger_id"))
    message = await written(stage, "ann", BROKEN, room)
    await stage.slack.shortcut("U0ANN", "open_from_message", message)
    await stage.settle()
    assert len(await stage.rows(Case)) == 1
    assert any(text.startswith(WHERE) for text in stage.said("U0ANN"))


async def test_a_colleague_s_message_becomes_the_chooser_s_case_from_when_it_was_written(
    stage: Stage, room: str
) -> None:
    message = await written(stage, "bob", BROKEN, room, hours=1)
    await stage.slack.shortcut("U0ANN", "open_from_message", message)
    await stage.settle()
    case = await stage.case()
    assert case.received_at == MONDAY - timedelta(hours=1)
    assert stage.said("U0ANN")[0].startswith("Thank you, Ann Lee.")


async def test_another_company_s_message_counts_from_now(stage: Stage, room: str) -> None:
    """It was no word of this customer's, so that nobody's clock can be set back by choosing an old one."""
    message = await written(stage, "eve", BROKEN, room, hours=30)
    await stage.slack.shortcut("U0ANN", "open_from_message", message)
    await stage.settle()
    assert (await stage.case()).received_at == MONDAY


# 🎫 ---------------------------------------------------------------------------------------------------------------


async def test_a_ticket_on_one_s_own_message_opens_a_case(stage: Stage, room: str) -> None:
    message = await written(stage, "ann", BROKEN, room, hours=2)
    await stage.reacts("ann", message, "ticket")
    case = await stage.case()
    assert (case.subject, case.received_at) == (BROKEN, MONDAY - timedelta(hours=2))
    assert stage.said("U0ANN")[0].startswith("Thank you, Ann Lee. This is case #1001.")


@pytest.mark.parametrize("sign", ["ticket", "admission_tickets", "ticket::skin-tone-2"])
async def test_each_ticket_will_do(stage: Stage, room: str, sign: str) -> None:
    await stage.reacts("ann", await written(stage, "ann", BROKEN, room), sign)
    assert len(await stage.rows(Case)) == 1


async def test_a_ticket_on_a_colleague_s_message_opens_a_case_for_whoever_put_it(stage: Stage, room: str) -> None:
    await stage.reacts("ann", await written(stage, "bob", BROKEN, room), "ticket")
    assert stage.said("U0ANN")[0].startswith("Thank you, Ann Lee. This is case #1001.")


async def test_the_desk_s_ticket_opens_a_case_for_the_message_s_author(stage: Stage, room: str) -> None:
    message = await written(stage, "ann", BROKEN, room, hours=2)
    await stage.reacts("sam", message, "ticket")
    case = await stage.case()
    assert case.received_at == MONDAY - timedelta(hours=2)
    assert "Ann Lee" in stage.card().text
    assert "Done. Case #1001 is open for Ann Lee." in "\n".join([*stage.whispered("sam", room), *stage.said("U0SAM")])
    assert "Sam Ortiz" in "\n".join([*stage.said("U0ANN"), *stage.said(room)])


async def test_the_desk_s_ticket_in_a_room_of_nobody_s_says_nothing_of_the_case_there(stage: Stage, room: str) -> None:
    """Eve of another company reads along."""
    await stage.reacts("sam", await written(stage, "ann", BROKEN, room), "ticket")
    assert stage.said(room) == []
    assert stage.said("U0ANN") != []


async def test_a_ticket_twice_is_one_case(stage: Stage, room: str) -> None:
    message = await written(stage, "ann", BROKEN, room)
    await stage.reacts("ann", message, "ticket")
    await stage.slack.unreact("U0ANN", message, "ticket")
    await stage.reacts("ann", message, "ticket")
    await stage.reacts("ann", message, "admission_tickets")
    assert len(await stage.rows(Case)) == 1


async def test_a_ticket_and_the_shortcut_on_one_message_are_one_case(stage: Stage, room: str) -> None:
    message = await written(stage, "ann", BROKEN, room)
    await stage.reacts("ann", message, "ticket")
    await stage.slack.shortcut("U0ANN", "open_from_message", message)
    await stage.settle()
    assert len(await stage.rows(Case)) == 1


@pytest.mark.parametrize("others", [("sam", "ann"), ("ann", "sam"), ("sam", "cora"), ("ann", "bob")])
async def test_tickets_of_two_people_on_one_message_are_one_case(
    stage: Stage, room: str, others: tuple[str, str]
) -> None:
    stage.far.channels[room].members.add("U0CORA")
    message = await written(stage, "ann", BROKEN, room)
    for who in others:
        await stage.reacts(who, message, "ticket")
    assert len(await stage.rows(Case)) == 1


async def test_a_ticket_on_what_the_bot_said_is_nothing(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    kept = len(await stage.rows(Inbox))
    await stage.reacts("ann", stage.seen("ann")[0], "ticket")
    await stage.reacts("sam", stage.card(), "ticket")
    assert len(await stage.rows(Case)) == 1
    assert len(await stage.rows(Inbox)) == kept


async def test_the_desk_s_ticket_on_an_unknown_person_s_message_opens_nothing(stage: Stage, room: str) -> None:
    stage.far.add_user("U0MAX", "Max")
    stage.far.channels[room].members.add("U0MAX")
    await stage.reacts("sam", await written(stage, "U0MAX", BROKEN, room), "ticket")
    assert await stage.rows(Case) == []
    assert "Max" in "\n".join([*stage.whispered("sam", room), *stage.said("U0SAM")]).title()


async def test_the_desk_s_ticket_on_the_desk_s_own_message_opens_nothing(stage: Stage) -> None:
    said = await stage.writes("cora", "the coffee is out", DESK)
    assert said.message
    await stage.reacts("sam", said.message, "ticket")
    assert await stage.rows(Case) == []


async def test_the_desk_is_told_of_a_case_from_a_message_where_the_app_is_not(stage: Stage) -> None:
    """A shortcut works in every channel; nothing can be whispered there."""
    stage.far.add_channel("C0PRIVATE", "private", ["U0ANN", "U0SAM"], with_bot=False, kind="group")
    message = await written(stage, "ann", BROKEN, "C0PRIVATE")
    await stage.slack.shortcut("U0SAM", "open_from_message", message)
    await stage.settle()
    assert "Done. Case #1001 is open for Ann Lee." in "\n".join(stage.said("U0SAM"))


async def test_any_other_sign_is_a_smile_among_people(stage: Stage, room: str) -> None:
    await stage.reacts("ann", await written(stage, "ann", BROKEN, room), "thumbsup")
    assert (await stage.rows(Case), await stage.rows(Inbox)) == ([], [])


async def test_a_ticket_on_a_reply_in_a_thread_takes_that_reply(stage: Stage, room: str) -> None:
    root = await written(stage, "bob", "lunch at noon", room)
    reply = await written(stage, "ann", BROKEN, room, thread=root.ts)
    await stage.reacts("ann", reply, "ticket")
    assert (await stage.case()).subject == BROKEN


async def test_a_ticket_where_slack_shows_no_message_keeps_nothing_for_now(stage: Stage, room: str) -> None:
    message = await written(stage, "ann", BROKEN, room)
    stage.far.script("conversations.replies", faults.status(503))
    done = await stage.reacts("ann", message, "ticket")
    assert done.status == 503
    assert (await stage.rows(Case), await stage.rows(Inbox)) == ([], [])
    await stage.slack.insist(done)
    await stage.settle()
    assert len(await stage.rows(Case)) == 1


async def written(stage: Stage, who: str, text: str, place: str, hours: float = 0, thread: str = "") -> Message:
    """By somebody, so many hours ago; from now on it is Monday morning in Slack too."""
    stage.far.clock = lambda: (MONDAY - timedelta(hours=hours)).timestamp()
    done = await stage.writes(who, text, place, thread)
    stage.far.clock = lambda: MONDAY.timestamp()
    assert done.message
    return done.message
