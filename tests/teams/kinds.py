"""What elements and actions of Adaptive Cards have in common, and the registry by which they contain each other."""

from typing import Any

from tests.slack.shapes import Check, Invalid, array, boolean, both, kind, matching, record, string, tagged
from tests.teams.wording import picture

ID = string(255)
ELEMENTS: dict[str, Check] = {}
ACTIONS: dict[str, Check] = {}
"""Both are filled in by tests.teams.adaptive, since elements and actions contain each other."""
element = tagged(ELEMENTS, "an element")
action = tagged(ACTIONS, "an action")


def anything(value: Any, path: str) -> None:
    pass


def number(value: Any, path: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Invalid(path, f"must be a number, not {value!r}")


def versions(value: Any, path: str) -> None:
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise Invalid(path, "must name capabilities with their versions")


def either(*checks: Check) -> Check:
    """The last one says what is wrong."""

    def check(value: Any, path: str) -> None:
        for one in checks[:-1]:
            try:
                return one(value, path)
            except Invalid:
                continue
        checks[-1](value, path)

    return check


def any_of(*allowed: str) -> Check:
    """As one_of, but that clients read "Medium" as "medium"."""
    either_case = {*allowed, *(f"{one[:1].upper()}{one[1:]}" for one in allowed)}

    def check(value: Any, path: str) -> None:
        if not isinstance(value, str) or value not in either_case:
            raise Invalid(path, f"must be one of {', '.join(allowed)}, not {value!r}")

    return check


def no_card_inside(value: Any, path: str) -> None:
    action(value, path)
    if value["type"] == "Action.ShowCard":
        raise Invalid(path, "must not show a card")


# What many have ---------------------------------------------------------------------------------------------------

PIXELS = matching(r"[1-9]\d*px", "50px")
ALIGN = any_of("left", "center", "right")
VERTICAL = any_of("top", "center", "bottom")
SELECT: dict[str, Check] = {"selectAction": no_card_inside}
SHADES = any_of("default", "emphasis", "good", "attention", "warning", "accent")
COMMON: dict[str, Check] = {
    "id": ID,
    "spacing": any_of("default", "none", "small", "medium", "large", "extraLarge", "padding"),
    "separator": boolean,
    "isVisible": boolean,
    "height": any_of("auto", "stretch"),
    "fallback": either(any_of("drop"), element),
    "requires": versions,
    "targetWidth": matching(r"((atLeast|atMost):)?(VeryNarrow|Narrow|Standard|Wide)", "atLeast:Narrow"),
}
_REPEATED: dict[str, Check] = {
    "fillMode": any_of("cover", "repeatHorizontally", "repeatVertically", "repeat"),
    "horizontalAlignment": ALIGN,
    "verticalAlignment": VERTICAL,
}
BACKGROUND = either(picture, record({"url": picture}, _REPEATED))
BOX: dict[str, Check] = {"style": SHADES, "bleed": boolean, "minHeight": PIXELS}
FILLED: dict[str, Check] = {
    **BOX,
    **SELECT,
    "verticalContentAlignment": VERTICAL,
    "backgroundImage": BACKGROUND,
    "rtl": boolean,
}


def shaped(name: str, required: dict[str, Check], optional: dict[str, Check], also: Check = anything) -> Check:
    return both(record({"type": kind(name), **required}, {**COMMON, **optional, **required}), also)


def items(least: int = 0) -> Check:
    return array(element, least, 500)
