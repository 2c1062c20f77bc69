"""The seam: all that the bot knows of a channel, and all that a channel knows of the bot."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot.forms import ShowForm
from bot.messages import Address, Incoming, Message


@dataclass(frozen=True)
class Outgoing:
    """One message on its way."""

    key: str
    """The same for every attempt at the same message: what a channel can look for after an ambiguous one."""
    to: Address
    message: Message
    edits: str = ""
    """The channel's id of the message that this one replaces in place; empty for a new one."""
    case: int | None = None
    """The case it is about."""
    root: bool = False
    """Whether this is a case's live card, under which the channel may thread what follows."""


class Undeliverable(Exception):
    """The channel refused it and would refuse it again (blocked, gone, too long): a dead letter, with this reason."""


class NotSent(Exception):
    """It certainly did not go through and may be tried again, ``after`` at the earliest (429, connection refused)."""

    def __init__(self, reason: str, after: timedelta | None = None) -> None:
        self.after = after
        super().__init__(reason)


class Channel(Protocol):
    gap: timedelta
    """The least time between two messages to one room."""

    async def send(self, out: Outgoing) -> str:
        """Say it, or edit what ``edits`` names; returns the channel's own id for it.

        Raises Undeliverable or NotSent where the channel is clear; any other exception leaves open whether it arrived.
        """

    async def sent(self, out: Outgoing) -> str | None:
        """After an attempt of unknown outcome: the channel's id of it if it arrived, None where it cannot tell."""


class Listener(Protocol):
    async def hear(self, incoming: Incoming) -> ShowForm | Message | None:
        """What to show at once; None: kept, acknowledge it. Raises Busy when nothing was kept: answer 503."""


class Busy(Exception):
    """Nothing was kept of this act."""
