"""Thousands of warnings due at once, and kill -9: each step is taken once and each ping arrives once (R10)."""

from pathlib import Path

import pytest

from tests.faults.plan import TRIALS, Desks, Tally, report, sized
from tests.faults.siege import Siege

pytestmark = pytest.mark.faults

CASES, KILLS = (sized(10_000), sized(100)) if TRIALS >= 200 else (300, 6)


@pytest.mark.timeout(3600)
async def test_a_server_on_sqlite_that_is_killed_again_and_again_warns_once(
    door: Path, sqlite_desks: Desks, tmp_path: Path
) -> None:
    await _campaign("escalations on SQLite", door, sqlite_desks, tmp_path, replicas=1)


@pytest.mark.postgres
@pytest.mark.timeout(3600)
async def test_four_replicas_on_postgresql_warn_once(door: Path, postgres_desks: Desks, tmp_path: Path) -> None:
    await _campaign("escalations on PostgreSQL", door, postgres_desks, tmp_path, replicas=4)


async def _campaign(what: str, door: Path, desks: Desks, folder: Path, replicas: int) -> Tally:
    async with desks(folder) as url:
        tally = await Siege(door, url, folder, CASES, KILLS, replicas).run()
    report(what, tally)
    assert not tally.violations
    assert tally.kills >= KILLS // 2, "whoever nobody kills proves nothing"
    return tally
