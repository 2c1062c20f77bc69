"""One row a comparison: ours, what stands beside it, how many times that it takes, and what was aimed at."""

import re
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- made by `make performance` -->", "<!-- until here -->"
HEAD = ("", "unit", "ours", "beside it", "", "times", "target", "met")
Figures = tuple[float, ...]


@dataclass(frozen=True)
class Row:
    what: str
    """With several figures, of what each of them is: "at 1 / 8 / 64 at once"."""
    unit: str
    ours: Figures
    beside: str = ""
    theirs: Figures = ()
    """As many as ours, or one for all of them. None: there is nothing to compare with."""
    target: float | None = None
    """Times what stands beside it, or where nothing does in the unit."""
    more: bool = False
    """More is better, and the target is the least; else less is, and it is the most."""
    missing: str = ""
    """Why there is nothing beside it."""

    @property
    def times(self) -> Figures:
        if not self.theirs:
            return ()
        theirs = self.theirs if len(self.theirs) == len(self.ours) else self.theirs * len(self.ours)
        return tuple(ours / each for ours, each in zip(self.ours, theirs, strict=True))

    @property
    def met(self) -> bool | None:
        """None: nothing was aimed at, or there is nothing to tell it by."""
        found = self.times if self.beside else self.ours
        if self.target is None or not found:
            return None
        return all(each >= self.target if self.more else each <= self.target for each in found)

    def cells(self) -> tuple[str, ...]:
        target = "" if self.target is None else f"{'≥' if self.more else '≤'} {number(self.target)}"
        met = {True: "yes", False: "**no**", None: ""}[self.met]
        theirs = self.missing or told(self.theirs)
        return (self.what, self.unit, told(self.ours), self.beside, theirs, told(self.times, 2), target, met)


def number(value: float, digits: int = 3) -> str:
    """Three figures: more is noise."""
    if value >= 1:
        return f"{value:,.0f}" if value >= 10**digits else f"{value:.{digits}g}"
    return f"{value:.2g}" if value >= 0.001 else "< 0.001"


def told(figures: Figures, digits: int = 3) -> str:
    return " / ".join(number(each, digits) for each in figures)


def rendered(rows: list[Row]) -> str:
    """Markdown that reads as text too."""
    lines = [HEAD, *(row.cells() for row in rows)]
    wide = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    padded = [" | ".join(cell.ljust(width) for cell, width in zip(line, wide, strict=True)) for line in lines]
    rule = "|".join("-" * (width + 2) for width in wide)
    return "\n".join([f"| {padded[0]} |", f"|{rule}|", *(f"| {line} |" for line in padded[1:])])


def write(text: str) -> None:
    """Into the page, in place of what stood there."""
    page = PAGE.read_text(encoding="utf-8")
    made = f"{BEGIN}\n\n{text}\n\n{END}"
    PAGE.write_text(re.sub(f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _: made, page, flags=re.S), encoding="utf-8")
