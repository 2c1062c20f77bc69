"""What Slack sends down a socket is taken as what it posts; and an app that is uninstalled takes note."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from store.store import Store
from store.tables import Case, Inbox
from tests.asked import PROBLEM
from tests.busy import busy
from tests.slack.stage import DESK, Stage, staged
from tests.world import BROKEN

NORTH = "C0NORTH"

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
