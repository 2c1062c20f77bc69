"""Customers in Teams: whichever way they come, it is a case at once, and its card in their chat stays true."""

from datetime import timedelta
from typing import Any

import pytest

from store.tables import Case, Inbox
from tests.teams import envelopes
from tests.teams.places import Posted, guid
from tests.teams.stage import DESK, Stage, plain_of
from tests.world import BROKEN, MONDAY

ANN, BOB, EVE = guid("ann"), guid("bob"), guid("eve")
PROBLEM, WHERE = "What is going wrong?", "What exactly happens, and where do you see it?"
URGENT = "How bad is it? You propose, the desk agrees it with you."
CHANGED = "Did anything change just before, such as an update, a workflow or a setting?"
REPORT = "The report is blank"
WAYS: list[Any] = ["html", "entity", "replyToId"]


async def opened(stage: Stage, who: str = "ann", problem: str = BROKEN) -> None:
    """Without any more questions."""
    await stage.writes(who, problem)
    await stage.writes(who, "cancel")


def told(stage: Stage, place: str = ANN) -> list[str]:
    """Without the live cards."""
    return [words for words in stage.said(place) if not words.startswith("#")]


# In their own chat ------------------------------------------------------------------------------------------------


async def test_a_message_opens_a_case_and_the_questions_are_asked_in_the_chat(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    receipt, question = told(stage)
    assert receipt.startswith("Thank you, Ann Lee. This is case #1001.")
    assert question.startswith(WHERE)
    await stage.writes("ann", "Error 500 on Save")
    done = await stage.presses("ann", "High", ANN)
    assert done.card is None, "the next question stands below"
    await stage.writes("ann", "skip")
    assert told(stage)[-1] == "Thank you. That is all on case #1001; the desk has it."
    case = await stage.case()
    assert (case.subject, case.details) == (BROKEN, "Error 500 on Save")
    assert (case.priority, case.incomplete) == ("high", False)
    assert await stage.lives_in() == (ANN, "")


async def test_its_live_card_stands_in_the_chat_and_is_changed_in_place_by_all_that_happens(stage: Stage) -> None:
    await opened(stage)
    card = stage.card(place=ANN)
    assert "Status: new" in plain_of(card)
    for line, shows in {
        "take 1001": "With: Sam Ortiz",
        "priority 1001 high Everybody": "Priority: High",
        "close 1001 Fixed": "awaiting",
    }.items():
        before = stage.card(place=ANN).edits
        await stage.writes("sam", line)
        now = stage.card(place=ANN)
        assert now.id == card.id
        assert now.edits > before
        assert shows in plain_of(now)
    await stage.presses("ann", "Yes, close it", ANN)
    assert "closed, confirmed by the customer" in plain_of(stage.card(place=ANN))
    assert len([one for one in stage.said(ANN) if one.startswith("#1001:")]) == 1


async def test_the_card_of_each_case_is_its_own(stage: Stage) -> None:
    await opened(stage)
    await stage.writes("ann", "open: the report is blank")
    first, second = stage.card(1001, ANN), stage.card(1002, ANN)
    await stage.writes("sam", "take 1002")
    assert stage.card(1001, ANN).edits == first.edits
    assert "With: Sam Ortiz" in plain_of(stage.card(1002, ANN))
    assert stage.card(1002, ANN).id == second.id


async def test_closing_and_confirming_end_where_it_began(stage: Stage) -> None:
    await opened(stage)
    await stage.writes("sam", "close 1001 Switched it on again")
    assert "> Switched it on again" in told(stage)[-1]
    await stage.presses("ann", "Yes, close it", ANN)
    assert told(stage)[-1].startswith("Thank you. Case #1001 is closed.")


@pytest.mark.parametrize("submit", [False, True], ids=["Execute", "Submit"])
async def test_a_button_is_pressed_on_new_and_on_old_clients(stage: Stage, submit: bool) -> None:
    await opened(stage)
    await stage.writes("sam", "close 1001 Fixed")
    done = await stage.presses("ann", "Yes, close it", ANN, submit=submit)
    assert done.status == 200
    assert (await stage.case()).status == "closed"


# Lines of the menu ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("help", "What you can say"),
        ("cases", "Your company's cases"),
        ("status 1001", f"#1001: {BROKEN}"),
        ("why 1001", "Received"),
        ("plan", "Success with CRM"),
        ("at-risk", "None of your company's cases is short of time."),
        ("price", "Success"),
        ("How fast do you respond?", "The first response is expected within"),
    ],
)
async def test_commands_of_the_menu_arrive_as_text_and_are_understood(stage: Stage, line: str, answer: str) -> None:
    await opened(stage)
    await stage.writes("ann", line)
    assert answer in stage.said(ANN)[-1]
    assert len(await stage.rows(Case)) == 1


