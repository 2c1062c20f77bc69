"""Coming and going is told, and everything comes down a connection too."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.far import Far
from tests.slack.requests.hearing import Desk, posts
from tests.slack.slack import Slack

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
