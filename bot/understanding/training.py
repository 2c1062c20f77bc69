"""Trains the classifier from our utterances: ``python -m bot.understanding.training`` after a change of them.

The softmax is solved in its dual: a weight an utterance instead of one a feature, so that the cross-validation that
finds how far its confidence can be trusted takes seconds.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.understanding.classifier import ALL, Wanted, keep, softmax
from bot.understanding.features import PLACES, Row, features, plain

FILE = Path(__file__).with_name("utterances.txt")
FOLDS, STEPS, RIDGE = 5, 150, 1e-4
Floats = NDArray[np.float64]
_HEAD = re.compile(r"\[(\w+)\]")


@dataclass(frozen=True)
class Trained:
    weights: Floats
    heat: float
    held: Floats
    """Of every utterance the shares that a classifier gave it which had not seen it."""
    meant: NDArray[np.int64]


def utterances(file: Path = FILE) -> list[tuple[str, Wanted]]:
    """Under the heading of its intent, one a line, ``\\n`` for a new line."""
    found: list[tuple[str, Wanted]] = []
    wanted = Wanted.OTHER
    for line in file.read_text(encoding="utf-8").splitlines():
        if head := _HEAD.fullmatch(line):
            wanted = Wanted(head[1])
        elif line:
            found.append((line.replace("\\n", "\n"), wanted))
    return found


def train(said: Iterable[tuple[str, Wanted]]) -> Trained:
    told = list(said)
    rows = [features(plain(text)) for text, _ in told]
    meant = np.array([ALL.index(wanted) for _, wanted in told])
    alike = _alike(rows)
    scores = _cross_validated(alike, meant)
    heat = min((step / 20 for step in range(5, 60)), key=lambda heat: _loss(softmax(scores / heat), meant))
    return Trained(_of_features(rows, _solved(alike, meant)), heat, softmax(scores / heat), meant)


def error_of_confidence(shares: Floats, meant: NDArray[np.int64], bins: int = 10) -> float:
    """ECE: by how much confidence and truth differ, over bins of confidence."""
    sure, right = shares.max(axis=1), shares.argmax(axis=1) == meant
    places = np.minimum((sure * bins).astype(int), bins - 1)
    gaps = [abs(float((sure - right)[places == n].sum())) for n in range(bins)]
    return sum(gaps) / len(meant)


def _alike(rows: list[Row]) -> Floats:
    """How alike any two are, a slice of the features at a time."""
    found = np.zeros((len(rows), len(rows)), np.float32)
    for start in range(0, PLACES, 4096):
        part = np.zeros((len(rows), 4096), np.float32)
        for row, (places, values) in enumerate(rows):
            here = (places >= start) & (places < start + 4096)
            part[row, places[here] - start] = values[here]
        part = part[:, part.any(axis=0)]
        found += part @ part.T
    return found.astype(np.float64)


def _solved(alike: Floats, meant: NDArray[np.int64]) -> Floats:
    """Nesterov's descent; every intent weighs the same, however many utterances it has."""
    size, many = len(meant), np.bincount(meant, minlength=len(ALL))
    truth, weight = np.eye(len(ALL))[meant], (size / len(ALL) / np.maximum(many, 1))[meant][:, None]
    pace = 1 / (_largest(alike) / size / 2 * float(weight.max()) + RIDGE)
    before = found = np.zeros((size, len(ALL)))
    for step in range(STEPS):
        ahead = found + step / (step + 3) * (found - before)
        slope = weight * (softmax(alike @ ahead) - truth) / size + RIDGE * ahead
        before, found = found, ahead - pace * slope
    return found


def _largest(alike: Floats) -> float:
    """Its largest eigenvalue, a little above."""
    at = np.ones(len(alike))
    for _ in range(20):
        at = alike @ at
        at /= np.linalg.norm(at)
    return float(at @ (alike @ at)) * 1.02


def _cross_validated(alike: Floats, meant: NDArray[np.int64]) -> Floats:
    folds = np.random.default_rng(7).permutation(len(meant)) % FOLDS
    scores = np.zeros((len(meant), len(ALL)))
    for fold in range(FOLDS):
        seen, held = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        scores[held] = alike[np.ix_(held, seen)] @ _solved(alike[np.ix_(seen, seen)], meant[seen])
    return scores


def _loss(shares: Floats, meant: NDArray[np.int64]) -> float:
    return float(-np.log(shares[np.arange(len(meant)), meant] + 1e-12).mean())


def _of_features(rows: list[Row], solved: Floats) -> Floats:
    weights = np.zeros((PLACES, len(ALL)))
    for (places, values), row in zip(rows, solved, strict=True):
        weights[places] += values[:, None] * row
    return weights


if __name__ == "__main__":
    done = train(utterances())
    keep(done.weights, done.heat)
    print(
        f"{len(done.meant)} utterances; cross-validated: {(done.held.argmax(axis=1) == done.meant).mean():.1%} right,"
    )
    print(f"confidence off by {error_of_confidence(done.held, done.meant):.1%}, heat {done.heat}.")
