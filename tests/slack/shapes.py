"""How a JSON value is checked against a shape: small checks that are put together, each refusing with a path."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.slack.mrkdwn import wrong_with

Check = Callable[[Any, str], None]


class Invalid(Exception):
    """What Slack would refuse: where, why, and the error it would answer."""

    def __init__(self, path: str, why: str, error: str = "invalid_blocks") -> None:
        self.path, self.why, self.error = path, why, error
        super().__init__(f"{path or '/'}: {why}")


def string(longest: int, shortest: int = 1) -> Check:
    def check(value: Any, path: str) -> None:
        if not isinstance(value, str):
            raise Invalid(path, f"must be a string, not {type(value).__name__}")
        if len(value) > longest:
            raise Invalid(path, f"has {len(value)} characters, and {longest} are allowed")
        if len(value) < shortest or (shortest and not value.strip()):
            raise Invalid(path, "is empty")

    return check


def matching(pattern: str, like: str, longest: int = 3000) -> Check:
    fits = re.compile(pattern)

    def check(value: Any, path: str) -> None:
        string(longest)(value, path)
        if not fits.fullmatch(value):
            raise Invalid(path, f"must look like {like}, not {value!r}")

    return check


https = matching(r"https://[^\s/?#|<>]+[^\s|<>]*", "https://…")


def one_of(*allowed: str) -> Check:
    def check(value: Any, path: str) -> None:
        if value not in allowed or not isinstance(value, str):
            raise Invalid(path, f"must be one of {', '.join(allowed)}, not {value!r}")

    return check


def boolean(value: Any, path: str) -> None:
    if not isinstance(value, bool):
        raise Invalid(path, f"must be true or false, not {value!r}")


def whole(least: int, most: int) -> Check:
    def check(value: Any, path: str) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            raise Invalid(path, f"must be a whole number, not {value!r}")
        if not least <= value <= most:
            raise Invalid(path, f"must be between {least} and {most}, not {value}")

    return check


def array(item: Check, least: int, most: int) -> Check:
    def check(value: Any, path: str) -> None:
        if not isinstance(value, list):
            raise Invalid(path, f"must be an array, not {type(value).__name__}")
        if len(value) > most:
            raise Invalid(path, f"has {len(value)} items, and {most} are allowed")
        if len(value) < least:
            raise Invalid(path, f"has {len(value)} items, and needs at least {least}")
        for number, one in enumerate(value):
            item(one, f"{path}/{number}")

    return check


def record(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    known = {**required, **(optional or {})}

    def check(value: Any, path: str) -> None:
        if not isinstance(value, dict):
            raise Invalid(path, f"must be an object, not {type(value).__name__}")
        if missing := sorted(required.keys() - value.keys()):
            raise Invalid(path, f"lacks {', '.join(missing)}")
        if unknown := sorted(value.keys() - known.keys()):
            raise Invalid(path, f"has no field called {', '.join(unknown)}")
        for name, inner in value.items():
            known[name](inner, f"{path}/{name}")

    return check


def tagged(kinds: Mapping[str, Check], what: str) -> Check:
    """An object whose ``type`` says which shape it must have."""

    def check(value: Any, path: str) -> None:
        if not isinstance(value, dict) or not isinstance(value.get("type"), str):
            raise Invalid(path, f"must be {what} with a type")
        if value["type"] not in kinds:
            raise Invalid(f"{path}/type", f"{value['type']!r} is not allowed as {what}")
        kinds[value["type"]](value, path)

    return check


def both(*checks: Check) -> Check:
    def check(value: Any, path: str) -> None:
        for one in checks:
            one(value, path)

    return check


# Text objects -----------------------------------------------------------------------------------------------------


def kind(name: str) -> Check:
    return one_of(name)


def mrkdwn_text(longest: int) -> Check:
    return both(string(longest), no_pings)


def no_pings(value: str, path: str) -> None:
    if wrong := wrong_with(value):
        raise Invalid(path, wrong)


def plain(longest: int) -> Check:
    return tagged(
        {"plain_text": record({"type": kind("plain_text"), "text": string(longest)}, {"emoji": boolean})},
        "a text object of the type plain_text",
    )


def mrkdwn(longest: int) -> Check:
    return tagged(
        {"mrkdwn": record({"type": kind("mrkdwn"), "text": mrkdwn_text(longest)}, {"verbatim": boolean})},
        "a text object of the type mrkdwn",
    )


def text(longest: int) -> Check:
    return tagged({"plain_text": plain(longest), "mrkdwn": mrkdwn(longest)}, "a text object")
