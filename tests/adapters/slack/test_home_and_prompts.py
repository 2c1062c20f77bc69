"""What somebody is greeted with: the app's own page, and what they could say first in its conversation."""

import pytest

from adapters.slack.home import A_ROUND, LOOKED_AT, Homes
from store.tables import Case, Inbox, Person
from tests.journeys.test_home import many
from tests.slack import faults
from tests.slack.places import View
from tests.slack.stage import DESK, NAMES, Stage
from tests.world import BROKEN

NORTH = "C0NORTH"


async def home(stage: Stage, who: str) -> View:
    await stage.slack.open_home(who)
    await stage.settle()
    return shown(stage, who)


def shown(stage: Stage, who: str) -> View:
    view = stage.far.home(who)
    assert view
    return view


async def turns(stage: Stage, who: str, what: str) -> View:
    """What their page is after that button of it was pressed."""
    await stage.slack.press_in_home(who, what)
    await stage.settle()
    return shown(stage, who)


def homes(stage: Stage) -> Homes:
    front = stage.connection._front
    assert front
    return front.homes


def text(view: View) -> str:
    return view.words.replace("*", "")


async def prompts(stage: Stage, who: str) -> list[dict[str, str]]:
    await stage.slack.open_home(who, "messages")
    await stage.settle()
    made: list[dict[str, str]] = stage.far.prompts.get(stage.far.place(who).id, {"prompts": []})["prompts"]
    return made


# Prompts ----------------------------------------------------------------------------------------------------------


async def test_a_customer_s_prompts_stand_in_the_conversation_and_in_no_thread(stage: Stage) -> None:
    first = await prompts(stage, "U0ANN")
    assert [one["title"] for one in first] == [
        "Something is broken",
        "How do I share a view?",
        "How are my cases?",
        "What is in my plan?",
    ]
    [call] = stage.far.called("assistant.threads.setSuggestedPrompts")
    assert "thread_ts" not in call.args
    assert await stage.rows(Inbox) == []


async def test_each_prompt_of_a_customer_s_is_understood(stage: Stage) -> None:
    for prompt in await prompts(stage, "U0ANN"):
        written = await stage.writes("ann", prompt["message"])
        said = [one.text for one in stage.far.thread("U0ANN", written.ts)[1:]]
        assert said
        assert "didn't follow" not in said[0], prompt
    assert await stage.rows(Case) == []


async def test_each_prompt_of_the_desk_s_is_understood(stage: Stage) -> None:
    first = await prompts(stage, "U0SAM")
    assert [one["message"] for one in first] == ["queue", "queue at-risk", "queue mine"]
    for one in first:
        written = await stage.writes("sam", one["message"])
        assert "queue is empty" in stage.far.thread("U0SAM", written.ts)[1].text


async def test_a_stranger_has_no_prompts(stage: Stage) -> None:
    stage.far.add_user("U0MAX", "Max")
    assert await prompts(stage, "U0MAX") == []


async def test_prompts_that_do_not_arrive_harm_nobody(stage: Stage) -> None:
    stage.far.script("assistant.threads.setSuggestedPrompts", faults.status(500))
    done = await stage.slack.open_home("U0ANN", "messages")
    await stage.settle()
    assert done.status == 200
    assert len(await prompts(stage, "U0ANN")) == 4


# A customer's page ------------------------------------------------------------------------------------------------


