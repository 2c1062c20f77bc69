"""Adaptive Cards 1.5: inputs, each with the label that screen readers say."""

from datetime import date
from typing import Any

from tests.slack.shapes import Check, Invalid, array, boolean, both, matching, record, string, whole
from tests.teams.kinds import ID, any_of, anything, no_card_inside, number, shaped
from tests.teams.wording import said

CHOICES = 100
_HOUR = matching(r"([01]\d|2[0-3]):[0-5]\d", "09:30")


def _day(value: Any, path: str) -> None:
    matching(r"\d{4}-\d{2}-\d{2}", "2026-01-19")(value, path)
    try:
        date.fromisoformat(value)
    except ValueError:
        raise Invalid(path, f"is no day: {value}") from None


def _asks(name: str, required: dict[str, Check], optional: dict[str, Check], also: Check = anything) -> Check:
    asked = {"id": ID, "label": said, **required}
    return shaped(name, asked, {"isRequired": boolean, "errorMessage": said, **optional}, both(_explains, also))


def _explains(value: Any, path: str) -> None:
    """Without its errorMessage a client refuses to send, and nobody knows why."""
    if value.get("isRequired") and "errorMessage" not in value:
        raise Invalid(path, "is required, and has no errorMessage")


def _short_enough(value: Any, path: str) -> None:
    if len(value.get("value", "")) > value.get("maxLength", 1_000_000):
        raise Invalid(f"{path}/value", "is longer than maxLength")


def _within(value: Any, path: str) -> None:
    if "min" in value and "max" in value and value["max"] < value["min"]:
        raise Invalid(f"{path}/max", f"is below {value['min']!r}")
    given = value.get("value")
    if given is not None and not value.get("min", given) <= given <= value.get("max", given):
        raise Invalid(f"{path}/value", "is out of bounds")


def _offered(value: Any, path: str) -> None:
    offered = [choice["value"] for choice in value["choices"]]
    if twice := sorted({one for one in offered if offered.count(one) > 1}):
        raise Invalid(f"{path}/choices", f"offers the same value twice: {', '.join(twice)}")
    several = value.get("isMultiSelect", False)
    if several and any("," in one for one in offered):
        raise Invalid(f"{path}/choices", "several values are told apart by commas, and one has a comma")
    given = value.get("value", "")
    for one in filter(None, given.split(",") if several else [given]):
        if one not in offered:
            raise Invalid(f"{path}/value", f"{one!r} is none of the choices")


def _between(kind: Check) -> dict[str, Check]:
    return {"min": kind, "max": kind, "value": kind, "placeholder": said}


_TEXT: dict[str, Check] = {
    "isMultiline": boolean,
    "maxLength": whole(1, 1_000_000),
    "placeholder": said,
    "regex": string(1000),
    "style": any_of("text", "tel", "url", "email", "password"),
    "inlineAction": no_card_inside,
    "value": string(1_000_000, 0),
}
_CHOICE: dict[str, Check] = {
    "isMultiSelect": boolean,
    "style": any_of("compact", "expanded", "filtered"),
    "value": string(100_000, 0),
    "placeholder": said,
    "wrap": boolean,
}
_TOGGLE = {**dict.fromkeys(("value", "valueOn", "valueOff"), string(255)), "wrap": boolean}

QUESTIONS: dict[str, Check] = {
    "Input.Text": _asks("Input.Text", {}, _TEXT, _short_enough),
    "Input.Number": _asks("Input.Number", {}, _between(number), _within),
    "Input.Date": _asks("Input.Date", {}, _between(_day), _within),
    "Input.Time": _asks("Input.Time", {}, _between(_HOUR), _within),
    "Input.Toggle": _asks("Input.Toggle", {"title": said}, _TOGGLE),
    "Input.ChoiceSet": _asks(
        "Input.ChoiceSet",
        {"choices": array(record({"title": said, "value": string(1000)}), 1, CHOICES)},
        _CHOICE,
        _offered,
    ),
}
