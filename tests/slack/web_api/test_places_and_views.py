"""People, places, modals and homes of the played Slack."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.far import Far
from tests.slack.pieces import asks, home, modal, section, typed
from tests.slack.web_api.calling import Now, refused


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
