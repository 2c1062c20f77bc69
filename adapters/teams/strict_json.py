"""JSON without what parsers disagree about, or choke on later; anything else raises ValueError or RecursionError."""

import json
import math
from typing import Any, NoReturn

DEEPEST = 50
"""Levels: several times what Teams nests, and nothing that recursion trips over."""


def parse(text: str) -> dict[str, Any]:
    found = _DECODER.decode(text)
    if not isinstance(found, dict):
        raise ValueError
    if text.count("{") + text.count("[") > DEEPEST:  # with fewer it cannot be too deep
        _check_depth(found, DEEPEST)
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _whole(digits: str) -> int:
    if len(digits) > 20 or not -(2**63) <= (found := int(digits)) < 2**63:
        raise ValueError
    return found


def _finite(digits: str) -> float:
    found = float(digits)
    if not math.isfinite(found):
        raise ValueError
    return found


def _no_constant(name: str) -> NoReturn:
    """NaN and Infinity are Python's, not JSON's."""
    raise ValueError(name)


_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_int=_whole, parse_float=_finite, parse_constant=_no_constant)


def _check_depth(value: dict[str, Any] | list[Any], left: int) -> None:
    if not left:
        raise ValueError
    for each in value.values() if isinstance(value, dict) else value:
        if isinstance(each, dict | list):
            _check_depth(each, left - 1)
