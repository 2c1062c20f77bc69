"""Every room gets its messages in order and within Slack's own limits, whatever goes wrong."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from adapters.slack.channel import Slack
from tests.adapters.slack.delivery.owing import ANN, NO_ANSWER, SHOP, cards, dead, leaves, opened, owe, owed
from tests.slack import faults
from tests.slack.mrkdwn import unescaped
from tests.slack.stage import DESK, Stage, user
from tests.world import BROKEN

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


async def test_where_slack_takes_no_more_changes_of_cards_messages_go_on_and_it_is_not_asked_again(
    stage: Stage,
) -> None:
    await stage.writes("ann", BROKEN)
    await stage.writes("eve", "The export fails every night")
    stage.far.script("chat.update", faults.status(429, retry_after=30))
    for case in (1001, 1002):
        await stage.commands("sam", f"/case take {case}")
        await stage.commands("sam", f"/case note {case} In the desk's room at once")
    assert [len([text for text in stage.under_card(case) if "at once" in text]) for case in (1001, 1002)] == [1, 1]
    assert len(stage.far.called("chat.update")) == 1, "of two cards in two tries each"
    stage.connection.channel._rests.clear()  # thirty seconds later
    await leaves(stage, seconds=31)
    assert all("Sam Ortiz" in unescaped(stage.card(case).text) for case in (1001, 1002))
