"""What Teams sends and how it is taken: once, whole, in time, from whom it says, and nothing that Teams never said."""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from store.store import Store
from store.tables import Case, Conversation, Inbox, Outbox
from tests.teams import envelopes, faults
from tests.teams.delivery import Delivered
from tests.teams.places import Json, guid
from tests.teams.stage import DESK, Stage, staged
from tests.world import BROKEN

ANN, BOB, EVE, SAM = (guid(name) for name in ("ann", "bob", "eve", "sam"))
PROBLEM, REPORT = "What is going wrong?", "The report is blank"


@pytest.fixture
async def both(store: Store) -> AsyncIterator[Stage]:
    """On both databases."""
    async with staged(store) as opened:
        yield opened


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


async def kept(stage: Stage) -> tuple[int, ...]:
    """How much there is of all that an act leaves behind."""
    return tuple([len(await stage.rows(kind)) for kind in (Case, Inbox, Outbox, Conversation)])


# Once -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("together", [False, True])
async def test_one_message_eleven_times_is_one_case_and_one_receipt(both: Stage, together: bool) -> None:
    done = await both.teams.message(ANN, ANN, BROKEN)
    again = await both.teams.redeliver(done, 10, together=together)
    await both.settle()
    assert {one.status for one in (done, *again)} == {200}
    assert len(await both.rows(Case)) == 1
    assert len([text for text in both.said(ANN) if text.startswith("Thank you")]) == 1
    assert len(both.said(DESK)) == 2


async def test_copies_that_all_wait_for_the_store_are_one_case(stage: Stage) -> None:
    done = await stage.writes("ann", "hello")
    act = {**done.activity, "id": stage.far.stamp(), "text": BROKEN}
    with busy(stage.world.store):
        sending = [asyncio.create_task(stage.teams.send(act)) for _ in range(11)]
        await asyncio.wait(sending, timeout=0.3)
    assert {one.status for one in await asyncio.gather(*sending)} == {200}
    assert len(await stage.rows(Case)) == 1


