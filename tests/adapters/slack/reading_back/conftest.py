"""A desk that cannot hear Slack for a while."""

from collections.abc import AsyncIterator

import pytest

from store.store import Store
from tests.adapters.slack.reading_back.gap import Desk, set_up


@pytest.fixture
async def desk(sqlite_store: Store) -> AsyncIterator[Desk]:
    async with set_up(sqlite_store) as made:
        yield made
