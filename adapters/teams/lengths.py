"""Text as Teams takes it: weighed as JSON in UTF-16, cut to fit, and on one line."""

import json
from collections.abc import Callable, Iterator


def weight(value: object) -> int:
    """What it takes of an activity: its JSON, in the units of UTF-16, as Teams counts."""
    text = json.dumps(value, ensure_ascii=False)
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def size(text: str) -> int:
    """Its weight without the quotation marks."""
    return weight(text) - 2


def cut(text: str, most: int, weigh: Callable[[str], int] = size) -> Iterator[str]:
    """In pieces of at most ``most``, which end with a line or a word where they can; together they are the text."""
    start = 0
    while start < len(text):
        end = min(len(text), start + most)
        while (heavy := weigh(text[start:end])) > most and end - start > 1:
            end = start + max(1, min(end - start - 1, (end - start) * most // heavy))
        if end < len(text):
            end = _after(text, start, end)
        yield text[start:end]
        start = end


def one_line(text: str) -> str:
    return " ".join(text.split())


def shortened(text: str, most: int) -> str:
    """On one line; longer text ends in "…"."""
    line = one_line(text)
    return line if size(line) <= most else next(cut(line, most - 1)).rstrip() + "…"


def _after(text: str, start: int, end: int) -> int:
    half = start + (end - start) // 2
    found = text.rfind("\n", half, end)
    return (found if found >= 0 else text.rfind(" ", half, end)) + 1 or end
