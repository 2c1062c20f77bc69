"""Slack's limits, and what goes wrong with it when it is told to."""

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack import faults
from tests.slack.far import Far
from tests.slack.web_api.calling import Now, refused

# Rates ------------------------------------------------------------------------------------------------------------


async def test_a_channel_takes_a_message_a_second_and_four_at_once(far: Far, client: AsyncWebClient) -> None:
    far.rate_limit, pace = True, Now(0)
    far.pace = pace
    for number in range(4):
        await client.chat_postMessage(channel="CHELP", text=str(number))
    with pytest.raises(SlackApiError) as answered:
        await client.chat_postMessage(channel="CHELP", text="5")
    assert (answered.value.response.status_code, answered.value.response.headers["Retry-After"]) == (429, "1")
    await client.chat_postMessage(channel="UANN", text="elsewhere")
    pace.at += 1
    await client.chat_postMessage(channel="CHELP", text="5")
    assert [one.text for one in far.messages("CHELP")] == ["0", "1", "2", "3", "5"]
    assert far.violations == []


async def test_an_app_from_outside_the_marketplace_looks_once_a_minute_at_fifteen_messages(
    far: Far, client: AsyncWebClient
) -> None:
    far.history_limited, pace = True, Now(0)
    far.pace = pace
    for number in range(20):
        await client.chat_postMessage(channel="CHELP", text=str(number))
    assert len((await client.conversations_history(channel="CHELP", limit=100))["messages"]) == 15
    with pytest.raises(SlackApiError) as answered:
        await client.conversations_history(channel="CHELP")
    assert answered.value.response.headers["Retry-After"] == "60"
    pace.at += 60
    assert len((await client.conversations_history(channel="CHELP"))["messages"]) == 15


# Faults -----------------------------------------------------------------------------------------------------------
FAULTS: list[tuple[faults.Step, type[Exception], int, int]] = [
    (faults.status(429, 7), SlackApiError, 429, 0),
    (faults.status(503), SlackApiError, 503, 0),
    (faults.error("fatal_error"), SlackApiError, 200, 0),
    (faults.html(502), SlackApiError, 502, 0),
    (faults.bad_json(), SlackApiError, 200, 0),
    (faults.recorded_then(faults.status(500)), SlackApiError, 500, 1),
    (faults.reset_before(), aiohttp.ClientError, 0, 0),
    (faults.reset_after_record(), aiohttp.ClientError, 0, 1),
    (faults.delay(0.01, faults.reset_before()), aiohttp.ClientError, 0, 0),
]


@pytest.mark.parametrize(("step", "raised", "status", "recorded"), FAULTS)
async def test_a_scripted_call_goes_wrong_once(
    far: Far, client: AsyncWebClient, step: faults.Step, raised: type[Exception], status: int, recorded: int
) -> None:
    far.script("chat.postMessage", step)
    with pytest.raises(raised) as failed:
        await client.chat_postMessage(channel="CHELP", text="a")
    if isinstance(failed.value, SlackApiError):
        answered: Any = failed.value.response
        assert getattr(answered, "status_code", None) or answered.status == status
    assert len(far.messages("CHELP")) == recorded
    await client.chat_postMessage(channel="CHELP", text="b")
    assert [one.text for one in far.messages("CHELP")][recorded:] == ["b"]
    assert [call.answer for call in far.called("chat.postMessage")] == ["ok" if recorded else "", "ok"]


async def test_steps_are_taken_in_order(far: Far, client: AsyncWebClient) -> None:
    far.script("chat.postMessage", faults.ok(), faults.status(500), faults.delay(0), faults.status(429, 1))
    for text, fails in (("a", False), ("b", True), ("c", False), ("d", True), ("e", False)):
        if fails:
            await refused(client.chat_postMessage(channel="CHELP", text=text))
        else:
            await client.chat_postMessage(channel="CHELP", text=text)
    assert [one.text for one in far.messages("CHELP")] == ["a", "c", "e"]


async def test_a_rule_holds_for_whichever_calls_it_names_and_as_long_as_it_lasts(
    far: Far, client: AsyncWebClient
) -> None:
    with far.rule(faults.status(500), when=lambda call: call.args.get("text") == "bad") as rule:
        await refused(client.chat_postMessage(channel="CHELP", text="bad"))
        await client.chat_postMessage(channel="CHELP", text="good")
    await client.chat_postMessage(channel="CHELP", text="bad")
    assert rule.hits == 1
    assert [one.text for one in far.messages("CHELP")] == ["good", "bad"]
    start, now = far.clock(), Now()
    far.clock = now
    far.rule(faults.status(503), "users.info", when=lambda call: start + 10 <= call.at < start + 20)
    for after, ok in ((0, True), (10, False), (20, True)):
        now.at = start + after
        asked = client.users_info(user="UANN")
        assert (await asked)["ok"] if ok else await refused(asked) == "internal_error"


async def test_a_slow_answer_runs_into_the_client_s_own_patience(far: Far, client: AsyncWebClient) -> None:
    client.timeout = 1
    far.script("*", faults.drip(0.5))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await client.chat_postMessage(channel="CHELP", text="a")
    assert len(far.messages("CHELP")) == 1
    far.script("auth.test", faults.big_body(1024 * 1024))
    assert len((await client.auth_test())["filler"]) == 1024 * 1024


async def test_a_gate_holds_a_call_until_it_is_opened(far: Far, client: AsyncWebClient) -> None:
    gate = faults.Gate()
    far.script("chat.postMessage", gate)
    asking = asyncio.create_task(client.chat_postMessage(channel="CHELP", text="a"))
    await gate.arrived.wait()
    assert far.messages("CHELP") == []
    gate.open()
    assert (await asking)["ok"]
    recorded = faults.Gate(recorded=True)
    far.script("chat.postMessage", recorded)
    asking = asyncio.create_task(client.chat_postMessage(channel="CHELP", text="b"))
    await recorded.arrived.wait()
    assert [one.text for one in far.messages("CHELP")] == ["a", "b"]
    recorded.open()
    assert (await asking)["ts"] == far.messages("CHELP")[1].ts
