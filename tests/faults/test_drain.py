"""SIGTERM in the middle of work: out in good order within ten seconds, nothing lost, and the next start goes on."""

import asyncio
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.plan import Tally, report, sized
from tests.faults.serving import PEOPLE, Crowd, crowd
from tests.program import Process
from tests.slack.faults import Gate, delay

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1200)]
RUNS = sized(20, 2)  # all in all, half on each database
PATIENCE = 60.0  # seconds: what it gives itself is told by the tests of app/leaving


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
async def test_a_server_told_to_go_leaves_in_good_order_and_the_next_one_goes_on(
    tmp_path: Path, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    tally, slowest, kind = Tally(), 0.0, database_url.partition(":")[0]
    runs = max(RUNS // 2, 1)
    async with crowd(tmp_path, database_url, PEOPLE * runs) as people:
        for number in range(runs):
            # A channel that never answers: on SQLite, where the next start may look for the message at once.
            hangs = number % 2 == 0 and kind == "sqlite"
            slowest = max(slowest, await one_run(people, hangs, PEOPLE * number, tally))
        with people.server() as (_, last):
            await people.acknowledged(PEOPLE * runs)
            await people.all_arrived(60)
            await people.check(tally, arrived=True)
            if kind == "postgresql":
                assert await told_twice(last) == -signal.SIGTERM
    report(f"told to go under load, {kind}", tally)
    with capsys.disabled():
        print(f"\n{kind}: {runs} runs, the slowest end took {slowest:.1f} s")
    assert not tally.violations


async def one_run(people: Crowd, hangs: bool, before: int, tally: Tally) -> float:
    """How long the end took, in seconds."""
    gate = Gate(recorded=True)
    with people.server() as (_, process), people.far.rule(gate if hangs else delay(0.3), "chat.postMessage"):
        people.begin()
        await people.acknowledged(before + 1)
        if hangs:
            await asyncio.wait_for(gate.arrived.wait(), 60)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        status = await asyncio.to_thread(process.wait, PATIENCE)
        gate.open()
    assert status == 0
    tally.trials += 1
    tally.hit["told to go"] += 1
    return time.monotonic() - began


async def told_twice(process: Process) -> int:
    """Its status when it is told again before it is done."""
    end: Callable[[], int | None] = process.poll
    while end() is None:
        process.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.05)  # two at the same moment would be one
    return process.wait()