async def test_a_question_how_something_is_done_is_answered_with_an_article_and_its_buttons(stage: Stage) -> None:
    await stage.writes("ann", "How do I export a report to Excel?")
    assert await stage.rows(Case) == []
    labels = [label for one in stage.far.said(ANN) for label in one.labels]
    assert labels != []
    await stage.presses("ann", labels[-1], ANN)
    assert "Something broke" not in "\n".join(stage.said(ANN))


async def test_times_are_shown_on_the_clock_of_whoever_reads_them(stage: Stage) -> None:
    await opened(stage, "eve", "The contoso report is blank")
    assert "London" in told(stage, EVE)[0]
    await opened(stage, "bob", BROKEN)
    assert "Vancouver" in told(stage, BOB)[0]


async def test_a_time_zone_that_nobody_has_is_no_harm(stage: Stage) -> None:
    stage.far.add_user(guid("max"), "Max", zone="Europe/Paris")
    done = await stage.teams.message(guid("max"), guid("max"), BROKEN)
    for zone in ("Mars/Base", "../../etc/passwd", "W. Europe Standard Time", "x" * 90, "/", "Europe/"):
        again = {**done.activity, "id": stage.far.stamp(), "localTimezone": zone}
        assert (await stage.teams.send(again)).status == 200
    await stage.settle()
    assert "Something broke" not in "\n".join(stage.said(guid("max")))


# The form ---------------------------------------------------------------------------------------------------------


async def form(stage: Stage, who: str = "ann") -> Posted:
    await stage.writes(who, "open")
    return stage.far.said(guid(who))[-1]


@pytest.mark.parametrize("submit", [False, True], ids=["Execute", "Submit"])
async def test_open_is_a_form_and_filled_in_a_case_with_everything_on_it(stage: Stage, submit: bool) -> None:
    asked = await form(stage)
    assert asked.questions == [PROBLEM, WHERE, URGENT, CHANGED]
    assert await stage.rows(Inbox) == []  # what may be left alone keeps nothing
    answers = {PROBLEM: REPORT, WHERE: "On every page", URGENT: "High", CHANGED: "We moved servers"}
    done = await stage.teams.fill(ANN, asked, submit=submit, values=answers)
    assert done.status == 200
    await stage.settle()
    case = await stage.case()
    assert (case.subject, case.details) == (REPORT, "On every page")
    assert (case.priority, case.changed, case.incomplete) == ("high", "We moved servers", False)
    assert "This is case #1001" in "\n".join(told(stage))
    assert stage.card(place=ANN)


async def test_a_form_that_was_sent_off_stands_there_no_longer(stage: Stage) -> None:
    asked = await form(stage)
    done = await stage.fills("ann", asked, **{PROBLEM: REPORT})
    assert done.card
    assert "Input" not in str(done.card)


