"""A gate for units of the store under test, and a sender for its lanes."""

from collections.abc import AsyncIterator

import pytest

from store.store import Store
from tests.store.inside import Gate
from tests.store.sender import Sender, two_cases


@pytest.fixture
async def gate(store: Store) -> AsyncIterator[Gate]:
    made = Gate(store)
    yield made
    made.open()  # the store's closing waits for whoever stands here


@pytest.fixture
async def lanes(store: Store) -> Sender:
    await store.write(two_cases)
    return Sender(store)
