"""Live cards, long messages in several pieces and whispers: each whole, once and where it belongs."""

import time
from datetime import timedelta

import pytest

from bot.messages import Button, Buttons, Message, Quoted, Text
from tests.adapters.slack.delivery.owing import (
    ANN,
    LONG,
    NO_ANSWER,
    SHOP,
    cards,
    dead,
    leaves,
    lookups,
    owe,
    posts,
    whole,
)
from tests.slack import faults
from tests.slack.faults import Call, Step
from tests.slack.mrkdwn import unescaped
from tests.slack.stage import DESK, Stage, user
from tests.world import BROKEN

PIECES = range(1, 7)


def restart(stage: Stage) -> None:
    """What the channel keeps in memory goes with its process."""
    stage.connection.channel.__init__(stage.connection.channel._api)  # type: ignore[misc]


# Cards and other edits --------------------------------------------------------------------------------------------


def is_card(call: Call) -> bool:
    return call.args["channel"] == DESK and not call.args.get("thread_ts")


@pytest.mark.parametrize("step", [faults.reset_before(), faults.reset_after_record()], ids=["before", "after"])
async def test_the_live_card_is_posted_once_and_then_brought_up_to_date(stage: Stage, step: Step) -> None:
    with stage.far.rule(step, "chat.postMessage", is_card):
        await stage.writes("ann", BROKEN)
    await stage.commands("sam", "/case take 1001")
    await leaves(stage, minutes=1)
    [card] = cards(stage)
    assert "Sam Ortiz" in unescaped(card.text)
    assert len(stage.under_card()) >= 2, "what belongs under it waited for it"


@pytest.mark.parametrize("step", NO_ANSWER.values(), ids=NO_ANSWER)
async def test_an_edit_that_may_have_arrived_is_simply_made_again(stage: Stage, step: Step) -> None:
    await stage.writes("ann", BROKEN)
    stage.far.script("chat.update", faults.recorded_then(step))
    await stage.commands("sam", "/case take 1001")
    await leaves(stage, minutes=1)
    [card] = cards(stage)
    assert "Sam Ortiz" in unescaped(card.text)
    assert lookups(stage) == []


@pytest.mark.parametrize("step", [faults.ok(), faults.reset_before(), faults.reset_after_record()])
@pytest.mark.parametrize("moves_on", [False, True])
async def test_a_card_that_somebody_deleted_is_posted_anew_and_once(stage: Stage, step: Step, moves_on: bool) -> None:
    await stage.writes("ann", BROKEN)
    stage.far.find(DESK, stage.card().ts).deleted = True  # type: ignore[union-attr]
    with stage.far.rule(step, "chat.postMessage", is_card):
        await stage.commands("sam", "/case take 1001")
    if moves_on:
        await stage.commands("sam", "/case priority 1001 high It stands still")
    for _ in range(3):
        await leaves(stage, minutes=1)
    [card] = cards(stage)
    assert "Sam Ortiz" in unescaped(card.text)
    await stage.commands("sam", "/case note 1001 Under the new one")
    assert any("Under the new one" in text for text in stage.under_card())


