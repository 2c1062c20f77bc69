"""What may have arrived in Slack is looked for before it is said again, and a pause that it asks for is kept."""

from typing import Any

import pytest

from adapters.slack.channel import PAGE
from tests.adapters.slack.delivery.owing import ANN, NO_ANSWER, SHOP, dead, leaves, lookups, owe, owed, posts, to
from tests.slack import faults
from tests.slack.faults import Gate, Step
from tests.slack.stage import DESK, Stage

# Slack says when --------------------------------------------------------------------------------------------------


async def test_a_room_for_which_slack_asks_a_pause_gets_it_and_no_other_room_waits(stage: Stage) -> None:
    with stage.far.rule(faults.status(429, retry_after=30), "chat.postMessage", to(SHOP)):
        await owe(stage, SHOP, "one", "two")
        await owe(stage, DESK, "other")
        await leaves(stage)
    assert stage.said(DESK) == ["other"]
    await leaves(stage, seconds=29)
    assert (stage.said(SHOP), len(posts(stage))) == ([], 1), "and it is left in peace until then"
    await leaves(stage, seconds=1)
    assert stage.said(SHOP) == ["one", "two"]
    assert lookups(stage) == [], "it said itself that nothing was done"


@pytest.mark.parametrize("retry_after", ["", "soon", "-5", "nan", "inf", "Wed, 21 Oct 2026 07:28:00 GMT", "86400"])
async def test_a_pause_that_makes_no_sense_is_a_short_one_and_a_long_one_has_an_end(
    stage: Stage, retry_after: str
) -> None:
    async def step(request: Any, proceed: Any) -> Any:
        answer = await faults.status(429)(request, proceed)
        answer.headers["Retry-After"] = retry_after
        return answer

    stage.far.script("chat.postMessage", step)
    await owe(stage, SHOP, "one")
    await leaves(stage)
    assert stage.said(SHOP) == []
    await leaves(stage, minutes=10)
    assert stage.said(SHOP) == ["one"]
    assert lookups(stage) == []


async def test_a_pause_is_understood_though_its_answer_cannot_be_read(stage: Stage) -> None:
    async def step(request: Any, proceed: Any) -> Any:
        answer = await faults.bad_json()(request, proceed)
        answer.set_status(429)
        answer.headers["Retry-After"] = "30"
        return answer

    stage.far.script("chat.postMessage", step)
    await owe(stage, SHOP, "one")
    await leaves(stage)
    await leaves(stage, seconds=29)
    assert len(posts(stage)) == 1
    await leaves(stage, seconds=1)
    assert (stage.said(SHOP), lookups(stage)) == (["one"], [])


async def test_where_slack_cannot_be_reached_nothing_was_sent_and_nothing_is_looked_for(stage: Stage) -> None:
    await leaves(stage)
    api = stage.connection._api
    await owe(stage, SHOP, "one", "two")
    there, api._url = api._url, "http://127.0.0.1:1/api/"
    api._clients.clear()
    await leaves(stage)
    api._url = there
    api._clients.clear()
    await leaves(stage, minutes=1)
    assert stage.said(SHOP) == ["one", "two"]
    assert lookups(stage) == []


# Nobody knows whether it arrived ----------------------------------------------------------------------------------


@pytest.mark.parametrize("recorded", [False, True], ids=["nothing was done", "it was done"])
@pytest.mark.parametrize("step", NO_ANSWER.values(), ids=NO_ANSWER)
async def test_what_may_have_arrived_is_looked_for_and_stands_there_once(
    stage: Stage, step: Step, recorded: bool
) -> None:
    stage.far.script("chat.postMessage", faults.recorded_then(step) if recorded else step)
    await owe(stage, SHOP, "one", "two")
    await leaves(stage)
    assert stage.said(SHOP) == (["one"] if recorded else [])
    await leaves(stage, minutes=1)
    assert stage.said(SHOP) == ["one", "two"]
    [looked] = lookups(stage)
    assert looked.method == "conversations.history"
    assert looked.args["include_all_metadata"] is True
    assert looked.args["limit"] <= 15, "all that many apps are given"
    assert float(looked.args["oldest"]) == stage.world.time.machine.timestamp() - 120, "not long before it was owed"
    assert len(posts(stage)) == (2 if recorded else 3)


@pytest.mark.parametrize("recorded", [False, True], ids=["nothing was done", "it was done"])
async def test_in_a_thread_it_is_looked_for_among_the_replies(stage: Stage, recorded: bool) -> None:
    root = await stage.slack.message(ANN, SHOP, "Is anybody here?")
    step = faults.reset_after_record() if recorded else faults.reset_before()
    stage.far.script("chat.postMessage", step)
    await owe(stage, SHOP, "one", thread=root.ts)
    await leaves(stage)
    await leaves(stage, minutes=1)
    assert [one.text for one in stage.far.thread(SHOP, root.ts)[1:]] == ["one"]
    assert [(call.method, call.args["ts"]) for call in lookups(stage)] == [("conversations.replies", root.ts)]


