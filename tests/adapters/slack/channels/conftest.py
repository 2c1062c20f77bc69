"""A channel of a company, where several read along."""

import pytest

from tests.adapters.slack.channels.rooms import NORTH
from tests.slack.stage import Stage


@pytest.fixture
async def north(stage: Stage) -> str:
    """Northwind's channel in the desk's workspace. Eve of another company and Max, whom nobody knows, are in it too."""
    stage.far.add_user("U0MAX", "Max")
    stage.far.add_user("U0GIA", "Gia Guest", restricted=True)
    everybody = ["U0ANN", "U0BOB", "U0EVE", "U0SAM", "U0MAX", "U0GIA"]
    stage.far.add_channel(NORTH, "northwind", everybody)
    await stage.bind(NORTH, "northwind")
    return NORTH
