"""What Slack sends is taken once, whole and in time, and nothing is that Slack never said."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import pytest

from store.store import Store
from store.tables import Case, Inbox, Outbox
from tests.asked import PROBLEM
from tests.busy import busy
from tests.slack.delivery import Request, signed
from tests.slack.stage import DESK, Stage, staged
from tests.slack.writing import Order
from tests.world import BROKEN


@pytest.fixture
async def both(store: Store) -> AsyncIterator[Stage]:
    """On both databases."""
    async with staged(store) as opened:
        yield opened


# Once -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("together", [False, True])
async def test_one_message_eleven_times_under_new_ids_is_one_case_and_one_receipt(both: Stage, together: bool) -> None:
    done = await both.slack.message("U0ANN", "U0ANN", BROKEN)
    again = await both.slack.redeliver(done, 10, together=together)
    await both.settle()
    assert all(one.kept for one in (done, *again))
    assert len(await both.rows(Case)) == 1
    assert len(both.said("U0ANN")) == 2
    assert len(both.far.messages(DESK)) == 2


async def test_copies_that_all_wait_for_the_store_are_one_case(stage: Stage) -> None:
    channel = stage.far.direct("U0ANN", stage.far.installs[0]).id
    event = {"type": "message", "channel": channel, "channel_type": "im", "user": "U0ANN", "text": BROKEN}
    event |= {"ts": "1768831300.000100", "event_ts": "1768831300.000100", "team": "T1"}
    with busy(stage.world.store):
        sending = [asyncio.create_task(stage.slack.event(event, channel)) for _ in range(11)]
        await asyncio.wait(sending, timeout=0.3)
    assert {one.status for one in await asyncio.gather(*sending)} == {200}
    assert len(await stage.rows(Case)) == 1
    assert len(await stage.rows(Inbox)) == 1


async def test_slack_s_own_retries_are_once_too(stage: Stage) -> None:
    done = await stage.slack.message("U0ANN", "U0ANN", BROKEN)
    await stage.slack.redeliver(done, 3, new_ids=False, marked=True)
    await stage.settle()
    assert len(await stage.rows(Case)) == 1
    assert len(stage.said("U0ANN")) == 2


@pytest.mark.parametrize("order", ["message first", "mention first", "together"])
async def test_a_mention_in_a_storm_is_one_case(stage: Stage, north: str, order: Order) -> None:
    done = await stage.slack.message("U0ANN", north, f"{stage.slack.mention(north)} {BROKEN}", order=order)
    await stage.slack.redeliver(done, 5, together=True)
    await stage.settle()
    assert len(await stage.rows(Case)) == 1
    assert len([text for text in stage.said(north) if text.startswith("Thank you")]) == 1


async def test_a_message_that_was_ignored_does_not_swallow_its_mention(stage: Stage, north: str) -> None:
    """The bot's name as another workspace would write it: only the app_mention says that it is meant."""
    done = await stage.slack.message("U0ANN", north, f"{stage.slack.mention(north)} {BROKEN}")
    message, mention = done.requests
    ignored = {**message.body["event"], "text": BROKEN, "ts": "1768831300.000100", "client_msg_id": "x"}
    before = len(await stage.rows(Inbox))
    await stage.slack.event(ignored, north)
    assert len(await stage.rows(Inbox)) == before
    await stage.slack.event({**mention.body["event"], "ts": "1768831300.000100"}, north)
    assert len(await stage.rows(Inbox)) == before + 1


