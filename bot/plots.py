"""What is drawn: numbers and the words beside them. Whoever draws it (app/drawing.py) decides nothing but how."""

from typing import Literal

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

Shade = Literal["good", "bad", "waiting", "none", "slow"]


@dataclass(frozen=True)
class Series:
    label: str
    shade: Shade
    values: tuple[float | None, ...]
    """One for each step; None: there is none."""


@dataclass(frozen=True)
class Panel:
    title: str
    kind: Literal["stacked", "lines"]
    series: tuple[Series, ...]


@dataclass(frozen=True)
class Plot:
    title: str
    steps: tuple[str, ...]
    """Below the panels, from left to right."""
    panels: tuple[Panel, ...]
    nothing: str
    """What stands in a panel without a number."""
    facts: tuple[tuple[str, str], ...] = ()
    """Beside the panels, where the drawing stands alone."""
    notes: tuple[str, ...] = ()


JSON: TypeAdapter[Plot] = TypeAdapter(Plot)