async def test_the_same_words_said_twice_are_two_acts(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    await stage.writes("ann", "cancel")
    await stage.writes("ann", "It is slow")
    await stage.writes("ann", "It is slow")
    assert [words for verb, words in await stage.history() if verb == "say"] == ["It is slow"] * 2


async def test_one_press_of_an_old_client_delivered_again_is_one_act(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    done = await stage.teams.press(SAM, stage.card(), "Take", submit=True)
    await stage.teams.redeliver(done, 4, together=True)
    await stage.settle()
    assert [verb for verb, _ in await stage.history()].count("take") == 1
    assert "already works" not in "\n".join(stage.said(SAM))


# In time ----------------------------------------------------------------------------------------------------------


async def test_nothing_is_acknowledged_before_it_is_kept(stage: Stage) -> None:
    await stage.writes("ann", "hello")
    with busy(stage.world.store):
        sending = asyncio.create_task(stage.teams.message(ANN, ANN, BROKEN))
        done, _ = await asyncio.wait({sending}, timeout=0.5)
        assert done == set()
    assert (await sending).status == 200
    assert len(await stage.rows(Case)) == 1


async def test_a_store_too_slow_is_answered_503_in_time_and_nothing_was_done(stage: Stage, north: str) -> None:
    """All kinds of acts at once: a message's dialog is waited for five seconds, and the writer takes longer."""
    teams = stage.teams
    root = await stage.writes("ann", BROKEN, north)
    await stage.writes("bob", "open")
    form, card = stage.far.said(BOB)[-1], stage.card()
    chosen = await teams.message(BOB, north, REPORT, mention=False)
    await stage.writes("eve", "hello")
    assert root.posted
    assert chosen.posted
    stage.far.add_user(guid("new"), "New")
    before = (*await kept(stage), await stage.history())
    with busy(stage.world.store):
        done = await asyncio.gather(
            teams.message(ANN, north, "Error 500", root.posted.id),
            teams.press(SAM, card, "Take"),
            teams.press(SAM, card, "Take", submit=True),
            teams.fill(BOB, form, values={PROBLEM: REPORT}),
            teams.extension(BOB, chosen.posted, "open_from_message"),
            teams.edit(ANN, root.posted, "Error 501"),
            teams.upgrade(guid("new")),
        )
        assert {one.activity.get("name") or one.activity["type"]: one.status for one in done if one.status != 503} == {}
        assert max(one.seconds for one in done) < 5
    await stage.world.store.write(lambda work: None)  # whatever was in line is over now
    assert (*await kept(stage), await stage.history()) == before
    for one in done:
        assert [again.status for again in await teams.redeliver(one)] == [200]
    await stage.settle()
    assert [verb for verb, _ in await stage.history()].count("take") == 1
    assert len(await stage.rows(Case)) > 1


async def test_a_dialog_is_shown_while_the_store_s_writer_is_slow(stage: Stage) -> None:
    await stage.writes("ann", "hello")
    posted = stage.far.said(ANN)[-1]
    with busy(stage.world.store):
        done = await stage.teams._fetched(ANN, posted, {"msteams": {"type": "task/fetch"}, "say": "open"})
        assert done.status == 200
        assert done.seconds < 2
    assert stage.teams.dialog(ANN).questions[0] == PROBLEM


# Whom Teams vouches for -------------------------------------------------------------------------------------------


NO_ANSWER: dict[str, faults.Step] = {
    "500": faults.status(500),
    "503": faults.status(503),
    "429": faults.status(429),
    "a broken connection": faults.reset_before(),
    "half an answer": faults.bad_json(),
    "a web page": faults.html(502),
}


@pytest.mark.parametrize("step", NO_ANSWER.values(), ids=NO_ANSWER)
async def test_while_the_roster_does_not_tell_nothing_is_kept_and_teams_tries_again(
    stage: Stage, step: faults.Step
) -> None:
    with stage.far.rule(step, "member"):
        done = await stage.teams.message(ANN, ANN, BROKEN)
        assert done.status == 503
        assert (await stage.rows(Case), await stage.rows(Inbox)) == ([], [])
    assert [one.status for one in await stage.teams.redeliver(done)] == [200]
    assert len(await stage.rows(Case)) == 1


async def test_a_silent_roster_is_not_waited_for_until_teams_gives_up(stage: Stage) -> None:
    gate = faults.Gate(recorded=False)
    stage.far.script("member", gate)
    done = await stage.teams.message(ANN, ANN, BROKEN)
    gate.open()
    assert done.status == 503
    assert done.seconds < 4
    assert await stage.rows(Inbox) == []


async def test_the_roster_is_asked_once_a_minute_and_not_for_every_word(stage: Stage) -> None:
    for words in (BROKEN, "cancel", "It is slow"):
        await stage.writes("ann", words)
    assert len(stage.far.called("member")) == 1
    stage.far.clock = lambda: time.time() + 61
    await stage.writes("ann", "It is slow again")
    assert len(stage.far.called("member")) == 2


# From which tenant ------------------------------------------------------------------------------------------------

Does = Callable[[Stage], Awaitable[Delivered]]


async def _edit(stage: Stage) -> Delivered:
    done = await stage.teams.message(ANN, ANN, "hello")
    assert done.posted
    return await stage.teams.edit(ANN, done.posted, BROKEN)


async def _delete(stage: Stage) -> Delivered:
    done = await stage.teams.message(ANN, ANN, "hello")
    assert done.posted
    return await stage.teams.delete(ANN, done.posted)


async def _react(stage: Stage) -> Delivered:
    await stage.writes("ann", "hello")
    return await stage.teams.react(ANN, stage.far.said(ANN)[-1], "like")


async def _press(stage: Stage) -> Delivered:
    await stage.writes("ann", "hello")
    return await stage.teams.press(ANN, stage.with_button("Help", ANN), "Help")


async def _submit(stage: Stage) -> Delivered:
    await stage.writes("ann", "hello")
    return await stage.teams.press(ANN, stage.with_button("Help", ANN), "Help", submit=True)


async def _fetch(stage: Stage) -> Delivered:
    await stage.writes("ann", "hello")
    return await stage.teams._fetched(ANN, stage.far.said(ANN)[-1], {"msteams": {"type": "task/fetch"}, "say": "open"})


async def _dialog(stage: Stage) -> Delivered:
    await _fetch(stage)
    return await stage.teams.submit(ANN, {PROBLEM: REPORT})


async def _choose(stage: Stage) -> Delivered:
    done = await stage.teams.message(ANN, ANN, "thanks")
    assert done.posted
    return await stage.teams.extension(ANN, done.posted, "open_from_message")


async def _install(stage: Stage) -> Delivered:
    return (await stage.teams.install(ANN))[-1]


async def _members(stage: Stage) -> Delivered:
    return (await stage.teams.install(ANN))[0]


async def _event(stage: Stage) -> Delivered:
    written = await _message(stage)
    assert written.posted
    return await stage.teams.read(ANN, written.posted)


async def _typing(stage: Stage) -> Delivered:
    activity = envelopes.envelope(stage.far, "typing", stage.far.users[ANN], stage.far.place(ANN))
    return await stage.teams.send(activity | {"id": envelopes.invoke_id()})


async def _message(stage: Stage) -> Delivered:
    return await stage.teams.message(ANN, ANN, BROKEN)


ACTS: dict[str, Does] = {
    "message": _message,
    "a press of an old client": _submit,
    "messageUpdate": _edit,
    "messageDelete": _delete,
    "messageReaction": _react,
    "adaptiveCard/action": _press,
    "task/fetch": _fetch,
    "task/submit": _dialog,
    "composeExtension/fetchTask": _choose,
    "installationUpdate": _install,
    "conversationUpdate": _members,
    "event": _event,
    "typing": _typing,
}


@pytest.fixture
async def closed(sqlite_store: Store) -> AsyncIterator[Stage]:
    """Where strangers are not answered."""
    async with staged(sqlite_store, answers_strangers=False) as opened:
        yield opened


def of(activity: Json, tenant: str, fresh: str, everywhere: bool = True) -> Json:
    """The same from another tenant, or saying so in one of the two places."""
    made = deepcopy(activity) | {"id": fresh if activity["type"] != "messageUpdate" else activity["id"]}
    made["channelData"]["tenant"] = {"id": tenant}
    if everywhere:
        made["conversation"]["tenantId"] = tenant
    return made


@pytest.mark.parametrize("act", ACTS)
async def test_a_tenant_that_nobody_has_bound_is_refused_whatever_it_sends(closed: Stage, act: str) -> None:
    done = await ACTS[act](closed)
    assert done.status == 200, done.text
    await closed.settle()
    before, said = await kept(closed), len(closed.said(ANN))
    fresh = closed.far.stamp()
    answer = await closed.teams.send(of(done.activity, guid("foreign"), fresh))
    await closed.settle()
    assert answer.status == 403
    assert (await kept(closed), len(closed.said(ANN))) == (before, said)


@pytest.mark.parametrize("act", sorted(ACTS.keys() - {"message", "a press of an old client"}))
async def test_where_strangers_are_answered_only_their_messages_are(stage: Stage, act: str) -> None:
    done = await ACTS[act](stage)
    await stage.settle()
    before = await kept(stage)
    assert (await stage.teams.send(of(done.activity, guid("foreign"), stage.far.stamp()))).status == 403
    assert await kept(stage) == before


@pytest.mark.parametrize("act", ACTS)
async def test_two_things_said_about_the_tenant_are_refused(stage: Stage, act: str) -> None:
    done = await ACTS[act](stage)
    await stage.settle()
    before = await kept(stage)
    one = of(done.activity, guid("foreign"), stage.far.stamp(), everywhere=False)
    assert (await stage.teams.send(one)).status == 403
    assert await kept(stage) == before


@pytest.mark.parametrize("act", ACTS)
async def test_a_service_url_that_is_not_teams_is_refused_and_never_called(stage: Stage, act: str) -> None:
    done = await ACTS[act](stage)
    await stage.settle()
    before = await kept(stage)
    for url in ("http://evil.example/", "https://smba.trafficmanager.net.evil.example/", "https://evil.example/amer/"):
        answer = await stage.teams.send(deepcopy(done.activity) | {"serviceUrl": url, "id": stage.far.stamp()})
        assert answer.status == 403
    assert await kept(stage) == before
    assert stage.far.called("foreign") == []


async def test_keys_that_rotate_in_the_middle_of_a_conversation_are_no_outage(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    old = stage.far.sign()
    stage.far.rotate_key(keep=False)
    assert (await stage.writes("ann", "Error 500")).status == 200
    assert (await stage.case()).details == "Error 500"
    stage.far.rotate_key()
    assert (await stage.presses("ann", "High", ANN)).status == 200
    assert (await stage.case()).priority == "high"
    done = await stage.teams.message(ANN, ANN, "hello")
    before = await kept(stage)
    stale = await stage.teams.send({**done.activity, "id": stage.far.stamp()}, token=old)
    assert stale.status in (401, 403)
    assert await kept(stage) == before


async def test_a_message_without_a_token_does_nothing(stage: Stage) -> None:
    done = await stage.teams.message(ANN, ANN, BROKEN)
    before = await kept(stage)
    for token in ("", "garbage", stage.far.sign(aud="another-app"), stage.far.sign(iss="https://evil.example")):
        answer = await stage.teams.send({**done.activity, "id": stage.far.stamp()}, token=token)
        assert answer.status in (401, 403)
    assert await kept(stage) == before


# Nothing that Teams never said ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["signin/verifyState", "composeExtension/query", "fileConsent/invoke", "of/tomorrow"])
async def test_invokes_that_nobody_offers_are_not_found_and_keep_nothing(stage: Stage, name: str) -> None:
    done = await stage.teams.send(stage.teams._invoke(name, ANN, ANN, {"commandId": "x"}))
    assert done.status == 404
    assert await stage.rows(Inbox) == []


@pytest.mark.parametrize("kind", ["endOfConversation", "handoff", "trace", "contactRelationUpdate", "invented"])
async def test_activities_of_other_kinds_are_taken_and_ignored(stage: Stage, kind: str) -> None:
    activity = envelopes.envelope(stage.far, kind, stage.far.users[ANN], stage.far.place(ANN))
    done = await stage.teams.send(activity | {"id": envelopes.invoke_id()})
    assert done.status == 200
    assert await stage.rows(Inbox) == []


TIMELESS = ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "yesterday", "", 1737381600000, None]


@pytest.mark.parametrize("written", TIMELESS)
async def test_a_message_of_no_time_becomes_no_case(stage: Stage, written: object) -> None:
    done = await stage.teams.message(ANN, ANN, "thanks")
    assert done.posted
    payload = envelopes.payload(stage.far, done.posted) | {"createdDateTime": written}
    value = {"commandId": "open_from_message", "commandContext": "message", "messagePayload": payload}
    answer = await stage.teams.send(stage.teams._invoke("composeExtension/fetchTask", ANN, ANN, value))
    assert answer.status == 400
    assert await stage.rows(Case) == []


async def test_a_message_written_in_the_future_starts_no_clock_there(stage: Stage) -> None:
    done = await stage.teams.message(ANN, ANN, "thanks")
    assert done.posted
    payload = envelopes.payload(stage.far, done.posted) | {"createdDateTime": "2099-01-01T00:00:00Z"}
    value = {"commandId": "open_from_message", "commandContext": "message", "messagePayload": payload}
    await stage.teams.send(stage.teams._invoke("composeExtension/fetchTask", ANN, ANN, value))
    assert (await stage.case()).received_at <= stage.world.time.business


JUNK: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
NAMES = ["message", "invoke", "personal", "channel", "groupChat", "a:1", "open", "xml", "task/fetch", "remove"]
ODD: list[Any] = [
    "",
    "0",
    "-1",
    "nan",
    "1e400",
    "<at>",
    "]]>",
    "9" * 30,
    "\0",
    "\u202e",
    "take 1001",
    ANN,
    SAM,
    DESK,
    {},
    [],
    2**63,
]
STRANGE = st.sampled_from([*NAMES, *ODD])


@pytest.fixture
async def samples(stage: Stage) -> dict[str, Json]:
    """A real activity of each kind."""
    made = {}
    for name, act in ACTS.items():
        done = await act(stage)
        assert done.kept, (name, done.text)
        made[name] = done.activity
        await stage.settle()
        await stage.writes("ann", "cancel")
    files = await stage.teams.message(ANN, ANN, "look", files={"screen.png": b"png"})
    await stage.settle()
    await stage.writes("eve", BROKEN)
    return made | {"with a file": files.activity}


def paths(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """To every part of it."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inside:
        yield (*before, name)
        yield from paths(one, (*before, name))


def mutated(data: st.DataObject, activity: Json) -> Json:
    """A part or a few of it gone or something else; what says that it comes from Teams stays."""
    made: Json = json.loads(json.dumps(activity))
    for _ in range(data.draw(st.integers(1, 3))):
        there = [path for path in paths(made) if path[0] not in ("serviceUrl", "channelId")]
        *before, last = data.draw(st.sampled_from(sorted(there, key=repr)))
        part: Any = made
        for name in before:
            part = part[name]
        if data.draw(st.booleans()):
            del part[last]
        else:
            part[last] = data.draw(STRANGE | JUNK)
    return made


@pytest.mark.parametrize("kind", [*ACTS, "with a file"])
@settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
async def test_a_misshapen_activity_is_the_sender_s_fault_at_worst(
    stage: Stage, samples: dict[str, Json], kind: str, data: st.DataObject
) -> None:
    """Signed as it is: from a Teams of tomorrow. Never our failure, and never something that breaks."""
    said = len(stage.said(ANN))
    answer = await stage.teams.send(mutated(data, samples[kind]))
    assert answer.status < 500, answer.text
    await stage.settle()
    assert "Something broke" not in "\n".join(stage.said(ANN)[said:])
    stage.far.violations.clear()  # whoever is told nonsense asks nonsense
