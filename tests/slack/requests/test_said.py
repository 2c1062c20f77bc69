"""Slack's own requests are such as Slack makes: slack_sdk verifies them, and bolt reads where they are from."""

import asyncio
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.request.internals import extract_enterprise_id, extract_is_enterprise_install, extract_team_id
from slack_sdk.signature import SignatureVerifier

from tests.slack.far import Far
from tests.slack.pieces import actions, button
from tests.slack.requests.hearing import Desk, posts
from tests.slack.slack import Slack

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
