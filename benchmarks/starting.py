"""From the start of a process to "ready", what it then holds in memory, and what the command line takes.

The server is the one that operators run, with Slack and Teams set up and nobody there to talk to: on an empty folder,
where it makes its database first, and on what it left there. A command is measured by its process's own CPU.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.processor import memory, of
from benchmarks.table import Row
from tests.teams.places import guid

PROGRAM = (sys.executable, "-c", "from app.cli import main; main()")
STARTS, FULL_STARTS = 3, 15
IDLE = 5.0  # seconds until all that follows a start is over
READY, MEMORY = 2.0, 200.0  # seconds, MiB
COMMANDS = ("--help", "explain due", "dead list")
DUE = '{"plan": "websan/success", "received": "2026-01-16T22:00:00Z"}\n'


def environment(folder: str) -> dict[str, str]:
    ours = ("SUPPORTHUB_", "SLACK_", "MICROSOFT_", "TEAMS_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | {
        "PYTHONPATH": str(Path(__file__).parent.parent),
        "SUPPORTHUB_MODE": "development",
        "SUPPORTHUB_DATABASE_URL": f"sqlite:///{folder}/desk.db",
        "SUPPORTHUB_PORT": "0",
        "SLACK_SIGNING_SECRET": "8f742231b10e8888abcd99yyyzzz85a5",
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_API_URL": "http://127.0.0.1:9/api/",
        "MICROSOFT_APP_ID": guid("support hub"),
        "MICROSOFT_APP_PASSWORD": "the-client-secret",
        "MICROSOFT_APP_TENANT_ID": guid("provider"),
        "TEAMS_LOGIN_URL": "http://127.0.0.1:9",
    }


@dataclass(frozen=True)
class Started:
    took: float
    cpu: float
    idle: float
    """MiB."""


def start(folder: str) -> Started:
    began = time.perf_counter()
    command = [*PROGRAM, "serve"]
    with subprocess.Popen(
        command, env=environment(folder), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as server:
        try:
            assert server.stdout
            told = server.stdout.readline()
            took, cpu = time.perf_counter() - began, of(server.pid)
            assert b"is ready" in told, "the server does not start"
            time.sleep(IDLE)
            return Started(took, cpu, memory(server.pid))
        finally:
            with suppress(ProcessLookupError):
                server.kill()


def command(*line: str, folder: str = "") -> float:
    """Seconds of CPU of a program to its end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([*line], env=environment(folder), input=DUE, text=True, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def rows(full: bool) -> list[Row]:
    first, again = list[Started](), list[Started]()
    used: dict[str, list[float]] = {line: [] for line in COMMANDS}
    least = list[float]()
    for _ in range(FULL_STARTS if full else STARTS):
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            first.append(start(folder))
            again.append(start(folder))
            for line, spent in used.items():
                spent.append(command(*PROGRAM, *line.split(), folder=folder))
            least.append(command(sys.executable, "-c", ""))
    found = []
    for what, starts in (("a server's first start, its database made", first), ("a server's start", again)):
        found.append(Row(f"{what}, until it is ready", "s", (median(one.took for one in starts),), target=READY))
        found.append(
            Row(f"{what}: of that on the processor", "CPU s", (median(one.cpu for one in starts),), target=READY)
        )
    found.append(
        Row("its memory when idle, Slack and Teams set up", "MiB", (max(one.idle for one in again),), target=MEMORY)
    )
    for line, spent in used.items():
        found.append(
            Row(f"`supporthub {line}`", "CPU s", (median(spent),), "python that does nothing", (median(least),))
        )
    return found