async def test_a_card_whose_room_is_gone_is_not_posted_twice_but_dead(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    await stage.slack.remove(stage.slack.bot(DESK), DESK)
    before = len(posts(stage, DESK))
    await stage.commands("sam", "/case take 1001")
    assert len([call for call in posts(stage, DESK)[before:] if is_card(call)]) <= 1
    assert "the app was removed from this channel" in await dead(stage)


async def test_a_long_message_is_sent_whole_in_several_in_order(stage: Stage) -> None:
    await owe(stage, SHOP, LONG, "after it")
    await leaves(stage)
    said = stage.said(SHOP)
    assert len(said) > 5
    assert max(map(len, said)) < 4_000
    assert whole(stage) == "".join((LONG + "after it").split())


@pytest.mark.parametrize("step", [faults.reset_before(), faults.reset_after_record()], ids=["before", "after"])
@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("restarted", [False, True], ids=["same process", "another process"])
async def test_a_connection_that_breaks_at_any_piece_of_it_loses_and_doubles_none(
    stage: Stage, step: Step, piece: int, restarted: bool
) -> None:
    stage.far.script("chat.postMessage", *[faults.ok()] * (piece - 1), step)
    await owe(stage, SHOP, LONG, "after it")
    await leaves(stage)
    if restarted:
        restart(stage)
    await leaves(stage, minutes=1)
    assert whole(stage) == "".join((LONG + "after it").split())


@pytest.mark.parametrize("restarted", [False, True], ids=["same process", "another process"])
@pytest.mark.parametrize("piece", PIECES)
async def test_a_pause_that_slack_asks_amid_a_long_message_loses_and_doubles_none(
    stage: Stage, piece: int, restarted: bool
) -> None:
    stage.far.script("chat.postMessage", *[faults.ok()] * (piece - 1), faults.status(429, retry_after=30))
    await owe(stage, SHOP, LONG, "after it")
    await leaves(stage)
    if restarted:
        restart(stage)
    await leaves(stage, seconds=29)
    assert len(posts(stage)) == piece, "and it is left in peace until then"
    await leaves(stage, seconds=1)
    assert whole(stage) == "".join((LONG + "after it").split())


async def test_the_pieces_of_a_long_message_keep_the_rooms_pace(stage: Stage) -> None:
    """A twentieth of a second stands for one, on both sides."""
    stage.far.rate_limit, stage.far.pace = True, lambda: time.monotonic() * 20
    stage.connection.channel.gap = timedelta(seconds=0.05)
    await owe(stage, SHOP, LONG + LONG)
    await leaves(stage)
    assert {call.answer for call in posts(stage)} == {"ok"}
    assert len(posts(stage)) > 10


# For one person only ----------------------------------------------------------------------------------------------


async def test_a_whisper_is_seen_by_its_asker_and_by_nobody_else(stage: Stage) -> None:
    await owe(stage, SHOP, "for Ann", only_for=ANN)
    await leaves(stage)
    assert stage.whispered("ann", SHOP) == ["for Ann"]
    assert stage.whispered("bob", SHOP) == []
    assert stage.said(SHOP) == []


@pytest.mark.parametrize("step", NO_ANSWER.values(), ids=NO_ANSWER)
async def test_a_whisper_that_did_not_arrive_is_whispered_again_and_never_looked_for(stage: Stage, step: Step) -> None:
    stage.far.script("chat.postEphemeral", step)
    await owe(stage, SHOP, "for Ann", only_for=ANN)
    await leaves(stage)
    await leaves(stage, minutes=1)
    assert stage.whispered("ann", SHOP) == ["for Ann"]
    assert lookups(stage) == []


async def test_a_whisper_to_somebody_who_left_goes_to_their_own_conversation(stage: Stage) -> None:
    await owe(stage, SHOP, "for Sam", only_for=user("sam"))
    await leaves(stage)
    assert await dead(stage) == ["the person is not in this channel"]
    assert (stage.said(user("sam")), stage.said(DESK)) == (["for Sam"], [])


# Shortened --------------------------------------------------------------------------------------------------------


async def test_a_whisper_too_long_for_one_names_the_line_that_shows_the_rest(stage: Stage) -> None:
    long = Message((Text((Quoted(LONG),)), Buttons((Button("Confirm", "confirm 1001 r1"),))))
    await owe(stage, SHOP, long, only_for=ANN, case_id=None)
    await leaves(stage)
    [whispered] = stage.far.ephemerals(SHOP, ANN)
    assert "Shortened. Write help to me for all of it." in whispered.words.replace("`", "")
    assert whispered.labels == ["Confirm"], "what can be pressed is kept"


async def test_a_card_too_long_for_one_names_the_line_that_shows_the_rest(stage: Stage) -> None:
    await stage.writes("ann", f"{BROKEN}\n{LONG}")
    await stage.commands("sam", "/case take 1001")
    [card] = cards(stage)
    assert len(card.text) < 4_000
    assert card.words.endswith("Shortened. Write `show 1001` to me for all of it.")
    await stage.writes("sam", "show 1001")
    assert "".join(LONG.split())[-200:] in whole(stage, user("sam")).replace(">", "")


async def test_an_answer_in_the_response_too_long_for_one_names_the_line_that_shows_the_rest(stage: Stage) -> None:
    await stage.writes("ann", f"{BROKEN}\n{LONG}")
    read = await stage.commands("sam", "/case show 1001")
    assert len(read) < 4_000
    assert read.endswith("Shortened. Write show 1001 to me for all of it.")
