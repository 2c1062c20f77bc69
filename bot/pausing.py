"""The pause between two rounds: never twice the same, so that several servers do not all look at the same moment."""

import asyncio
import random


async def pause(most: float) -> None:
    """Half of ``most`` seconds at least."""
    await asyncio.sleep(most * random.uniform(0.5, 1.0))  # noqa: S311 (no secret)
