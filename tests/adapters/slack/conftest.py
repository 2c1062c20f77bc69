"""The desk behind a played Slack, and what such tests begin with."""

from collections.abc import AsyncIterator

import pytest

from store.store import Store
from tests.slack.stage import Stage, staged


@pytest.fixture
async def stage(sqlite_store: Store) -> AsyncIterator[Stage]:
    async with staged(sqlite_store) as opened:
        yield opened
