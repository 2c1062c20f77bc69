"""kill -9 at every step: whatever was acknowledged is kept, once, and whatever is owed arrives, once and in order."""

import asyncio
import os
import random
import re
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from store.store import open_store
from tests.databases import DurableServer, drop_database, new_database, temporary_database
from tests.faults.life import zygote
from tests.faults.trial import DATABASE, RECORDED, Plan, Tally, campaign
from tests.world import ROOT, seed

pytestmark = pytest.mark.faults

TRIALS = int(os.environ.get("SUPPORTHUB_TEST_TRIALS", "200"))
FAILPOINTS = sorted(
    {
        name
        for part in ("app", "adapters", "bot", "store", "rules")
        for path in (ROOT / part).rglob("*.py")
        for name in re.findall(r'\bfailpoint\("([^"]+)"\)', path.read_text())
    }
)
PLACES = (*FAILPOINTS, RECORDED)
LATEST = {"before commit": 40, "after commit": 40}  # how often a place may be passed before it kills; others 20 times
MOST = 3  # kills planned for one trial

Databases = Callable[[], Awaitable[str]]


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with zygote(tmp_path_factory.mktemp("zygote")) as opened:
        yield opened


@pytest.fixture
async def sqlite_desks(migrated_sqlite: Path, tmp_path: Path) -> Databases:
    """A desk's database of its own at each call."""
    template = tmp_path / "template.db"
    shutil.copy(migrated_sqlite, template)
    await _people(f"sqlite:///{template}")
    numbers = iter(range(10**6))

    async def new() -> str:
        return f"sqlite:///{shutil.copy(template, tmp_path / f'{next(numbers)}.db')}"

    return new


@pytest.fixture
async def postgres_desks(postgres_server: str, create_database: Callable[[], str]) -> AsyncIterator[Databases]:
    template, made = create_database(), list[str]()
    await _people(template)

    async def new() -> str:
        made.append(await asyncio.to_thread(new_database, postgres_server, template.rpartition("/")[2]))
        return made[-1]

    yield new
    for url in made:
        drop_database(url)


async def _people(url: str) -> None:
    store = open_store(url)
    await store.write(seed, "fake", True)
    await store.close()


@pytest.mark.timeout(3600)
async def test_on_sqlite_nothing_is_lost_and_nothing_done_twice(
    door: Path, sqlite_desks: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plans = [Plan(n, sqlite_desks, _kills(n)) for n in range(max(TRIALS * 3 // 4, len(PLACES)))]
    await _campaign("SQLite", plans, door, tmp_path, capsys)


@pytest.mark.postgres
@pytest.mark.timeout(3600)
async def test_on_postgresql_too_and_with_two_replicas(
    door: Path, postgres_desks: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    numbers = range(max(TRIALS // 4, len(PLACES)))
    plans = [Plan(n, postgres_desks, _kills(n), replicas=1 + (n % 3 == 2)) for n in numbers]
    await _campaign("PostgreSQL", plans, door, tmp_path, capsys)


async def _campaign(
    what: str, plans: list[Plan], door: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    tally = await campaign(plans, door, folder)
    with capsys.disabled():
        print(f"\n{what}: {tally}, {time.monotonic() - began:.0f} s")
    assert not tally.violations
    assert set(tally.hit) == set(PLACES), "a place where nobody ever died proves nothing"


def _kills(number: int) -> tuple[str, ...]:
    """Each place has its turn of being the first; the first round surely reaches it."""
    chance, first = random.Random(number), PLACES[number % len(PLACES)]
    places = [first, *chance.choices(PLACES, k=chance.randint(0, MOST - 1))]
    times = [chance.randint(1, LATEST.get(place, 20)) for place in places]
    if number < len(PLACES):
        times[0] = 1
    return tuple(f"{place}:{nth}" for place, nth in zip(places, times, strict=True))
