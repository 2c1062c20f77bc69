"""A case that waits for the desk in Slack."""

import pytest

from tests.slack.stage import Stage
from tests.world import BROKEN


@pytest.fixture
async def opened(stage: Stage) -> Stage:
    """Ann's case 1001, without any more questions."""
    written = await stage.writes("ann", BROKEN)
    await stage.writes("ann", "cancel", thread=written.ts)
    return stage
