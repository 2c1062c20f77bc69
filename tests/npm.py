"""Packages from npm that tests need: fetched by npm when the first test asks, kept, and exactly what was pinned.

Nothing of them is installed or run outside a page. Without npm those tests don't run, and the run says so.
"""

import base64
import fcntl
import hashlib
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

NOT_RUN = "npm: not run"
KEPT = Path(__file__).parent.parent / ".tools" / "npm"


@dataclass(frozen=True)
class Package:
    name: str
    version: str
    integrity: str
    """Of its archive, as `npm view NAME@VERSION dist.integrity` tells it."""


@pytest.fixture(scope="session")
def from_npm() -> Callable[[Package, str], str]:
    """Call it for the text of a package's file."""
    if shutil.which("npm") is None:
        pytest.skip(NOT_RUN)
    return _text


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    count = sum(NOT_RUN in str(report.longrepr) for report in skipped)
    if count:
        terminalreporter.section("NOT ALL TESTS HAVE RUN", sep="!", red=True, bold=True)
        terminalreporter.write_line(f"{NOT_RUN}: {count} tests, since there is no npm here", red=True, bold=True)


def _text(package: Package, path: str) -> str:
    with tarfile.open(_archive(package)) as archive:
        file = archive.extractfile(f"package/{path}")
        assert file, f"{path} is no file"
        return file.read().decode()


def _archive(package: Package) -> Path:
    """Fetched once, whoever asks at the same time."""
    kept = KEPT / f"{package.name.replace('/', '+')}-{package.version}.tgz"
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        if not kept.exists() or _integrity(kept) != package.integrity:
            _fetch(package, kept)
    return kept


def _fetch(package: Package, to: Path) -> None:
    with tempfile.TemporaryDirectory(dir=KEPT) as folder:
        command = ["npm", "pack", "--ignore-scripts", "--pack-destination", folder, f"{package.name}@{package.version}"]
        done = subprocess.run(
            command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, f"npm: {done.stderr}"
        (packed,) = Path(folder).glob("*.tgz")
        found = _integrity(packed)
        assert found == package.integrity, f"{package.name}@{package.version} has changed: it is {found}"
        os.replace(packed, to)


def _integrity(archive: Path) -> str:
    return f"sha512-{base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()}"
