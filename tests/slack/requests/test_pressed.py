"""Buttons, modals and homes are pressed and filled in as people can, and wrong answers to them are noticed."""

from copy import deepcopy
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.request.internals import extract_team_id
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.far import Far
from tests.slack.pieces import Json, actions, asks, button, home, liked, message, modal, option, plain, select, typed
from tests.slack.requests.hearing import Desk, posts
from tests.slack.slack import NotSent, Slack


async def opens(far: Far, slack: Slack, view: Json, user: str = "UANN") -> Any:
    pressed = await slack.shortcut(user, "open_case")
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(far.installs[0].token, far.url, session=session)
        await client.views_open(trigger_id=pressed.trigger, view=view)
    return slack.modal(user)


async def test_a_button_is_pressed_by_its_label_its_value_or_its_id(far: Far, slack: Slack, desk: Desk) -> None:
    root = await posts(far)
    card = await posts(
        far, thread_ts=root.ts, blocks=[actions(button(1), button(2, text=plain("Close"), value="close 1"))]
    )
    for what in ("Close", "close 1", "say:2"):
        done = await slack.press("UANN", card, what)
        assert desk.last["actions"][0]["value"] == "close 1"
    assert (desk.last["trigger_id"], desk.last["channel"]) == (done.trigger, {"id": "CHELP", "name": "help"})
    container = {"type": "message", "message_ts": card.ts, "channel_id": "CHELP", "is_ephemeral": False}
    assert desk.last["container"] == {**container, "thread_ts": root.ts}
    assert (desk.last["message"]["ts"], extract_team_id(desk.last)) == (card.ts, "T1")


async def test_a_card_that_was_redrawn_is_pressed_as_it_was(far: Far, slack: Slack, desk: Desk) -> None:
    old = await posts(far, blocks=[actions(button(value="take 1 r1"))])
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(far.installs[0].token, far.url, session=session)
        await client.chat_update(channel="CHELP", ts=old.ts, text="a", blocks=[actions(button(value="take 1 r2"))])
    await slack.press("UANN", old, "Words")
    assert desk.last["actions"][0]["value"] == "take 1 r1"


async def test_nobody_presses_what_is_not_there_for_them(far: Far, slack: Slack) -> None:
    card = await posts(far, blocks=[actions(button(1, value="a"), button(2, value="b"))])
    for what, why in (("Nothing", "nothing to press"), ("Words", "names several")):
        with pytest.raises(AssertionError, match=why):
            await slack.press("UANN", card, what)
    far.channels["CHELP"].members.discard("UBOB")
    with pytest.raises(AssertionError, match="UBOB is not in CHELP"):
        await slack.press("UBOB", card, "say:1")
    hidden = deepcopy(card)
    hidden.only_for = "UBOB"
    with pytest.raises(AssertionError, match="only UBOB sees"):
        await slack.press("UANN", hidden, "say:1")


async def test_choices_and_thumbs_are_pressed_too(far: Far, slack: Slack, desk: Desk) -> None:
    thumbs = {"type": "context_actions", "elements": [liked()]}
    card = await posts(far, blocks=[actions(select(options=[option("p1", "Urgent")])), thumbs])
    await slack.press("UANN", card, "Urgent")
    assert desk.last["actions"][0]["selected_option"]["value"] == "p1"
    await slack.press("UANN", card, "negative")
    assert (desk.last["actions"][0]["type"], desk.last["actions"][0]["value"]) == ("feedback_buttons", "negative")


async def test_a_private_message_is_pressed_without_being_told(far: Far, slack: Slack, desk: Desk) -> None:
    desk.answers = [web.json_response({**message(actions(button()))})]
    await slack.command("UANN", "CHELP", "/case", "show 1001")
    await slack.press("UANN", far.ephemerals("CHELP", "UANN")[0], "Words")
    assert desk.last["container"]["is_ephemeral"]
    assert "message" not in desk.last


async def test_a_response_url_serves_five_times_in_half_an_hour(far: Far, slack: Slack, desk: Desk) -> None:
    async def responds(url: str, **said: Any) -> int:
        async with aiohttp.ClientSession() as session, session.post(url, json=said) as response:
            return response.status

    card = await posts(far, blocks=[actions(button())])
    await slack.press("UANN", card, "Words")
    url = desk.last["response_url"]
    assert await responds(url, text="Done") == 200
    assert await responds(url, text="Done", response_type="in_channel") == 200
    assert await responds(url, text="Redrawn", replace_original=True) == 200
    assert [one.text for one in far.messages("CHELP")] == ["Redrawn", "Done"]
    assert await responds(url, text="<!here>") == 400
    assert await responds(url, delete_original=True) == 200
    assert await responds(url, text="Once more") == 404
    assert [one.text for one in far.messages("CHELP")] == ["Done"]
    assert len(far.violations) == 2
    await slack.command("UANN", "CHELP", "/case", "queue")
    late = far.clock() + 1801
    far.clock = lambda: late
    assert await responds(desk.last["response_url"], text="Late") == 404


async def test_shortcuts_come_from_a_message_or_from_nowhere(far: Far, slack: Slack, desk: Desk) -> None:
    said = (await slack.message("UBOB", "CHELP", "It broke")).message
    await slack.shortcut("UANN", "open_from_message", said)
    assert (desk.last["type"], desk.last["callback_id"]) == ("message_action", "open_from_message")
    assert (desk.last["message"]["user"], desk.last["user"]["id"]) == ("UBOB", "UANN")
    await slack.shortcut("UANN", "open_case")
    assert desk.last["type"] == "shortcut"
    assert "channel" not in desk.last