async def test_a_customer_s_page_shows_cases_plan_concierge_and_due_times(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    await stage.writes("eve", "The contoso report is blank")
    page = await home(stage, "U0BOB")
    assert "Your plan: Success with CRM" in text(page)
    assert "Cora Diaz" in text(page)
    assert f"#1001 {BROKEN}: new" in text(page)
    assert "Expected response" in text(page)
    assert "10:00" in text(page)  # Bob is in Vancouver
    assert "contoso" not in text(page)
    assert {"Open a case", "My plan", "My cases", "Help", "Show"} <= {one["text"]["text"] for one in page.buttons}


async def test_opening_one_s_page_keeps_nothing(stage: Stage) -> None:
    await home(stage, "U0ANN")
    assert await stage.rows(Inbox) == []


async def test_a_case_is_opened_from_the_page_and_then_stands_on_it(stage: Stage) -> None:
    await home(stage, "U0ANN")
    await stage.slack.press_in_home("U0ANN", "Open a case")
    await stage.settle()
    await stage.fills("ann", **{"What is going wrong?": "The report is blank"})
    assert "#1001 The report is blank" in text(await home(stage, "U0ANN"))


async def test_the_page_is_drawn_anew_after_a_press(stage: Stage) -> None:
    await home(stage, "U0ANN")
    await stage.writes("bob", BROKEN)
    await stage.slack.press_in_home("U0ANN", "My plan")
    await stage.settle()
    assert f"#1001 {BROKEN}" in text(shown(stage, "U0ANN"))


async def test_the_page_is_drawn_anew_after_its_case_was_opened_in_a_modal(stage: Stage) -> None:
    """They are looking at it while they send the modal off."""
    await home(stage, "U0ANN")
    await stage.slack.press_in_home("U0ANN", "Open a case")
    await stage.settle()
    await stage.fills("ann", **{"What is going wrong?": "The report is blank"})
    assert "#1001 The report is blank" in text(shown(stage, "U0ANN"))


@pytest.mark.parametrize(
    ("button", "said"),
    [("My plan", "Success with CRM"), ("My cases", "#1001"), ("Help", "What you can say"), ("Show", "#1001")],
)
async def test_a_button_of_the_page_is_answered_in_the_conversation(stage: Stage, button: str, said: str) -> None:
    await stage.writes("ann", BROKEN)
    await home(stage, "U0BOB")
    await stage.slack.press_in_home("U0BOB", button)
    await stage.settle()
    assert said in stage.said("U0BOB")[-1]


async def test_a_page_that_does_not_arrive_is_drawn_the_next_time(stage: Stage) -> None:
    stage.far.script("views.publish", faults.status(500))
    assert (await stage.slack.open_home("U0ANN")).status == 200
    await stage.settle()
    assert stage.far.home("U0ANN") is None
    assert await home(stage, "U0ANN")


async def test_a_page_of_very_many_cases_is_still_a_page(stage: Stage) -> None:
    for number in range(25):
        await stage.slack.message("U0ANN", "U0ANN", f"open: number {number} is {'very ' * 30}wrong & <broken>")
    await stage.world.delivery.deliver_all()
    assert "#1025" in text(await home(stage, "U0BOB"))


# Other people's pages ---------------------------------------------------------------------------------------------


async def test_the_desk_s_page_is_its_queue(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    await stage.writes("eve", "The contoso report is blank")
    page = await home(stage, "U0SAM")
    assert "The desk has 2 open cases" in text(page)
    assert "unassigned: 2" in text(page)
    assert "#1001" in text(page)
    assert "#1002" in text(page)


async def test_its_filters_and_pages_change_it_in_place_and_keep_nothing(stage: Stage) -> None:
    await stage.world.store.write(many, stage.world.time, 12, "Matter")
    await home(stage, "U0SAM")
    before = len(stage.said("U0SAM"))
    assert "Page 1 of 2" in text(await turns(stage, "U0SAM", "Unassigned"))
    page = await turns(stage, "U0SAM", "Next")
    assert "Page 2 of 2" in text(page)
    assert page.json()["private_metadata"] == "home unassigned page 2"
    assert "No case is like that." in text(await turns(stage, "U0SAM", "At risk"))
    assert "12 in the queue" in text(await turns(stage, "U0SAM", "All"))
    assert (len(stage.said("U0SAM")), await stage.rows(Inbox)) == (before, [])


async def test_whatever_else_is_pressed_the_page_stays_as_it_was_narrowed(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    await home(stage, "U0SAM")
    await turns(stage, "U0SAM", "Unassigned")
    page = await turns(stage, "U0SAM", "Show")
    assert stage.said("U0SAM")[-1].startswith("#1001: The quote form")
    assert page.json()["private_metadata"] == "home unassigned"
    assert (await home(stage, "U0SAM")).json()["private_metadata"] == "home unassigned"


async def test_what_waits_for_a_customer_is_answered_from_their_page(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    await stage.writes("sam", "close 1001 Fixed")
    assert "1 case waits for you" in text(await home(stage, "U0ANN"))
    assert "waits for you" not in text(await turns(stage, "U0ANN", "Yes, close it"))
    assert (await stage.case()).status == "closed"


# Drawn anew -------------------------------------------------------------------------------------------------------


async def test_an_opened_page_is_drawn_anew_when_something_happens_and_only_then(stage: Stage) -> None:
    for who in ("U0ANN", "U0SAM"):
        await home(stage, who)
    drawn = len(stage.far.called("views.publish"))
    await homes(stage).round()
    assert len(stage.far.called("views.publish")) == drawn
    await stage.writes("ann", BROKEN)
    await homes(stage).round()
    assert f"#1001 {BROKEN}" in text(shown(stage, "U0ANN"))
    assert f"#1001 Northwind: {BROKEN}" in text(shown(stage, "U0SAM"))
    assert stage.far.home("U0BOB") is None, "who never opened it has none"
    drawn = len(stage.far.called("views.publish"))
    await stage.writes("eve", "The contoso report is blank")
    await homes(stage).round()
    assert len(stage.far.called("views.publish")) == drawn + 1, "Ann's shows nothing new"


async def test_what_another_server_drew_since_is_left_alone(stage: Stage) -> None:
    await home(stage, "U0SAM")
    theirs = {"type": "home", "blocks": [{"type": "divider"}]}
    await homes(stage)._api.call("T1", lambda client: client.views_publish(user_id="U0SAM", view=theirs))
    await stage.writes("ann", BROKEN)
    for _ in range(2):
        await homes(stage).round()
    assert text(shown(stage, "U0SAM")) == ""
    assert homes(stage)._pages == {}


async def test_pages_are_drawn_no_faster_than_slack_takes_them(stage: Stage) -> None:
    everybody = [f"U0{name.upper()}" for name in NAMES]
    for who in everybody:
        await home(stage, who)
    await stage.writes("sam", "open-for ann@northwind.example Nothing works")
    await stage.writes("sam", "open-for tess@fabrikam.example Nothing works")
    await stage.writes("sam", "open-for eve@contoso.example Nothing works")
    drawn = len(stage.far.called("views.publish"))
    for many_ in (A_ROUND, len(everybody), len(everybody)):
        await homes(stage).round()
        assert len(stage.far.called("views.publish")) - drawn == many_
    stage.far.script("views.publish", faults.status(429, 30))
    await stage.writes("ann", "reply 1001 Still nothing")
    await homes(stage).round()
    tried = len(stage.far.called("views.publish"))
    await homes(stage).round()
    assert len(stage.far.called("views.publish")) == tried, "Slack asked for a pause"


async def test_a_page_that_nobody_has_opened_for_an_hour_is_drawn_no_more(stage: Stage) -> None:
    await home(stage, "U0SAM")
    for page in homes(stage)._pages.values():
        page.opened_at -= LOOKED_AT
    await stage.writes("ann", BROKEN)
    await homes(stage).round()
    assert "#1001" not in text(shown(stage, "U0SAM"))


async def test_a_stranger_s_page_says_where_the_desk_is_reached(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    stage.far.add_user("U0MAX", "Max")
    page = await home(stage, "U0MAX")
    assert text(page).startswith("I don't know you yet")
    assert "#1001" not in text(page)
    assert page.buttons == []


async def test_a_guest_s_page_has_their_own_cases_and_no_plan(stage: Stage) -> None:
    stage.far.add_user("U0GIA", "Gia", restricted=True)
    stage.far.add_channel(NORTH, "northwind", ["U0ANN", "U0GIA"])
    await stage.bind(NORTH, "northwind")
    await stage.writes("ann", f"{stage.slack.mention(NORTH)} {BROKEN}", NORTH)
    await stage.writes("U0GIA", f"{stage.slack.mention(NORTH)} My own page is blank", NORTH)
    page = await home(stage, "U0GIA")
    assert "#1002 My own page is blank" in text(page)
    assert "#1001" not in text(page)
    assert "Your plan" not in text(page)
    assert "Cora" not in text(page)
    assert {"My plan", "My cases"} & {one["text"]["text"] for one in page.buttons} == set()
    assert "plan" not in {one["message"] for one in await prompts(stage, "U0GIA")}


async def test_a_guest_of_the_desk_s_has_no_queue_on_their_page(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    stage.far.users["U0SAM"].restricted = True
    page = await home(stage, "U0SAM")
    assert "#1001" not in text(page)
    assert text(page).startswith("I don't know you yet")


async def test_who_is_switched_off_has_no_page(stage: Stage) -> None:
    stage.far.users["U0ANN"].deleted = True
    await stage.slack.open_home("U0ANN")
    await stage.settle()
    assert stage.far.home("U0ANN") is None


async def test_nobody_becomes_somebody_by_looking(stage: Stage) -> None:
    """Whoever only opens a page is kept nowhere."""
    before = len(await stage.rows(Person))
    stage.far.add_user("U0GIA", "Gia", restricted=True)
    await home(stage, "U0GIA")
    assert len(await stage.rows(Person)) == before
    assert stage.far.messages(DESK) == []
