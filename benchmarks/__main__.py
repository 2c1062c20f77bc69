"""All comparisons as one table: ``make bench``. Named parts only: ``python -m benchmarks slack starting``.

FULL=1 for the largest sizes; WRITE=1 puts the table into docs/performance.md, instead of what stood there.
"""

import os
import platform
import sys
import time
from datetime import UTC, datetime
from importlib import import_module

import psutil

from benchmarks.table import Row, rendered, write

PARTS = ("slack", "teams", "starting", "growth", "turns", "latency", "search", "business_time")
BUSY = 0.5  # of the processors, used by others on average of a minute


def main() -> int:
    wanted = sys.argv[1:] or PARTS
    if strange := set(wanted) - set(PARTS):
        print(f"There is no {', '.join(strange)}: the parts are {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    began, before, rows = time.perf_counter(), os.getloadavg()[0], list[Row]()
    for part in wanted:
        print(f"{part} ...", file=sys.stderr, flush=True)
        rows += import_module(f"benchmarks.{part}").rows(bool(os.environ.get("FULL")))
    text = f"{rendered(rows)}\n\n{machine(before)} It took {(time.perf_counter() - began) / 60:.0f} minutes."
    print(text)
    if os.environ.get("WRITE"):
        write(text)
    return 0


def machine(load: float) -> str:
    cores, memory = os.cpu_count() or 1, psutil.virtual_memory().total / 2**30
    busy = f", on which much else ran (load {load:.1f})" if load > BUSY * cores else ", on which nothing else ran"
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d} on {cores} cores ({processor()}) with {memory:.0f} GiB{busy};"
        f" Python {platform.python_version()}, Linux {platform.release().partition('-')[0]}."
    )


def processor() -> str:
    with open("/proc/cpuinfo") as told:
        names = [line.partition(":")[2].strip() for line in told if line.startswith("model name")]
    return names[0] if names else platform.machine()


if __name__ == "__main__":
    sys.exit(main())
