"""The table with which a run ends: what each campaign did, and what it found."""

from collections import Counter
from itertools import repeat
from typing import Any

import pytest

from tests.faults.checker import Kind
from tests.faults.plan import REPORTED, Tally

HEADS = ("campaign", "trials", "kills", "acts", "messages", "lost", "duplicated", "unexpected", "other", "recovered")
KINDS: tuple[Kind, ...] = ("lost", "duplicated", "unexpected")


def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """What a worker's test reported travels to pytest's own process with the outcome."""
    if call.when == "call":
        item.user_properties += [("campaign", _row(name, tally)) for name, tally in REPORTED]
        REPORTED.clear()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    outcomes = [each for name in ("passed", "failed") for each in terminalreporter.stats.get(name, ())]
    found = [(row, each.duration) for each in outcomes for kind, row in each.user_properties if kind == "campaign"]
    if not found:
        return
    sums: dict[str, list[float]] = {}
    for (name, *numbers), seconds in found:
        sums[name] = [sum(both) for both in zip([*numbers, seconds], sums.get(name) or repeat(0), strict=False)]
    table = [[*HEADS, "seconds"], *([name, *(f"{number:.0f}" for number in sums[name])] for name in sorted(sums))]
    widths = [max(len(line[column]) for line in table) for column in range(len(table[0]))]
    terminalreporter.section("campaigns")
    for name, *cells in table:
        numbers = (cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))
        terminalreporter.write_line("  ".join([name.ljust(widths[0]), *numbers]))


def _row(name: str, tally: Tally) -> list[str | int]:
    found = Counter(violation.kind for violation in tally.violations)
    counted = [found[kind] for kind in KINDS]
    others = found.total() - sum(counted)
    return [name, tally.trials, tally.kills, tally.acts, tally.posts, *counted, others, tally.recovered]
