"""Draws a plot as PNG or PDF; the only module that knows matplotlib, and it runs as a process of its own.

``python -m app.drawing png|dark|pdf`` reads a plot as JSON and writes the picture: whoever serves people imports none
of it, waits for nothing, and has the memory back. The same plot gives the same octets.
"""

import os
import sys
import textwrap
from collections.abc import Mapping
from io import BytesIO
from itertools import accumulate, zip_longest
from typing import Any, Literal

from bot.plots import JSON, Panel, Plot, Series

Form = Literal["png", "dark", "pdf"]
FORMS: Mapping[Form, str] = {"png": "image/png", "dark": "image/png", "pdf": "application/pdf"}
LAST = 19  # niceness: whoever answers people goes first
WIDE, TALL = 8.0, 2.6  # inches: of the picture, of one panel
DOTS = 125  # an inch
MOST_TICKS = 14
LIGHT = {
    "ground": "#ffffff",
    "words": "#1f2328",
    "lines": "#8c959f",
    "good": "#1a7f64",
    "bad": "#c0362c",
    "waiting": "#5a7fd6",
    "none": "#8a8f98",
    "slow": "#b35900",
}
DARK = {
    "ground": "#16181d",
    "words": "#e8eaed",
    "lines": "#7d8590",
    "good": "#3fb68b",
    "bad": "#f0776c",
    "waiting": "#8fb0ff",
    "none": "#9aa1ab",
    "slow": "#f0a24b",
}
HATCHES = {"good": "", "bad": "///", "waiting": "...", "none": "xx", "slow": ""}
"""Told apart without colours too."""
MARKS = {"good": "o", "slow": "s"}


def drawn(plot: Plot, form: Form) -> bytes:
    import matplotlib

    style: dict[Any, Any] = {
        "font.family": "DejaVu Sans",
        "font.size": 9,
        "hatch.linewidth": 0.6,
        "pdf.fonttype": 42,
        "svg.hashsalt": "",
    }
    with matplotlib.rc_context(style):
        figure = _document(plot) if form == "pdf" else _picture(plot, DARK if form == "dark" else LIGHT)
        octets = BytesIO()
        # A date or a version in it would make two of one plot differ.
        undated = {"CreationDate": None, "Producer": None, "Creator": None}
        about: dict[str, Any] = {"Title": plot.title, **undated} if form == "pdf" else {"Software": None}
        figure.savefig(octets, format="pdf" if form == "pdf" else "png", dpi=DOTS, metadata=about)
    return octets.getvalue()


def _picture(plot: Plot, shades: Mapping[str, str]) -> Any:
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    layout, size = ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.12), (WIDE, 0.5 + TALL * len(plot.panels))
    figure = Figure(figsize=size, facecolor=shades["ground"], layout=layout)
    figure.suptitle(_plain(plot.title), color=shades["words"], fontweight="bold", fontsize=11)
    for panel, axes in zip(plot.panels, figure.subplots(len(plot.panels), 1, squeeze=False)[:, 0], strict=True):
        _panel(axes, panel, plot, shades)
    return figure


def _document(plot: Plot) -> Any:
    """One page of A4: the sums above, the panels below."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.27, 11.69), facecolor=LIGHT["ground"])
    look: dict[str, Any] = {"color": LIGHT["words"], "va": "baseline"}
    top = 0.935
    for line in _wrapped(plot.title, 58):
        figure.text(0.08, top, _plain(line), fontsize=14, fontweight="bold", **look)
        top -= 0.024
    top -= 0.016
    for name, says in plot.facts:
        for name_line, line in zip_longest(_wrapped(name, 30), _wrapped(says, 66), fillvalue=""):
            figure.text(0.08, top, _plain(name_line), fontweight="bold", **look)
            figure.text(0.36, top, _plain(line), **look)
            top -= 0.019
    grid = figure.add_gridspec(len(plot.panels), 1, top=top - 0.04, bottom=0.09, left=0.1, right=0.95, hspace=0.5)
    for number, panel in enumerate(plot.panels):
        _panel(figure.add_subplot(grid[number]), panel, plot, LIGHT)
    figure.text(0.08, 0.03, _plain("\n".join(plot.notes)), fontsize=8, color=LIGHT["words"])
    return figure


def _panel(axes: Any, panel: Panel, plot: Plot, shades: Mapping[str, str]) -> None:
    places = range(len(plot.steps))
    axes.set_facecolor(shades["ground"])
    axes.set_title(_plain(panel.title), loc="left", color=shades["words"], fontsize=10)
    if panel.kind == "stacked":
        _stack(axes, places, panel.series, shades)
    else:
        _lines(axes, places, panel.series, shades)
    _ticks(axes, plot, shades)
    if any(value for one in panel.series for value in one.values):
        legend = {"labelcolor": shades["words"], "frameon": False, "fontsize": 8, "ncols": 5, "loc": "lower right"}
        axes.legend(**legend, bbox_to_anchor=(1.0, 1.0), borderaxespad=0.1)
    else:
        middle = {"transform": axes.transAxes, "ha": "center", "va": "center", "color": shades["words"]}
        axes.text(0.5, 0.5, _plain(plot.nothing), **middle)


def _stack(axes: Any, places: range, series: tuple[Series, ...], shades: Mapping[str, str]) -> None:
    heights = [[value or 0.0 for value in one.values] for one in series]
    floors = accumulate(heights, lambda below, more: [a + b for a, b in zip(below, more, strict=True)])
    below = [[0.0] * len(places), *floors]
    for one, height, floor in zip(series, heights, below, strict=False):
        look = {"color": shades[one.shade], "edgecolor": shades["ground"], "hatch": HATCHES[one.shade]}
        axes.bar(places, height, 0.72, floor, label=_plain(one.label), linewidth=0.6, **look)


def _lines(axes: Any, places: range, series: tuple[Series, ...], shades: Mapping[str, str]) -> None:
    for one in series:
        values = [float("nan") if value is None else value for value in one.values]
        look = {"color": shades[one.shade], "marker": MARKS[one.shade], "linewidth": 1.8, "markersize": 5}
        axes.plot(places, values, linestyle="--" if one.shade == "slow" else "-", label=_plain(one.label), **look)
    axes.set_ylim(bottom=0)


def _ticks(axes: Any, plot: Plot, shades: Mapping[str, str]) -> None:
    from matplotlib.ticker import MaxNLocator

    every = -(-len(plot.steps) // MOST_TICKS)
    axes.set_xlim(-0.6, len(plot.steps) - 0.4)
    shown = range(0, len(plot.steps), every)
    axes.set_xticks(list(shown), [_plain(plot.steps[n]) for n in shown])
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True, min_n_ticks=1))
    axes.tick_params(colors=shades["words"], labelsize=8)
    axes.grid(axis="y", color=shades["lines"], linewidth=0.4, alpha=0.5)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(shades["lines"])


def _plain(words: str) -> str:
    """A company may have dollars in its name: between two of them matplotlib would see a formula."""
    return words.replace("$", r"\$")


def _wrapped(says: str, most: int) -> list[str]:
    return textwrap.wrap(says, most) or [""]


def main() -> None:
    os.nice(LAST)
    form: Any = sys.argv[1]
    sys.stdout.buffer.write(drawn(JSON.validate_json(sys.stdin.buffer.read()), form))


if __name__ == "__main__":
    main()
