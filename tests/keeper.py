"""The keeper of a test run's PostgreSQL servers: a process that starts them when a worker asks, and ends with the run.

It is the parent of every server, so that a killed one leaves no zombie and can be started again. That the run is over
it learns from the lock which pytest holds, and so also where pytest was killed.
"""

import fcntl
import json
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from tests.postgres import NoPostgres, Server, find_programs


class Keeper:
    def __init__(self, home: Path) -> None:
        self._home = home
        self._programs: Path | None = None
        self._servers: dict[str, Server] = {}
        self._of_all: str | None = None
        self._busy = threading.Lock()

    def serve(self, door: socket.socket) -> None:
        """One request after the other: a verb and a server's address in, an address or a problem out."""
        while True:
            caller, _ = door.accept()
            with caller, caller.makefile("rw") as lines, self._busy:
                verb, url = json.loads(lines.readline())
                try:
                    answer = {"url": self._do(verb, url)}
                except Exception as problem:
                    answer = {"problem": str(problem)}
                lines.write(json.dumps(answer) + "\n")

    def end(self) -> None:
        with self._busy:
            for server in self._servers.values():
                server.end(signal.SIGQUIT)
            while self._home.exists():  # a worker may still be writing
                shutil.rmtree(self._home, ignore_errors=True)

    def _do(self, verb: str, url: str) -> str:
        match verb:
            case "of_all":
                self._of_all = self._of_all or self._add(fsync=False)
                return self._of_all
            case "own":
                return self._add(fsync=True)
            case "kill":
                self._servers[url].end(signal.SIGKILL)
            case "start":
                self._servers[url].start()
        return url

    def _add(self, *, fsync: bool) -> str:
        self._programs = self._programs or find_programs(self._home)
        server = Server(self._home, self._programs, fsync=fsync)
        self._servers[server.url] = server
        server.start()
        return server.url


def open_home() -> tuple[Path, Callable[[], None]]:
    """The run's own folder with a keeper at its door, and what ends both."""
    home = Path(tempfile.mkdtemp(prefix="supporthub-tests-"))
    home.chmod(0o711)  # the servers' unprivileged user passes through
    run = (home / "run").open("w")
    fcntl.lockf(run, fcntl.LOCK_EX)  # not flock: a process that a test forks must not hold it too
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(home / "door"))
        door.listen()
        # Away from the terminal, so that Ctrl-C ends the tests first.
        keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.keeper", str(home), str(door.fileno())],
            pass_fds=[door.fileno()],
            start_new_session=True,
            cwd=Path(__file__).parent.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def close() -> None:
        run.close()
        keeper.wait()

    return home, close


def ask(home: Path, verb: str, url: str = "") -> str:
    """Have the keeper do it; see Keeper.serve."""
    with socket.socket(socket.AF_UNIX) as caller:
        caller.connect(str(home / "door"))
        with caller.makefile("rw") as lines:
            lines.write(json.dumps([verb, url]) + "\n")
            lines.flush()
            answer: dict[str, str] = json.loads(lines.readline())
    if "problem" in answer:
        raise NoPostgres(answer["problem"])
    return answer["url"]


def main() -> None:
    home, door = Path(sys.argv[1]), socket.socket(fileno=int(sys.argv[2]))
    keeper = Keeper(home)
    threading.Thread(target=keeper.serve, args=[door], daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        with (home / "run").open("w") as run:
            fcntl.lockf(run, fcntl.LOCK_EX)
    finally:
        keeper.end()


if __name__ == "__main__":
    main()
