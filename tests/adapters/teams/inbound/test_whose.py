"""Only what Teams really sends, of a tenant that is bound, to a service that is its own, is heard."""

from collections.abc import AsyncIterator
from copy import deepcopy

import pytest

from store.store import Store
from store.tables import Case, Inbox
from tests.adapters.teams.inbound.heard import ACTS, kept, of
from tests.teams import envelopes
from tests.teams.places import guid
from tests.teams.stage import ANN, Stage, staged
from tests.world import BROKEN


@pytest.fixture
async def closed(sqlite_store: Store) -> AsyncIterator[Stage]:
    """Where strangers are not answered."""
    async with staged(sqlite_store, answers_strangers=False) as opened:
        yield opened


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
