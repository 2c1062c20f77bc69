"""The search among few and many made-up articles, their index built by another process, and what the loop feels of it.

python -m benchmarks.search
"""

import asyncio
import os
import sys
from itertools import accumulate
from pathlib import Path
from random import Random
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter, thread_time

import knowledge
from app.shelving import LAST
from bot.understanding.articles import Article, read_folder
from bot.understanding.index import Index, build
from bot.understanding.search import Knowledge

SIZES = (0, 2_400, 50_000)  # made-up articles beside those that are shipped
SECTIONS, WORDS, QUESTIONS = 6, 110, 2_000
RANDOM = Random(7)

# Words as they occur in nature: the n-th most frequent one is said a n-th as often.
VOCABULARY = ["".join(RANDOM.choices("aeiourstlnmdcp", k=RANDOM.randint(3, 11))) for _ in range(30_000)]
WEIGHTS = list(accumulate(1 / (10 + n) for n in range(len(VOCABULARY))))


def said(words: int) -> str:
    return " ".join(RANDOM.choices(VOCABULARY, cum_weights=WEIGHTS, k=words))


def article(n: int) -> Article:
    body = "\n".join(f"## {said(4)}\n{said(WORDS)}." for _ in range(SECTIONS))
    return Article(f"a{n}", said(6), tuple(said(3).split()), body)


def mistyped(word: str) -> str:
    at = RANDOM.randrange(len(word))
    return word[:at] + word[at + 1 :]


def question() -> str:
    """Eight words, now and then one of them mistyped."""
    words = ["how", "do", "i", *said(8).split()]
    words[-1] = mistyped(words[-1]) if RANDOM.random() < 0.3 else words[-1]
    return " ".join(words)


def build_here(made_up: int, into: Path) -> None:
    """What the process of its own does; it says when it has its articles, and then how long the index took."""
    os.nice(LAST)
    articles = [*read_folder(knowledge.FOLDER), *map(article, range(made_up))]
    print("begin", flush=True)
    start = perf_counter()
    build(articles).save(into)
    print(perf_counter() - start, flush=True)


async def lateness(until: "asyncio.Future[bytes]") -> list[float]:
    """By how many milliseconds the loop is late, again and again: what anybody served by it would wait longer."""
    late = list[float]()
    while not until.done():
        start = perf_counter()
        await asyncio.sleep(0.001)
        late.append((perf_counter() - start) * 1e3 - 1)
    return late


async def elsewhere(made_up: int, into: Path) -> tuple[float, float, float]:
    """Seconds of the build, and the loop's p99 lateness in milliseconds without it and with it."""
    pipe = asyncio.subprocess.PIPE
    quiet = percentile(await lateness(asyncio.ensure_future(asyncio.sleep(3, b""))), 99)
    worker = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.search", str(made_up), str(into)), stdout=pipe
    )
    assert worker.stdout is not None
    await worker.stdout.readline()
    ended = asyncio.ensure_future(worker.stdout.readline())
    busy = percentile(await lateness(ended), 99)
    await worker.wait()
    return float(ended.result()), quiet, busy


def percentile(taken: list[float], which: int) -> float:
    return quantiles(taken, n=100)[which - 1]


def searched(desk: Knowledge) -> None:
    times, busy, shown = list[float](), list[float](), list[float]()
    for asked in [question() for _ in range(QUESTIONS)]:
        start, work = perf_counter(), thread_time()
        found = desk.search(asked)
        times.append((perf_counter() - start) * 1e3)
        busy.append((thread_time() - work) * 1e3)
        start = perf_counter()
        assert all(len(hit.snippet) <= 300 for hit in found.hits[:3])
        shown.append((perf_counter() - start) * 1e3)
    for name, taken in {"search": times, "of it on the processor": busy, "three snippets": shown}.items():
        print(f"  {name:<24}{percentile(taken, 50):>8.2f}{percentile(taken, 99):>8.2f}")


def main() -> None:
    for made_up in SIZES:
        with TemporaryDirectory() as into:
            took, quiet, while_building = asyncio.run(elsewhere(made_up, Path(into)))
            desk = Knowledge(Index.load(Path(into)))
        print(f"{len(desk):,} articles: index in {took:.1f} s, {took / len(desk) * 1e3:.2f} ms each")
        ratio = f"{while_building / quiet:.2f} times" if took > 1 else "too short to tell"
        print(f"  the loop is late by (p99) {quiet:.2f} ms, while that is built {while_building:.2f} ms: {ratio}")
        print(f"  {'ms':<24}{'p50':>8}{'p99':>8}")
        searched(desk)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        build_here(int(sys.argv[1]), Path(sys.argv[2]))
    else:
        main()
