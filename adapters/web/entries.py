"""The shapes of the log's entries: what the bot said, and what a person did."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, TypedDict

from bot import figures
from bot.messages import ENGLISH, Message, Reader, to_json


class FromBot(TypedDict):
    kind: Literal["bot"]
    channel: str
    """``web``, or ``email`` in a mailbox."""
    at: str
    """Business time, ISO 8601 in UTC."""
    message: dict[str, Any]
    """A Message in its own JSON; what the page cannot word itself bears its ``words``."""
    case: int | None
    root: bool
    """A case's live card: what is said about the case stands under it."""
    sent: str
    """The key of the Outgoing that it shows; empty for an answer given at once."""
    edited: str
    """When it was last replaced in place; empty until then."""
    only_for: str
    """The one person who sees it; empty for everybody in the room."""


class FromPerson(TypedDict):
    """Everything the person sent, so that what was never acknowledged can be sent again."""

    kind: Literal["said", "pressed", "submitted"]
    by: str
    at: str
    text: str
    """What was typed, or the line that the button says; empty for a form."""
    shown: str
    """The button's label or the form's title, as the person saw it."""
    form: str
    answers: Mapping[str, str]
    draft: int | None
    quotes: str
    forms: bool
    acked: bool
    """Whether the bot has it for good."""
    returned: bool
    """A form that came back with mistakes: shown in the form itself, not in the room."""


def from_bot(message: Message, at: datetime, *, channel: str = "web", only_for: str = "") -> FromBot:
    return FromBot(
        kind="bot",
        channel=channel,
        at=at.isoformat(),
        message=to_json(message) if message.language == ENGLISH else _worded(to_json(message), message.reader),
        case=None,
        root=False,
        sent="",
        edited="",
        only_for=only_for,
    )


def _worded(told: Any, reader: Reader) -> Any:
    """The page words values in English; those of other languages come along."""
    match told:
        case list():
            return [_worded(each, reader) for each in told]
        case dict():
            words = _words(told, reader)
            return {name: _worded(each, reader) for name, each in told.items()} | ({"words": words} if words else {})
    return told


def _words(value: Mapping[str, Any], reader: Reader) -> str:
    match value:
        case {"kind": "moment", "at": at, "zone": there, "label": label}:
            return figures.moment(datetime.fromisoformat(at), reader, there, label, bool(value.get("year")))
        case {"kind": "day", "on": on}:
            return figures.date_(date.fromisoformat(on), reader.language)
        case {"kind": "duration", "minutes": minutes, "business": business}:
            return figures.duration(minutes, business, reader.language)
        case {"kind": "money", "amount": amount, "sign": sign}:
            return figures.money(Decimal(amount), sign, reader.language)
        case {"kind": "count", "number": number}:
            return figures.count(number, reader.language)
        case {"kind": "percent", "number": number}:
            return figures.percent(number, reader.language)
    return ""