@pytest.mark.parametrize("recorded", [False, True], ids=["nothing was done", "it was done"])
async def test_an_answer_that_takes_too_long_is_not_waited_for(
    stage: Stage, recorded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.TIME_OUT", 0.2)
    stage.far.script("chat.postMessage", gate := Gate(recorded))
    await owe(stage, SHOP, "one")
    await leaves(stage)
    monkeypatch.undo()
    await leaves(stage, minutes=1)
    assert stage.said(SHOP) == ["one"]
    gate.open()


async def test_a_message_is_found_though_people_have_written_pages_since(stage: Stage) -> None:
    stage.far.script("chat.postMessage", faults.reset_after_record())
    await owe(stage, SHOP, "one")
    await leaves(stage)
    for n in range(7 * PAGE + 5):
        await stage.slack.message(ANN, SHOP, f"{n}")
    await leaves(stage, minutes=1)
    assert stage.said(SHOP) == ["one"]
    assert len({call.args.get("cursor", "") for call in lookups(stage)}) == 8


async def test_a_lookup_that_may_turn_one_page_a_minute_goes_on_where_it_was(stage: Stage) -> None:
    stage.far.script("chat.postMessage", faults.reset_after_record())
    await owe(stage, SHOP, "one")
    await leaves(stage)
    for n in range(2 * PAGE + 5):
        await stage.slack.message(ANN, SHOP, f"{n}")
    stage.far.history_limited = True
    for _ in range(4):
        await leaves(stage, minutes=1)
    assert stage.said(SHOP) == ["one"]
    assert [call.answer for call in lookups(stage)].count("ok") == 3
    assert len(posts(stage)) == 1


async def test_a_reply_is_found_though_people_have_written_pages_in_the_thread(stage: Stage) -> None:
    root = await stage.slack.message(ANN, SHOP, "Is anybody here?")
    for n in range(2 * PAGE + 5):
        await stage.slack.message(ANN, SHOP, f"{n}", root.ts)
    stage.far.script("chat.postMessage", faults.reset_after_record())
    await owe(stage, SHOP, "one", thread=root.ts)
    await leaves(stage)
    await leaves(stage, minutes=1)
    assert stage.said(SHOP) == ["one"]
    assert len(lookups(stage)) == 3


@pytest.mark.parametrize("recorded", [False, True], ids=["nothing was done", "it was done"])
async def test_a_lookup_that_is_itself_told_to_wait_waits_and_then_looks(stage: Stage, recorded: bool) -> None:
    stage.far.script("chat.postMessage", faults.recorded_then(faults.status(500)) if recorded else faults.status(500))
    stage.far.script("conversations.history", faults.status(429, retry_after=60))
    await owe(stage, SHOP, "one")
    await leaves(stage)
    await leaves(stage, seconds=10)
    assert len(posts(stage)) == 1, "not while it is open whether it arrived"
    await leaves(stage, seconds=59)
    assert len(lookups(stage)) == 1
    await leaves(stage, seconds=1)
    assert stage.said(SHOP) == ["one"]
    assert len(lookups(stage)) == 2


@pytest.mark.parametrize("step", NO_ANSWER.values(), ids=NO_ANSWER)
async def test_a_lookup_that_fails_is_done_again(stage: Stage, step: Step) -> None:
    stage.far.script("chat.postMessage", faults.reset_after_record())
    stage.far.script("conversations.history", step)
    await owe(stage, SHOP, "one")
    for _ in range(3):
        await leaves(stage, minutes=1)
    assert stage.said(SHOP) == ["one"]
    assert len(posts(stage)) == 1


async def test_looks_are_few_and_short_where_slack_limits_them(stage: Stage) -> None:
    """One a minute, for an app that many workspaces install from outside the marketplace."""
    stage.far.history_limited = True
    stage.far.rule(faults.recorded_then(faults.status(500)), "chat.postMessage")
    rooms = [f"C0{n}" for n in range(4)]
    for room in rooms:
        stage.far.add_channel(room)
        await owe(stage, room, f"to {room}")
    for _ in range(8):
        await leaves(stage, minutes=1)
    assert [stage.said(room) for room in rooms] == [[f"to {room}"] for room in rooms]


async def test_another_apps_message_is_not_taken_for_ours(stage: Stage) -> None:
    """Anybody may post metadata of our kind, and our keys can be guessed."""
    stage.far.script("chat.postMessage", faults.status(500))
    await owe(stage, SHOP, "one")
    await leaves(stage)
    forged = await stage.slack.message(ANN, SHOP, "one")
    found = stage.far.find(SHOP, forged.ts)
    assert found
    found.metadata = {"event_type": "supporthub_message", "event_payload": {"key": "m1"}}
    await leaves(stage, minutes=1)
    assert stage.said(SHOP) == ["one"]


async def test_a_reply_to_a_message_deleted_meanwhile_is_found_where_slack_puts_it(stage: Stage) -> None:
    """Slack posts it into the room itself, and says nothing."""
    root = await stage.slack.message(ANN, SHOP, "Is anybody here?")

    def unthreaded(request: Any, proceed: Any) -> Any:
        call = stage.far.calls[-1]
        call.args.pop("thread_ts")
        return faults.reset_after_record()(request, proceed)

    await stage.slack.delete(root.message)  # type: ignore[arg-type]
    stage.far.script("chat.postMessage", unthreaded)
    await owe(stage, SHOP, "one", thread=root.ts)
    await leaves(stage)
    await leaves(stage, minutes=1)
    assert stage.said(SHOP) == ["one"]
    assert await dead(stage) == []


async def test_an_app_that_is_uninstalled_while_it_is_open_whether_a_message_arrived_gives_it_up(stage: Stage) -> None:
    stage.far.script("chat.postMessage", faults.reset_before())
    await owe(stage, SHOP, "one")
    await leaves(stage)
    stage.far.revoke(stage.far.installs[0])
    await leaves(stage, minutes=1)
    assert await dead(stage) == ["the app's token was revoked"] * 2, "and of what was to be told to the desk"
    assert await owed(stage) == 0
