"""The played Slack checks arguments, tokens, scopes and whose workspace it is."""

from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.far import Far
from tests.slack.pieces import home, modal, section
from tests.slack.web_api.calling import client_of, refused

# Who asks, and how ------------------------------------------------------------------------------------------------


async def test_arguments_are_held_against_slack_sdk_s_own_signatures(far: Far, client: AsyncWebClient) -> None:
    for wrong in (
        client.api_call("chat.postMessage", json={"text": "a"}),
        client.api_call("chat.postMessage", json={"channel": "CHELP", "text": "a", "colour": "red"}),
        client.api_call("chat.postMessage", json={"channel": "CHELP", "text": 5}),
        client.api_call("chat.postMessage", json={"channel": "CHELP", "text": "a", "unfurl_links": "no"}),
        client.api_call("conversations.replies", http_verb="GET", params={"channel": "C", "ts": "1", "limit": "x"}),
        client.api_call("users.info?token=xoxb-1", params={"user": "UANN"}),
    ):
        assert await refused(wrong) == "invalid_arguments"
    assert await refused(client.api_call("chat.shout", json={})) == "unknown_method"
    assert far.violations[:4] == [
        "chat.postMessage: the argument channel is missing",
        "chat.postMessage: there is no argument colour",
        "chat.postMessage: the argument text may not be int",
        "chat.postMessage: the argument unfurl_links may not be str",
    ]
    assert len(far.violations) == 7
    assert (far.calls[0].method, far.calls[0].args, far.calls[0].answer) == (
        "chat.postMessage",
        {"text": "a"},
        "invalid_arguments",
    )


async def test_every_method_here_is_one_of_slack_sdk_s(far: Far) -> None:
    from tests.slack.arguments import exists
    from tests.slack.methods import METHODS

    assert [name for name in METHODS if not exists(name)] == []


async def test_tokens_are_checked(far: Far, client: AsyncWebClient) -> None:
    asked = await client.auth_test()
    assert (asked["team_id"], asked["user_id"], asked["bot_id"]) == ("T1", "UDESKT1", "BDESKT1")
    good, client.token = client.token, "xoxb-other"
    assert await refused(client.auth_test()) == "invalid_auth"
    client.token = None
    assert await refused(client.auth_test()) == "not_authed"
    client.token = good
    await client.auth_revoke()
    assert await refused(client.auth_test()) == "token_revoked"
    far.installs[0].gone = True
    assert await refused(client.auth_test()) == "account_inactive"
    assert far.violations == []


@pytest.mark.parametrize(
    ("scope", "ask"),
    [
        ("chat:write", lambda client: client.chat_postMessage(channel="CHELP", text="a")),
        ("chat:write", lambda client: client.chat_postEphemeral(channel="CHELP", user="UANN", text="a")),
        ("channels:history", lambda client: client.conversations_history(channel="CHELP")),
        ("channels:read", lambda client: client.conversations_info(channel="CHELP")),
        ("im:write", lambda client: client.conversations_open(users="UANN")),
        ("users:read", lambda client: client.users_info(user="UANN")),
        ("reactions:write", lambda client: client.reactions_add(channel="CHELP", name="eyes", timestamp="1")),
        ("team:read", lambda client: client.team_info()),
        (
            "assistant:write",
            lambda client: client.assistant_threads_setSuggestedPrompts(
                channel_id="D1", prompts=[{"title": "a", "message": "a"}]
            ),
        ),
    ],
)
async def test_a_method_needs_its_scope(far: Far, client: AsyncWebClient, scope: str, ask: Callable[..., Any]) -> None:
    far.installs[0].scopes.discard(scope)
    with pytest.raises(SlackApiError) as answered:
        await ask(client)
    assert (answered.value.response["error"], answered.value.response["needed"]) == ("missing_scope", scope)
    assert len(far.violations) == 1


async def test_without_its_scope_no_address_is_told(far: Far, client: AsyncWebClient) -> None:
    far.installs[0].scopes.discard("users:read.email")
    assert "email" not in (await client.users_info(user="UANN"))["user"]["profile"]


async def test_a_workspace_s_token_sees_nothing_of_another(far: Far) -> None:
    far.add_workspace("T2", "Contoso")
    far.add_user("UEVE", "Eve", "T2")
    other = far.add_install("T2")
    async with aiohttp.ClientSession() as session:
        client = client_of(far, other, session)
        assert await refused(client.chat_postMessage(channel="CHELP", text="a")) == "channel_not_found"
        assert await refused(client.chat_postMessage(channel="UANN", text="a")) == "channel_not_found"
        await client.chat_postMessage(channel="UEVE", text="Hello")
        trigger = far.trigger("UANN", far.installs[0])
        assert await refused(client.views_open(trigger_id=trigger, view=modal())) == "invalid_trigger_id"
        assert await refused(client.views_publish(user_id="UANN", view=home(section()))) == "invalid_arguments"


async def test_an_organisation_s_token_serves_all_its_workspaces(far: Far) -> None:
    for team in ("T7", "T8"):
        far.add_workspace(team, team, enterprise="E1")
        far.add_user(f"U{team}", team, team)
    install = far.add_install(enterprise="E1")
    async with aiohttp.ClientSession() as session:
        client = client_of(far, install, session, team_id="T8")
        asked = await client.auth_test()
        assert (asked["is_enterprise_install"], asked["enterprise_id"]) == (True, "E1")
        for team in ("T7", "T8"):
            await client.chat_postMessage(channel=f"U{team}", text="Hello")
        assert await refused(client.chat_postMessage(channel="UANN", text="a")) == "channel_not_found"
        assert (await client.users_info(user="UT7"))["user"]["enterprise_user"]["enterprise_id"] == "E1"
