"""Which of nine intents a message has, and how likely: a softmax over its features, trained from our own utterances.

What it learned is shipped beside it; ``python -m bot.understanding.training`` learns it anew.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.understanding.features import features

FILE = Path(__file__).with_name("classifier.npz")


class Wanted(StrEnum):
    OPEN_TICKET = "open_ticket"
    HOW_DO_I = "how_do_i"
    SLA_STATUS = "sla_status"
    ENTITLEMENTS = "entitlements"
    CASE_COMMAND = "case_command"
    GREETING = "greeting"
    HELP = "help"
    CANCEL = "cancel"
    OTHER = "other"


ALL = tuple(Wanted)
Shares = dict[Wanted, float]
"""Of every intent how likely it is; together one."""


@dataclass(frozen=True)
class Classifier:
    weights: NDArray[np.float32]
    """A row a feature's place, a column an intent."""
    heat: float
    """What scores are divided by, so that of a hundred messages at 0.8 some eighty are right."""

    def shares(self, said: str, prior: Shares | None = None) -> Shares:
        """Of plain text. ``prior`` is added to the scores: what the place makes likelier."""
        places, values = features(said)
        scores = values @ self.weights[places] / self.heat
        if prior:
            scores = scores + np.array([prior.get(wanted, 0.0) for wanted in ALL])
        return dict(zip(ALL, softmax(scores).tolist(), strict=True))


def softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    found: NDArray[np.float64] = powers / powers.sum(axis=-1, keepdims=True)
    return found


@cache
def shipped() -> Classifier:
    with np.load(FILE) as kept:
        return Classifier(kept["weights"].astype(np.float32) * kept["step"], float(kept["heat"]))


def keep(weights: NDArray[np.float64], heat: float, file: Path = FILE) -> None:
    """A byte a weight: finer ones decide nothing."""
    step = np.float32(np.abs(weights).max() / 127)
    np.savez_compressed(file, weights=np.rint(weights / step).astype(np.int8), step=step, heat=np.float32(heat))
