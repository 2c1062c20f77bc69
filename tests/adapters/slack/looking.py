"""How a test reads what Slack is sent."""

import json
from collections.abc import Mapping
from typing import Any

from adapters.slack.lengths import size
from adapters.slack.mrkdwn import mrkdwn
from adapters.slack.render import MESSAGE, Rendered
from bot.messages import (
    Reader,
    Span,
)
from tests.slack.blocks import check_message, check_update
from tests.slack.mrkdwn import unescaped

SHY = "\N{SOFT HYPHEN}"


def shown(*spans: Span, zone: str = "UTC") -> str:
    return mrkdwn(spans, Reader(zone))


def within(rendered: Rendered) -> None:
    payload = {"text": rendered.text, "blocks": rendered.blocks}
    check_message(payload)
    check_update(payload)
    assert len(rendered.blocks) <= MESSAGE.blocks
    assert size(rendered.text) <= MESSAGE.said
    assert sum(size(text) for block in rendered.blocks for text in texts(block)) <= MESSAGE.weight
    pressed = [element["action_id"] for block in rendered.blocks for element in elements(block)]
    assert len(pressed) == len(set(pressed))
    json.dumps(payload).encode("ascii")


def texts(block: object) -> list[str]:
    """Every text object's text, as it is sent."""
    if isinstance(block, dict):
        own = [block["text"]] if block.get("type") in ("mrkdwn", "plain_text") else []
        own += [block["alt_text"]] if block.get("type") == "image" else []
        return own + [text for inner in block.values() for text in texts(inner)]
    return [text for inner in block for text in texts(inner)] if isinstance(block, list) else []


def read(block: object) -> list[str]:
    """What people see, with the look-alikes read as what they stand for."""
    alike = str.maketrans({"∗": "*", "ˍ": "_", "∼": "~", "ˋ": "`", "﹡": "*", "∣": "|", SHY: ""})
    return [unescaped(text).translate(alike) for text in texts(block)]


def elements(block: Mapping[str, object]) -> list[Any]:
    inside: Any = block.get("elements") or ([block["accessory"]] if "accessory" in block else [])
    return [element for element in inside if element["type"] == "button"]


def looks(block: Mapping[str, object]) -> str:
    """A block as a line of a test."""
    pressed = [f"{e['text']['text']} = {e['value']}" + f" ({e.get('style')})" * ("style" in e) for e in elements(block)]
    words = texts(
        {name: inner for name, inner in block.items() if name != "accessory" and not (pressed and name == "elements")}
    )
    return f"{block['type']}: {unescaped(' | '.join([*words, *pressed]))}"