# Modals and homes -------------------------------------------------------------------------------------------------


def case_form() -> Json:
    priority = select(options=[option("p1", "Urgent"), option("p3", "Normal")], initial_option=option("p3", "Normal"))
    return modal(
        asks(typed(max_length=10, min_length=2), block_id="title", label=plain("Title")),
        asks(priority, block_id="priority", label=plain("Priority")),
        asks(typed(multiline=True), block_id="more", label=plain("More"), optional=True),
        callback_id="open",
        private_metadata="draft 7",
    )


async def test_a_modal_is_submitted_with_what_it_asks(far: Far, slack: Slack, desk: Desk) -> None:
    view = await opens(far, slack, case_form())
    await slack.submit("UANN", view, {"Title": "It broke", "more": "Every\nday"})
    values = desk.last["view"]["state"]["values"]
    assert values["title"] == {"answer": {"type": "plain_text_input", "value": "It broke"}}
    assert values["priority"]["choice"]["selected_option"]["value"] == "p3"
    assert (desk.last["view"]["private_metadata"], desk.last["view"]["callback_id"]) == ("draft 7", "open")
    assert far.stack("UANN") == [], "an empty answer closes it"


async def test_what_is_left_empty_is_null(far: Far, slack: Slack, desk: Desk) -> None:
    view = await opens(far, slack, case_form())
    await slack.submit("UANN", view, {"Title": "It broke", "Priority": "Urgent"})
    values = desk.last["view"]["state"]["values"]
    assert values["more"]["answer"]["value"] is None
    assert values["priority"]["choice"]["selected_option"]["value"] == "p1"


@pytest.mark.parametrize("title", ["", "a", "x" * 11, "two\nlines"])
async def test_slack_s_client_keeps_back_what_the_modal_does_not_take(
    far: Far, slack: Slack, desk: Desk, title: str
) -> None:
    view = await opens(far, slack, case_form())
    with pytest.raises(NotSent) as kept_back:
        await slack.submit("UANN", view, {"Title": title})
    assert list(kept_back.value.mistakes) == ["title"]
    assert desk.last["type"] == "shortcut"
    for wrong in ({"Title": "It broke", "Colour": "red"}, {"Title": "It broke", "Priority": "Whenever"}):
        with pytest.raises(AssertionError):
            await slack.submit("UANN", view, wrong)


async def test_a_submission_s_answer_changes_what_stands_in_front_of_them(far: Far, slack: Slack, desk: Desk) -> None:
    view = await opens(far, slack, case_form())
    desk.answers = [
        web.json_response(answer)
        for answer in (
            {"response_action": "errors", "errors": {"title": "Too short"}},
            {"response_action": "update", "view": modal(asks(typed()), title=plain("Again"))},
            {"response_action": "push", "view": modal(title=plain("Above"))},
            {"response_action": "clear"},
        )
    ]
    done = await slack.submit("UANN", view, {"Title": "It broke"})
    assert done.json["errors"] == {"title": "Too short"}
    assert [one.title for one in far.stack("UANN")] == ["Words"]
    await slack.submit("UANN", view, {"Title": "It broke"})
    assert [one.title for one in far.stack("UANN")] == ["Again"]
    await slack.submit("UANN", slack.modal("UANN"), {"Words": "a"})
    assert [one.title for one in far.stack("UANN")] == ["Again", "Above"]
    await slack.submit("UANN", slack.modal("UANN"))
    assert far.stack("UANN") == []
    assert far.violations == []


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nowhere": "Too short"}},
        {"response_action": "update", "view": {"type": "modal"}},
        {"text": "Thanks"},
    ],
)
async def test_an_answer_that_slack_does_not_take_is_noted(far: Far, slack: Slack, desk: Desk, answer: Json) -> None:
    view = await opens(far, slack, case_form())
    desk.answers = [web.json_response(answer)]
    await slack.submit("UANN", view, {"Title": "It broke"})
    assert len(far.violations) == 1
    assert far.stack("UANN")[0].open


async def test_closing_is_told_where_the_modal_asks_for_it(far: Far, slack: Slack, desk: Desk) -> None:
    await slack.close_view("UANN", await opens(far, slack, modal()))
    assert desk.last["type"] == "shortcut"
    await slack.close_view("UANN", await opens(far, slack, modal(notify_on_close=True)))
    assert (desk.last["type"], desk.last["is_cleared"]) == ("view_closed", False)
    assert far.stack("UANN") == []


async def test_a_home_is_opened_and_its_buttons_pressed(far: Far, slack: Slack, desk: Desk) -> None:
    await slack.open_home("UANN")
    assert (desk.events[0]["tab"], "view" in desk.events[0]) == ("home", False)
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(far.installs[0].token, far.url, session=session)
        await client.views_publish(user_id="UANN", view=home(actions(button())))
    await slack.open_home("UANN")
    await slack.open_home("UANN", "messages")
    assert ["view" in event for event in desk.events] == [False, True, False]
    assert desk.events[2]["channel"] == far.place("UANN").id
    await slack.press_in_home("UANN", "Words")
    assert desk.last["container"]["type"] == "view"
    assert "channel" not in desk.last
    assert "response_url" not in desk.last
    with pytest.raises(AssertionError, match="no home"):
        await slack.press_in_home("UBOB", "Words")
