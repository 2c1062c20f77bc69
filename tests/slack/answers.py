"""Filling in a modal as Slack's client does: only what it asks, and only what it would let through."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.slack.places import Json, View

Given = str | Sequence[str] | None


class NotSent(Exception):
    """The client shows these mistakes, by block id, and sends nothing."""

    def __init__(self, mistakes: Mapping[str, str]) -> None:
        self.mistakes = dict(mistakes)
        super().__init__(self.mistakes)


def state_of(view: View, given: Mapping[str, Given]) -> Json:
    """``state.values`` for answers by label, block id or action id; the others stay as the view had them."""
    left, values, mistakes = dict(given), {}, {}
    for block in view.blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        name = next((n for n in _names(block) if n in left), None)
        answer = left.pop(name) if name is not None else _initial(element)
        if mistake := _mistake(block, answer):
            mistakes[block["block_id"]] = mistake
        else:
            values[block["block_id"]] = {element["action_id"]: _stated(element, answer)}
    assert not left, f"the modal does not ask for {sorted(left)}, only for {view.labels}"
    if mistakes:
        raise NotSent(mistakes)
    return values


def _names(block: Json) -> list[str]:
    label = str(block["label"]["text"])
    return [label, label.removesuffix(" (optional)"), block["block_id"], block["element"]["action_id"]]


_INITIAL = (
    *("initial_value", "initial_option", "initial_options", "initial_date", "initial_time", "initial_date_time"),
    *("initial_user", "initial_users", "initial_conversation", "initial_channel"),
)


def _initial(element: Json) -> Any:
    found = next((element[name] for name in _INITIAL if name in element), None)
    if isinstance(found, list):
        return [one["value"] if isinstance(one, dict) else one for one in found]
    return found["value"] if isinstance(found, dict) else found


def _mistake(block: Json, answer: Any) -> str:
    element = block["element"]
    if answer in (None, "", []):
        return "" if block.get("optional") else "Please complete this required field."
    if element["type"].endswith("_input") and isinstance(answer, str):
        least, most = element.get("min_length", 0), element.get("max_length", 3000)
        if not least <= len(answer) <= most:
            return f"has {len(answer)} characters, not between {least} and {most}"
        if "\n" in answer and not element.get("multiline"):
            return "has more than one line"
    return ""


def _stated(element: Json, answer: Any) -> Json:
    kind = element["type"]
    answer = None if answer == "" else answer
    one = {
        "datepicker": "selected_date",
        "timepicker": "selected_time",
        "datetimepicker": "selected_date_time",
        "users_select": "selected_user",
        "channels_select": "selected_channel",
        "conversations_select": "selected_conversation",
        "multi_users_select": "selected_users",
        "multi_channels_select": "selected_channels",
        "multi_conversations_select": "selected_conversations",
    }
    if kind in one:
        return {"type": kind, one[kind]: answer}
    if kind in ("static_select", "radio_buttons", "external_select"):
        return {"type": kind, "selected_option": None if answer is None else option_of(element, answer)}
    if kind in ("checkboxes", "multi_static_select"):
        chosen = [answer] if isinstance(answer, str) else answer or []
        return {"type": kind, "selected_options": [option_of(element, each) for each in chosen]}
    return {"type": kind, "value": answer}


def option_of(element: Json, name: str) -> Json:
    groups = [*element.get("options", ()), *(o for group in element.get("option_groups", ()) for o in group["options"])]
    found: list[Json] = [option for option in groups if name in (option["value"], option["text"]["text"])]
    assert found, f"there is no choice {name!r}, only {[option['text']['text'] for option in groups]}"
    return found[0]