@pytest.mark.parametrize("submit", [False, True], ids=["Execute", "Submit"])
async def test_a_mistake_is_shown_on_the_form_with_what_was_written(stage: Stage, submit: bool) -> None:
    asked = await form(stage)
    shown = len(stage.far.said(ANN))
    done = await stage.teams.fill(ANN, asked, submit=submit, values={PROBLEM: "x", WHERE: "Everywhere"})
    await stage.settle()
    assert await stage.rows(Case) == []
    again = stage.far.said(ANN)[-1] if submit else next(one for one in stage.far.said(ANN) if one.id == asked.id)
    card = again.card_for(ANN)
    assert "Please write a little more." in str(card)
    assert "Everywhere" in str(card)
    assert len(stage.far.said(ANN)) == shown + submit, "where it stands already, it is not said again"
    assert (done.card is None) is submit
    await stage.teams.fill(ANN, again, submit=submit, values={PROBLEM: REPORT})
    await stage.settle()
    case = await stage.case()
    assert (case.subject, case.details) == (REPORT, "Everywhere")


@pytest.mark.parametrize("submit", [False, True], ids=["Execute", "Submit"])
async def test_the_same_form_sent_off_twice_is_one_case(stage: Stage, submit: bool) -> None:
    """A client that did not hear that it arrived sends it once more, under another id."""
    asked = await form(stage)
    done = await stage.teams.fill(ANN, asked, submit=submit, values={PROBLEM: REPORT})
    again = await stage.teams.redeliver(done, 3, new_ids=True, together=True)
    await stage.settle()
    assert {one.status for one in (done, *again)} == {200}
    assert len(await stage.rows(Case)) == 1


async def test_a_form_that_still_stands_there_and_says_something_else_is_not_lost(stage: Stage) -> None:
    asked = await form(stage)
    await stage.teams.fill(ANN, asked, submit=True, values={PROBLEM: REPORT})
    await stage.teams.fill(ANN, asked, submit=True, values={PROBLEM: "The menu is gone as well"})
    await stage.settle()
    assert sorted(case.subject for case in await stage.rows(Case)) == sorted([REPORT, "The menu is gone as well"])


async def test_two_forms_from_one_card_are_two_acts(stage: Stage) -> None:
    """A card stands there for good: what is asked in its place each time is a form of its own."""
    await stage.writes("ann", "hello")
    posted = stage.far.said(ANN)[-1]
    button = {"type": "Action.Execute", "verb": "say", "data": {"say": "open"}}
    for _ in range(2):
        await stage.teams._executed(ANN, posted, button, {}, "manual")
        await stage.teams.fill(ANN, posted, values={PROBLEM: REPORT})
    await stage.settle()
    assert len(await stage.rows(Case)) == 2


# Dialogs ----------------------------------------------------------------------------------------------------------


async def dialog(stage: Stage, who: str = "ann") -> None:
    """By a button that opens one, such as the manifest and other cards may have."""
    await stage.writes(who, "hello")
    posted = stage.far.said(guid(who))[-1]
    await stage.teams._fetched(guid(who), posted, {"msteams": {"type": "task/fetch"}, "say": "open"})


async def test_a_dialog_asks_the_same_and_is_a_case(stage: Stage) -> None:
    await dialog(stage)
    assert stage.teams.dialog(ANN).questions == [PROBLEM, WHERE, URGENT, CHANGED]
    done = await stage.submits("ann", **{PROBLEM: REPORT, URGENT: "Low"})
    assert done.status == 200
    assert not stage.teams.has_dialog(ANN)
    assert done.words == "Thank you. That is all on case #1001; the desk has it."
    case = await stage.case()
    assert (case.subject, case.priority) == (REPORT, "low")
    assert "This is case #1001" in "\n".join(told(stage))


async def test_a_mistake_keeps_the_dialog_open_with_what_was_written(stage: Stage) -> None:
    await dialog(stage)
    await stage.submits("ann", **{PROBLEM: "x", WHERE: "Everywhere"})
    assert "Please write a little more." in stage.teams.dialog(ANN).words
    assert await stage.rows(Case) == []
    await stage.submits("ann", **{PROBLEM: REPORT})
    case = await stage.case()
    assert (case.subject, case.details) == (REPORT, "Everywhere")


async def test_a_dialog_sent_off_twice_is_one_case(stage: Stage) -> None:
    await dialog(stage)
    done = await stage.teams.submit(ANN, {PROBLEM: REPORT})
    again = await stage.teams.redeliver(done, 3, new_ids=True)
    await stage.settle()
    assert {one.status for one in (done, *again)} == {200}
    assert len(await stage.rows(Case)) == 1


