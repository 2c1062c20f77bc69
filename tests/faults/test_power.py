"""The power goes while SQLite writes: a reopened desk is as it was after some unit of work, none acknowledged is lost.

A kill never shows that: what a dead process had written is still the kernel's to keep. So the log is cut here, as a
disk would leave it that had not written all of it, or not in order.
"""

import asyncio
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TypeVar, TypeVarTuple

import pytest

from store.store import Store, open_store
from store.work import Work
from tests.faults.checker import Violation
from tests.faults.plan import Tally, report, sized
from tests.faults.wal import Wal
from tests.world import World, opened

pytestmark = pytest.mark.faults

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
CUTS = sized(1_000, 50)  # of each kind, at most: there may be fewer frames
FULL = 2  # PRAGMA synchronous


@dataclass(frozen=True)
class Moment:
    """When a unit of work was acknowledged."""

    frames: int
    """Of the log, by then."""
    state: str


@dataclass
class Recorded:
    """A store that notes how the disk was at each acknowledgement."""

    store: Store
    database: Path
    moments: list[Moment]
    alone: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Else the next commit could be in the log before this one is noted."""

    async def write(self, unit: Callable[[Work, *Ts], T], *args: *Ts, patience: float | None = None) -> T:
        async with self.alone:
            done = await self.store.write(unit, *args, patience=patience)
            self.note()
            return done

    async def read(self, unit: Callable[[Work, *Ts], T], *args: *Ts, patience: float | None = None) -> T:
        return await self.store.read(unit, *args, patience=patience)

    async def migrate(self) -> None:
        await self.store.migrate()

    async def take_over(self) -> None:
        await self.store.take_over()

    def on_owed(self, woken: Callable[[], None]) -> None:
        self.store.on_owed(woken)

    async def close(self) -> None:
        await self.store.close()

    def note(self) -> None:
        self.moments.append(Moment(Wal.of(self.database).frames, state_of(self.database)))


@dataclass(frozen=True)
class Disk:
    """The database without its log, the log in full, and all that was acknowledged of it."""

    database: bytes
    log: Wal
    before: bytes
    """What stood in the log's place before: it is written over from its beginning."""
    moments: tuple[Moment, ...]

    def after_losing(self, cut: int, tail: bytes, at: Path) -> tuple[str, str]:
        """How the desk is with the log up to ``cut`` and then ``tail``, and how it should be."""
        at.write_bytes(self.database)
        at.with_name(f"{at.name}-wal").write_bytes(self.log.raw[:cut] + tail)
        intact = max(0, cut - self.log.end(0)) // self.log.frame
        return state_of(at), [moment.state for moment in self.moments if moment.frames <= intact][-1]

    def boundaries(self) -> list[int]:
        return [self.log.end(number) for number in range(self.log.frames + 1)]


@pytest.fixture(params=["a new log", "a log begun anew"])
async def disk(request: pytest.FixtureRequest, migrated_sqlite: Path, tmp_path: Path) -> Disk:
    """After Ann's and Eve's dialogs: hers is in the database by now, Eve's in the log."""
    database = tmp_path / "desk.db"
    database.write_bytes(migrated_sqlite.read_bytes())
    store = open_store(f"sqlite:///{database}")
    recorded = Recorded(store, database, [])
    world = await World(recorded).open()
    await opened(world)
    _checkpoint(database, "TRUNCATE" if request.param == "a new log" else "RESTART")
    base, before = database.read_bytes(), Wal.of(database).raw
    recorded.moments.clear()
    recorded.moments.append(Moment(0, state_of(database)))
    await opened(world, "eve", "Exports take an hour")
    await world.says("sam", "reply 1001 Looking into it")
    log = Wal.of(database)
    assert len({moment.state for moment in recorded.moments}) > 20, "else the cuts below show little"
    assert database.read_bytes() == base, "SQLite moved the log into the database meanwhile: shorten the dialogs"
    await store.close()
    return Disk(base, log, before, tuple(recorded.moments))


def test_a_log_cut_between_two_frames_shows_all_that_was_acknowledged_by_then(disk: Disk, tmp_path: Path) -> None:
    _campaign(disk, tmp_path, [(cut, b"") for cut in _some(disk.boundaries())])


def test_a_frame_torn_in_the_middle_does_not_count(disk: Disk, tmp_path: Path) -> None:
    """What follows is what stood there before: nothing, zeros, or an older log."""
    chance, losses = random.Random(7), []
    for start in _some(disk.boundaries()[:-1]):
        cut = start + chance.randrange(1, disk.log.frame)
        losses.append((cut, chance.choice([b"", bytes(disk.log.frame), disk.before[cut:]])))
    _campaign(disk, tmp_path, losses)


def test_a_frame_that_is_missing_before_others_ends_the_log(disk: Disk, tmp_path: Path) -> None:
    """Disks write in any order between two syncs."""
    starts = _some(disk.boundaries()[:-1])
    losses = [(start, bytes(disk.log.frame) + disk.log.raw[start + disk.log.frame :]) for start in starts]
    _campaign(disk, tmp_path, losses)


def _campaign(disk: Disk, folder: Path, losses: list[tuple[int, bytes]]) -> None:
    """Each a byte from which on the log is lost, and what stands there instead."""
    tally = Tally()
    for cut, tail in losses:
        found, expected = disk.after_losing(cut, tail, folder / "cut.db")
        tally.trials, tally.recovered = tally.trials + 1, tally.recovered + (found == expected)
        tally.violations += [] if found == expected else [Violation("corrupt", f"cut at byte {cut}")]
    report("power lost", tally)
    assert not tally.violations


async def test_every_commit_waits_for_the_disk(migrated_sqlite: Path, tmp_path: Path) -> None:
    """FULL syncs the log at each commit: only then do the cuts above fall behind what was acknowledged."""
    database = tmp_path / "desk.db"
    database.write_bytes(migrated_sqlite.read_bytes())
    store = open_store(f"sqlite:///{database}")
    assert await store.write(_pragma, "synchronous") == FULL
    assert await store.write(_pragma, "journal_mode") == "wal"
    await store.close()


def _some(positions: list[int]) -> list[int]:
    """The first, the last, and a sample of the others."""
    sample = random.Random(7).sample(positions, min(CUTS, len(positions)))
    return sorted({positions[0], positions[-1], *sample})


def _checkpoint(database: Path, how: str) -> None:
    """All of the log goes into the database; the next commit begins it anew, over what stands in it if anything."""
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute(f"PRAGMA wal_checkpoint({how})").fetchone()[0] == 0


def _pragma(work: Work, name: str) -> object:
    return work._session.connection().exec_driver_sql(f"PRAGMA {name}").scalar_one()


def state_of(database: Path) -> str:
    """All that the database holds, found whole."""
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        return sha256("\n".join(connection.iterdump()).encode()).hexdigest()
