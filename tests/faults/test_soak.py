"""A day of one server, timers, warnings and housekeeping included: it holds no more at its end than after its start."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import linear_regression

import pytest

from tests.faults.checker import Violation
from tests.faults.plan import TRIALS, Tally, report, sized
from tests.faults.soak import End, Sample
from tests.world import ROOT

pytestmark = pytest.mark.faults

TURNS = sized(100_000) if TRIALS >= 200 else 800
WARM = 0.4  # of the day, until every cache is full and every kind of thing has happened
LONG = 20_000  # turns from which on a process's memory says something
MOST = 1024 * 1024  # bytes more every 10,000 turns
SPARE = 16  # that many more at one moment than at another are none that stay


@pytest.mark.timeout(7200)
def test_a_day_leaves_nothing_behind(tmp_path: Path) -> None:
    samples, end = _day(tmp_path)
    found = [*_left(end), *_grown(samples[int(len(samples) * WARM) :])]
    report("a day of one server", Tally(trials=1, acts=end.turns, posts=end.sent, violations=found))
    assert not found
    assert end.warnings, "a day in which nobody is warned is none"


def _day(folder: Path) -> tuple[list[Sample], End]:
    url = f"sqlite:///{folder}/desk.db"
    command = [sys.executable, "-m", "tests.faults.soak", url, str(TURNS)]
    *samples, end = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout.splitlines()
    return [Sample(**json.loads(line)) for line in samples], End(**json.loads(end))


def _left(end: End) -> Iterator[Violation]:
    if end.owed or end.stale:
        yield Violation("lost", f"at its end {end.owed} are owed, and {end.stale} were not forgotten")


def _grown(samples: list[Sample]) -> Iterator[Violation]:
    """Compared with the most of the first half, since these come and go."""
    half = len(samples) // 2
    for what, spare in (("files", SPARE), ("tasks", SPARE), ("threads", SPARE), ("held", samples[0].held // 100)):
        before, after = (max(getattr(each, what) for each in part) for part in (samples[:half], samples[half:]))
        if after > before + spare:
            yield Violation("unexpected", f"{what}: {before}, and then {after}")
    memory = linear_regression([each.turns for each in samples], [each.rss for each in samples])
    if TURNS >= LONG and (more := memory.slope * 10_000) > MOST:
        yield Violation("unexpected", f"{more:,.0f} bytes more every 10,000 turns")
