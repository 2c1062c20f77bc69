"""Customers in Teams: whichever way they come, it is a case at once, and its card in their chat stays true."""

import pytest

from store.tables import Case, Inbox
from tests.adapters.teams.customers.chatting import opened, told
from tests.asked import WHERE
from tests.teams.places import guid
from tests.teams.stage import ANN, BOB, EVE, Stage, plain_of
from tests.world import BROKEN

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
