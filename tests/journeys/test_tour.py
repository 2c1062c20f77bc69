"""The story that the playground's tour plays (adapters/web/static/scenes.js) without a page: the lines it relies on."""

import re

from tests.world import BROKEN, World


def line(world: World, room: str, pattern: str) -> str:
    """What the newest button of that kind in a room says."""
    lines = [button.line for post in world.posts(room) for button in post.buttons]
    return next(line for line in reversed(lines) if re.fullmatch(pattern, line))


async def press(world: World, who: str, pattern: str, **how: str) -> str:
    return str(await world.presses_line(who, line(world, how.get("room", who), pattern), **how))


async def test_the_story_of_the_tour(desk: World) -> None:
    await desk.says("ann", "How do I share a view?")
    assert "Ask me again" in await press(desk, "ann", r"answer \d+ helped yes")

    receipt = str(await desk.says("ann", BROKEN))
    assert "This is case #1001." in receipt
    assert "13:00 ET, 4 business hours (W46)" in receipt
    await desk.says("ann", "Error 500 as soon as I press Send")
    await press(desk, "ann", r"answer \d+ priority high")
    assert "That is all" in await press(desk, "ann", r"answer \d+ \w+ skip")

    await desk.passes_and_warns(hours=2)
    assert line(desk, "desk", "ack 1001")
    await desk.passes_and_warns(hours=1)
    await press(desk, "cora", "ack 1001")
    assert "Cora Diaz (concierge) sees to #1001." in desk.last("desk")

    await press(desk, "sam", "take 1001", room="desk", thread=desk.receipt())
    await desk.says("sam", "reply 1001 I see the error too and am looking into it", room="desk", thread=desk.receipt())
    await desk.says("sam", "note 1001 Their own script breaks it", room="desk", thread=desk.receipt())
    await desk.says("sam", "close 1001 The form sends again", room="desk", thread=desk.receipt())
    assert "is closed" in await press(desk, "ann", r"confirm 1001 r\d+")
    assert "I see the error too" in "".join(desk.heard("ann"))
    assert "script" not in "".join(desk.heard("ann"))
    assert "First response: in time" in desk.card()

    assert "#1001" in str(await desk.says("bob", "cases"))
    assert line(desk, "bob", "status 1001")
    assert await desk.says("eve", "status 1001") == "There is no case #1001."
    await desk.says("eve", "How do I merge duplicates?")
    assert "W8" in await press(desk, "eve", r"answer \d+ helped none")
    assert "T7" in str(await desk.says("tess", "What is your response time?"))
    assert "T9" in str(await desk.says("tess", "price premium 4"))
    assert "20,000" in str(await desk.says("tess", "price premium 5"))


async def test_over_an_open_case_the_tour_has_to_say_that_it_is_a_new_one(case: World) -> None:
    await case.says("ann", BROKEN)
    assert "This is case #1002." in await press(case, "ann", r"answer \d+ case new")
