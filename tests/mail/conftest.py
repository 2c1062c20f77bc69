"""A desk that is written to by mail."""

from collections.abc import AsyncIterator

import pytest

from store.store import Store
from tests.mail.stage import Stage, staged


@pytest.fixture
async def mail(store: Store) -> AsyncIterator[Stage]:
    async with staged(store) as opened:
        yield opened
