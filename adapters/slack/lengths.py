"""Text as Slack takes it: escaped, counted and cut to its limits."""

from collections.abc import Callable, Iterator


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def size(text: str) -> int:
    """In UTF-16, the longer way to count: Slack does not say how it counts an emoji."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, most: int, weigh: Callable[[str], int] = lambda piece: size(escape(piece))) -> Iterator[str]:
    """In pieces of at most ``most``, which end with a line or a word where they can; together they are the text."""
    start = 0
    while start < len(text):
        end = min(len(text), start + most)
        while (weight := weigh(text[start:end])) > most and end - start > 1:
            end = start + max(1, min(end - start - 1, (end - start) * most // weight))
        if end < len(text):
            end = _after(text, start, end)
        yield text[start:end]
        start = end


def one_line(text: str) -> str:
    return " ".join(text.split())


def shortened(text: str, most: int) -> str:
    """On one line, escaped; longer text ends in "…"."""
    line = one_line(text)
    whole = escape(line)
    return whole if size(whole) <= most else escape(next(cut(line, most - 1)).rstrip()) + "…"


def _after(text: str, start: int, end: int) -> int:
    half = start + (end - start) // 2
    found = text.rfind("\n", half, end)
    return (found if found >= 0 else text.rfind(" ", half, end)) + 1 or end
