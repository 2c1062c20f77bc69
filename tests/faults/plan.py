"""What a trial is to do, how much of it, and what came of it."""

import os
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path

from tests.databases import DurableServer
from tests.faults.checker import Kind, Violation

TRIALS = int(os.environ.get("SUPPORTHUB_TEST_TRIALS", "30"))
"""Kills -9 of each database's campaign; every other size follows from it. 1,000 is full size."""

Desks = Callable[[Path], AbstractAsyncContextManager[str]]
"""Lends a migrated database with the cast in it and nothing else, and gives its address; a file is in that folder."""


def sized(full: int, least: int = 1) -> int:
    """How much of what is ``full`` in full size this run does, though never less than shows anything."""
    return max(full * TRIALS // 1000, least)


@dataclass(frozen=True)
class Plan:
    seed: int
    desks: Desks
    kills: tuple[str, ...] = ()
    """Where each life ends, one after the other: a failpoint's or the driver's own name, and at which time of it."""
    server: DurableServer | None = None
    replicas: int = 1
    mutation: str = ""
    late: bool = False
    """Nobody answers for hours: the clock goes on, and warnings are owed meanwhile."""
    latency: float = 0.0
    """Seconds until the far side records what it got."""


@dataclass
class Tally:
    trials: int = 0
    acts: int = 0
    posts: int = 0
    recovered: int = 0
    """Acts and messages that a death left in doubt and that were settled afterwards."""
    hit: Counter[str] = field(default_factory=Counter)
    violations: list[Violation] = field(default_factory=list)

    @property
    def kills(self) -> int:
        return self.hit.total()

    def add(self, other: "Tally") -> None:
        self.trials += other.trials
        self.acts += other.acts
        self.posts += other.posts
        self.recovered += other.recovered
        self.hit += other.hit
        self.violations += other.violations

    def __str__(self) -> str:
        found = Counter(violation.kind for violation in self.violations)
        counted = f"{self.trials} trials, {self.kills} kills, {self.acts} acts, {self.posts} messages: "
        kinds: tuple[Kind, ...] = ("lost", "duplicated", "unexpected")
        return counted + " / ".join(f"{found[kind]} {kind}" for kind in kinds) + f" / {self.recovered} recovered"


REPORTED: list[tuple[str, Tally]] = []
"""By the test that runs now; the run's summary takes them from here, also out of another process."""


def report(campaign: str, tally: Tally) -> None:
    """A line of the table with which the run ends."""
    REPORTED.append((campaign, tally))
