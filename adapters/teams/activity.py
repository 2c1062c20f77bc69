"""The shape that Teams' activities have, and the tenant that they come from."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from adapters.teams.refused import Refused

Activity = Mapping[str, Any]
Shape = Callable[[Any], bool]

TYPE = re.compile(r"[A-Za-z][A-Za-z0-9./_-]{0,99}")
ID = re.compile(r"[!-~]{1,500}")
GUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)?", re.ASCII)
YEARS = range(2000, 2100)
"""What a clock that is only wrong may say: nothing that arithmetic with time trips over."""
TOLD_APART = {"message", "messageUpdate", "messageDelete", "messageReaction"}
"""Types whose ``id`` says which message it is."""


def check(activity: Activity) -> None:
    """What is not told is left open; what is has its type and a bound. Raises ValueError."""
    if not _has(activity, NEEDED, POSSIBLE) or (activity["type"] in TOLD_APART and activity.get("id") is None):
        raise ValueError("no activity of Teams'")
    if (told := activity.get("timestamp")) is not None and moment(told).year not in YEARS:
        raise ValueError("no activity of our time")


def moment(text: str) -> datetime:
    """In UTC. Raises ValueError."""
    if not INSTANT.fullmatch(text):
        raise ValueError("no moment")
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        raise ValueError("no moment on any calendar") from None


def tenant(activity: Activity) -> str:
    """In small letters. Some events tell it in one place only; no two places may differ. Raises Refused."""
    places = (activity.get("channelData"), activity["conversation"], activity.get("value"))
    told = {each for place in places for each in _tenants(place) if each is not None}
    if not told or not all(map(GUID.fullmatch, told)):
        raise Refused(400, "This does not say of which tenant it is.")
    one, *others = {each.lower() for each in told}
    if others:
        raise Refused(403, "This says two things about which tenant it is of.")
    return one


def _tenants(part: object) -> list[str | None]:
    if not isinstance(part, Mapping):
        return []
    inner = part.get("tenant")
    found = [part.get("tenantId"), inner.get("id") if isinstance(inner, Mapping) else None]
    return [each if isinstance(each, str | None) else "" for each in found]


def _has(value: object, needed: Mapping[str, Shape], possible: Mapping[str, Shape]) -> bool:
    """Goes by what is told, of which there is less than of what could be."""
    if not isinstance(value, dict) or not needed.keys() <= value.keys():
        return False
    for name, told in value.items():
        if (shape := needed.get(name)) is not None:
            if not shape(told):
                return False
        elif told is not None and (shape := possible.get(name)) is not None and not shape(told):
            return False
    return True


def _string(longest: int | None = None) -> Shape:
    return lambda value: isinstance(value, str) and (longest is None or len(value) <= longest)


def _matching(pattern: re.Pattern[str]) -> Shape:
    return lambda value: isinstance(value, str) and bool(pattern.fullmatch(value))


def _object(needed: Mapping[str, Shape], possible: Mapping[str, Shape]) -> Shape:
    return lambda value: _has(value, needed, possible)


def _list(shape: Shape) -> Shape:
    return lambda value: isinstance(value, list) and all(map(shape, value))


def _instant(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(moment(value))
    except ValueError:
        return False


def _flag(value: object) -> bool:
    return isinstance(value, bool)


IDENTITY, WORD, NAME, TEXT = _matching(ID), _string(100), _string(1000), _string()
SOMEBODY = {"name": NAME, "aadObjectId": IDENTITY, "role": WORD, "userRole": WORD, "tenantId": _matching(GUID)}
ACCOUNT = _object({"id": IDENTITY}, SOMEBODY)
CONVERSATION = _object(
    {"id": IDENTITY}, {"name": NAME, "conversationType": WORD, "isGroup": _flag, "aadObjectId": IDENTITY, "role": WORD}
)
MENTION = _object({}, {"type": WORD, "text": TEXT, "mentioned": _object({}, {"id": IDENTITY, "name": NAME})})
ATTACHMENT = _object({}, dict.fromkeys(("contentType", "contentUrl", "name", "thumbnailUrl"), TEXT))
NEEDED: Mapping[str, Shape] = {
    "type": _matching(TYPE),
    "channelId": WORD,
    "serviceUrl": NAME,
    "from": ACCOUNT,
    "conversation": CONVERSATION,
    "recipient": ACCOUNT,
}
POSSIBLE: Mapping[str, Shape] = {
    "id": IDENTITY,
    "replyToId": IDENTITY,
    "timestamp": _instant,
    "localTimestamp": _instant,
    "expiration": _instant,
    "channelData": _object({}, {}),
    "entities": _list(MENTION),
    "attachments": _list(ATTACHMENT),
    "membersAdded": _list(ACCOUNT),
    "membersRemoved": _list(ACCOUNT),
    "reactionsAdded": _list(_object({}, {"type": WORD})),
    "reactionsRemoved": _list(_object({}, {"type": WORD})),
    "historyDisclosed": _flag,
    **dict.fromkeys(("text", "summary", "speak"), TEXT),
    **dict.fromkeys(("name", "topicName", "label", "valueType"), NAME),
    **dict.fromkeys(("textFormat", "locale", "localTimezone", "action", "inputHint", "importance"), WORD),
    **dict.fromkeys(("attachmentLayout", "deliveryMode", "code", "callerId"), WORD),
}
