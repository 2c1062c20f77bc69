"""kill -9 at every step: whatever was acknowledged is kept, once, and whatever is owed arrives, once and in order."""

import random
from pathlib import Path

import pytest

from tests.databases import DurableServer
from tests.faults.places import DATABASE, PLACES
from tests.faults.plan import TRIALS, Desks, Plan, Tally, report
from tests.faults.trial import campaign

pytestmark = pytest.mark.faults

LATEST = {"before commit": 40, "after commit": 40}  # how often a place may be passed before it kills; others 20 times
MOST = 3  # kills planned for one trial
EARLY = 8  # where nobody answers, since each of its lives is short
LATE = 4  # every fourth trial is one in which nobody answers


@pytest.mark.timeout(3600)
async def test_on_sqlite_nothing_is_lost_and_nothing_done_twice(
    door: Path, sqlite_desks: Desks, tmp_path: Path
) -> None:
    plans = [Plan(n, sqlite_desks, _kills(n), late=_late(n)) for n in range(_ENOUGH)]
    tally = await _campaign("killed on SQLite", plans, door, tmp_path)
    assert set(tally.hit) == set(PLACES), "a place where nobody ever died proves nothing"


@pytest.mark.postgres
@pytest.mark.timeout(3600)
async def test_on_postgresql_neither_and_with_two_replicas(door: Path, postgres_desks: Desks, tmp_path: Path) -> None:
    plans = [Plan(n, postgres_desks, _kills(n), replicas=1 + (n % 3 == 2), late=_late(n)) for n in range(_ENOUGH)]
    tally = await _campaign("killed on PostgreSQL", plans, door, tmp_path)
    assert set(tally.hit) == set(PLACES)


@pytest.mark.postgres
async def test_when_postgresql_itself_is_killed_neither(
    door: Path, durable_postgres: DurableServer, durable_desks: Desks, tmp_path: Path
) -> None:
    """With fsync on. The desk answers 503 meanwhile, and goes on without a restart of its own."""
    plans = [Plan(n, durable_desks, (f"{DATABASE}:{4 + 5 * n}",), durable_postgres) for n in range(3)]
    tally = await _campaign("PostgreSQL's server killed", plans, door, tmp_path, at_once=1)
    assert tally.kills == len(plans)


async def _campaign(what: str, plans: list[Plan], door: Path, folder: Path, at_once: int = 3) -> Tally:
    tally = await campaign(plans, door, folder, at_once)
    report(what, tally)
    assert not tally.violations
    return tally


_ENOUGH = max(TRIALS, 2 * len(PLACES))


def _late(number: int) -> bool:
    return number % LATE == LATE - 1


def _kills(number: int) -> tuple[str, ...]:
    """Each place has its turn of being the first; the first round surely reaches it."""
    chance, first = random.Random(number), PLACES[number % len(PLACES)]
    places = [first, *chance.choices(PLACES, k=chance.randint(0, MOST - 1))]
    latest = {place: EARLY if _late(number) else LATEST.get(place, 20) for place in places}
    times = [chance.randint(1, latest[place]) for place in places]
    if number < len(PLACES):
        times[0] = 1
    return tuple(f"{place}:{nth}" for place, nth in zip(places, times, strict=True))