# From a message ---------------------------------------------------------------------------------------------------


async def written(stage: Stage, who: str, text: str, place: str, hours: float = 0) -> Posted:
    """By somebody, so many hours ago, not to the app; from now on it is Monday morning in Teams too."""
    stage.far.clock = lambda: (MONDAY - timedelta(hours=hours)).timestamp()
    done = await stage.teams.message(guid(who), place, text, mention=False)
    stage.far.clock = lambda: MONDAY.timestamp()
    assert done.posted
    return done.posted


async def test_a_message_becomes_a_case_whose_clock_started_when_it_was_written(stage: Stage, general: str) -> None:
    """R1."""
    await stage.chooses("ann", await written(stage, "ann", BROKEN, general, hours=2))
    case = await stage.case()
    assert (case.subject, case.received_at) == (BROKEN, MONDAY - timedelta(hours=2))
    assert stage.teams.dialog(ANN).questions == [WHERE, URGENT, CHANGED]
    await stage.submits("ann", **{WHERE: "Everywhere", URGENT: "Low"})
    case = await stage.case()
    assert (case.details, case.priority, case.received_at) == ("Everywhere", "low", MONDAY - timedelta(hours=2))
    assert not stage.teams.has_dialog(ANN)


async def test_in_the_company_s_channel_it_lives_in_that_message_s_thread(stage: Stage, north: str) -> None:
    message = await written(stage, "ann", BROKEN, north, hours=1)
    await stage.chooses("ann", message)
    assert await stage.lives_in() == (north, message.id)
    await stage.submits("ann", **{WHERE: "Everywhere"})
    assert (await stage.case()).details == "Everywhere"
    assert any("#1001" in plain_of(one) for one in stage.far.said(north, message.id))
    assert await stage.undelivered() == []


async def test_a_reply_in_a_thread_that_becomes_a_case_lives_there(stage: Stage, north: str) -> None:
    root = await written(stage, "bob", "lunch at noon", north)
    done = await stage.teams.message(ANN, north, BROKEN, root.id, mention=False)
    assert done.posted
    await stage.chooses("ann", done.posted)
    assert await stage.lives_in() == (north, root.id)


async def test_a_dismissed_dialog_leaves_the_case_and_its_question(stage: Stage, general: str) -> None:
    await stage.chooses("ann", await written(stage, "ann", BROKEN, general))
    stage.teams.close_dialog(ANN)
    assert any(words.startswith(WHERE) for words in told(stage))
    await stage.writes("ann", "Everywhere")
    assert (await stage.case()).details == "Everywhere"


async def test_a_case_from_a_message_that_is_answered_in_private_has_its_card_there(stage: Stage, general: str) -> None:
    await stage.chooses("ann", await written(stage, "ann", BROKEN, general))
    assert stage.card(place=ANN)


async def test_a_colleague_s_message_becomes_the_chooser_s_case_from_when_it_was_written(
    stage: Stage, general: str
) -> None:
    await stage.chooses("ann", await written(stage, "bob", BROKEN, general, hours=1))
    assert (await stage.case()).received_at == MONDAY - timedelta(hours=1)
    assert told(stage)[0].startswith("Thank you, Ann Lee.")


async def test_another_company_s_message_counts_from_now(stage: Stage, general: str) -> None:
    await stage.chooses("ann", await written(stage, "eve", BROKEN, general, hours=30))
    assert (await stage.case()).received_at == MONDAY


async def test_the_desk_chooses_a_customer_s_message_and_it_is_the_author_s_case(stage: Stage, general: str) -> None:
    message = await written(stage, "ann", BROKEN, general, hours=2)
    done = await stage.chooses("sam", message)
    assert "Done. Case #1001 is open for Ann Lee." in done.words
    case = await stage.case()
    assert case.received_at == MONDAY - timedelta(hours=2)
    assert "Ann Lee" in plain_of(stage.card())
    assert "Sam Ortiz" in "\n".join(told(stage))
    assert stage.said(general) == []


