"""Told to go, a process goes: in its own time at first, then in ours, and at once when told twice."""

import signal
import subprocess
import sys

import pytest

from tests.world import ROOT

HANGS = {
    "the loop": "time.sleep(600)",
    "a thread": "await asyncio.get_running_loop().run_in_executor(None, time.sleep, 600)",
    "a thread that nobody waits for": "asyncio.get_running_loop().run_in_executor(None, time.sleep, 600)",
    "a task": "await asyncio.sleep(600)",
}
PROGRAM = """
import asyncio, time
from app import leaving
leaving.LONGEST = {longest}
async def main():
    going = leaving.Leaving()
    going.listen()
    print("ready", flush=True)
    await going.told.wait()
    print("told", flush=True)
    {hangs}
asyncio.run(main())
"""


def begun(hangs: str, longest: float) -> "subprocess.Popen[bytes]":
    program = PROGRAM.format(hangs=hangs, longest=longest)
    process = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout
    assert process.stdout.readline() == b"ready\n"
    process.send_signal(signal.SIGTERM)
    assert process.stdout.readline() == b"told\n"
    return process


@pytest.mark.parametrize("what", HANGS)
def test_whatever_hangs_there_is_an_end_in_good_order(what: str) -> None:
    with begun(HANGS[what], longest=0.3) as process:
        assert process.wait(60) == 0


def test_the_second_signal_ends_it_at_once() -> None:
    with begun(HANGS["a task"], longest=600) as process:
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == -signal.SIGTERM
