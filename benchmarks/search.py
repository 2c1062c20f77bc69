"""Building the index of 2,400 made-up articles, and the time of a search in it (python -m benchmarks.search)."""

from random import Random
from statistics import quantiles
from time import perf_counter, thread_time

import knowledge
from bot.understanding.articles import Article, read_folder
from bot.understanding.search import Knowledge

ARTICLES, SECTIONS, WORDS, QUESTIONS = 2_400, 6, 110, 2_000
RANDOM = Random(7)

# Words as they occur in nature: the n-th most frequent one is said a n-th as often.
VOCABULARY = ["".join(RANDOM.choices("aeiourstlnmdcp", k=RANDOM.randint(3, 11))) for _ in range(30_000)]
WEIGHTS = [1 / (10 + n) for n in range(len(VOCABULARY))]


def said(words: int) -> str:
    return " ".join(RANDOM.choices(VOCABULARY, WEIGHTS, k=words))


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


articles = [*read_folder(knowledge.FOLDER), *map(article, range(ARTICLES))]
start = perf_counter()
desk = Knowledge(articles)
print(f"{len(articles):,} articles indexed in {perf_counter() - start:.1f} s")

times, busy, shown = list[float](), list[float](), list[float]()
for asked in [question() for _ in range(QUESTIONS)]:
    start, work = perf_counter(), thread_time()
    found = desk.search(asked)
    times.append((perf_counter() - start) * 1e3)
    busy.append((thread_time() - work) * 1e3)
    start = perf_counter()
    assert all(len(hit.snippet) <= 300 for hit in found.hits[:3])
    shown.append((perf_counter() - start) * 1e3)

print(f"{'ms':<24}{'p50':>8}{'p99':>8}")
for name, taken in {"search": times, "of it on the processor": busy, "three snippets": shown}.items():
    cuts = quantiles(taken, n=100)
    print(f"{name:<24}{cuts[49]:>8.2f}{cuts[98]:>8.2f}")
