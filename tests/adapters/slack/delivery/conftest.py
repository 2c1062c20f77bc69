"""The desk behind a played Slack whose clock is the desk's own."""

import pytest

from tests.adapters.slack.delivery.owing import set_up
from tests.slack.stage import Stage


@pytest.fixture
def stage(stage: Stage) -> Stage:
    """Slack's clock is the desk's own: messages are looked for by when they were owed."""
    return set_up(stage)
