"""Channels where several read along."""

from tests.slack.delivery import Delivered
from tests.slack.stage import Stage

NORTH, SHARED, OTHERS = "C0NORTH", "C0SHARED", "C0OTHERS"


async def calls(stage: Stage, who: str, place: str, text: str, thread: str = "", **how: str) -> Delivered:
    """By mention."""
    return await stage.writes(who, f"{stage.slack.mention(place)} {text}", place, thread, **how)


async def answered(stage: Stage, who: str, line: str) -> str:
    place = who if who.isupper() else f"U0{who.upper()}"
    seen = len(stage.said(place))
    at_once = await stage.commands(who, f"/case {line}")
    return "\n".join([at_once, *stage.said(place)[seen:]])
