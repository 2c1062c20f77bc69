"""What Slack refuses for good goes to somebody who can be reached, and the desk is told why."""

import pytest

from tests.adapters.slack.delivery.owing import ANN, SHOP, cards, dead, leaves, opened, owe, owed, to
from tests.slack import faults
from tests.slack.mrkdwn import unescaped
from tests.slack.stage import DESK, Stage, user
from tests.world import BROKEN

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
