"""Copies of what a far side keeps, so that whoever looks at them changes nothing there."""

import pickle
from typing import TypeVar

T = TypeVar("T")


def copied(kept: T) -> T:
    """As ``copy.deepcopy`` of values and our dataclasses, but sooner."""
    made: T = pickle.loads(pickle.dumps(kept, pickle.HIGHEST_PROTOCOL))
    return made
