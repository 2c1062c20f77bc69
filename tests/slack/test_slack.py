"""Slack's own requests are such as Slack makes: slack_sdk verifies them, and bolt reads where they are from."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_bolt.request.internals import extract_enterprise_id, extract_is_enterprise_install, extract_team_id
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.far import Far
from tests.slack.pieces import (
    Json,
    actions,
    asks,
    button,
    home,
    liked,
    message,
    modal,
    option,
    plain,
    section,
    select,
    typed,
)
from tests.slack.places import Message
from tests.slack.slack import NotSent, Slack


@dataclass
class Heard:
    headers: dict[str, str]
    raw: str

    @property
    def body(self) -> Json:
        if self.headers["Content-Type"] == "application/json":
            made: Json = json.loads(self.raw)
            return made
        form = dict(parse_qsl(self.raw, keep_blank_values=True))
        return json.loads(form["payload"]) if "payload" in form else dict(form)

    @property
    def event(self) -> Json:
        event: Json = self.body["event"]
        return event


@dataclass
class Desk:
    """An app that keeps what it hears and answers what it is told to."""

    answers: list[web.Response] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    before: Callable[[], Awaitable[Any]] | None = None

    async def hear(self, request: web.Request) -> web.Response:
        self.heard.append(Heard(dict(request.headers), await request.text()))
        if self.before:
            await self.before()
        return self.answers.pop(0) if self.answers else web.Response()

    @property
    def last(self) -> Json:
        return self.heard[-1].body

    @property
    def events(self) -> list[Json]:
        return [heard.event for heard in self.heard]


@pytest.fixture
async def far() -> AsyncIterator[Far]:
    async with Far() as far:
        far.add_user("UANN", "Ann Lee")
        far.add_user("UBOB", "Bob")
        far.add_install()
        far.add_channel("CHELP", "help", ["UANN", "UBOB"])
        yield far


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
async def slack(far: Far, desk: Desk) -> AsyncIterator[Slack]:
    app = web.Application()
    app.router.add_post("/slack/events", desk.hear)
    async with TestServer(app) as server, Slack(far, str(server.make_url("/slack/events"))) as slack:
        yield slack


async def posts(far: Far, channel: str = "CHELP", thread_ts: str | None = None, **more: Any) -> Message:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(far.installs[0].token, far.url, session=session)
        posted = await client.chat_postMessage(channel=channel, thread_ts=thread_ts, **{**message(section()), **more})
    return next(one for one in far.messages(channel) if one.ts == posted["ts"])


async def opens(far: Far, slack: Slack, view: Json, user: str = "UANN") -> Any:
    pressed = await slack.shortcut(user, "open_case")
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(far.installs[0].token, far.url, session=session)
        await client.views_open(trigger_id=pressed.trigger, view=view)
    return slack.modal(user)


# The requests themselves ------------------------------------------------------------------------------------------


async def test_each_request_carries_a_signature_that_slack_sdk_accepts(far: Far, slack: Slack, desk: Desk) -> None:
    await slack.message("UANN", "UANN", "Grüße")
    await slack.command("UANN", "UANN", "/case", "queue")
    await slack.shortcut("UANN", "open_case")
    verifier = SignatureVerifier(far.app.signing_secret)
    assert [verifier.is_valid_request(heard.raw, heard.headers) for heard in desk.heard] == [True, True, True]


async def test_any_body_can_be_sent_with_any_signature(far: Far, slack: Slack, desk: Desk) -> None:
    verifier = SignatureVerifier(far.app.signing_secret)
    await slack.raw(b"{}", age=301)
    await slack.raw(b"{}", secret="guessed")
    await slack.raw(b"{}", X_Slack_Signature="")
    await slack.raw(b"{}", content_type="text/plain", age=299)
    assert [verifier.is_valid_request(one.raw, one.headers) for one in desk.heard] == [False, False, False, True]
    assert (await slack.raw(b"", method="GET")).status == 405


async def test_an_app_that_does_not_answer_in_three_seconds_has_not_answered(slack: Slack, desk: Desk) -> None:
    never = asyncio.Event()
    desk.before = never.wait
    slack.way.patience = 0.05
    done = await slack.message("UANN", "UANN", "Hello")
    assert (done.status, done.kept) == (0, False)
    never.set()


async def test_the_same_act_comes_again_under_new_ids_or_marked_as_a_retry(slack: Slack, desk: Desk) -> None:
    first = await slack.message("UANN", "UANN", "Hello")
    await slack.redeliver(first, times=2)
    await slack.redeliver(first, new_ids=False, marked=True)
    ids = [heard.body["event_id"] for heard in desk.heard]
    assert len({ids[0], ids[1], ids[2]}) == 3
    assert ids[3] == ids[0]
    assert len({event["ts"] for event in desk.events}) == 1
    marks = [heard.headers.get("X-Slack-Retry-Num") for heard in desk.heard]
    assert marks == [None, None, None, "1"]
    assert desk.heard[3].headers["X-Slack-Retry-Reason"] == "http_error"
    assert len(await slack.redeliver(first, times=11, together=True)) == 11


async def test_slack_insists_until_it_is_kept_at_most_three_times(slack: Slack, desk: Desk) -> None:
    desk.answers = [web.Response(status=503), web.Response(status=503)]
    done = await slack.insist(await slack.message("UANN", "UANN", "Hello"))
    assert (done.status, len(desk.heard)) == (200, 3)
    desk.answers = [web.Response(status=503)] * 9
    desk.heard.clear()
    desk.answers = [web.Response(status=503) for _ in range(9)]
    assert (await slack.insist(await slack.message("UANN", "UANN", "Hello"))).status == 503
    assert len(desk.heard) == 4


# What people write ------------------------------------------------------------------------------------------------


async def test_what_somebody_writes_stands_in_the_channel_and_is_told(far: Far, slack: Slack, desk: Desk) -> None:
    done = await slack.message("UANN", "UANN", "Hello")
    assert (done.status, done.ts) == (200, far.messages("UANN")[0].ts)
    body, event = desk.last, desk.heard[0].event
    assert (body["type"], body["team_id"], body["api_app_id"]) == ("event_callback", "T1", far.app.id)
    assert (event["type"], event["channel_type"], event["text"], event["ts"]) == ("message", "im", "Hello", done.ts)
    assert (extract_team_id(body), extract_enterprise_id(body), extract_is_enterprise_install(body)) == (
        "T1",
        None,
        False,
    )


@pytest.mark.parametrize("order", ["message first", "mention first", "together"])
async def test_a_mention_is_told_twice(slack: Slack, desk: Desk, order: Any) -> None:
    await slack.message("UANN", "CHELP", f"{slack.mention('CHELP')} help", order=order)
    kinds = [event["type"] for event in desk.events]
    assert sorted(kinds) == ["app_mention", "message"]
    assert order == "together" or kinds[0] == {"message first": "message", "mention first": "app_mention"}[order]
    assert len({event["ts"] for event in desk.events}) == 1
    assert "channel_type" not in next(event for event in desk.events if event["type"] == "app_mention")


@pytest.mark.parametrize(
    ("typed_in", "told"),
    [
        ("Tom & Ann <b>", "Tom &amp; Ann &lt;b&gt;"),
        ("<!channel> <@UNOBODY>", "&lt;!channel&gt; &lt;@UNOBODY&gt;"),
        ("ask <@UBOB>", "ask <@UBOB>"),
        ("see https://a.b/c?d=1&e=2.", "see <https://a.b/c?d=1&amp;e=2>."),
        ("ann@example.com", "<mailto:ann@example.com|ann@example.com>"),
    ],
)
async def test_words_are_told_as_slack_writes_them(slack: Slack, desk: Desk, typed_in: str, told: str) -> None:
    await slack.message("UANN", "CHELP", typed_in)
    assert desk.events[0]["text"] == told


async def test_a_reply_tells_of_its_thread(far: Far, slack: Slack, desk: Desk) -> None:
    root = await posts(far)
    await slack.message("UANN", "CHELP", "More", root.ts)
    assert (desk.events[0]["thread_ts"], desk.events[0]["parent_user_id"]) == (root.ts, slack.bot("CHELP"))
    with pytest.raises(AssertionError, match="there is no thread"):
        await slack.message("UANN", "CHELP", "More", "1700000000.000001")


async def test_changes_are_told_with_what_was_before(far: Far, slack: Slack, desk: Desk) -> None:
    said = (await slack.message("UANN", "CHELP", "It brok https://a.b")).message
    assert said
    await slack.edit(said, "It broke")
    await slack.unfurl(said)
    await slack.delete(said)
    _, edited, unfurled, deleted = desk.events
    assert (edited["subtype"], edited["message"]["text"]) == ("message_changed", "It broke")
    assert edited["previous_message"]["text"].startswith("It brok <https")
    assert edited["message"]["edited"]["user"] == "UANN"
    assert unfurled["message"]["text"] == unfurled["previous_message"]["text"]
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", said.ts)
    assert far.messages("CHELP") == []


async def test_reactions_are_told_and_taken_back(far: Far, slack: Slack, desk: Desk) -> None:
    card = await posts(far)
    await slack.react("UANN", card, "eyes")
    assert far.messages("CHELP")[0].reactions == {"eyes": ["UANN"]}
    await slack.unreact("UANN", card, "eyes")
    assert [event["type"] for event in desk.events] == ["reaction_added", "reaction_removed"]
    assert desk.events[0]["item"] == {"type": "message", "channel": "CHELP", "ts": card.ts}
    assert desk.events[0]["item_user"] == slack.bot("CHELP")


async def test_the_bot_hears_itself(far: Far, slack: Slack, desk: Desk) -> None:
    await slack.echo(await posts(far))
    assert desk.events[0]["bot_id"] == far.installs[0].bot_id


async def test_only_what_the_app_subscribes_to_and_may_know_is_told(far: Far, slack: Slack, desk: Desk) -> None:
    slack.events = {"message.im", "app_mention"}
    assert (await slack.message("UANN", "CHELP", "people talking")).status == 200
    await slack.message("UANN", "CHELP", f"{slack.mention('CHELP')} help")
    await slack.message("UANN", "UANN", "Hello")
    assert [event["type"] for event in desk.events] == ["app_mention", "message"]
    far.installs[0].scopes.clear()
    await slack.message("UANN", "UANN", "Hello")
    assert len(desk.heard) == 2


async def test_nobody_writes_where_they_are_not(slack: Slack, far: Far) -> None:
    far.add_channel("CDESK", members=["UBOB"])
    with pytest.raises(AssertionError, match="UANN is not in CDESK"):
        await slack.message("UANN", "CDESK", "Hello")


# From where -------------------------------------------------------------------------------------------------------


async def test_a_stranger_writes_from_their_own_team(far: Far, slack: Slack, desk: Desk) -> None:
    far.add_workspace("T2", "Contoso")
    far.add_user("UEVE", "Eve", "T2", stranger=True)
    far.add_channel("CSHARED", members=["UEVE"], shared_with=["T2"])
    await slack.message("UEVE", "CSHARED", "Hello")
    assert (desk.last["is_ext_shared_channel"], desk.last["team_id"]) == (True, "T2")
    assert (desk.last["context_team_id"], extract_team_id(desk.last)) == ("T1", "T1")
    assert desk.events[0]["user_team"] == "T2"
    card = await posts(far, "CSHARED", blocks=[actions(button())])
    await slack.press("UEVE", card, "Words")
    assert (desk.last["team"]["id"], desk.last["user"]["team_id"]) == ("T1", "T2")
    with pytest.raises(AssertionError, match="other companies"):
        await slack.command("UEVE", "CSHARED", "/case", "queue")


async def test_an_organisation_s_workspaces_are_told_apart(far: Far, slack: Slack, desk: Desk) -> None:
    for team in ("T7", "T8"):
        far.add_workspace(team, team, enterprise="E1")
        far.add_user(f"U{team}", team, team)
    far.add_install(enterprise="E1")
    await slack.message("UT8", "UT8", "Hello")
    assert extract_is_enterprise_install(desk.last)
    assert (extract_enterprise_id(desk.last), desk.last["team_id"]) == ("E1", "T8")
    await slack.command("UT7", "UT7", "/case", "queue")
    assert (desk.last["is_enterprise_install"], desk.last["enterprise_id"], desk.last["team_id"]) == (
        "true",
        "E1",
        "T7",
    )
    await slack.shortcut("UT8", "open_case")
    assert (desk.last["is_enterprise_install"], desk.last["enterprise"]["id"]) == (True, "E1")


# Commands and buttons ---------------------------------------------------------------------------------------------


async def test_a_command_is_a_form(far: Far, slack: Slack, desk: Desk) -> None:
    done = await slack.command("UANN", "CHELP", "/case", "assign 1001 <@UBOB> & go https://a.b")
    assert desk.last["text"] == "assign 1001 <@UBOB|bob> &amp; go https://a.b"
    assert (desk.last["command"], desk.last["channel_name"], desk.last["user_id"]) == ("/case", "help", "UANN")
    assert desk.last["trigger_id"] == done.trigger
    await slack.command("UANN", "UANN", "/support")
    assert (desk.last["channel_name"], desk.last["text"]) == ("directmessage", "")


async def test_a_command_s_answer_is_shown_to_whoever_gave_it_or_to_all(far: Far, slack: Slack, desk: Desk) -> None:
    desk.answers = [web.json_response({"text": "Nothing waits"}), web.Response(text="As text"), shown_to_all()]
    for _ in range(3):
        await slack.command("UANN", "CHELP", "/case", "queue")
    assert [one.text for one in far.ephemerals("CHELP", "UANN")] == ["Nothing waits", "As text"]
    assert [one.text for one in far.messages("CHELP")] == ["For all"]
    assert far.ephemerals("CHELP", "UBOB") == []
    desk.answers = [web.json_response({"text": "<!channel>"})]
    await slack.command("UANN", "CHELP", "/case", "queue")
    assert far.violations == ["the answer to a command: /text: pings somebody: '<!channel>'"]


def shown_to_all() -> web.Response:
    return web.json_response({"text": "For all", "response_type": "in_channel"})


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


# Being there ------------------------------------------------------------------------------------------------------


async def test_coming_and_going_is_told(far: Far, slack: Slack, desk: Desk) -> None:
    far.add_channel("CNEW", members=["UANN"], with_bot=False)
    await slack.message("UANN", "CNEW", "unheard")
    await slack.invite(far.installs[0].bot, "CNEW")
    await slack.message("UANN", "CNEW", "heard")
    await slack.remove("UANN", "CNEW")
    await slack.remove(far.installs[0].bot, "CNEW")
    kinds = [event["type"] for event in desk.events]
    assert kinds == ["member_joined_channel", "message", "member_left_channel", "channel_left"]


async def test_an_uninstalled_app_is_told_and_has_no_token_left(far: Far, slack: Slack, desk: Desk) -> None:
    await slack.revoke()
    assert [event["type"] for event in desk.events] == ["tokens_revoked"]
    assert desk.events[0]["tokens"]["bot"] == [far.installs[0].bot]
    await slack.uninstall()
    assert [event["type"] for event in desk.events[1:]] == ["app_uninstalled", "tokens_revoked"]
    with pytest.raises(SlackApiError):
        await posts(far)


async def test_anything_else_can_be_told(far: Far, slack: Slack, desk: Desk) -> None:
    await slack.event({"type": "team_join"}, api_app_id="A0OTHER")
    assert (desk.last["api_app_id"], desk.events[0]["type"]) == ("A0OTHER", "team_join")
    await slack.interactive({"type": "block_suggestion"})
    assert desk.last == {"type": "block_suggestion"}


# Socket Mode ------------------------------------------------------------------------------------------------------


@pytest.fixture
async def socketed(far: Far) -> AsyncIterator[tuple[SocketModeClient, list[SocketModeRequest]]]:
    web_client = AsyncWebClient(base_url=far.url)
    client, asked = SocketModeClient(far.app.app_token, web_client=web_client), []

    async def hear(_: Any, request: SocketModeRequest) -> None:
        asked.append(request)
        said = {"text": "Nothing waits"} if request.type == "slash_commands" else None
        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, said))

    client.socket_mode_request_listeners.append(hear)
    await client.connect()
    yield client, asked
    await client.close()


async def test_everything_goes_down_a_connection_too(far: Far, socketed: Any) -> None:
    slack = Slack(far)
    done = await slack.message("UANN", "UANN", "Hello")
    assert (done.status, socketed[1][0].type, socketed[1][0].payload["event"]["text"]) == (200, "events_api", "Hello")
    done = await slack.command("UANN", "CHELP", "/case", "queue")
    assert done.json == {"text": "Nothing waits"}
    assert [one.text for one in far.ephemerals("CHELP", "UANN")] == ["Nothing waits"]
    assert len(far.sockets.acks) == 2
    await slack.redeliver(await slack.message("UANN", "UANN", "Again"), new_ids=False, marked=True)
    assert socketed[1][-1].retry_attempt == 1
    assert far.violations == []


async def test_a_connection_that_slack_ends_is_made_anew(far: Far, socketed: Any) -> None:
    await far.sockets.disconnect()
    assert not far.sockets.connected.is_set()
    await asyncio.wait_for(far.sockets.connected.wait(), 10)
    assert (await Slack(far).message("UANN", "UANN", "Hello")).status == 200


async def test_the_connection_needs_the_app_s_own_token_and_a_fresh_ticket(far: Far, socketed: Any) -> None:
    client = AsyncWebClient(base_url=far.url)
    with pytest.raises(SlackApiError):
        await client.apps_connections_open(app_token="xapp-other")
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(f"{far.base}/link?ticket=used")
        await far.sockets.connections[0].send_json({"type": "hello"})
        other = await session.ws_connect((await client.apps_connections_open(app_token=far.app.app_token))["url"])
        assert (await other.receive_json())["type"] == "hello"
        await other.send_json({"envelope_id": "none"})
        await other.close()
    assert far.violations == ['Socket Mode: says something about no envelope: {"envelope_id": "none"}']
