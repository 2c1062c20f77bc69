"""What the desk owes to people in Slack arrives once, in order and within Slack's limits, or it is said why not."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from adapters.slack.channel import PAGE, Slack
from bot.messages import Button, Buttons, Message, Quoted, Text, to_json
from store.store import Store
from store.tables import Card, Outbox
from store.work import Work
from tests.slack import faults
from tests.slack.faults import Call, Gate, Step
from tests.slack.mrkdwn import unescaped
from tests.slack.places import Message as Shown
from tests.slack.stage import DESK, TEAM, Stage, staged, user
from tests.world import BROKEN

SHOP = "C0SHOP"
ANN = user("ann")
LONG = "".join(f"{n:>6} " + "words " * 15 for n in range(206))[:20_000]
PIECES = range(1, 7)
NO_ANSWER: dict[str, Step] = {
    "500": faults.status(500),
    "503 with a hint": faults.status(503, retry_after=1),
    "internal_error": faults.error("internal_error"),
    "a web page": faults.html(502),
    "a web page that says 200": faults.html(200),
    "half an answer": faults.bad_json(),
    "a huge answer without a ts": faults.big_body(),
    "a broken connection": faults.reset_before(),
}


@pytest.fixture
def stage(stage: Stage) -> Stage:
    """Slack's clock is the desk's own: messages are looked for by when they were owed."""
    return set_up(stage)


def set_up(stage: Stage) -> Stage:
    stage.far.clock = stage.far.pace = lambda: stage.world.time.machine.timestamp()
    stage.far.add_channel(SHOP, "northwind-help", [ANN, user("bob")])
    return stage


async def owe(stage: Stage, room: str, *messages: str | Message, **row: Any) -> None:
    def unit(work: Work) -> None:
        place = work.conversation("slack", TEAM, room).id
        for said in messages:
            message = Message((Text((Quoted(said),)),)) if isinstance(said, str) else said
            work.owe(place, stage.world.time.machine, {"message": to_json(message), **row})

    await stage.world.store.write(unit)


async def leaves(stage: Stage, **later: float) -> None:
    """What is due by then."""
    stage.world.passes(**later)
    await stage.world.delivery.deliver_all()


async def opened(stage: Stage) -> str:
    """Ann's case 1001, its questions skipped; returns the thread in which it lives."""
    wrote = await stage.writes("ann", BROKEN)
    for _ in range(3):
        await stage.writes("ann", "skip", thread=wrote.ts)
    return wrote.ts


def posts(stage: Stage, room: str = SHOP) -> list[Call]:
    """Attempts to post there."""
    place = stage.far.place(room).id
    return [call for call in stage.far.called("chat.postMessage") if call.args["channel"] == place]


def lookups(stage: Stage) -> list[Call]:
    return [*stage.far.called("conversations.history"), *stage.far.called("conversations.replies")]


def to(room: str) -> Callable[[Call], bool]:
    return lambda call: call.args.get("channel") == room


async def dead(stage: Stage) -> list[str]:
    """Why messages and cards will never arrive."""
    return [row.dead for row in (*await stage.rows(Outbox), *await stage.rows(Card)) if row.dead]


async def owed(stage: Stage) -> int:
    return sum(row.done_at is None for row in await stage.rows(Outbox))


def restart(stage: Stage) -> None:
    """What the channel keeps in memory goes with its process."""
    stage.connection.channel.__init__(stage.connection.channel._api)  # type: ignore[misc]


def thread_of(message: Shown) -> str:
    """Empty for what stands in the room itself."""
    return "" if message.thread == message.ts else message.thread


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


# Cards and other edits --------------------------------------------------------------------------------------------


def is_card(call: Call) -> bool:
    return call.args["channel"] == DESK and not call.args.get("thread_ts")


def cards(stage: Stage) -> list[Shown]:
    bot = stage.slack.bot(DESK)
    return [one for one in stage.far.messages(DESK) if one.user == bot and one.thread in ("", one.ts)]


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


# Long ones --------------------------------------------------------------------------------------------------------


def whole(stage: Stage, room: str = SHOP) -> str:
    """All that the bot said there, without the white space at which it was parted."""
    bot = stage.slack.bot(room)
    said = (unescaped(one.text) for one in stage.far.messages(room) if one.user == bot)
    return "".join("".join(said).split())


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


# Rooms that are no more -------------------------------------------------------------------------------------------


async def case_in_the_shop(stage: Stage) -> None:
    """Ann's case, opened in the channel that she shares with Bob; the bot is no longer there."""
    await stage.bind(SHOP, "northwind")
    await stage.writes("ann", f"{stage.slack.mention(SHOP)} {BROKEN}", SHOP)
    await stage.slack.remove(stage.slack.bot(SHOP), SHOP)
    await stage.settle()