async def test_one_command_delivered_again_is_one_act_with_the_same_answer(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    done = await stage.slack.command("U0SAM", "U0SAM", "/case", "take 1001")
    again = await stage.slack.redeliver(done, 3)
    assert {one.text for one in (done, *again)} == {done.text}
    assert "being worked on" in done.text
    assert [verb for verb, _ in await stage.history()].count("take") == 1


async def test_one_press_delivered_again_is_one_act(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    done = await stage.slack.press("U0SAM", stage.card(), "Take")
    await stage.slack.redeliver(done, 4, together=True)
    await stage.settle()
    assert [verb for verb, _ in await stage.history()].count("take") == 1
    assert "already works" not in "\n".join(stage.whispered("sam", DESK))


async def test_two_presses_of_one_button_are_two_acts_and_the_second_is_told_how_things_stand(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    card = stage.card()
    for _ in range(2):
        await stage.slack.press("U0SAM", card, "Take")
    await stage.settle()
    assert [verb for verb, _ in await stage.history()].count("take") == 1
    assert "already works" in "\n".join(stage.whispered("sam", DESK))


async def test_one_modal_sent_off_again_is_one_case(stage: Stage) -> None:
    """Slack's client sends it once more where it did not hear that it arrived: under another trigger."""
    await stage.commands("ann", "/support open")
    view = stage.slack.modal("U0ANN")
    done = await stage.slack.submit("U0ANN", view, {PROBLEM: "The report is blank"})
    again = await stage.slack.redeliver(done, 3)
    [request] = done.requests
    fresh = Request("interactive", {**request.body, "trigger_id": "another.trigger"})
    again.append(await stage.slack.interactive(fresh.body))
    await stage.settle()
    assert all(one.kept for one in again)
    assert len(await stage.rows(Case)) == 1


async def test_a_modal_corrected_after_a_mistake_counts(stage: Stage) -> None:
    """The same view is sent twice, and only the second time is it an act."""
    await stage.commands("ann", "/support open")
    await stage.fills("ann", **{PROBLEM: "x"})
    await stage.fills("ann", **{PROBLEM: "The report is blank"})
    assert len(await stage.rows(Case)) == 1


async def test_a_shortcut_and_a_sign_delivered_again_are_one_case(stage: Stage, north: str) -> None:
    said = await stage.slack.message("U0ANN", north, BROKEN)
    assert said.message
    sign = await stage.slack.react("U0ANN", said.message, "ticket")
    await stage.slack.redeliver(sign, 3, together=True)
    await stage.settle()
    assert len(await stage.rows(Case)) == 1
    other = await stage.slack.message("U0BOB", north, "The report is blank")
    assert other.message
    shortcut = await stage.slack.shortcut("U0BOB", "open_from_message", other.message)
    await stage.slack.redeliver(shortcut, 3, together=True)
    await stage.settle()
    assert len(await stage.rows(Case)) == 2


# In time ----------------------------------------------------------------------------------------------------------


async def test_nothing_is_acknowledged_before_it_is_kept(stage: Stage) -> None:
    with busy(stage.world.store):
        sending = asyncio.create_task(stage.slack.message("U0ANN", "U0ANN", BROKEN))
        done, _ = await asyncio.wait({sending}, timeout=0.5)
        assert done == set()
    assert (await sending).status == 200
    assert len(await stage.rows(Case)) == 1


ACTS = ["message", "command", "press", "modal", "shortcut", "sign", "edit"]


async def test_a_store_too_slow_is_answered_503_in_time_and_nothing_was_done(stage: Stage, north: str) -> None:
    """All kinds of acts at once: Slack waits three seconds, and the writer takes longer."""
    await stage.writes("ann", f"{stage.slack.mention(north)} {BROKEN}", north)
    await stage.commands("bob", "/support open")
    view, card = stage.slack.modal("U0BOB"), stage.card()
    said = await stage.slack.message("U0BOB", north, "The report is blank")
    root = stage.far.messages(north)[0]
    assert said.message
    before = (await stage.history(), len(await stage.rows(Inbox)), len(await stage.rows(Outbox)))
    slack = stage.slack
    with busy(stage.world.store):
        done = await asyncio.gather(
            slack.message("U0ANN", north, "Error 500", root.ts),
            slack.command("U0SAM", "U0SAM", "/case", "take 1001"),
            slack.press("U0SAM", card, "Take"),
            slack.submit("U0BOB", view, {PROBLEM: "The report is blank"}),
            slack.shortcut("U0BOB", "open_from_message", said.message),
            slack.react("U0BOB", said.message, "ticket"),
            slack.edit(root, "Error 501"),
        )
        assert [one.status for one in done] == [503] * len(ACTS)
        assert max(one.seconds for one in done) < 3
    await stage.world.store.write(lambda work: None)  # whatever was in line is over now
    assert (await stage.history(), len(await stage.rows(Inbox)), len(await stage.rows(Outbox))) == before
    for one in done:
        assert (await slack.insist(one)).kept
    await stage.settle()
    history = [verb for verb, _ in await stage.history()]
    assert history.count("take") == 1
    assert len(await stage.rows(Case)) > 1


async def test_what_needs_no_store_is_answered_while_it_is_slow(stage: Stage) -> None:
    with busy(stage.world.store):
        form = await stage.slack.command("U0ANN", "U0ANN", "/support", "open")
        assert form.status == 200
        assert form.seconds < 1


# Nothing that Slack never said ------------------------------------------------------------------------------------


async def test_what_is_stale_unsigned_or_signed_by_another_does_nothing(stage: Stage) -> None:
    written = await stage.slack.message("U0ANN", "U0ANN", BROKEN)
    kept = len(await stage.rows(Inbox))
    [request] = written.requests
    event = {**request.body["event"], "ts": "1768831300.000100", "text": "another"}
    raw = json.dumps({**request.body, "event": event}).encode()
    form = urlencode({"command": "/case", "text": "queue", "user_id": "U0SAM", "team_id": "T1", "trigger_id": "1.2"})
    for body, kind in ((raw, "application/json"), (form.encode(), "application/x-www-form-urlencoded")):
        answers = [
            await stage.slack.raw(body, kind, age=301),
            await stage.slack.raw(body, kind, age=-301),
            await stage.slack.raw(body, kind, secret="another app's"),
            await stage.slack.raw(body, kind, X_Slack_Signature=""),
            await stage.slack.raw(body, kind, X_Slack_Request_Timestamp=""),
            await stage.slack.raw(body, kind, X_Slack_Signature="v0=" + "0" * 64),
        ]
        assert [answer.status for answer in answers] == [401] * 6
    assert len(await stage.rows(Inbox)) == kept
    assert len(await stage.rows(Case)) == 1


async def test_a_body_changed_under_its_signature_does_nothing(stage: Stage) -> None:
    written = await stage.slack.message("U0ANN", "U0ANN", BROKEN)
    [request] = written.requests
    headers = signed(stage.far.app.signing_secret, request.raw, stage.slack.way.clock())  # type: ignore[union-attr]
    forged = request.raw.replace(b"U0ANN", b"U0SAM")
    given: dict[str, Any] = {name.replace("-", "_"): value for name, value in headers.items()}
    assert (await stage.slack.raw(forged, **given)).status == 401
    assert len(await stage.rows(Case)) == 1


async def test_the_same_bytes_again_within_their_time_are_answered_and_do_nothing_more(stage: Stage) -> None:
    written = await stage.slack.message("U0ANN", "U0ANN", BROKEN)
    [request] = written.requests
    assert (await stage.slack.raw(request.raw, age=100)).status == 200
    await stage.settle()
    assert len(await stage.rows(Case)) == 1


async def test_another_workspace_s_events_are_not_this_desk_s(stage: Stage) -> None:
    written = await stage.slack.message("U0ANN", "U0ANN", BROKEN)
    [request] = written.requests
    other = {"enterprise_id": None, "team_id": "T9", "user_id": "U9", "is_bot": True, "is_enterprise_install": False}
    event = {**request.body["event"], "ts": "1768831300.000100"}
    done = await stage.slack.event(event, authorizations=[other], team_id="T9")
    assert done.status == 403
    assert len(await stage.rows(Case)) == 1


async def test_slack_s_own_checks_of_the_address_are_answered(stage: Stage) -> None:
    challenge = json.dumps({"type": "url_verification", "token": "x", "challenge": "say it back"}).encode()
    answer = await stage.slack.raw(challenge)
    assert (answer.status, answer.json) == (200, {"challenge": "say it back"})
    checked = await stage.slack.raw(b"ssl_check=1&token=x", "application/x-www-form-urlencoded")
    assert checked.status == 200


@pytest.mark.parametrize(
    "kind", ["team_join", "message_metadata_posted", "link_shared", "app_requested", "function_executed", "new_event"]
)
async def test_events_nobody_subscribed_to_are_answered_and_ignored(stage: Stage, kind: str) -> None:
    """404 would count as our failure."""
    done = await stage.slack.event({"type": kind, "user": "U0ANN", "event_ts": "1768831300.000100"})
    assert done.status == 200
    assert await stage.rows(Inbox) == []


async def test_interactions_of_no_form_and_no_button_of_ours_are_answered(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    pressed = await stage.slack.press("U0SAM", stage.card(), "Take")
    [request] = pressed.requests
    unknown: list[dict[str, Any]] = [
        {**request.body, "type": "shortcut", "callback_id": "of_yesterday"},
        {**request.body, "actions": [{"type": "button", "action_id": "feedback", "block_id": "b", "value": "x"}]},
        {**request.body, "type": "view_closed", "view": {"id": "V1", "callback_id": "x", "type": "modal"}},
    ]
    for payload in unknown:
        done = await stage.slack.interactive({**payload, "trigger_id": "9.9"})
        assert done.status == 200, payload["type"]
