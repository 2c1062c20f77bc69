"""Runs of words as text elements of an Adaptive Card, in which nobody's words can act."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from adapters.teams.lengths import cut, shortened, size, weight
from adapters.teams.runs import Line, Run, said

Element = dict[str, object]

SECTION = 4_000  # units of one text element
RUNS = 100  # in one text element
TITLE = 75  # units of a button's or a link's title

# Words stand in RichTextBlocks, which know no Markdown: Teams' clients disagree about its escapes. What even there
# could be taken for something else is kept apart by a sign that nobody sees: a function, a template's placeholder (also
# where two of our strings meet), a link, a tag such as a mention's.
_APART = "\N{WORD JOINER}"
_ACTING = [
    (sign, re.compile(f"{re.escape(sign)}(?={then})"))
    for sign, then in {"{": "{", "$": "{", "]": r"[(\[:]", "<": "[a-zA-Z/!?]"}.items()
]

# A TextBlock is Markdown, yet only there are headings, a clock's functions and links that every client knows. So it
# holds words of which no sign could be Markdown, and anything else stands in a RichTextBlock, without those.
_MAY_ACT = re.compile(
    r"[^\w ,.:;()'’\"/%+–—£€$?…#-]|_|#(?!\d)|//|\w\.[a-z]{2}|\d\.\d+\.\d|^[\s:+-]|^\d+[.)](?:\s|$)", re.IGNORECASE
)
_LABEL_MAY_ACT = re.compile(r"[^\w ,.:()'’/%+–—?@=&#-]|_|^\s|\s$")
_PAGE_MAY_ACT = re.compile(r"[()\[\]\\\"'{}*]")


def still(text: str) -> str:
    """Of which nothing acts where no Markdown is read."""
    kept = _APART + text if text.startswith("{") else text
    for sign, acting in _ACTING:
        kept = acting.sub(sign + _APART, kept)
    return kept


def flowing(runs: Iterable[Run], most: int = SECTION) -> list[Line]:
    """In as few lines of ``most`` units as it takes; none where there are no words."""
    lines: list[list[Run]] = [[]]
    taken = 0
    for run in (piece for whole in runs for piece in _pieces(whole, most)):
        heavy = _heavy(run)
        if lines[-1] and (taken + heavy > most or len(lines[-1]) == RUNS):
            lines.append([])
            taken = 0
        lines[-1].append(run)
        taken += heavy
    return [line for line in lines if said(line).strip()]


def block(line: Line, look: Mapping[str, object], sign: str = "", heading: bool = False) -> Element:
    """One line as one element; ``sign`` is shown before it and not said."""
    if (heading or any(run.clock or run.url for run in line)) and _inert(line):
        style = {"style": "heading"} if heading else {}
        return {"type": "TextBlock", "text": sign + "".join(map(_marked_up, line)), "wrap": True, **style, **look}
    shown = [Run(sign), *line] if sign else line
    return {"type": "RichTextBlock", "inlines": [_text_run(run, look) for run in _joined(shown)]}


# Elements ---------------------------------------------------------------------------------------------------------


def _text_run(run: Run, look: Mapping[str, object]) -> Element:
    made: Element = {"type": "TextRun", "text": still(run.said), **look}
    if run.bold:
        made["weight"] = "bolder"
    if run.code:
        made["fontType"] = "monospace"
    if run.badge:
        made |= {"weight": "bolder", "color": "attention", "highlight": True}
    if run.url:
        title = still(shortened(run.said, TITLE) or run.url)
        made["selectAction"] = {"type": "Action.OpenUrl", "title": title, "url": run.url}
    return made


def _joined(line: Line) -> list[Run]:
    """A run needs words, so that spaces join one of their neighbours."""
    joined: list[Run] = []
    for run in line:
        if joined and (not run.said.strip() or _look(run) == _look(joined[-1])):
            joined[-1] = replace(joined[-1], said=joined[-1].said + run.said)
        elif joined and not joined[-1].said.strip():
            joined[-1] = replace(run, said=joined[-1].said + run.said)
        else:
            joined.append(run)
    return joined


def _look(run: Run) -> Element:
    return _text_run(replace(run, said=""), {})


def _inert(line: Line) -> bool:
    rest = "".join("x" if run.url else run.said for run in line)
    return not _MAY_ACT.search(rest) and all(_linkable(run) for run in line if run.url)


def _linkable(run: Run) -> bool:
    return bool(run.said) and not _LABEL_MAY_ACT.search(run.said) and not _PAGE_MAY_ACT.search(run.url)


def _marked_up(run: Run) -> str:
    if run.url:
        return f"[{run.said}]({run.url})"
    return f"{run.said} ({run.clock})" if run.clock else run.said


def inert(text: str) -> bool:
    """Whether Markdown would show it as it stands."""
    return bool(text.strip()) and _inert([Run(text)])


# Pieces -----------------------------------------------------------------------------------------------------------


def _pieces(run: Run, most: int) -> Iterator[Run]:
    if _heavy(run) <= most:
        yield run
    else:
        for piece in cut(run.said, most, lambda piece: _heavy(replace(run, said=piece, clock="", url=""))):
            yield replace(run, said=piece, clock="", url="")


def _heavy(run: Run) -> int:
    return size(still(run.said)) + (weight([run.url, run.clock]) if run.url or run.clock else 0)