async def test_a_channel_without_the_bot_is_told_to_the_desk_and_the_customer_gets_it_alone(stage: Stage) -> None:
    await case_in_the_shop(stage)
    await stage.commands("sam", "/case reply 1001 Please try again")
    for _ in range(3):
        await leaves(stage, hours=1)
    [private] = stage.said(ANN)
    assert "Please try again" in private
    [told] = [text for text in stage.under_card() if "Not delivered" in text]
    assert told.startswith("Not delivered to C0SHOP: the app was removed from this channel.")
    assert "Please try again" in told


async def test_what_follows_goes_to_the_customer_alone_as_well_and_can_be_answered_there(stage: Stage) -> None:
    await case_in_the_shop(stage)
    await stage.commands("sam", "/case close 1001 Please try again")
    await stage.presses("ann", "Yes, close it")
    assert (await stage.case()).status == "closed"


async def test_nobody_else_in_that_channel_hears_of_it(stage: Stage) -> None:
    await case_in_the_shop(stage)
    await stage.commands("sam", "/case reply 1001 Please try again")
    assert stage.said(user("bob")) == []
    assert not any("Please try again" in one.text for one in stage.far.messages(SHOP))


@pytest.mark.parametrize("error", ["channel_not_found", "is_archived", "restricted_action_read_only_channel"])
async def test_any_refusal_for_good_is_told_with_its_reason_in_plain_words(stage: Stage, error: str) -> None:
    with stage.far.rule(faults.error(error), "chat.postMessage", to(SHOP)):
        await owe(stage, SHOP, "one")
        await leaves(stage)
    [reason] = await dead(stage)
    assert "_" not in reason
    assert reason in stage.said(DESK)[-1]


async def test_a_person_whom_slack_does_not_know_is_told_to_the_desk(stage: Stage) -> None:
    await owe(stage, "U0NOBODY", "one")
    await leaves(stage)
    assert stage.said(DESK)[-1].startswith("Not delivered to U0NOBODY: Slack knows no such person.")


async def test_a_refusal_that_an_administrator_can_mend_is_waited_out(stage: Stage) -> None:
    with stage.far.rule(faults.error("missing_scope"), "chat.postMessage", to(SHOP)):
        await owe(stage, SHOP, "one")
        for _ in range(5):
            await leaves(stage, minutes=10)
    await leaves(stage, minutes=10)
    assert stage.said(SHOP) == ["one"]
    assert await dead(stage) == []


async def test_rooms_that_slack_refuses_for_now_hold_up_no_other_room(stage: Stage) -> None:
    """One workspace's missing scope is no failure of Slack's."""
    rooms = [f"C0{n}" for n in range(8)]
    for room in rooms:
        stage.far.add_channel(room)
    stage.far.rule(faults.error("missing_scope"), "chat.postMessage", lambda call: call.args["channel"] in rooms)
    for n in range(5):
        for room in rooms:
            await owe(stage, room, f"{n}")
        await leaves(stage, minutes=1)
        await owe(stage, SHOP, f"{n}")
        await leaves(stage)
        assert len(stage.said(SHOP)) == n + 1


async def test_where_the_desks_own_channel_is_gone_its_lead_hears_of_it_once_a_day(stage: Stage) -> None:
    thread = await opened(stage)
    stage.far.channels[DESK].members.discard(stage.slack.bot(DESK))
    for n in range(3):
        await stage.writes("ann", f"Still broken {n}", thread=thread)
        await leaves(stage, minutes=1)
    [told] = stage.said(user("lena"))
    assert told.startswith("Not delivered to C0DESK: the app was removed from this channel.")
    await leaves(stage, days=1)
    await stage.writes("ann", "Still broken, a day later", thread=thread)
    await leaves(stage, minutes=1)
    assert len(stage.said(user("lena"))) == 2


