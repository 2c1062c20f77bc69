"""Finding and claiming what is due among more and more open cases, and a whole round of 50 warnings
(python -m benchmarks.escalations).

Flat is what it has to be: the last column says how many times as long it took as among the fewest. BENCHMARK_CASES is
the most there are, 1,000,000 by default. The cases are copies of one that was opened as people do.
"""

import asyncio
import os
import tempfile
import time
from datetime import timedelta
from statistics import median
from typing import Any

from bot.escalation import BATCH, sweep
from bot.turn import Now
from store.store import Store, open_store
from store.work import Work
from tests.many import add_agents, copy_case
from tests.world import CATALOGUES, MONDAY, World, opened

MOST = int(os.environ.get("BENCHMARK_CASES", "1000000"))
SIZES = [size for size in (10_000, 100_000, 1_000_000) if size <= MOST]
DUE, AGENTS, TIMES, ROUNDS = 100, 100, 40, 6
WEEKS = 20  # over which the warnings to come are spread
NOW = Now(MONDAY + timedelta(hours=2, minutes=1), MONDAY + timedelta(hours=2, minutes=1))


def fill(work: Work, agents: list[int], many: int) -> None:
    """As they are after a week or two: nothing of it is due, and the database knows how much it holds."""
    session = work._session
    postgresql = session.connection().dialect.name == "postgresql"
    if postgresql:  # or each copy asks whether its people and places exist
        session.connection().exec_driver_sql("SET LOCAL session_replication_role = replica")
    for week in range(WEEKS):
        copy_case(work, 1001, many // WEEKS, MONDAY + timedelta(weeks=week, days=1), agents)
    session.connection().exec_driver_sql("ANALYZE")


def claim(work: Work) -> int:
    return len(work.due_alarms(NOW.business, DUE))


async def timed(store: Store, unit: Any, *args: Any) -> float:
    """Milliseconds, the commit included."""
    began = time.perf_counter()
    await store.write(unit, *args)
    return (time.perf_counter() - began) * 1e3


async def measure(store: Store, agents: list[int]) -> tuple[float, float]:
    await store.write(copy_case, 1001, DUE, NOW.business, agents)
    assert await store.write(claim) == DUE
    claimed = median([await timed(store, claim) for _ in range(TIMES)])
    await store.write(copy_case, 1001, ROUNDS * BATCH - DUE, NOW.business, agents)
    rounds = median([await timed(store, sweep, NOW, CATALOGUES, BATCH) for _ in range(ROUNDS)])
    assert await store.write(claim) == 0
    return claimed, rounds


async def growth(url: str) -> None:
    await (store := open_store(url)).migrate()
    await opened(await World(store).open())
    agents = await store.write(add_agents, AGENTS)
    await store.write(lambda work: work.alarm_later(1001, MONDAY + timedelta(weeks=WEEKS)))
    there, first = 0, None
    for size in SIZES:
        began = time.perf_counter()
        await store.write(fill, agents, size - there)
        filled, there = time.perf_counter() - began, size
        claimed, rounds = await measure(store, agents)
        first = first or (claimed, rounds)
        print(
            f"{size:>9,} open, made in {filled:.0f} s: {DUE} claimed in {claimed:.1f} ms ({claimed / first[0]:.1f}),"
            f" a round of {BATCH} in {rounds:.0f} ms ({rounds / first[1]:.1f})"
        )
    await store.close()


with tempfile.TemporaryDirectory() as folder:
    print("SQLite:")
    asyncio.run(growth(f"sqlite:///{folder}/desk.db"))
if server := os.environ.get("TEST_POSTGRES_URL"):  # one that lets us create databases, and skip their checks
    from tests.databases import temporary_database

    with temporary_database(server) as address:
        print("PostgreSQL:")
        asyncio.run(growth(address))
