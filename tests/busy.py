"""A store that is too slow for whoever asks."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from store.store import Store


@contextmanager
def busy(store: Store) -> Iterator[None]:
    """The store's writer is held up all the while."""
    gate = threading.Event()
    held = asyncio.ensure_future(store.write(lambda work: gate.wait(20)))
    try:
        yield
    finally:
        gate.set()
        assert held
