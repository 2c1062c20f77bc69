"""Customers in Slack: whichever way they come, it is a case at once, and what is asked stands where they wrote."""

import pytest

from store.tables import Case, Inbox
from tests.asked import CHANGED, PROBLEM, URGENT, WHERE
from tests.slack import faults
from tests.slack.stage import DESK, Stage
from tests.world import BROKEN

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
