"""The Chromium that page tests drive: found on the system, or installed by `python -m tests.browser` as root on Debian.

Without one, the page tests don't run and the run says so; with CI=true that is a failure.
"""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from ctypes.util import find_library
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # half a second that a run without page tests should not wait
    from playwright.async_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NOT_RUN = "browser: not run"
# Chromium's own errands in the network would only slow the tests down, or fail where there is none.
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu",
)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where Chromium is, for playwright's `executable_path`."""
    if path := find():
        return path
    if _in_ci():
        pytest.fail(f"{NOT_RUN}: Chromium is not installed")
    pytest.skip(NOT_RUN)


@pytest.fixture(scope="session")
def chromium_flags() -> list[str]:
    """What to start it with, for playwright's `args`. Its sandbox does not start as root."""
    return [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else list(FLAGS)


@pytest.fixture
async def browser(chromium_path: str, chromium_flags: list[str]) -> AsyncIterator["Browser"]:
    """A headless Chromium of the test's own."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path, args=chromium_flags)
        yield browser
        await browser.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    count = sum(NOT_RUN in str(report.longrepr) for report in skipped)
    if count:
        terminalreporter.write_line(f"{NOT_RUN}: {count} page tests, since there is no Chromium here", yellow=True)


def find() -> str | None:
    """$CHROMIUM, else the first of the usual names on the PATH."""
    for name in (os.environ.get("CHROMIUM"), *NAMES):
        if name and (path := shutil.which(name)):
            return path
    return None


def main() -> int:
    if (find() is None or find_library("atomic") is None) and _is_debian() and os.geteuid() == 0:
        _install()
    if path := find():
        print(f"browser: {path}")
        return 0
    print(f"{NOT_RUN}: no Chromium on the PATH, and $CHROMIUM names none", file=sys.stderr)
    return 1 if _in_ci() else 0


def _install() -> None:
    print("browser: installing Debian's chromium", flush=True)
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    packages = ["chromium", "libatomic1"]  # the second for playwright's own Node.js
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        done = subprocess.run([*apt, *command], env=quiet, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode != 0:
            print(done.stderr, file=sys.stderr)


def _is_debian() -> bool:
    try:
        return platform.freedesktop_os_release()["ID"] == "debian"
    except OSError:
        return False


def _in_ci() -> bool:
    return os.environ.get("CI", "").lower() in ("1", "true")


if __name__ == "__main__":
    sys.exit(main())
