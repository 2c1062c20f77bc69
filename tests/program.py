"""``supporthub`` as a process of its own, forked from one that has imported it, which is most of what a start costs.

What only a start from nothing shows, tests/test_wheel.py, tests/test_deploy.py and tests/app/test_command_line.py show.
``python -m tests.program DOOR`` is the one that forks.
"""

import atexit
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import IO, NoReturn

ROOT = Path(__file__).parent.parent
LONGEST = 60.0  # seconds that a command may take
IMPORTED = ("app.cli", "app.running", "app.demo", "app.server", "store.sqlite", "store.postgres", "typer.rich_utils")
LATER = ("babel.messages.pofile", "dateparser", "sqlite3")  # a server imports them too, after its start


class Process:
    """As much of subprocess.Popen as tests ask of one."""

    def __init__(self, arguments: tuple[str, ...], folder: Path, environment: Mapping[str, str], *fds: int) -> None:
        """``fds``: what it reads from, what it says things to, and its errors."""
        self.returncode: int | None = None
        self._asking = Lock()
        self._line = socket.socket(socket.AF_UNIX)
        self._line.connect(str(_door()))
        order = {"arguments": arguments, "folder": str(folder), "environment": dict(environment)}
        socket.send_fds(self._line, [b"fds"], fds)
        self._news = self._line.makefile("rb")
        self._line.sendall(json.dumps(order).encode() + b"\n")
        self.pid: int = json.loads(self._news.readline())

    def poll(self) -> int | None:
        with self._asking:
            if self.returncode is None and select.select([self._line], [], [], 0)[0]:
                self.returncode = json.loads(self._news.readline())
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """A signal's negative number, or its own status."""
        if self.returncode is None and not select.select([self._line], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired(["supporthub"], timeout or 0)
        status = self.poll()
        assert status is not None
        return status

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):  # it has just ended
                os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def completed(
    arguments: tuple[str, ...], folder: Path, environment: Mapping[str, str], given: bytes = b""
) -> subprocess.CompletedProcess[str]:
    with ExitStack() as open_files:
        source, said, errors = (open_files.enter_context(tempfile.TemporaryFile()) for _ in range(3))
        source.write(given)
        process = Process(arguments, folder, environment, *(_rewound(each).fileno() for each in (source, said, errors)))
        try:
            status = process.wait(LONGEST)
        finally:
            process.kill()
        texts = (_rewound(each).read().decode() for each in (said, errors))
        return subprocess.CompletedProcess(arguments, status, *texts)


def begun(arguments: tuple[str, ...], folder: Path, environment: Mapping[str, str]) -> tuple[Process, IO[str]]:
    """It, and what it says."""
    reading, writing = os.pipe()
    with open(os.devnull, "r+b") as nothing, open(writing, "wb") as said:
        process = Process(arguments, folder, environment, nothing.fileno(), said.fileno(), nothing.fileno())
    return process, open(reading, encoding="utf-8")


def _rewound(file: IO[bytes]) -> IO[bytes]:
    file.seek(0)
    return file


@cache
def _door() -> Path:
    """Of the one that forks: this process's own, which ends with it."""
    folder = tempfile.TemporaryDirectory(prefix="supporthub-program-")
    door = Path(folder.name) / "door"
    command = [sys.executable, "-m", "tests.program", str(door)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin
    assert process.stdout

    @atexit.register
    def end() -> None:
        process.communicate()
        folder.cleanup()

    assert process.stdout.readline() == b"ready\n"
    return door


# The one that forks


def main() -> None:
    _import()
    lives: dict[int, socket.socket] = {}
    over, wakes = os.pipe()
    os.set_blocking(wakes, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wakes)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(sys.argv[1])
        door.listen()
        gc.freeze()
        print("ready", flush=True)
        while True:
            ready, _, _ = select.select([door, sys.stdin, over], [], [])
            if sys.stdin in ready:
                break
            if over in ready:
                os.read(over, 4096)
                _bury(lives)
            if door in ready:
                _bear(door, lives)
    for life in lives:
        os.kill(life, signal.SIGKILL)


def _import() -> None:
    """All that a server needs, and what its database does once in a process; nothing that opens or starts anything."""
    from sqlalchemy.orm import configure_mappers

    for module in (*IMPORTED, *LATER):
        import_module(module)

    configure_mappers()


def _bear(door: socket.socket, lives: dict[int, socket.socket]) -> None:
    line, _ = door.accept()
    _, fds, _, _ = socket.recv_fds(line, 3, 3)
    with line.makefile("rb") as orders:
        order = json.loads(orders.readline())
    life = os.fork()
    if life == 0:
        for each in (door, line, *lives.values()):
            each.close()
        _live(order, fds)
    for fd in fds:
        os.close(fd)
    lives[life] = line
    _tell(line, life)


def _bury(lives: dict[int, socket.socket]) -> None:
    while lives:
        dead, status = os.waitpid(-1, os.WNOHANG)
        if not dead:
            return
        with lives.pop(dead) as line:
            _tell(line, os.waitstatus_to_exitcode(status))


def _tell(line: socket.socket, number: int) -> None:
    with suppress(OSError):  # whoever asked is gone
        line.sendall(b"%d\n" % number)


def _live(order: dict[str, object], fds: list[int]) -> NoReturn:
    """As a new process: its own files, folder, environment, arguments and signals, and an ordinary end."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for own, given in enumerate(fds):
        os.dup2(given, own)
        os.close(given)
    os.chdir(str(order["folder"]))
    os.environ.clear()
    os.environ.update(order["environment"])  # type: ignore[call-overload]
    sys.argv = ["supporthub", *order["arguments"]]  # type: ignore[misc]
    sys.modules["__main__"].__package__ = None  # else its help tells how to run this module
    from app.cli import main

    main()
    sys.exit()


if __name__ == "__main__":
    main()
