"""Blocks, messages and views, each as small as Slack takes it, for tests to make larger or wrong."""

import json
from typing import Any

Json = dict[str, Any]


def plain(text: str = "Words") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "Words") -> Json:
    return {"type": "mrkdwn", "text": text}


def section(**more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(), **more}


def button(number: int = 0, **more: Any) -> Json:
    return {"type": "button", "action_id": f"say:{number}", "text": plain(), "value": "take 1001", **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def context(*elements: Json) -> Json:
    return {"type": "context", "elements": list(elements)}


def option(value: str = "a", text: str = "A", **more: Any) -> Json:
    return {"text": plain(text), "value": value, **more}


def options(number: int) -> list[Json]:
    return [option(str(n)) for n in range(number)]


def select(**more: Any) -> Json:
    return {"type": "static_select", "action_id": "choice", "options": options(2), **more}


def several(**more: Any) -> Json:
    return select(type="multi_static_select", **more)


def words_of(characters: int) -> Json:
    return section(text=mrkdwn("x" * characters))


def typed(**more: Any) -> Json:
    return {"type": "plain_text_input", "action_id": "answer", **more}


def asks(element: Json, **more: Any) -> Json:
    return {"type": "input", "block_id": "question", "label": plain(), "element": element, **more}


def confirm(**more: Json) -> Json:
    return {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain(), **more}


def message(*blocks: Json, **more: Any) -> Json:
    return {"text": "Words", "blocks": list(blocks), **more}


def modal(*blocks: Json, **more: Any) -> Json:
    made = {"type": "modal", "title": plain(), "submit": plain(), "blocks": list(blocks) or [section()]}
    return {name: value for name, value in {**made, **more}.items() if value is not None}


def home(*blocks: Json, **more: Any) -> Json:
    return {"type": "home", "blocks": list(blocks), **more}


def says(text: str) -> Json:
    return message(section(text=mrkdwn(text)))


def picture(**more: Any) -> Json:
    return {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "A chart", **more}


def chosen(kind: str, number: int) -> Json:
    return {"type": kind, "action_id": "choice", "options": options(number)}


def trash(number: int) -> Json:
    return {"type": "icon_button", "action_id": f"trash:{number}", "icon": "trash", "text": plain()}


def context_of(characters: int) -> Json:
    return context(plain("x" * characters)) if characters else {"type": "divider"}


def grouped(number: int, label: str = "Group") -> Json:
    groups = [{"label": plain(label), "options": [option(str(n))]} for n in range(number)]
    return {"type": "static_select", "action_id": "choice", "option_groups": groups}


def weighing(size: int) -> Json:
    """A modal of so many bytes, about a quarter of a million."""
    full = {"type": "section", "fields": [plain("x" * 2000)] * 2}
    wide = modal(*[full] * 60, words_of(2000), private_metadata="")
    wide["private_metadata"] = "x" * (size - len(json.dumps(wide).encode()))
    return wide


def number(**more: Any) -> Json:
    return {"type": "number_input", "is_decimal_allowed": True, **more}


def focused(name: str) -> Json:
    return asks(typed(focus_on_load=True), block_id=name)


def liked() -> Json:
    sides = {f"{side}_button": {"text": plain(side), "value": side} for side in ("positive", "negative")}
    return {"type": "feedback_buttons", "action_id": "liked", **sides}


def mistakes(**errors: str) -> Json:
    return {"response_action": "errors", "errors": errors}


def shows(view: Json) -> Json:
    return {"response_action": "update", "view": view}
