"""Rounds: the same again and again until cancelled, whatever went wrong in one of them."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from typing import Any

from store.store import Unavailable

log = logging.getLogger(__name__)


async def rounds(what: str, one: Callable[[], Awaitable[Any]], every: float, full: int | None = None) -> None:
    """``every`` seconds at most between two; after one that says it did ``full`` or more the next follows at once."""
    while True:
        done: Any = 0
        try:
            done = await one()
        except Unavailable as error:
            log.warning("%s later: %s", what, error)
        except Exception:
            log.exception("%s", what)
        if full is None or done < full:
            await pause(every)


async def pause(most: float) -> None:
    """Half of ``most`` seconds at least, and never twice the same: several servers do not look at the same moment."""
    await asyncio.sleep(most * random.uniform(0.5, 1.0))  # noqa: S311 (no secret)
