"""Where others read along: mentions, threads and edits in the company's own channel, and what is nobody's business."""

import pytest

from store.tables import Case, Inbox
from tests.adapters.slack.channels.rooms import calls
from tests.slack.stage import DESK, Stage
from tests.world import BROKEN

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
