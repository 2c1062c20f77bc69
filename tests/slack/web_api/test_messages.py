"""Messages in the played Slack: posted, edited, whispered, found again, and refused where Slack refuses them."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.far import Far
from tests.slack.pieces import Json, actions, button, message, section
from tests.slack.web_api.calling import refused


def keyed(key: str) -> Json:
    return {"event_type": "supporthub_message", "event_payload": {"key": key}}


# Posting ----------------------------------------------------------------------------------------------------------


async def test_what_is_posted_stands_there_with_its_blocks_and_its_key(far: Far, client: AsyncWebClient) -> None:
    said = message(section(), actions(button()), metadata=keyed("k1"))
    posted = await client.chat_postMessage(channel="CHELP", **said)
    [stands] = far.messages("CHELP")
    assert (stands.ts, stands.text, stands.key, stands.labels) == (posted["ts"], "Words", "k1", ["Words"])
    assert stands.user == far.installs[0].bot
    assert posted["message"]["blocks"][0]["block_id"], "Slack names the blocks that had no name"
    assert far.violations == []


async def test_each_message_is_later_than_the_one_before(far: Far, client: AsyncWebClient) -> None:
    posted = [(await client.chat_postMessage(channel="CHELP", text="a"))["ts"] for _ in range(3)]
    assert posted == ["1769000000.000000", "1769000000.000100", "1769000000.000200"]


async def test_a_message_to_a_person_arrives_in_their_own_conversation(far: Far, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="UANN", text="Hello")
    opened = await client.conversations_open(users="UANN")
    assert posted["channel"] == opened["channel"]["id"]
    assert posted["channel"].startswith("D")
    assert [one.text for one in far.messages("UANN")] == ["Hello"]


async def test_replies_stand_under_their_root(far: Far, client: AsyncWebClient) -> None:
    root = await client.chat_postMessage(channel="CHELP", text="root")
    reply = await client.chat_postMessage(channel="CHELP", text="reply", thread_ts=root["ts"])
    await client.chat_postMessage(channel="CHELP", text="another root")
    assert [one.text for one in far.thread("CHELP", root["ts"])] == ["root", "reply"]
    for nowhere in ("1700000000.000001", reply["ts"]):
        asked = client.chat_postMessage(channel="CHELP", text="lost", thread_ts=nowhere)
        assert await refused(asked) == "thread_not_found"
    assert len(far.violations) == 2


async def test_what_slack_would_not_show_is_refused_and_noted(far: Far, client: AsyncWebClient) -> None:
    assert await refused(client.chat_postMessage(channel="CHELP", **message({"type": "marquee"}))) == "invalid_blocks"
    assert await refused(client.chat_postMessage(channel="CHELP", text="<!channel>")) == "invalid_blocks"
    assert far.messages("CHELP") == []
    assert far.violations == [
        "chat.postMessage: /blocks/0/type: 'marquee' is not allowed as a block here",
        "chat.postMessage: /text: pings somebody: '<!channel>'",
    ]


async def test_blocks_may_come_as_a_string_too(far: Far, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel="CHELP", text="a", blocks='[{"type": "divider"}]')
    assert far.messages("CHELP")[0].blocks[0]["type"] == "divider"


REFUSALS: list[tuple[str, str, Callable[[Far], Any]]] = [
    ("channel_not_found", "CNONE", lambda far: None),
    ("channel_not_found", "UNONE", lambda far: None),
    ("channel_not_found", "CSECRET", lambda far: far.add_channel("CSECRET", kind="group", with_bot=False)),
    ("not_in_channel", "COPEN", lambda far: far.add_channel("COPEN", with_bot=False)),
    ("is_archived", "CHELP", lambda far: setattr(far.channels["CHELP"], "archived", True)),
    ("cannot_dm_bot", "UROBOT", lambda far: far.add_user("UROBOT", bot=True)),
    ("channel_not_found", "UBOB", lambda far: setattr(far.users["UBOB"], "deleted", True)),
    ("messages_tab_disabled", "UANN", lambda far: setattr(far, "messages_tab", False)),
]


@pytest.mark.parametrize(("error", "channel", "set_up"), REFUSALS)
async def test_some_places_cannot_be_posted_to(
    far: Far, client: AsyncWebClient, error: str, channel: str, set_up: Callable[[Far], Any]
) -> None:
    set_up(far)
    assert await refused(client.chat_postMessage(channel=channel, text="a")) == error
    assert far.violations == []


async def test_a_channel_is_named_by_id_and_nothing_of_ours_changes_its_name_or_face(
    far: Far, client: AsyncWebClient
) -> None:
    assert await refused(client.chat_postMessage(channel="#help", text="a")) == "channel_not_found"
    assert await refused(client.chat_postMessage(channel="CHELP", text="a", link_names=True)) == "invalid_arguments"
    assert len(far.violations) == 2


async def test_only_the_bot_s_own_messages_can_be_edited(far: Far, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="CHELP", **message(section()), metadata=keyed("k1"))
    ts = posted["ts"]
    await client.chat_update(channel="CHELP", ts=ts, text="Other words")
    [stands] = far.messages("CHELP")
    assert (stands.text, stands.edits, stands.key) == ("Other words", 1, "k1")
    assert stands.blocks, "blocks stay unless others come"
    await client.chat_update(channel="CHELP", ts=ts, text="Last", blocks=[{"type": "divider"}], metadata={})
    assert (far.messages("CHELP")[0].blocks[0]["type"], far.messages("CHELP")[0].metadata) == ("divider", None)
    assert await refused(client.chat_update(channel="CHELP", ts="1700000000.000001", text="a")) == "message_not_found"
    far.said["CHELP"][0].user = "UANN"
    assert await refused(client.chat_update(channel="CHELP", ts=ts, text="a")) == "cant_update_message"
    assert await refused(client.chat_delete(channel="CHELP", ts=ts)) == "cant_delete_message"
    assert await refused(client.chat_update(channel="UANN", ts=ts, text="a")) == "channel_not_found"


async def test_a_deleted_message_is_gone(far: Far, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="CHELP", text="a")
    await client.chat_delete(channel="CHELP", ts=posted["ts"])
    assert far.messages("CHELP") == []
    assert await refused(client.chat_update(channel="CHELP", ts=posted["ts"], text="b")) == "message_not_found"


async def test_an_ephemeral_message_is_kept_apart(far: Far, client: AsyncWebClient) -> None:
    await client.chat_postEphemeral(channel="CHELP", user="UANN", text="For you")
    assert [one.text for one in far.ephemerals("CHELP", "UANN")] == ["For you"]
    assert far.messages("CHELP") == []
    asked = client.chat_postEphemeral(channel="CHELP", user="UBOB", text="a")
    assert await refused(asked) == "user_not_in_channel"
    assert far.violations == []


async def test_in_a_thread_without_replies_nobody_sees_an_ephemeral_message(far: Far, client: AsyncWebClient) -> None:
    root = (await client.chat_postMessage(channel="CHELP", text="root"))["ts"]
    await client.chat_postEphemeral(channel="CHELP", user="UANN", text="unseen", thread_ts=root)
    await client.chat_postMessage(channel="CHELP", text="reply", thread_ts=root)
    await client.chat_postEphemeral(channel="CHELP", user="UANN", text="seen", thread_ts=root)
    assert [one.text for one in far.ephemerals("CHELP", "UANN")] == ["seen"]
    assert [one.text for one in far.ephemerals("CHELP", "UANN", shown=False)] == ["unseen", "seen"]


async def test_reactions_are_added_once(far: Far, client: AsyncWebClient) -> None:
    ts = (await client.chat_postMessage(channel="CHELP", text="a"))["ts"]
    await client.reactions_add(channel="CHELP", name="eyes", timestamp=ts)
    assert far.messages("CHELP")[0].reactions == {"eyes": [far.installs[0].bot]}
    assert await refused(client.reactions_add(channel="CHELP", name="eyes", timestamp=ts)) == "already_reacted"
    await client.reactions_remove(channel="CHELP", name="eyes", timestamp=ts)
    assert await refused(client.reactions_remove(channel="CHELP", name="eyes", timestamp=ts)) == "no_reaction"


# Looking up -------------------------------------------------------------------------------------------------------


async def test_a_message_is_found_again_by_its_metadata(far: Far, client: AsyncWebClient) -> None:
    root = (await client.chat_postMessage(channel="CHELP", text="root", metadata=keyed("k1")))["ts"]
    for number in (2, 3, 4):
        await client.chat_postMessage(channel="CHELP", text="r", thread_ts=root, metadata=keyed(f"k{number}"))
    found = await client.conversations_replies(channel="CHELP", ts=root, include_all_metadata=True, limit=2)
    assert keys(found) == ["k1", "k2", "k3"], "the root comes on every page"
    assert found["has_more"]
    cursor = found["response_metadata"]["next_cursor"]
    rest = await client.conversations_replies(channel="CHELP", ts=root, include_all_metadata=True, cursor=cursor)
    assert keys(rest) == ["k1", "k4"]
    assert "metadata" not in (await client.conversations_replies(channel="CHELP", ts=root))["messages"][0]
    late = await client.conversations_replies(
        channel="CHELP", ts=root, oldest="1769000000.000200", include_all_metadata=True
    )
    assert keys(late) == ["k1", "k4"]


def keys(found: Any) -> list[str]:
    return [one["metadata"]["event_payload"]["key"] for one in found["messages"]]


async def test_a_channel_s_history_is_newest_first_and_without_replies(far: Far, client: AsyncWebClient) -> None:
    root = (await client.chat_postMessage(channel="CHELP", text="one"))["ts"]
    await client.chat_postMessage(channel="CHELP", text="reply", thread_ts=root)
    await client.chat_postMessage(channel="CHELP", text="two")
    found = await client.conversations_history(channel="CHELP")
    assert [one["text"] for one in found["messages"]] == ["two", "one"]
    after = await client.conversations_history(channel="CHELP", oldest=root, inclusive=False)
    assert [one["text"] for one in after["messages"]] == ["two"]
    from_then = await client.conversations_history(channel="CHELP", oldest=root, inclusive=True, limit=5)
    assert [one["text"] for one in from_then["messages"]] == ["two", "one"]


async def test_nobody_reads_where_the_bot_is_not(far: Far, client: AsyncWebClient) -> None:
    far.add_channel("COPEN", with_bot=False)
    assert await refused(client.conversations_history(channel="COPEN")) == "not_in_channel"
    assert await refused(client.conversations_history(channel="CNONE")) == "channel_not_found"
    assert await refused(client.conversations_replies(channel="CHELP", ts="1700000000.000001")) == "thread_not_found"
