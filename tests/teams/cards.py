"""What Teams takes from a bot: cards in messages and in dialogs, and whole activities."""

import json
from typing import Any

from tests.slack.shapes import Check, Invalid, array, boolean, kind, matching, one_of, record, string
from tests.teams.adaptive import check_card, check_dialog_card
from tests.teams.mentions import MENTION, check_mentions
from tests.teams.places import Json
from tests.teams.wording import said

__all__ = ["CARD_TYPE", "LARGEST", "Invalid", "check_activity", "check_card", "check_dialog_card", "size"]

CARD_TYPE = "application/vnd.microsoft.card.adaptive"
LARGEST = 80 * 1024
"""Bytes of an activity in UTF-16; Teams cuts off at 100 KB, counting also what it adds itself."""


def check_activity(activity: Any, personal: bool = True) -> None:
    """What is sent, or put in the place of one that was; ``personal`` where the bot and one person are alone."""
    if isinstance(activity, dict) and activity.get("type") == "typing":
        return _TYPING(activity, "")
    _MESSAGE(activity, "")
    text, attachments = activity.get("text", ""), activity.get("attachments", [])
    if not text and not attachments:
        raise Invalid("", "has neither text nor attachments")
    if text and attachments:
        raise Invalid("", "has text and attachments: Teams makes two messages of it and returns no id")
    if attachments and "summary" not in activity:
        raise Invalid("/summary", "is missing: it is what notifications show of a card")
    for number, attachment in enumerate(attachments):
        check_card(attachment["content"], f"/attachments/{number}/content")
    check_mentions(text, activity.get("entities", []), "/entities")
    _suggestions(activity, personal)
    if (bytes := size(activity)) > LARGEST:
        raise Invalid("", f"has {bytes} bytes in UTF-16, and {LARGEST} are safe")


def size(activity: Json) -> int:
    written = json.dumps(activity, ensure_ascii=False, separators=(",", ":"))
    return len(written.encode("utf-16-le", "surrogatepass"))


# The envelope -----------------------------------------------------------------------------------------------------

_ACCOUNT = record({"id": string(1000)}, {"name": string(1000, 0), "aadObjectId": string(40), "role": string(40)})
_CONVERSATION = record(
    {"id": string(1000)},
    {
        "name": string(1000, 0),
        "conversationType": one_of("personal", "channel", "groupChat"),
        "tenantId": string(40),
        "isGroup": boolean,
    },
)
_ENVELOPE: dict[str, Check] = {
    "from": _ACCOUNT,
    "recipient": _ACCOUNT,
    "conversation": _CONVERSATION,
    "replyToId": string(255),
    "id": string(255),
    "channelId": one_of("msteams"),
    "serviceUrl": matching(r"https?://\S+", "https://…"),
}
_CHANNEL_DATA: dict[str, Check] = {
    "tenant": record({"id": string(40)}),
    "notification": record({"alert": boolean}),
    "feedbackLoopEnabled": boolean,
}
_IM_BACK = record({"type": one_of("imBack"), "title": string(250), "value": string(1000)})
_CARD = record({"contentType": one_of(CARD_TYPE), "content": lambda value, path: None})
_TYPING = record({"type": kind("typing")}, _ENVELOPE)
_MESSAGE = record(
    {"type": kind("message")},
    {
        **_ENVELOPE,
        "text": said,
        "textFormat": one_of("plain", "markdown", "xml"),
        "summary": string(10_000),
        "attachmentLayout": one_of("list", "carousel"),
        "attachments": array(_CARD, 1, 10),
        "entities": array(MENTION, 1, 100),
        "suggestedActions": record({"actions": array(_IM_BACK, 1, 6)}, {"to": array(string(255), 0, 1)}),
        "channelData": record({}, _CHANNEL_DATA),
        "importance": one_of("low", "normal", "high"),
        "inputHint": one_of("acceptingInput", "expectingInput", "ignoringInput"),
        "locale": string(20),
    },
)


def _suggestions(activity: Json, personal: bool) -> None:
    if "suggestedActions" not in activity:
        return
    if not personal:
        raise Invalid("/suggestedActions", "are shown only where a person is alone with the bot")
    if activity.get("attachments"):
        raise Invalid("/suggestedActions", "stand under text, not under a card")
