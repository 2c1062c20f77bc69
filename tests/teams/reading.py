"""What a client makes of a card: what is shown, asked and offered in it."""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

_SHOWN = ("text", "title", "value", "altText", "label", "inlines", "placeholder", "subLabel", "legend")
_HIDDEN = ("fallback", "data", "refresh", "msteams", "requires", "$schema")


def objects(value: Any) -> Iterator[Json]:
    """Every element, action and card inside, as a client shows them; neither fallbacks nor what actions send along."""
    if isinstance(value, list):
        for one in value:
            yield from objects(one)
    elif isinstance(value, dict):
        yield value
        for name, one in value.items():
            if name not in _HIDDEN:
                yield from objects(one)


def actions(card: Any) -> Iterator[Json]:
    return (one for one in objects(card) if str(one.get("type", "")).startswith("Action."))


def inputs(card: Any) -> Iterator[Json]:
    return (one for one in objects(card) if str(one.get("type", "")).startswith("Input."))


def words(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from [one] if isinstance(one, str) else words(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            if isinstance(one, str):
                yield from [one] if name in _SHOWN and not (name == "value" and value.keys() & {"id"}) else []
            elif name == "choices":
                yield from (choice["title"] for choice in one)
            elif name not in _HIDDEN:
                yield from words(one)
