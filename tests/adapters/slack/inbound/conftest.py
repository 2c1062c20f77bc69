"""A channel of Northwind's."""

import pytest

from tests.slack.stage import Stage

NORTH = "C0NORTH"


@pytest.fixture
async def north(stage: Stage) -> str:
    stage.far.add_channel(NORTH, "northwind", ["U0ANN", "U0BOB", "U0SAM"])
    await stage.bind(NORTH, "northwind")
    return NORTH
