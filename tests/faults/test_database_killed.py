"""PostgreSQL's own server killed under load: nothing acknowledged is lost, and the desk goes on by itself."""

import asyncio
import time
from pathlib import Path

import aiohttp
import pytest

from tests.conftest import migrate
from tests.databases import DurableServer, temporary_database
from tests.faults.plan import TRIALS, Tally, report, sized
from tests.faults.serving import PEOPLE, crowd
from tests.store.inside import until

pytestmark = [pytest.mark.faults, pytest.mark.postgres, pytest.mark.timeout(1200)]
KILLS = sized(20, 3)
LONGEST = 10.0  # seconds from the database's being back to the desk's being ready
LEASE = 75.0  # seconds until what was on its way at a kill has been looked up


async def test_a_killed_database_loses_nothing_and_is_found_again(
    tmp_path: Path, durable_postgres: DurableServer, capsys: pytest.CaptureFixture[str]
) -> None:
    tally, slowest = Tally(), 0.0
    with temporary_database(durable_postgres.url) as url:
        await asyncio.to_thread(migrate, url)
        async with crowd(tmp_path, url, PEOPLE * KILLS) as people:
            with people.server() as (address, process):
                for number in range(KILLS):
                    people.begin()
                    await people.acknowledged(PEOPLE * number + PEOPLE // 2)
                    await asyncio.to_thread(durable_postgres.kill)
                    assert await readiness(address) == 503
                    await asyncio.to_thread(durable_postgres.start)
                    slowest = max(slowest, await ready_again(address))
                    await people.acknowledged(PEOPLE * (number + 1))
                    tally.trials += 1
                    tally.hit["database killed"] += 1
                if TRIALS >= 1000:
                    await people.all_arrived(LEASE)
                assert process.poll() is None, "one and the same server all the time"
            await people.check(tally, arrived=TRIALS >= 1000)
    report("postmaster killed under load", tally)
    with capsys.disabled():
        print(f"\n{KILLS} kills, the slowest was ready again {slowest:.1f} s after the database")
    assert not tally.violations
    assert slowest <= LONGEST


async def ready_again(address: str) -> float:
    async def ready() -> bool:
        return await readiness(address) == 200

    began = time.monotonic()
    await until(ready)
    return time.monotonic() - began


async def readiness(address: str) -> int:
    async with aiohttp.ClientSession() as session, session.get(f"{address}readyz") as told:
        return told.status
