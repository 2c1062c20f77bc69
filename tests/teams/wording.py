"""Texts in cards and messages: what Teams would take for a function, a link or a mention, and no template left over."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tests.slack.shapes import Invalid, string

_FUNCTION = re.compile(r"\{\{\s*(?:DATE|TIME)\b[^}]*\}{0,2}")
_WELL_FORMED = re.compile(
    r"\{\{(?:DATE\((?P<day>[^,() ]+), ?(?:COMPACT|SHORT|LONG)\)|TIME\((?P<hour>[^,() ]+)\))\}\}",
)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
_LINK = re.compile(r"(?<!\\)\[[^\]\n]*(?<!\\)\]\(([^)]*)\)")
_ADDRESS = re.compile(r"https://[^\s/?#<>]+[^\s<>]*|tel:\+?[0-9().-]+|mailto:[^\s@<>]+@[^\s@<>]+")
_AT = re.compile(r"<at>.*?</at>", re.DOTALL)


def said(value: Any, path: str) -> None:
    """Words that people read; a card's renderer knows Markdown's emphasis, lists and links, and its own functions."""
    string(1_000_000)(value, path)
    if "${" in value:
        raise Invalid(path, f"has a template's placeholder in it: {value!r}")
    for function in _FUNCTION.findall(value):
        _well_formed(function, path)
    for target in _LINK.findall(value):
        if not _ADDRESS.fullmatch(target.strip("<>")):
            raise Invalid(path, f"links to {target!r}")


def address(value: Any, path: str) -> None:
    string(2000)(value, path)
    if not _ADDRESS.fullmatch(value):
        raise Invalid(path, f"must be an https:, tel: or mailto: address, not {value!r}")


def picture(value: Any, path: str) -> None:
    address(value, path)
    if not value.startswith("https:"):
        raise Invalid(path, f"must be an https: address, not {value!r}")


def ats(text: str) -> set[str]:
    """Whatever in it would be shown as a mention."""
    return set(_AT.findall(text))


def texts(value: Any) -> Iterator[str]:
    """Every string inside."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def _well_formed(function: str, path: str) -> None:
    found = _WELL_FORMED.fullmatch(function)
    instant = (found["day"] or found["hour"]) if found else ""
    if not _INSTANT.fullmatch(instant):
        raise Invalid(path, f"has a function that shows as it stands: {function!r}")
    try:
        datetime.fromisoformat(instant)
    except ValueError:
        raise Invalid(path, f"has no such instant: {function!r}") from None
