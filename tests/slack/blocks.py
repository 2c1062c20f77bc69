"""A strict validator of our own for Block Kit: every published limit and shape, for each place that blocks go to.

slack_sdk's models let about half of the violations pass, so a payload that passes there says little.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.slack.elements import ACCESSORY, ACTION, CONTEXT, ICON, ID, INPUT, PICTURE
from tests.slack.shapes import (
    Check,
    Invalid,
    array,
    boolean,
    both,
    kind,
    matching,
    no_pings,
    one_of,
    plain,
    record,
    string,
    tagged,
    text,
)

__all__ = [
    "Invalid",
    "check_answer",
    "check_blocks",
    "check_ephemeral",
    "check_home",
    "check_message",
    "check_metadata",
    "check_modal",
    "check_prompts",
    "check_response",
    "check_update",
]

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
MESSAGE_TEXT, UPDATE_TEXT = 40_000, 4_000
BLOCK_TEXT = 12_000  # characters in all blocks of one message together
VIEW_BYTES = 250_000
METADATA_BYTES = 4_000

Json = Mapping[str, Any]


# The blocks -------------------------------------------------------------------------------------------------------


def _block(name: str, required: dict[str, Check] | None = None, optional: dict[str, Check] | None = None) -> Check:
    return record({"type": kind(name), **(required or {})}, {"block_id": ID, **(optional or {})})


def _words_or_fields(block: Any, path: str) -> None:
    if "text" not in block and "fields" not in block:
        raise Invalid(path, "is a section with neither text nor fields")


def _actions_told_apart(block: Any, path: str) -> None:
    counted = Counter(element["action_id"] for element in _elements(block) if "action_id" in element)
    if twice := sorted(name for name, times in counted.items() if times > 1):
        raise Invalid(path, f"has the same action_id twice: {', '.join(twice)}")


_COMMON: dict[str, Check] = {
    "section": both(
        _block(
            "section",
            {},
            {"text": text(3000), "fields": array(text(2000), 1, 10), "accessory": ACCESSORY, "expand": boolean},
        ),
        _words_or_fields,
    ),
    "header": _block("header", {"text": plain(150)}),
    "divider": _block("divider"),
    "context": _block("context", {"elements": array(CONTEXT, 1, 10)}),
    "actions": both(_block("actions", {"elements": array(ACTION, 1, 25)}), _actions_told_apart),
    "image": lambda block, path: _picture_block(block, path),
}
_MESSAGE: dict[str, Check] = {
    **_COMMON,
    "context_actions": both(_block("context_actions", {"elements": array(ICON, 1, 5)}), _actions_told_apart),
    "markdown": _block("markdown", {"text": string(12_000)}),
}
_VIEW: dict[str, Check] = {
    **_COMMON,
    "input": _block(
        "input",
        {"label": plain(2000), "element": INPUT},
        {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
}


def _picture_block(block: Any, path: str) -> None:
    ID(block.get("block_id", "none"), f"{path}/block_id")
    if "title" in block:
        plain(2000)(block["title"], f"{path}/title")
    PICTURE({name: inner for name, inner in block.items() if name not in ("block_id", "title")}, path)


def check_blocks(blocks: Any, kinds: Mapping[str, Check] = _MESSAGE, most: int = MESSAGE_BLOCKS) -> None:
    array(tagged(kinds, "a block here"), 1, most)(blocks, "/blocks")
    counted = Counter(block["block_id"] for block in blocks if "block_id" in block)
    if twice := sorted(name for name, times in counted.items() if times > 1):
        raise Invalid("/blocks", f"has the same block_id twice: {', '.join(twice)}")
    if sum(1 for block in blocks for element in _elements(block) if element.get("focus_on_load")) > 1:
        raise Invalid("/blocks", "focuses on more than one element")


def _elements(block: Json) -> Iterator[Json]:
    yield from block.get("elements", ())
    yield from (block[name] for name in ("accessory", "element") if name in block)


# Messages ---------------------------------------------------------------------------------------------------------


def check_message(payload: Json) -> None:
    """What chat.postMessage is given: its text, blocks and metadata. Other arguments are not looked at."""
    _check_said(payload, MESSAGE_TEXT)
    if "metadata" in payload:
        check_metadata(payload["metadata"])


def check_update(payload: Json) -> None:
    """What chat.update is given: its text may be only a tenth as long."""
    _check_said(payload, UPDATE_TEXT)
    if payload.get("metadata"):  # an empty one takes away what there was
        check_metadata(payload["metadata"])


def check_ephemeral(payload: Json) -> None:
    """What chat.postEphemeral is given."""
    _check_said(payload, MESSAGE_TEXT)
    if "metadata" in payload:
        raise Invalid("/metadata", "an ephemeral message has none", "invalid_arguments")


def check_response(payload: Json) -> None:
    """What is posted to a response_url."""
    record(
        {},
        {
            "text": lambda value, path: None,
            "blocks": lambda value, path: None,
            "thread_ts": matching(r"\d{10}\.\d{6}", "1700000000.000100"),
            "response_type": one_of("ephemeral", "in_channel"),
            **dict.fromkeys(("replace_original", "delete_original", "unfurl_links", "unfurl_media", "mrkdwn"), boolean),
        },
    )(payload, "")
    if not payload.get("delete_original"):
        _check_said(payload, MESSAGE_TEXT)


def check_metadata(metadata: Any) -> None:
    try:
        record({"event_type": string(255), "event_payload": _payload})(metadata, "/metadata")
    except Invalid as wrong:
        raise Invalid(wrong.path, wrong.why, "invalid_metadata_format") from None


def check_prompts(title: Any, prompts: Any) -> None:
    """What assistant.threads.setSuggestedPrompts is given."""
    array(record({"title": string(255), "message": string(4000)}), 1, 4)(prompts, "/prompts")
    if title is not None:
        string(255)(title, "/title")


def _payload(value: Any, path: str) -> None:
    if not isinstance(value, dict):
        raise Invalid(path, "must be an object")
    if len(json.dumps(value)) > METADATA_BYTES:
        raise Invalid(path, "is too large")


def _check_said(payload: Json, longest: int) -> None:
    said, blocks = payload.get("text"), payload.get("blocks")
    if said is not None and not isinstance(said, str):
        raise Invalid("/text", "must be a string", "invalid_arguments")
    if not blocks and not (said or "").strip():
        raise Invalid("/text", "has neither text nor blocks", "no_text")
    if said and len(said) > longest:
        raise Invalid("/text", f"has {len(said)} characters, and {longest} are allowed", "msg_too_long")
    if blocks is not None:
        if not (said or "").strip():
            raise Invalid("/text", "is empty, and blocks need a text for notifications and screen readers")
        check_blocks(blocks)
        _check_sum(blocks)
    if said:
        no_pings(said, "/text")


def _check_sum(blocks: Sequence[Json]) -> None:
    if (total := sum(_characters(block) for block in blocks)) > BLOCK_TEXT:
        why = f"have {total} characters of text together, and {BLOCK_TEXT} are allowed"
        raise Invalid("/blocks", why, "msg_blocks_too_long")


def _characters(value: Any) -> int:
    """Of every text there is inside, buttons and options too."""
    if isinstance(value, dict):
        said = value.get("text")
        inner = sum(_characters(one) for one in value.values())
        return inner + (len(said) if isinstance(said, str) else 0)
    return sum(_characters(one) for one in value) if isinstance(value, list) else 0


# Views ------------------------------------------------------------------------------------------------------------

_NAMED: dict[str, Check] = {
    "private_metadata": string(3000, 0),
    "callback_id": string(255),
    "external_id": string(255),
}


def check_modal(view: Any) -> None:
    """What views.open, views.push and views.update are given, and response_action update and push."""
    _check_view(
        view,
        record(
            {"type": kind("modal"), "title": plain(24), "blocks": lambda value, path: None},
            {"submit": plain(24), "close": plain(24), "clear_on_close": boolean, "notify_on_close": boolean, **_NAMED},
        ),
        _VIEW,
    )
    if "submit" not in view and any(block["type"] == "input" for block in view["blocks"]):
        raise Invalid("/submit", "is missing, and there are input blocks")


def check_home(view: Any) -> None:
    """What views.publish is given."""
    _check_view(view, record({"type": kind("home"), "blocks": lambda value, path: None}, _NAMED), _VIEW)
    for number, block in enumerate(view["blocks"]):
        if block["type"] == "input" and block["element"]["type"] == "file_input":
            raise Invalid(f"/blocks/{number}/element", "a home has no file_input")


def check_answer(answer: Any, view: Json) -> None:
    """What view_submission of this view is answered: nothing, or a response_action."""
    if not answer:
        return
    shapes = {
        "clear": record({"response_action": one_of("clear")}),
        "update": record({"response_action": one_of("update"), "view": lambda value, path: check_modal(value)}),
        "push": record({"response_action": one_of("push"), "view": lambda value, path: check_modal(value)}),
        "errors": record({"response_action": one_of("errors"), "errors": lambda value, path: _mistakes(value, view)}),
    }
    action = answer.get("response_action") if isinstance(answer, dict) else None
    if action not in shapes:
        raise Invalid("/response_action", f"{action!r} is none", "invalid_response_action")
    shapes[action](answer, "")


def _mistakes(errors: Any, view: Json) -> None:
    inputs = {block.get("block_id") for block in view["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise Invalid("/errors", "must name at least one block")
    for block, sentence in errors.items():
        if block not in inputs:
            raise Invalid(f"/errors/{block}", "is no input block of this view")
        string(3000)(sentence, f"/errors/{block}")


def _check_view(view: Any, shape: Check, kinds: Mapping[str, Check]) -> None:
    shape(view, "")
    if (size := len(json.dumps(view).encode())) > VIEW_BYTES:
        raise Invalid("", f"has {size} bytes, and {VIEW_BYTES} are allowed", "view_too_large")
    check_blocks(view["blocks"], kinds, VIEW_BLOCKS)
