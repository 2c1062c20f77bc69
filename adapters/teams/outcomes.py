"""What the Bot Connector's answers mean to a message on its way."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from adapters.teams.answers import Json, text_in
from bot.channel import NotSent, Undeliverable

LONGEST_PAUSE = timedelta(minutes=10)  # however long Teams asks us to wait
CODE = re.compile(r"\w{1,100}", re.ASCII)
SUBCODE = re.compile(r'"subCode":\s*"(\w{1,100})"', re.ASCII)

# Teams would refuse it again: why, for the desk to read.
PERMANENT: Final = {
    "MessageWritesBlocked": "the person has blocked or removed the app in Teams",
    "ConversationBlockedByUser": "the person has blocked the app in Teams",
    "BotNotInConversationRoster": "the app was removed from this conversation",
    "BotDisabledByAdmin": "an administrator of the tenant has switched the app off",
    "ForbiddenOperationException": "the app is not installed for this person",
    "NotEnoughPermissions": "the app may not do this here",
    "InvalidBotApiHost": "the tenant is in another cloud of Microsoft's than the app was told",
    "ConversationNotFound": "Teams knows no such conversation",
    "ActivityNotFoundInConversation": "the message to change is gone",
    "MessageSizeTooBig": "Teams finds it too long",
}
BY_STATUS: Final = {
    400: "Teams does not take its form",
    403: "Teams does not let the app write here",
    404: "Teams knows no such conversation, message or person",
    413: "Teams finds it too long",
}


class Refusal(Undeliverable):
    """With the status and Teams' own word for why, such as ``BotNotInConversationRoster``; it may be empty."""

    def __init__(self, status: int, code: str) -> None:
        self.status, self.code = status, code
        super().__init__(PERMANENT.get(code) or BY_STATUS.get(status) or f"Teams refuses it: {status} {code}".strip())


class Ambiguous(Exception):
    """Teams failed in a way that leaves open whether it was done."""


@dataclass(frozen=True)
class Answer:
    status: int
    told: Json
    pause: timedelta


def meaning(answer: Answer) -> Exception:
    """What the channel's seam calls it."""
    status, code = answer.status, _code(answer.told)
    if status in (412, 429):
        return NotSent("Teams asks for a pause", after=answer.pause)
    if status == 401:
        return NotSent(f"Teams refuses the bot's token {code}".strip())
    if status < 400:
        return NotSent("Teams is somewhere else, where it is not followed to")
    if status >= 500 or status == 408:
        return Ambiguous(f"Teams failed: {status} {code}".strip())
    return Refusal(status, code)


def pause(headers: Mapping[str, str]) -> timedelta:
    """As Teams asks, within reason; else with jitter, so that not all come back at once."""
    try:
        asked = timedelta(seconds=float(headers["Retry-After"]))
    except (KeyError, ValueError, OverflowError):
        asked = timedelta(seconds=random.uniform(1, 3))  # noqa: S311 (no secret)
    return min(max(asked, timedelta(seconds=1)), LONGEST_PAUSE)


def _code(told: Json) -> str:
    """Teams has two ways of saying why."""
    error = told.get("error")
    code = error.get("code") if isinstance(error, dict) else None
    if inner := SUBCODE.search(text_in(told, "message")):
        return inner[1]
    return code if isinstance(code, str) and CODE.fullmatch(code) else ""
