"""The search among few and many made-up articles, their index built by another process, and what the loop feels of it.

python -m benchmarks search; FULL=1: among 50,000.
"""

import asyncio
import os
import sys
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from random import Random
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter, thread_time

import knowledge
from app.shelving import LAST
from benchmarks.table import Row
from bot.understanding.articles import Article, read_folder
from bot.understanding.index import Index, build
from bot.understanding.search import Knowledge

SIZES, FULL_SIZES = (0, 2_400), (0, 2_400, 50_000)  # made-up articles beside those that are shipped
SECTIONS, WORDS, QUESTIONS = 6, 110, 500
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


@dataclass(frozen=True)
class Found:
    """Milliseconds."""

    searching: float
    worst: float
    showing: float


def searched(desk: Knowledge, many: int) -> Found:
    busy, shown = list[float](), list[float]()
    for asked in [question() for _ in range(many)]:
        work = thread_time()
        found = desk.search(asked)
        busy.append((thread_time() - work) * 1e3)
        work = thread_time()
        assert all(len(hit.snippet) <= 300 for hit in found.hits[:3])
        shown.append((thread_time() - work) * 1e3)
    return Found(median(busy), percentile(busy, 99), median(shown))


def rows(full: bool) -> list[Row]:
    """Among those that are shipped, and among made-up ones beside them."""
    made_up = FULL_SIZES if full else SIZES
    found, built, late = list[Found](), list[float](), list[tuple[float, float]]()
    sizes = list[str]()
    for many in made_up:
        with TemporaryDirectory() as into:
            took, quiet, busy = asyncio.run(elsewhere(many, Path(into)))
            desk = Knowledge(Index.load(Path(into)))
        found.append(searched(desk, QUESTIONS))
        built.append(took / len(desk) * 1e3)
        late.append((quiet, busy))
        sizes.append(f"{len(desk):,}")
    among = f"among {' / '.join(sizes)} articles"
    return [
        Row(
            f"search {among}, p50",
            "CPU ms",
            tuple(each.searching for each in found),
            "the first",
            (found[0].searching,),
        ),
        Row(f"search {among}, p99", "CPU ms", tuple(each.worst for each in found), target=100.0),
        Row(f"three snippets {among}, p50", "CPU ms", tuple(each.showing for each in found)),
        Row(f"the index of an article, {among}", "ms", tuple(built)),
        Row(
            f"how late the loop is (p99) while {sizes[-1]} articles are indexed in another process",
            "ms",
            (late[-1][1],),
            "when nothing is",
            (late[-1][0],),
        ),
    ]


if __name__ == "__main__":
    build_here(int(sys.argv[1]), Path(sys.argv[2]))
