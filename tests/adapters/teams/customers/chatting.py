"""Customers in their own chat with the bot."""

from tests.teams.stage import ANN, Stage
from tests.world import BROKEN


async def opened(stage: Stage, who: str = "ann", problem: str = BROKEN) -> None:
    """Without any more questions."""
    await stage.writes(who, problem)
    await stage.writes(who, "cancel")


def told(stage: Stage, place: str = ANN) -> list[str]:
    """Without the live cards."""
    return [words for words in stage.said(place) if not words.startswith("#")]
