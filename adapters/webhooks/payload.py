"""An event's facts as JSON: a dotted name is a place in it, a value of ours the nearest of JSON's own."""

import json
from datetime import UTC, datetime
from typing import Any, NamedTuple

from bot.messages import CaseNumber, Code, Count, Facts, Message, Moment, Person, Printed, Quoted, Spans

LEAVES_AS = "id"
"""The name of what identifies the event: a header, and not in the body."""


class Payload(NamedTuple):
    id: str
    body: bytes
    """The same for every attempt."""


def payload(message: Message) -> Payload | None:
    """None for what is no event (any more)."""
    facts = next((part.facts for part in message.parts if isinstance(part, Facts)), ())
    whole: dict[str, Any] = {}
    for name, spans in facts:
        _put(whole, name.split("."), _value(spans))
    id_ = whole.pop(LEAVES_AS, None)
    if not isinstance(id_, str):
        return None
    return Payload(id_, json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode())


def _put(whole: dict[str, Any], path: list[str], value: Any) -> None:
    *folders, name = path
    for folder in folders:
        whole = whole.setdefault(folder, {})
    whole[name] = value


def _value(spans: Spans) -> Any:
    match spans:
        case (CaseNumber(number),) | (Count(number),):
            return number
        case (Moment(at),):
            return instant(at)
        case (Person(name, role),):
            return {"name": name, "side": role}
        case (Quoted(text),) | (Code(text),) | (Printed(text),):
            return text
        case ():
            return None
    raise ValueError("no value that leaves in an event")


def instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