async def test_the_desk_s_own_message_opens_nothing(stage: Stage, general: str) -> None:
    done = await stage.chooses("sam", await written(stage, "sam", "the coffee is out", general))
    assert done.status == 200
    assert await stage.rows(Case) == []


@pytest.mark.parametrize("who", [("ann", "ann"), ("ann", "bob"), ("ann", "sam"), ("sam", "ann"), ("sam", "cora")])
async def test_one_message_is_one_case_whoever_chooses_it_and_however_often(
    stage: Stage, north: str, who: tuple[str, str]
) -> None:
    message = await written(stage, "ann", BROKEN, north)
    first = await stage.chooses(who[0], message)
    await stage.teams.redeliver(first, 2)
    second = await stage.chooses(who[1], message)
    assert second.status == 200
    await stage.settle()
    assert len(await stage.rows(Case)) == 1


async def test_a_message_of_their_own_chat_becomes_a_case_too(stage: Stage) -> None:
    await stage.writes("ann", "thanks")
    said = next(one for one in stage.far.activities(ANN) if not one.from_bot)
    await stage.chooses("ann", said)
    assert (await stage.case()).subject == "thanks"
    assert await stage.lives_in() == (ANN, "")


async def test_a_message_where_the_app_is_not_becomes_a_case_in_their_own_chat(stage: Stage) -> None:
    """The command is offered on every message, and nobody can be asked there who they are."""
    await stage.teams.install(ANN)
    chat = "19:private@thread.v2"
    stage.far.add_group(chat, [ANN, BOB], installed=False)
    message = await written(stage, "bob", BROKEN, chat, hours=1)
    done = await stage.teams.send(_chosen(stage, message))
    assert done.status == 200
    await stage.settle()
    assert await stage.lives_in() == (ANN, "")
    assert await stage.undelivered() == []


def _chosen(stage: Stage, message: Posted) -> Any:
    """As Teams tells it although the app is not in the chat."""
    payload = envelopes.payload(stage.far, message)
    value = {"commandId": "open_from_message", "commandContext": "message", "messagePayload": payload}
    return stage.teams._invoke("composeExtension/fetchTask", ANN, message.conversation, value)


# Which case -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("quoting", WAYS)
async def test_what_quotes_a_case_s_card_goes_to_that_case(stage: Stage, quoting: Any) -> None:
    stage.teams.quoting = quoting
    await opened(stage)
    await stage.writes("ann", "open: the report is blank")
    await stage.writes("ann", "cancel")
    await stage.writes("ann", "It is this one", quote=stage.card(1001, ANN))
    assert ("say", "It is this one") in await stage.history(1001)
    assert ("say", "It is this one") not in await stage.history(1002)


@pytest.mark.parametrize("quoting", WAYS)
async def test_what_quotes_another_message_about_a_case_goes_to_that_case(stage: Stage, quoting: Any) -> None:
    stage.teams.quoting = quoting
    await opened(stage)
    await stage.writes("ann", "open: the report is blank")
    await stage.writes("ann", "cancel")
    receipt = next(one for one in stage.far.said(ANN) if "This is case #1001" in plain_of(one))
    await stage.writes("ann", "About that", quote=receipt)
    assert ("say", "About that") in await stage.history(1001)


async def test_a_quoted_card_makes_words_alone_a_line_about_its_case(stage: Stage) -> None:
    await opened(stage)
    await stage.writes("ann", "open: the report is blank")
    await stage.writes("ann", "cancel")
    await stage.writes("ann", "withdraw", quote=stage.card(1001, ANN))
    assert (await stage.case(1001)).status == "withdrawn"
    assert (await stage.case(1002)).status == "new"


async def test_words_go_to_the_only_open_case_and_can_be_moved(stage: Stage) -> None:
    await opened(stage)
    await stage.writes("ann", "It is slow as well")
    assert ("say", "It is slow as well") in await stage.history()
    answer = stage.far.said(ANN)[-1]
    assert plain_of(answer) == "Added to case #1001.\n[Move]"
    assert "> It is slow as well" in "\n".join(stage.under_card())


