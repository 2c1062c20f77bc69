"""Adaptive Cards 1.5: what can be pressed, and how many of it Teams shows."""

from typing import Any

from tests.slack.shapes import Check, Invalid, array, boolean, both, kind, record, string, tagged
from tests.teams.kinds import ID, action, any_of, anything, either, versions
from tests.teams.wording import address, picture, said

PRIMARY, ALL = 6, 20
_INPUTS: dict[str, Check] = {"associatedInputs": any_of("auto", "none")}
_BUTTON: dict[str, Check] = {
    "id": ID,
    "iconUrl": picture,
    "style": any_of("default", "positive", "destructive"),
    "fallback": either(any_of("drop"), action),
    "tooltip": said,
    "isEnabled": boolean,
    "mode": any_of("primary", "secondary"),
    "requires": versions,
}
_BACK: dict[str, Check] = {"displayText": string(1000), "text": string(1000), "value": anything}
_SPECIAL = tagged(
    {
        "task/fetch": record({"type": kind("task/fetch")}),
        "imBack": record({"type": kind("imBack"), "value": string(1000)}),
        "messageBack": record({"type": kind("messageBack")}, _BACK),
    },
    "data/msteams",
)


def shown(value: Any, path: str) -> None:
    array(action, 1, ALL)(value, path)
    primary = sum(1 for one in value if one.get("mode", "primary").lower() == "primary")
    if primary > PRIMARY:
        raise Invalid(path, f"has {primary} primary actions, and Teams shows {PRIMARY}: the others are secondary")


def plain_data(value: Any, path: str) -> None:
    if not isinstance(value, dict):
        raise Invalid(path, f"must be an object, not {type(value).__name__}")
    if "msteams" in value:
        raise Invalid(path, "only an Action.Submit knows data/msteams")


def _submitted(value: Any, path: str) -> None:
    if isinstance(value, dict) and "msteams" in value:
        _SPECIAL(value["msteams"], f"{path}/msteams")
        value = {name: one for name, one in value.items() if name != "msteams"}
    plain_data(value, path)


def _falls_back(value: Any, path: str) -> None:
    """Old clients know no Action.Execute; what they send must mean the same."""
    instead = value["fallback"]
    if instead["type"] != "Action.Submit":
        raise Invalid(f"{path}/fallback", "must be an Action.Submit")
    for name in ("title", "data", "associatedInputs"):
        if instead.get(name) != value.get(name):
            raise Invalid(f"{path}/fallback/{name}", "is not that of the Action.Execute")


def _act(name: str, required: dict[str, Check], optional: dict[str, Check], also: Check = anything) -> Check:
    return both(record({"type": kind(name), "title": said, **required}, {**_BUTTON, **optional, **required}), also)


def pressed(card: Check) -> dict[str, Check]:
    """``card`` is what an Action.ShowCard has inside."""
    targets = array(either(ID, record({"elementId": ID}, {"isVisible": boolean})), 1, 50)
    hides: dict[str, Check] = {"msteams": record({"feedback": record({"hide": boolean})})}
    execute: dict[str, Check] = {"verb": string(255), "data": plain_data, "fallback": action}
    return {
        "Action.OpenUrl": _act("Action.OpenUrl", {"url": address}, {}),
        "Action.Submit": _act("Action.Submit", {"data": _submitted}, {**_INPUTS, **hides}),
        "Action.Execute": _act("Action.Execute", execute, _INPUTS, _falls_back),
        "Action.ShowCard": _act("Action.ShowCard", {"card": card}, {}),
        "Action.ToggleVisibility": _act("Action.ToggleVisibility", {"targetElements": targets}, {}),
    }
