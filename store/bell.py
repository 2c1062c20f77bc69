"""Wakes the other replicas: a connection to PostgreSQL that listens, and rings after commits that owed something."""

import asyncio
import logging
import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

log = logging.getLogger(__name__)
CHANNEL = "supporthub_owed"
BETWEEN = 0.005  # seconds between two rings: each is a commit of its own, and wakes every replica
QUIET = 30.0  # seconds: a line that was cut without a word is noticed by then
PATIENCE = 5.0  # seconds for an answer of the database's
AGAIN = 1.0  # seconds until the next try after the line broke


class Bell:
    """Never within the unit's own transaction, where a third of all throughput is what it costs."""

    def __init__(self, engine: AsyncEngine, heard: Callable[[], None]) -> None:
        """``heard`` is called whenever another replica may have owed something. Called inside the loop."""
        self._engine, self._heard = engine, heard
        self._rung = asyncio.Event()
        self._task = asyncio.create_task(self._run())

    def ring(self) -> None:
        """After a commit."""
        self._rung.set()

    async def close(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._engine.dispose()

    async def _run(self) -> None:
        while True:
            try:
                async with self._engine.connect() as connection:  # as the units', whatever the address asks for
                    raw = await connection.get_raw_connection()
                    assert raw.driver_connection is not None
                    await self._listen(raw.driver_connection)
            except Exception as error:  # whatever it is: the next try may work, and looking goes on meanwhile
                log.warning("other replicas are not heard until the database is back: %s", type(error).__name__)
            await asyncio.sleep(AGAIN * random.uniform(0.5, 1.0))  # noqa: S311 (no secret)

    async def _listen(self, line: asyncpg.Connection) -> None:
        await line.add_listener(CHANNEL, self._on_ring)  # type: ignore[no-untyped-call]
        line.add_termination_listener(lambda _: self._rung.set())  # type: ignore[no-untyped-call]
        self._heard()  # whatever was owed while nobody listened
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._rung.wait(), QUIET)
            said = f"NOTIFY {CHANNEL}" if self._rung.is_set() else "SELECT 1"
            self._rung.clear()
            await line.execute(said, timeout=PATIENCE)
            await asyncio.sleep(BETWEEN)

    def _on_ring(self, line: Any, process: int, *_: object) -> None:
        if process != line.get_server_pid():  # what this replica owes it knows already
            self._heard()