async def test_back_in_the_desks_channel_the_card_stands_there_again(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    bot = stage.slack.bot(DESK)
    stage.far.channels[DESK].members.discard(bot)
    await stage.commands("sam", "/case take 1001")
    stage.far.channels[DESK].members.add(bot)
    await stage.commands("sam", "/case priority 1001 high It stands still")
    await leaves(stage, minutes=1)
    [card] = cards(stage)
    assert "Sam Ortiz" in unescaped(card.text)


@pytest.mark.parametrize("told", [True, False], ids=["and Slack says so", "and nobody says so"])
async def test_an_uninstalled_workspace_ends_in_dead_letters_and_not_in_a_storm(stage: Stage, told: bool) -> None:
    await stage.writes("ann", BROKEN)
    if told:
        await stage.slack.uninstall()
    else:
        stage.far.revoke(stage.far.installs[0])
    await owe(stage, SHOP, "one", "two")
    await owe(stage, ANN, "three")
    before = len(stage.far.calls)
    for _ in range(60):
        await leaves(stage, hours=1)
    assert await owed(stage) == 0
    assert stage.far.messages(SHOP) == []
    assert len(stage.far.calls) - before < 150


async def test_a_workspace_that_is_back_gets_what_is_owed_from_then_on(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    stage.far.revoke(stage.far.installs[0])
    await owe(stage, SHOP, "one")
    await leaves(stage)
    for token in stage.far.tokens.values():
        token.revoked = False
    await owe(stage, SHOP, "two")
    await leaves(stage)
    assert stage.said(SHOP) == ["two"]


# Pace and order ---------------------------------------------------------------------------------------------------


@contextmanager
def paced(stage: Stage) -> Iterator[None]:
    """With the product's own pace, against a Slack that takes no more than it says."""
    stage.far.rate_limit = True
    stage.connection.channel.gap = Slack.gap
    yield
    assert "ratelimited" not in {call.answer for call in stage.far.calls}


async def test_four_leave_at_once_and_then_one_a_second(stage: Stage) -> None:
    with paced(stage):
        await owe(stage, SHOP, *map(str, range(8)))
        counts = []
        for _ in range(6):
            await leaves(stage)
            counts.append(len(stage.said(SHOP)))
            stage.world.passes(seconds=1)
        assert counts == [4, 5, 6, 7, 8, 8]


async def test_after_a_rest_four_leave_at_once_again_and_after_a_short_one_as_many_as_were_saved(stage: Stage) -> None:
    with paced(stage):
        await owe(stage, SHOP, *map(str, range(4)))
        await leaves(stage)
        await owe(stage, SHOP, *map(str, range(4, 12)))
        await leaves(stage, seconds=2)
        assert len(stage.said(SHOP)) == 6
        await leaves(stage, seconds=60)
        assert len(stage.said(SHOP)) == 10


async def test_one_rooms_pace_is_not_anothers(stage: Stage) -> None:
    with paced(stage):
        for room in (SHOP, DESK, ANN):
            await owe(stage, room, *map(str, range(6)))
        await leaves(stage)
        assert [len(stage.said(room)) for room in (SHOP, DESK, ANN)] == [4, 4, 4]


async def test_any_rhythm_of_messages_stays_within_slacks_own_limit(stage: Stage) -> None:
    chance = random.Random(4)
    with paced(stage):
        sent = 0
        for _ in range(60):
            for _ in range(chance.choice([0, 0, 1, 1, 2, 7])):
                await owe(stage, SHOP, f"{sent}")
                sent += 1
            await leaves(stage, seconds=chance.choice([0.1, 0.5, 1, 1.7, 3]))
        await leaves(stage, seconds=0)
        while await owed(stage):
            await leaves(stage, seconds=0.5)
    assert stage.said(SHOP) == [f"{n}" for n in range(sent)]


async def test_a_case_told_in_a_hurry_stays_within_slacks_own_limit(stage: Stage) -> None:
    with paced(stage):
        await opened(stage)
        for line in ("take 1001", *(f"reply 1001 Part {n}" for n in range(6)), "close 1001 It was the cache"):
            await stage.commands("sam", f"/case {line}")
        for _ in range(40):
            await leaves(stage, seconds=0.5)
    assert [text.splitlines()[-1] for text in stage.said(ANN) if "Part" in text] == [f"> Part {n}" for n in range(6)]
    assert "solved" in cards(stage)[0].text
    assert await owed(stage) == 0


@pytest.mark.parametrize("seed", range(2))
async def test_under_any_faults_nothing_is_lost_or_doubled_and_every_room_keeps_its_order(
    stage: Stage, seed: int
) -> None:
    chance = random.Random(seed)
    rooms = [SHOP, DESK, ANN, *map(user, ("bob", "sam", "eve"))]
    lost = list(NO_ANSWER.values())
    kinds = [*lost, *map(faults.recorded_then, lost), faults.status(429, 3), faults.status(429, 40)]

    async def whatever(request: Any, proceed: Any) -> Any:
        return await (chance.choice(kinds) if chance.random() < 0.4 else faults.ok())(request, proceed)

    wanted: dict[str, list[str]] = {room: [] for room in rooms}
    with paced(stage), stage.far.rule(whatever):
        for n in range(200):
            wanted[room := chance.choice(rooms)].append(f"message {n}")
            await owe(stage, room, f"message {n}")
            if chance.random() < 0.3:
                await leaves(stage, seconds=chance.choice([0.2, 1, 5]))
        while await owed(stage):
            await leaves(stage, seconds=20)
    assert {room: stage.said(room) for room in rooms} == wanted
    assert await dead(stage) == []


# Where it stands --------------------------------------------------------------------------------------------------


async def opened_by_modal(stage: Stage) -> None:
    await stage.commands("ann", "/support open")
    answers = {"What is going wrong?": BROKEN, "What exactly happens, and where do you see it?": "Everywhere"}
    await stage.fills("ann", **answers)


async def test_what_follows_about_a_case_from_a_modal_stands_under_the_first_message_about_it(stage: Stage) -> None:
    await opened_by_modal(stage)
    await stage.commands("sam", "/case take 1001")
    await stage.commands("sam", "/case reply 1001 Please try again")
    first, *later = stage.far.messages(ANN)
    assert "#1001" in first.text
    assert "Please try again" in later[-1].text
    assert {one.thread for one in later} == {first.ts}


async def test_two_cases_from_modals_have_a_thread_each(stage: Stage) -> None:
    for number in (1001, 1002):
        await opened_by_modal(stage)
        await stage.commands("sam", f"/case reply {number} Please try again")
    roots = [one for one in stage.far.messages(ANN) if not thread_of(one)]
    assert len(roots) == 2
    for number, root in zip((1001, 1002), roots, strict=True):
        assert all(f"#{number}" in one.words for one in stage.far.thread(ANN, root.ts))


async def test_a_warning_does_not_hide_in_a_thread_and_what_follows_goes_on_in_it(stage: Stage) -> None:
    thread = await opened(stage)
    await stage.commands("lena", "/case assign 1001 sam")
    await stage.world.passes_and_warns(hours=3)
    await stage.writes("ann", "Are you there?", thread=thread)
    told, warned, news = stage.far.messages(user("sam"))
    assert [thread_of(one) for one in (told, warned, news)] == ["", "", told.ts]
    assert "of its response time" in warned.text


async def test_a_persons_room_is_asked_for_once(stage: Stage) -> None:
    for n in range(5):
        await owe(stage, ANN, f"{n}")
        await leaves(stage)
    assert len(stage.far.called("conversations.open")) == 1
    assert stage.said(ANN) == [f"{n}" for n in range(5)]


# Nobody is pinged -------------------------------------------------------------------------------------------------


PINGS = ("<!channel>", "<!here|here>", "<@U0SAM>", "<!subteam^S1>", "<https://evil.example|your bank>")


@pytest.mark.parametrize("words", [*PINGS, "&lt;!channel&gt;", "@channel @here", "```<!channel>```", ">>> <!everyone>"])
async def test_whatever_customers_write_pings_nobody_and_reads_as_they_wrote_it(stage: Stage, words: str) -> None:
    """The fake holds every ping and all that is not escaped against us."""
    await stage.commands("ann", f"/support The form shows {words}")
    await owe(stage, SHOP, words, LONG[:3_000] + words)
    await owe(stage, SHOP, words, only_for=ANN)
    await leaves(stage)
    assert stage.said(SHOP)[0] == words
    assert stage.whispered("ann", SHOP) == [words]
    assert not any({"link_names", "parse", "mrkdwn"} & call.args.keys() for call in stage.far.calls)


async def test_no_link_is_unfolded(stage: Stage) -> None:
    await owe(stage, SHOP, "https://intranet.example/secret")
    await owe(stage, ANN, "https://intranet.example/secret")
    await leaves(stage)
    made = stage.far.called("chat.postMessage")
    assert [(call.args["unfurl_links"], call.args["unfurl_media"]) for call in made] == [(False, False)] * 2


async def test_every_message_carries_its_key_and_no_two_the_same(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    await owe(stage, SHOP, LONG, "another")
    await leaves(stage)
    bots = {install.bot for install in stage.far.installs}
    keys = [one.key for said in stage.far.said.values() for one in said if one.user in bots]
    assert all(keys)
    assert len(keys) == len(set(keys))


# On both databases ------------------------------------------------------------------------------------------------


async def test_on_either_database_an_ambiguous_message_stands_there_once(store: Store) -> None:
    async with staged(store) as stage:
        set_up(stage).far.script("chat.postMessage", faults.reset_after_record(), faults.reset_before())
        await owe(stage, SHOP, "one", LONG, "three")
        for _ in range(4):
            await leaves(stage, minutes=1)
        assert whole(stage) == "".join(f"one{LONG}three".split())


async def test_a_warning_under_the_card_is_seen_by_the_whole_channel(stage: Stage) -> None:
    """Whoever follows no thread would miss it."""
    await stage.writes("ann", BROKEN)
    await stage.world.passes_and_warns(hours=2, minutes=1)
    [warned] = [one for one in stage.far.thread(DESK, stage.card().ts) if "of its response time" in one.text]
    assert warned.broadcast