async def test_with_two_open_cases_buttons_ask(stage: Stage) -> None:
    await opened(stage)
    await stage.writes("ann", "open: the report is blank")
    await stage.writes("ann", "cancel")
    await stage.writes("ann", "The colours are off on Fridays")
    assert [label for one in stage.far.said(ANN)[-1:] for label in one.labels] == [
        "Add to #1002",
        "Add to #1001",
        "New case",
    ]
    await stage.presses("ann", "Add to #1001", ANN)
    assert ("say", "The colours are off on Fridays") in await stage.history(1001)
    assert len(await stage.rows(Case)) == 2


# Moving -----------------------------------------------------------------------------------------------------------


async def test_moved_to_a_new_case_the_desk_s_copy_moves_along(stage: Stage) -> None:
    await opened(stage)
    await stage.writes("ann", "The invoices are doubled")
    copy = stage.far.said(DESK, stage.card().id)[-1]
    assert "> The invoices are doubled" in plain_of(copy)
    await stage.presses("ann", "Move", ANN)
    await stage.presses("ann", "New case", ANN)
    assert told(stage)[-1] == "Moved to case #1002."
    stands = next(one for one in stage.far.said(DESK) if one.id == copy.id)
    assert plain_of(stands) == "Ann Lee (customer) moved what stood here to case #1002."
    assert stands.thread == stage.card(1001).id
    assert "> The invoices are doubled" in "\n".join(stage.under_card(1002))
    assert "doubled" not in "\n".join(stage.under_card(1001))
    assert ("move", "#1002") in await stage.history(1001)
    assert (await stage.case(1002)).subject == "The invoices are doubled"
    assert stage.card(1002, ANN)


async def test_moved_to_another_case_it_stands_there_as_if_it_had_been_said_there(stage: Stage) -> None:
    await opened(stage)
    await stage.writes("ann", "It is slow as well")
    move = stage.with_button("Move", ANN)
    await stage.writes("ann", "open: the report is blank")
    await stage.writes("ann", "cancel")
    await stage.teams.press(ANN, move, "Move")
    await stage.settle()
    await stage.presses("ann", "Case #1002", ANN)
    assert told(stage)[-1].startswith("Moved to case #1002.")
    assert ("say", "It is slow as well") in await stage.history(1002)
    assert ("move", "#1002") in await stage.history(1001)
    assert "> It is slow as well" in "\n".join(stage.under_card(1002))
    assert "slow" not in "\n".join(stage.under_card(1001))


async def test_what_was_moved_is_not_moved_again(stage: Stage) -> None:
    await opened(stage)
    await stage.writes("ann", "The invoices are doubled")
    move = stage.with_button("Move", ANN)
    await stage.presses("ann", "Move", ANN)
    where = stage.with_button("New case", ANN)
    await stage.teams.press(ANN, where, "New case")
    await stage.settle()
    for button, label in ((move, "Move"), (where, "New case")):
        await stage.teams.press(ANN, button, label)
        await stage.settle()
        assert told(stage)[-1] == "That question is no longer open."
    assert len(await stage.rows(Case)) == 2


async def test_nobody_moves_another_s_words(stage: Stage) -> None:
    await opened(stage)
    await stage.writes("ann", "The invoices are doubled")
    line = next(b["data"]["say"] for b in stage.with_button("Move", ANN).buttons)
    before = await stage.history()
    for who in ("bob", "eve", "sam"):
        await stage.writes(who, f"{line} new")
    assert await stage.history() == before
    assert len(await stage.rows(Case)) == 1


# Files and edits --------------------------------------------------------------------------------------------------


async def test_files_go_along_by_name_and_are_never_fetched(stage: Stage) -> None:
    await stage.writes("ann", BROKEN, files={"screen.png": b"png", "log <b>.txt": b"x"})
    told_desk = "\n".join(stage.under_card())
    assert "📎 screen.png" in told_desk
    assert "📎 log <b>.txt" in told_desk
    assert "tempauth" not in told_desk
    assert stage.far.called("download") == []
    assert (await stage.case()).subject == BROKEN


