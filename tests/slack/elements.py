"""Block Kit's elements and composition objects, with every limit that Slack publishes for them."""

import re
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from tests.slack.shapes import (
    Check,
    Invalid,
    array,
    boolean,
    both,
    https,
    kind,
    matching,
    mrkdwn,
    one_of,
    plain,
    record,
    string,
    tagged,
    text,
    whole,
)

ID = string(255)
_PERSON = matching(r"[UW][A-Z0-9]+", "U…")
_CONVERSATION = matching(r"[CDG][A-Z0-9]+", "C…")
_CONFIRM = record(
    {"title": plain(100), "text": plain(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)
_FILE = record({}, {"id": string(255), "url": https})


def _element(name: str, required: dict[str, Check] | None = None, optional: dict[str, Check] | None = None) -> Check:
    return record({"type": kind(name), **(required or {})}, {"action_id": ID, **(optional or {})})


# Options ----------------------------------------------------------------------------------------------------------


def _option(words: Check, **more: Check) -> Check:
    return record({"text": words, "value": string(75)}, {"description": plain(75), **more})


_PLAIN_OPTION = _option(plain(75))
_RICH_OPTION = _option(text(75))


def _told_apart(value: Any, path: str) -> None:
    values = [option["value"] for option in value]
    if twice := {one for one in values if values.count(one) > 1}:
        raise Invalid(path, f"has the same value twice: {', '.join(sorted(twice))}")


def _options(one: Check, most: int) -> Check:
    return both(array(one, 1, most), _told_apart)


_GROUPS = array(record({"label": plain(75), "options": _options(_PLAIN_OPTION, 100)}), 1, 100)


def _offered(element: dict[str, Any]) -> list[Any]:
    return [*element.get("options", ()), *(o for group in element.get("option_groups", ()) for o in group["options"])]


def _initial_is_offered(element: Any, path: str) -> None:
    offered = _offered(element)
    if "initial_option" in element and element["initial_option"] not in offered:
        raise Invalid(f"{path}/initial_option", "is none of the options")
    for number, option in enumerate(element.get("initial_options", ())):
        if option not in offered:
            raise Invalid(f"{path}/initial_options/{number}", "is none of the options")


def _options_or_groups(element: Any, path: str) -> None:
    if ("options" in element) == ("option_groups" in element):
        raise Invalid(path, "needs either options or option_groups")
    _told_apart(_offered(element), path)


def _no_more_than_selectable(element: Any, path: str) -> None:
    for name in ("initial_options", "initial_users", "initial_channels", "initial_conversations"):
        if len(element.get(name, ())) > element.get("max_selected_items", 10_000):
            raise Invalid(f"{path}/{name}", "selects more than max_selected_items")


# Typed values -----------------------------------------------------------------------------------------------------


def _day(value: Any, path: str) -> None:
    matching(r"\d{4}-\d{2}-\d{2}", "2026-01-19")(value, path)
    try:
        date.fromisoformat(value)
    except ValueError:
        raise Invalid(path, f"is no day: {value}") from None


def _zone(value: Any, path: str) -> None:
    string(255)(value, path)
    if value not in available_timezones():
        raise Invalid(path, f"is no IANA zone: {value}")


def _within_lengths(element: Any, path: str) -> None:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if least > most:
        raise Invalid(f"{path}/min_length", "is more than max_length")
    if "initial_value" in element and not least <= len(element["initial_value"]) <= most:
        raise Invalid(f"{path}/initial_value", f"has not between {least} and {most} characters")


_NUMBER = matching(r"-?\d+(\.\d+)?", "a number, as a string")


def _within_numbers(element: Any, path: str) -> None:
    low, high = float(element.get("min_value", "-inf")), float(element.get("max_value", "inf"))
    if low > high:
        raise Invalid(f"{path}/min_value", "is more than max_value")
    if "initial_value" in element and not low <= float(element["initial_value"]) <= high:
        raise Invalid(f"{path}/initial_value", "is out of bounds")
    if not element["is_decimal_allowed"]:
        for name in ("min_value", "max_value", "initial_value"):
            if re.search(r"\.", element.get(name, "")):
                raise Invalid(f"{path}/{name}", "is no whole number, and decimals are not allowed")


def _one_picture(element: Any, path: str) -> None:
    if ("image_url" in element) == ("slack_file" in element):
        raise Invalid(path, "needs either image_url or slack_file")
    if "slack_file" in element and len(element["slack_file"]) != 1:
        raise Invalid(f"{path}/slack_file", "needs either id or url")


# The elements -----------------------------------------------------------------------------------------------------

_CONFIRMED: dict[str, Check] = {"confirm": _CONFIRM}
_FOCUS: dict[str, Check] = {"focus_on_load": boolean}
_WORDS: dict[str, Check] = {"placeholder": plain(150)}
_MENU: dict[str, Check] = {**_CONFIRMED, **_FOCUS, **_WORDS}
_MANY: dict[str, Check] = {**_MENU, "max_selected_items": whole(1, 10_000)}
_TYPED: dict[str, Check] = {
    **_FOCUS,
    **_WORDS,
    "dispatch_action_config": record(
        {"trigger_actions_on": array(one_of("on_enter_pressed", "on_character_entered"), 1, 2)}
    ),
}
_FILTER = record(
    {},
    {
        "include": array(one_of("im", "mpim", "private", "public"), 1, 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)
_FEEDBACK = record({"text": plain(75), "value": string(2000)}, {"accessibility_label": string(75)})
_HERE: dict[str, Check] = {"default_to_current_conversation": boolean, "filter": _FILTER}
_RESPOND: dict[str, Check] = {"response_url_enabled": boolean}
_LIST: dict[str, Check] = {"options": _options(_PLAIN_OPTION, 100), "option_groups": _GROUPS}

PICTURE = both(
    record({"type": kind("image"), "alt_text": string(2000)}, {"image_url": https, "slack_file": _FILE}), _one_picture
)

ELEMENTS: dict[str, Check] = {
    "button": _element(
        "button",
        {"text": plain(75)},
        {
            "url": https,
            "value": string(2000),
            "style": one_of("primary", "danger"),
            "accessibility_label": string(75),
            **_CONFIRMED,
        },
    ),
    "overflow": _element("overflow", {"options": _options(_option(plain(75), url=https), 5)}, _CONFIRMED),
    "static_select": both(
        _element("static_select", {}, {**_LIST, "initial_option": _PLAIN_OPTION, **_MENU}),
        _options_or_groups,
        _initial_is_offered,
    ),
    "multi_static_select": both(
        _element("multi_static_select", {}, {**_LIST, "initial_options": array(_PLAIN_OPTION, 1, 100), **_MANY}),
        _options_or_groups,
        _initial_is_offered,
        _no_more_than_selectable,
    ),
    "external_select": _element(
        "external_select", {}, {"initial_option": _PLAIN_OPTION, "min_query_length": whole(0, 255), **_MENU}
    ),
    "users_select": _element("users_select", {}, {"initial_user": _PERSON, **_MENU}),
    "channels_select": _element("channels_select", {}, {"initial_channel": _CONVERSATION, **_RESPOND, **_MENU}),
    "conversations_select": _element(
        "conversations_select", {}, {"initial_conversation": _CONVERSATION, **_HERE, **_RESPOND, **_MENU}
    ),
    "multi_users_select": both(
        _element("multi_users_select", {}, {"initial_users": array(_PERSON, 1, 100), **_MANY}), _no_more_than_selectable
    ),
    "multi_channels_select": both(
        _element("multi_channels_select", {}, {"initial_channels": array(_CONVERSATION, 1, 100), **_MANY}),
        _no_more_than_selectable,
    ),
    "multi_conversations_select": both(
        _element(
            "multi_conversations_select", {}, {"initial_conversations": array(_CONVERSATION, 1, 100), **_HERE, **_MANY}
        ),
        _no_more_than_selectable,
    ),
    "multi_external_select": both(
        _element(
            "multi_external_select",
            {},
            {"initial_options": array(_PLAIN_OPTION, 1, 100), "min_query_length": whole(0, 255), **_MANY},
        ),
        _no_more_than_selectable,
    ),
    "radio_buttons": both(
        _element(
            "radio_buttons",
            {"options": _options(_RICH_OPTION, 10)},
            {"initial_option": _RICH_OPTION, **_CONFIRMED, **_FOCUS},
        ),
        _initial_is_offered,
    ),
    "checkboxes": both(
        _element(
            "checkboxes",
            {"options": _options(_RICH_OPTION, 10)},
            {"initial_options": array(_RICH_OPTION, 1, 10), **_CONFIRMED, **_FOCUS},
        ),
        _initial_is_offered,
    ),
    "datepicker": _element("datepicker", {}, {"initial_date": _day, **_MENU}),
    "timepicker": _element(
        "timepicker", {}, {"initial_time": matching(r"([01]\d|2[0-3]):[0-5]\d", "09:30"), "timezone": _zone, **_MENU}
    ),
    "datetimepicker": _element(
        "datetimepicker", {}, {"initial_date_time": whole(1_000_000_000, 9_999_999_999), **_CONFIRMED, **_FOCUS}
    ),
    "plain_text_input": both(
        _element(
            "plain_text_input",
            {},
            {
                "initial_value": string(3000),
                "multiline": boolean,
                "min_length": whole(0, 3000),
                "max_length": whole(1, 3000),
                **_TYPED,
            },
        ),
        _within_lengths,
    ),
    "email_text_input": _element("email_text_input", {}, {"initial_value": string(3000), **_TYPED}),
    "url_text_input": _element("url_text_input", {}, {"initial_value": string(3000), **_TYPED}),
    "number_input": both(
        _element(
            "number_input",
            {"is_decimal_allowed": boolean},
            {"initial_value": _NUMBER, "min_value": _NUMBER, "max_value": _NUMBER, **_TYPED},
        ),
        _within_numbers,
    ),
    "file_input": _element("file_input", {}, {"filetypes": array(string(20), 1, 100), "max_files": whole(1, 10)}),
    "feedback_buttons": _element("feedback_buttons", {"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}),
    "icon_button": _element(
        "icon_button",
        {"icon": one_of("trash"), "text": plain(75)},
        {
            "value": string(2000),
            "accessibility_label": string(75),
            "visible_to_user_ids": array(_PERSON, 1, 10),
            **_CONFIRMED,
        },
    ),
    "image": PICTURE,
}

_SINGLE = ("static_select", "external_select", "users_select", "channels_select", "conversations_select")
_MULTI = tuple(f"multi_{name}" for name in _SINGLE)
_CHOICES = ("radio_buttons", "checkboxes", "datepicker", "timepicker")
_TEXTS = ("plain_text_input", "email_text_input", "url_text_input", "number_input")


def _among(names: tuple[str, ...], what: str) -> Check:
    return tagged({name: ELEMENTS[name] for name in names}, what)


ACCESSORY = _among(("button", "overflow", "image", *_SINGLE, *_MULTI, *_CHOICES), "a section's accessory")
ACTION = _among(("button", "overflow", "datetimepicker", *_SINGLE, *_CHOICES), "an element of actions")
INPUT = _among((*_TEXTS, *_SINGLE, *_MULTI, *_CHOICES, "datetimepicker", "file_input"), "an input's element")
ICON = _among(("feedback_buttons", "icon_button"), "an element of context_actions")
CONTEXT = tagged({"image": PICTURE, "plain_text": plain(3000), "mrkdwn": mrkdwn(3000)}, "an element of context")
