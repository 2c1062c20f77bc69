"""What Teams sends is taken once, whole and in time."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from store.store import Store
from store.tables import Case, Inbox
from tests.adapters.teams.inbound.heard import REPORT, kept
from tests.asked import PROBLEM
from tests.busy import busy
from tests.teams import faults
from tests.teams.places import guid
from tests.teams.stage import ANN, BOB, DESK, SAM, Stage, staged
from tests.world import BROKEN


@pytest.fixture
async def both(store: Store) -> AsyncIterator[Stage]:
    """On both databases."""
    async with staged(store) as opened:
        yield opened


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