async def test_a_file_alone_is_words_on_the_only_open_case(stage: Stage) -> None:
    await opened(stage)
    await stage.writes("ann", "", files={"screen.png": b"png"})
    assert ("say", "📎 screen.png") in await stage.history()


async def test_an_edit_changes_what_the_desk_reads_and_is_marked(stage: Stage) -> None:
    await opened(stage)
    done = await stage.writes("ann", "It is slow on Mondays")
    assert done.posted
    edited = await stage.edits("ann", done.posted, "It is slow on Tuesdays")
    await stage.teams.redeliver(edited, 2)
    await stage.settle()
    assert (await stage.history())[-2:] == [("say", "It is slow on Mondays"), ("edit", "It is slow on Tuesdays")]
    copy = stage.under_card()[-1]
    assert "> It is slow on Tuesdays" in copy, copy
    assert "Edited by its author." in copy, copy


async def test_what_is_taken_back_stays_so_though_it_is_edited_or_put_there_again(stage: Stage) -> None:
    await opened(stage)
    done = await stage.writes("ann", "My password is hunter2")
    assert done.posted
    edited = await stage.edits("ann", done.posted, "My password is hunter3")
    assert (await stage.teams.delete(ANN, done.posted)).status == 200
    assert (await stage.teams.undelete(ANN, done.posted)).status == 200
    await stage.teams.redeliver(edited, 1)
    await stage.settle()
    assert [event for event in await stage.history() if "hunter" in event[1]] == []
    assert (await stage.history())[-1] == ("delete", "")
    copy = stage.under_card()[-1]
    assert "hunter" not in copy, copy
    assert "Deleted by its author." in copy, copy


async def test_what_the_desk_changes_or_takes_back_changes_where_the_customer_reads(stage: Stage) -> None:
    await opened(stage)
    done = await stage.writes("sam", "reply 1001 It is the cash")
    assert done.posted
    assert "> It is the cash" in "\n".join(stage.said(ANN))
    await stage.edits("sam", done.posted, "reply 1001 It is the cache")
    assert "> It is the cache\n" in "\n".join(stage.said(ANN))
    assert (await stage.teams.delete(guid("sam"), done.posted)).status == 200
    await stage.settle()
    said = "\n".join(stage.said(ANN))
    assert "It is the ca" not in said, said
    assert "Deleted by its author." in said, said


# Coming -----------------------------------------------------------------------------------------------------------


async def test_installing_is_welcomed_once(stage: Stage) -> None:
    for done in (*await stage.teams.install(ANN), await stage.teams.upgrade(ANN, ANN)):
        assert done.status == 200
    await stage.settle()
    [hello] = stage.said(ANN)
    assert hello.startswith("Hello Ann Lee. Write what is going wrong and I open a case at once.")
    assert await stage.rows(Case) == []


async def test_installing_in_a_team_or_group_says_nothing_to_anybody(stage: Stage, north: str, chat: str) -> None:
    for place in (north, chat):
        await stage.teams.install(BOB, place)
    await stage.settle()
    assert stage.said(north) == stage.said(chat) == stage.said(BOB) == []


async def test_people_joining_and_leaving_a_channel_are_nobody_s_business(stage: Stage, north: str) -> None:
    stage.far.add_user(guid("kim"), "Kim")
    assert (await stage.teams.join(guid("kim"), north)).status == 200
    assert (await stage.teams.leave(guid("kim"), north)).status == 200
    await stage.settle()
    assert stage.said(north) == []
    await stage.writes("ann", BROKEN, north)
    assert stage.said(north) != [], "the app is still there"


async def test_a_smile_is_a_smile(stage: Stage) -> None:
    await opened(stage)
    kept = len(await stage.rows(Inbox))
    for sign in ("like", "heart"):
        assert (await stage.teams.react(ANN, stage.card(place=ANN), sign)).status == 200
    assert len(await stage.rows(Inbox)) == kept
