"""A channel with customers."""

import pytest

from tests.adapters.slack.customers.writing import ROOM
from tests.slack.stage import Stage


@pytest.fixture
def room(stage: Stage) -> str:
    """A channel of the desk's workspace that belongs to nobody's account."""
    stage.far.add_channel(ROOM, "general", ["U0ANN", "U0BOB", "U0EVE", "U0SAM"])
    return ROOM
