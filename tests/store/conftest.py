"""A gate for units of the store under test."""

from collections.abc import AsyncIterator

import pytest

from store.store import Store
from tests.store.inside import Gate


@pytest.fixture
async def gate(store: Store) -> AsyncIterator[Gate]:
    made = Gate(store)
    yield made
    made.open()  # the store's closing waits for whoever stands here
