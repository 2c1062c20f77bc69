"""The fake of Slack's Web API refuses what Slack refuses, keeps what it is told, and goes wrong when it is told to.

The client is slack_sdk's own, on a real socket.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack import faults
from tests.slack.far import Far
from tests.slack.grants import Install
from tests.slack.pieces import Json, actions, asks, button, home, message, modal, section, typed


class Now:
    """A clock that stands until it is moved."""

    def __init__(self, at: float = 1_769_000_000.0) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at


@pytest.fixture
async def far() -> AsyncIterator[Far]:
    async with Far() as far:
        far.clock = Now()
        far.add_user("UANN", "Ann Lee", zone="Europe/Paris", email="ann@example.com")
        far.add_user("UBOB", "Bob")
        far.add_install()
        far.add_channel("CHELP", "help", ["UANN"])
        yield far


@pytest.fixture
async def client(far: Far) -> AsyncIterator[AsyncWebClient]:
    async with aiohttp.ClientSession() as session:
        yield client_of(far, far.installs[0], session)


def client_of(far: Far, install: Install, session: aiohttp.ClientSession, **more: Any) -> AsyncWebClient:
    return AsyncWebClient(install.token, far.url, timeout=2, session=session, retry_handlers=[], **more)


async def refused(asked: Any) -> str:
    """The error that Slack answers with."""
    with pytest.raises(SlackApiError) as answered:
        await asked
    error: str = answered.value.response["error"]
    return error


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


async def test_people_are_told_of_as_slack_does(far: Far, client: AsyncWebClient) -> None:
    ann = (await client.users_info(user="UANN"))["user"]
    assert (ann["real_name"], ann["tz"], ann["team_id"]) == ("Ann Lee", "Europe/Paris", "T1")
    assert ann["profile"]["email"] == "ann@example.com"
    assert not ann["is_restricted"]
    assert "is_stranger" not in ann
    assert await refused(client.users_info(user="UNONE")) == "user_not_found"
    far.users["UANN"].deleted = True
    assert "tz" not in (await client.users_info(user="UANN"))["user"]


async def test_people_of_other_companies_are_seen_only_where_a_channel_is_shared(
    far: Far, client: AsyncWebClient
) -> None:
    far.add_workspace("T2", "Contoso")
    far.add_user("UEVE", "Eve", "T2", stranger=True)
    assert await refused(client.users_info(user="UEVE")) == "user_not_found"
    far.add_channel("CSHARED", members=["UEVE"], shared_with=["T2"])
    eve = (await client.users_info(user="UEVE"))["user"]
    assert (eve["team_id"], eve["is_stranger"]) == ("T2", True)
    assert await refused(client.conversations_open(users="UEVE")) == "user_not_visible"


@pytest.mark.parametrize(
    ("error", "user"), [("user_not_found", "UNONE"), ("cannot_dm_bot", "UDESKT1"), ("user_disabled", "UBOB")]
)
async def test_some_cannot_be_spoken_to_alone(far: Far, client: AsyncWebClient, error: str, user: str) -> None:
    far.users["UBOB"].deleted = True
    assert await refused(client.conversations_open(users=user)) == error


async def test_places_and_their_people_are_told_of(far: Far, client: AsyncWebClient) -> None:
    told = (await client.conversations_info(channel="CHELP", include_num_members=True))["channel"]
    assert (told["name"], told["is_member"], told["num_members"], told["is_ext_shared"]) == ("help", True, 2, False)
    first = await client.conversations_members(channel="CHELP", limit=1)
    cursor = first["response_metadata"]["next_cursor"]
    second = await client.conversations_members(channel="CHELP", cursor=cursor)
    assert first["members"] + second["members"] == ["UANN", "UDESKT1"]
    assert (await client.team_info())["team"]["name"] == "Provider"
    ts = (await client.chat_postMessage(channel="CHELP", text="a"))["ts"]
    link = await client.chat_getPermalink(channel="CHELP", message_ts=ts)
    assert link["permalink"] == "https://provider.slack.com/archives/CHELP/p1769000000000000"


# Views ------------------------------------------------------------------------------------------------------------


async def test_a_trigger_opens_one_modal_and_lives_three_seconds(far: Far, client: AsyncWebClient) -> None:
    trigger, late = far.trigger("UANN", far.installs[0]), far.trigger("UANN", far.installs[0])
    opened = await client.views_open(trigger_id=trigger, view=modal(asks(typed())))
    assert far.stack("UANN")[0].id == opened["view"]["id"]
    assert await refused(client.views_open(trigger_id=trigger, view=modal())) == "exchanged_trigger_id"
    far.clock = Now(far.clock() + 3.1)
    assert await refused(client.views_open(trigger_id=late, view=modal())) == "expired_trigger_id"
    assert await refused(client.views_open(trigger_id="1.2.3", view=modal())) == "invalid_trigger_id"
    assert len(far.violations) == 2, "being late is nobody's fault"


async def test_three_modals_stand_on_top_of_each_other_at_most(far: Far, client: AsyncWebClient) -> None:
    install = far.installs[0]
    assert await refused(client.views_push(trigger_id=far.trigger("UANN", install), view=modal())) == "not_found"
    await client.views_open(trigger_id=far.trigger("UANN", install), view=modal())
    for _ in range(2):
        await client.views_push(trigger_id=far.trigger("UANN", install), view=modal())
    pushed = client.views_push(trigger_id=far.trigger("UANN", install), view=modal())
    assert await refused(pushed) == "push_limit_reached"
    assert far.stack("UANN")[2].json()["root_view_id"] == far.stack("UANN")[0].id


async def test_a_modal_is_updated_unless_it_changed_meanwhile(far: Far, client: AsyncWebClient) -> None:
    trigger = far.trigger("UANN", far.installs[0])
    opened = (await client.views_open(trigger_id=trigger, view=modal(external_id="mine")))["view"]
    await client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal(asks(typed()), external_id="mine"))
    assert far.stack("UANN")[0].labels == ["Words"]
    late = client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal())
    assert await refused(late) == "hash_conflict"
    assert await refused(client.views_update(view_id="V0", view=modal())) == "not_found"
    again = client.views_open(trigger_id=far.trigger("UANN", far.installs[0]), view=modal(external_id="mine"))
    assert await refused(again) == "duplicate_external_id"


async def test_a_home_is_published_for_one_person(far: Far, client: AsyncWebClient) -> None:
    published = (await client.views_publish(user_id="UANN", view=home(section())))["view"]
    kept = far.home("UANN")
    assert kept
    assert kept.words == "Words"
    assert far.home("UBOB") is None
    await client.views_publish(user_id="UANN", view=home(section()), hash=published["hash"])
    late = client.views_publish(user_id="UANN", view=home(section()), hash=published["hash"])
    assert await refused(late) == "hash_conflict"
    assert await refused(client.views_publish(user_id="UNONE", view=home(section()))) == "invalid_arguments"
    assert await refused(client.views_publish(user_id="UANN", view=modal())) == "invalid_blocks"


async def test_prompts_are_set_for_a_conversation_and_never_for_a_thread(far: Far, client: AsyncWebClient) -> None:
    direct = (await client.conversations_open(users="UANN"))["channel"]["id"]
    prompts = [{"title": "Open a case", "message": "open"}]
    await client.assistant_threads_setSuggestedPrompts(channel_id=direct, prompts=prompts, title="You could say")
    assert far.prompts[direct] == {"title": "You could say", "prompts": prompts}
    ts = (await client.chat_postMessage(channel=direct, text="a"))["ts"]
    threaded = client.assistant_threads_setSuggestedPrompts(channel_id=direct, prompts=prompts, thread_ts=ts)
    assert await refused(threaded) == "invalid_arguments"
    elsewhere = client.assistant_threads_setSuggestedPrompts(channel_id="CHELP", prompts=prompts)
    assert await refused(elsewhere) == "channel_not_found"
    assert len(far.violations) == 2
    await client.assistant_threads_setStatus(channel_id=direct, thread_ts=ts, status="is looking")
    assert far.statuses == {(direct, ts): "is looking"}


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


# Installing -------------------------------------------------------------------------------------------------------

PAGE = "https://slack.com/oauth/v2/authorize?client_id=111.222&scope=chat:write,im:write&state=s1&redirect_uri="
BACK = "https://desk.example.com/slack/oauth_redirect"


async def exchanged(far: Far, **more: Any) -> Any:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(base_url=far.url, session=session, retry_handlers=[])
        app = {"client_id": far.app.client_id, "client_secret": far.app.client_secret}
        return await client.oauth_v2_access(**{**app, **more})


def code_in(address: str) -> str:
    return address.partition("code=")[2].partition("&")[0]


async def test_a_code_is_exchanged_once_for_a_token_with_what_was_asked_for(far: Far) -> None:
    back = far.consent(PAGE + BACK, "UANN")
    assert back.startswith(BACK)
    assert back.endswith("state=s1")
    granted = await exchanged(far, code=code_in(back), redirect_uri=BACK)
    assert (granted["team"]["id"], granted["enterprise"], granted["scope"]) == ("T1", None, "chat:write,im:write")
    assert "refresh_token" not in granted.data
    assert far.tokens[granted["access_token"]].install.bot == granted["bot_user_id"]
    assert await refused(exchanged(far, code=code_in(back), redirect_uri=BACK)) == "code_already_used"


@pytest.mark.parametrize(
    ("error", "more"),
    [
        ("invalid_code", {"code": "none"}),
        ("bad_redirect_uri", {"redirect_uri": "https://evil.example.com/"}),
        ("invalid_client_id", {"client_id": "9.9"}),
        ("bad_client_secret", {"client_secret": "guessed"}),
        ("invalid_grant_type", {"grant_type": "password"}),
    ],
)
async def test_a_code_is_exchanged_by_the_app_alone(far: Far, error: str, more: Json) -> None:
    asked = {"code": code_in(far.consent(PAGE + BACK, "UANN")), "redirect_uri": BACK}
    assert await refused(exchanged(far, **{**asked, **more})) == error


async def test_a_code_lives_ten_minutes(far: Far) -> None:
    code = code_in(far.consent(PAGE + BACK, "UANN"))
    far.clock = Now(far.clock() + 601)
    assert await refused(exchanged(far, code=code, redirect_uri=BACK)) == "invalid_code"


@pytest.mark.parametrize(
    "page",
    [
        PAGE.replace("&state=s1", ""),
        PAGE.replace("111.222", "9.9"),
        PAGE.replace("chat:write", "admin"),
        PAGE.replace("authorize", "allow"),
        PAGE.replace("chat:write,im:write", ""),
    ],
)
async def test_nobody_consents_to_a_page_that_is_not_ours(far: Far, page: str) -> None:
    with pytest.raises(AssertionError):
        far.consent(page + BACK, "UANN")


async def test_a_rotating_token_ends_and_its_refresh_token_serves_once(far: Far, client: AsyncWebClient) -> None:
    granted = await exchanged(far, code=code_in(far.consent(PAGE + BACK, "UANN", rotating=True)), redirect_uri=BACK)
    old, refresh = granted["access_token"], granted["refresh_token"]
    assert granted["expires_in"] == 43200
    rotate = {"grant_type": "refresh_token", "refresh_token": refresh}
    renewed = await exchanged(far, **rotate)
    assert renewed["access_token"] != old
    assert await refused(exchanged(far, **rotate)) == "invalid_refresh_token"
    client.token = old
    await client.auth_test()
    far.clock = Now(far.clock() + 43200)
    assert await refused(client.auth_test()) == "token_expired"
    assert (await exchanged(far, grant_type="refresh_token", refresh_token=renewed["refresh_token"]))["ok"]


async def test_a_token_that_lives_for_ever_is_exchanged_for_one_that_rotates(far: Far, client: AsyncWebClient) -> None:
    app = {"client_id": far.app.client_id, "client_secret": far.app.client_secret}
    assert client.token
    granted = await client.oauth_v2_exchange(token=client.token, **app)
    assert granted["refresh_token"]
    again = client.oauth_v2_exchange(token=granted["access_token"], **app)
    assert await refused(again) == "cannot_exchange_rotated_token"


async def test_an_organisation_installs_for_all_its_workspaces(far: Far) -> None:
    far.add_workspace("T7", "North", enterprise="E1")
    far.add_user("UCORA", "Cora", "T7")
    back = far.consent(PAGE + BACK, "UCORA", whole_organisation=True)
    granted = await exchanged(far, code=code_in(back), redirect_uri=BACK)
    assert (granted["team"], granted["enterprise"]["id"], granted["is_enterprise_install"]) == (None, "E1", True)


async def test_an_uninstalled_app_has_no_token_left(far: Far, client: AsyncWebClient) -> None:
    app = {"client_id": far.app.client_id, "client_secret": far.app.client_secret}
    await client.apps_uninstall(**app)
    assert await refused(client.auth_test()) == "account_inactive"
