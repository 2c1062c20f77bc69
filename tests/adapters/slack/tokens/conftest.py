"""Where tokens are kept, a clock, and replicas of the bot."""

from collections.abc import AsyncIterator, Callable

import pytest

from adapters.slack.grants import Grants
from adapters.slack.rotation import Rotation
from adapters.slack.tokens import ManyWorkspaces
from tests.adapters.slack.granting import Clock, Granting, granting, grants
from tests.adapters.slack.tokens.shelf import TOKEN, Shelf, breath


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shelf(clock: Clock) -> Shelf:
    return Shelf(clock)


@pytest.fixture
async def slack() -> AsyncIterator[Granting]:
    async with granting() as slack:
        slack.whose[TOKEN] = {
            "team_id": "T0DESK", "team": "The desk", "user_id": "U0HUB", "bot_id": "B0HUB", "enterprise_id": "E0ALL"
        }  # fmt: skip
        yield slack


@pytest.fixture
async def given(slack: Granting, clock: Clock) -> AsyncIterator[Grants]:
    async with grants(slack.api_url, clock) as given:
        yield given


@pytest.fixture
async def replica(shelf: Shelf, given: Grants, clock: Clock) -> AsyncIterator[Callable[[], ManyWorkspaces]]:
    """Call it for another process over the same store."""
    made: list[ManyWorkspaces] = []

    def make(patience: float = 60) -> ManyWorkspaces:
        made.append(ManyWorkspaces(shelf, Rotation(shelf, given, clock, breath), clock, patience=patience))
        return made[-1]

    yield make
    for each in made:
        await each.close()
