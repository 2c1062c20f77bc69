"""Backups made while people write: each is of one moment, with all that was acknowledged before, and goes on."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlmodel import select

from bot.incoming import Said
from store import backup
from store.backup import Manifest
from store.store import Store, open_store
from store.tables import Case, CaseEvent, Outbox
from store.work import Work
from tests.faults.checker import Violation
from tests.faults.plan import Tally, report, sized
from tests.verifying import differences
from tests.world import MONDAY, World

pytestmark = pytest.mark.faults

BACKUPS = sized(100, 4) // 2  # on each database
WRITERS = 4
HEAD_START = 5  # acts before each backup


@dataclass
class Writers:
    """People who open cases one after the other, on and on."""

    world: World
    begun: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    async def write(self, who: str) -> None:
        while True:
            subject = f"Report of {who}, the {len(self.begun)}th"
            self.begun.add(subject)
            await self.world.hear("sam", Said(f"open-for {who}@northwind.example {subject}"))
            self.acknowledged.add(subject)
            self.moved.set()

    async def _further(self) -> None:
        wanted = len(self.acknowledged) + HEAD_START
        async with asyncio.timeout(60):
            while len(self.acknowledged) < wanted:
                self.moved.clear()
                await self.moved.wait()

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """From when they have done some, until they have done some more."""
        tasks = [asyncio.create_task(self.write(("ann", "bob")[n % 2])) for n in range(WRITERS)]
        try:
            await self._further()
            yield
            await self._further()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.timeout(3600)
async def test_every_backup_made_under_load_is_whole(
    desk: World, database_url: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    writers, tally = Writers(desk), Tally()
    for number in range(BACKUPS):
        file = tmp_path / f"{number}.backup"
        async with writers.at_work():
            before = set(writers.acknowledged)
            manifest = await backup.back_up(database_url, file, MONDAY, "0.1.0")
            after = set(writers.begun)
        url = _empty(request, database_url, tmp_path / f"{number}.db")
        await backup.restore(url, file, force=False)
        tally.violations += await _checked(url, manifest, before, after)
        tally.trials += 1
        await desk.delivery.deliver_all()
    tally.acts = len(writers.acknowledged)
    report(f"backups under load, {'SQLite' if database_url.startswith('sqlite') else 'PostgreSQL'}", tally)
    assert not tally.violations
    assert tally.acts > HEAD_START * BACKUPS, "nobody wrote meanwhile"


def _empty(request: pytest.FixtureRequest, url: str, file: Path) -> str:
    if url.startswith("sqlite"):
        return f"sqlite:///{file}"
    create: Callable[[], str] = request.getfixturevalue("create_database")
    return create()


async def _checked(url: str, manifest: Manifest, before: set[str], after: set[str]) -> list[Violation]:
    """Before it goes on, and while it does."""
    store = open_store(url)
    try:
        subjects, counted = await store.read(_kept)
        found = [Violation("lost", subject) for subject in before - subjects]
        found += [Violation("unexpected", subject) for subject in subjects - after]
        found += [Violation("corrupt", f"{table} {n}") for table, n in counted.items() if n != manifest.rows[table]]
        found += [Violation("corrupt", each) for each in await differences(store)]
        return found + await _goes_on(store)
    finally:
        await store.close()


def _kept(work: Work) -> tuple[set[str], dict[str, int]]:
    cases = set(work._session.exec(select(Case.subject)))
    counted = {"cases": len(cases)}
    for kind in (CaseEvent, Outbox):
        counted[str(kind.__tablename__)] = len(work._session.exec(select(kind.id)).all())
    return cases, counted


async def _goes_on(store: Store) -> list[Violation]:
    """The next case gets a number of its own, and what was owed is sent, once."""
    world = World(store)
    world.acts = 10**6  # what its people do now is none of what they did before
    said = str(await world.says("eve", "Nothing loads at all"))
    found = [] if "This is case #" in said else [Violation("unexpected", f"the next case is {said!r}")]
    keys = Counter(post.key for post in world.fake.posts)
    found += [Violation("duplicated", key) for key, times in keys.items() if times > 1]
    return found + [Violation("corrupt", each) for each in await differences(store)]
