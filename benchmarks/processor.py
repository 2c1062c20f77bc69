"""What processes used of the processor, to the nanosecond: Linux counts it a thread at a time."""

from pathlib import Path

import psutil


def of(pid: int) -> float:
    """Seconds, of all its threads that still run."""
    total = 0
    for thread in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        try:
            total += int(thread.read_text().split()[0])
        except (FileNotFoundError, ProcessLookupError):
            continue
    return total / 1e9


def of_children(pid: int, named: str) -> float:
    """Of those that it started and that call themselves so."""
    return sum(of(child.pid) for child in psutil.Process(pid).children() if _called(child).startswith(named))


def _called(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:  # it has just ended
        return ""


def memory(pid: int) -> float:
    """MiB that it holds, what it shares with others in full."""
    return float(psutil.Process(pid).memory_info().rss) / 2**20
