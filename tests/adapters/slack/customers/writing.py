"""Customers in Slack, and when they write."""

from datetime import timedelta

from tests.slack.places import Message
from tests.slack.stage import Stage
from tests.world import MONDAY

ROOM = "C0ROOM"


async def written(stage: Stage, who: str, text: str, place: str, hours: float = 0, thread: str = "") -> Message:
    """By somebody, so many hours ago; from now on it is Monday morning in Slack too."""
    stage.far.clock = lambda: (MONDAY - timedelta(hours=hours)).timestamp()
    done = await stage.writes(who, text, place, thread)
    stage.far.clock = lambda: MONDAY.timestamp()
    assert done.message
    return done.message
