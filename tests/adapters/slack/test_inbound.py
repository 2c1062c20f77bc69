"""What Slack sends and how it is taken: once, whole, in time, and nothing that Slack never said."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from store.store import Store
from store.tables import Case, Inbox, Outbox
from tests.slack.delivery import Delivered, Request, signed
from tests.slack.stage import DESK, Stage, staged
from tests.slack.writing import Order
from tests.world import BROKEN

NORTH = "C0NORTH"
PROBLEM = "What is going wrong?"


@pytest.fixture
async def both(store: Store) -> AsyncIterator[Stage]:
    """On both databases."""
    async with staged(store) as opened:
        yield opened


@pytest.fixture
async def north(stage: Stage) -> str:
    stage.far.add_channel(NORTH, "northwind", ["U0ANN", "U0BOB", "U0SAM"])
    await stage.bind(NORTH, "northwind")
    return NORTH


@contextmanager
def busy(store: Store) -> Iterator[None]:
    """The store's writer is held up all the while."""
    gate = threading.Event()
    held = asyncio.ensure_future(store.write(lambda work: gate.wait(20)))
    try:
        yield
    finally:
        gate.set()
        assert held


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


# Misshapen ones ---------------------------------------------------------------------------------------------------


@pytest.fixture
async def samples(stage: Stage, north: str) -> list[Request]:
    """A real payload of each kind."""
    slack = stage.slack
    written = await stage.writes("ann", f"{slack.mention(north)} {BROKEN}", north)
    assert written.message
    await slack.command("U0BOB", "U0BOB", "/support", "open")
    await stage.settle()
    done: list[Delivered] = [
        written,
        await slack.edit(written.message, "and more"),
        await slack.react("U0ANN", written.message, "ticket"),
        await slack.react("U0SAM", stage.card(), "eyes"),
        await slack.open_home("U0ANN"),
        await slack.open_home("U0ANN", "messages"),
        await slack.command("U0SAM", north, "/case", "queue"),
        await slack.press("U0SAM", stage.card(), "Take"),
        await slack.shortcut("U0ANN", "open_from_message", written.message),
        await slack.shortcut("U0ANN", "open_case"),
        await slack.submit("U0BOB", slack.modal("U0BOB"), {PROBLEM: "The report is blank"}),
    ]
    await stage.settle()
    return [request for one in done for request in one.requests]


JUNK: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
STRANGE = st.sampled_from(
    [
        "",
        "0",
        "-1",
        "nan",
        "1e400",
        "99999999999999999999",
        "T1",
        "U0ANN",
        "U0SAM",
        "message_changed",
        "im",
        "C0DESK",
        {},
    ]
)


def paths(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """To every part of it."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inside:
        yield (*before, name)
        yield from paths(one, (*before, name))


def mutated(data: st.DataObject, body: dict[str, Any]) -> dict[str, Any]:
    """A part or a few of it gone or something else."""
    made: dict[str, Any] = json.loads(json.dumps(body))
    for _ in range(data.draw(st.integers(1, 3))):
        *there, last = data.draw(st.sampled_from(sorted(paths(made), key=repr)))
        part: Any = made
        for name in there:
            part = part[name]
        if data.draw(st.booleans()):
            del part[last]
        else:
            part[last] = data.draw(STRANGE | JUNK)
        if not made:
            break
    return made


@settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
async def test_a_misshapen_payload_is_the_sender_s_fault_at_worst(
    stage: Stage, samples: list[Request], data: st.DataObject
) -> None:
    """Signed as it is: from a Slack of tomorrow. Never our failure, and never something that breaks."""
    request = data.draw(st.sampled_from(samples))
    body = mutated(data, request.body)
    if request.kind == "slash_commands":
        body = {name: str(value) for name, value in body.items()}
    changed = Request(request.kind, body)
    answer = await stage.slack.raw(changed.raw, changed.content_type)
    assert answer.status < 500, answer.text  # what it is called is left to Slack: nothing of it is kept
    await stage.settle()
    assert "Something broke" not in "\n".join(stage.said("U0ANN") + stage.said("U0SAM"))
    stage.far.violations.clear()  # whoever is told nonsense asks nonsense


# Coming and going -------------------------------------------------------------------------------------------------


async def test_an_uninstalled_app_takes_note_and_does_nothing_more(stage: Stage) -> None:
    written = await stage.writes("ann", BROKEN)
    gone = await stage.slack.uninstall()
    assert gone.kept
    again = await stage.slack.redeliver(written)
    assert [one.status for one in again] != [500]
    await stage.settle()
    assert len(await stage.rows(Case)) == 1


async def test_a_revoked_token_is_taken_note_of(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    assert (await stage.slack.revoke()).kept
    assert len(await stage.rows(Case)) == 1


async def test_a_person_s_own_token_revoked_changes_nothing(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    done = await stage.slack.event({"type": "tokens_revoked", "tokens": {"oauth": ["U0ANN"], "bot": []}})
    assert done.kept
    calls = len(stage.far.called("auth.test"))
    await stage.writes("ann", "open: and the report is blank")
    assert len(stage.far.called("auth.test")) == calls


# Socket Mode ------------------------------------------------------------------------------------------------------


@pytest.fixture
async def socket(sqlite_store: Store) -> AsyncIterator[Stage]:
    async with staged(sqlite_store, socket_mode=True) as opened:
        yield opened


async def test_down_a_socket_a_case_is_opened_answered_closed_and_confirmed(socket: Stage) -> None:
    await socket.commands("ann", "/support open")
    await socket.fills("ann", **{PROBLEM: "The report is blank"})
    await socket.presses("sam", "Take", DESK)
    await socket.commands("sam", "/case reply 1001 We look into it")
    await socket.commands("sam", "/case close 1001 Fixed")
    await socket.presses("ann", "Yes, close it")
    assert (await socket.case()).status == "closed"
    assert socket.said("U0ANN")[-1].startswith("Thank you. Case #1001 is closed.")


async def test_down_a_socket_a_mistake_in_a_modal_stays_with_it(socket: Stage) -> None:
    await socket.commands("ann", "/support open")
    done = await socket.fills("ann", **{PROBLEM: "x"})
    assert done.json["response_action"] == "errors"


async def test_down_a_socket_a_mention_and_a_redelivery_are_one_case(socket: Stage) -> None:
    socket.far.add_channel(NORTH, "northwind", ["U0ANN"])
    await socket.bind(NORTH, "northwind")
    done = await socket.slack.message("U0ANN", NORTH, f"{socket.slack.mention(NORTH)} {BROKEN}", order="together")
    await socket.slack.redeliver(done, 5, together=True)
    await socket.settle()
    assert len(await socket.rows(Case)) == 1


async def test_down_a_socket_what_was_not_kept_is_not_acknowledged_and_comes_again(socket: Stage) -> None:
    with busy(socket.world.store):
        done = await socket.slack.message("U0ANN", "U0ANN", BROKEN)
        assert done.status == 0
    await socket.world.store.write(lambda work: None)
    assert (await socket.rows(Case), await socket.rows(Inbox)) == ([], [])
    again = await socket.slack.insist(done)
    await socket.settle()
    assert again.kept
    assert len(await socket.rows(Case)) == 1


async def test_a_socket_that_slack_closes_is_opened_anew(socket: Stage) -> None:
    await socket.writes("ann", BROKEN)
    await socket.far.sockets.disconnect()
    await asyncio.wait_for(socket.far.sockets.connected.wait(), 10)
    await socket.writes("ann", "open: the report is blank")
    assert len(await socket.rows(Case)) == 2
