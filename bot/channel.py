"""The seam: all that the bot knows of a channel, and all that a channel knows of the bot."""

import secrets
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.forms import ShowForm
from bot.incoming import Address, Incoming, User
from bot.messages import Button, Message


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
    only_for: str = ""
    """The one user of the room who is to see it; empty: everybody there."""
    loud: bool = False
    """A warning: it must be seen by whoever is in the room, not only by who follows a thread."""
    since: datetime | None = None
    """When it was first owed (UTC): it cannot have arrived before."""


@dataclass(frozen=True)
class Home:
    """A person's own page in the channel."""

    message: Message
    prompts: tuple[Button, ...]
    """What they could say first."""


class Undeliverable(Exception):
    """The channel refused it and would refuse it again (blocked, gone, too long): a dead letter, with this reason."""


class NotSent(Exception):
    """It certainly did not go through and may be tried again, ``after`` at the earliest (429, connection refused).

    ``begun``: but for its first pieces, which are to be looked for before the others are sent. ``alone``: what else
    is owed to that room need not wait as long.
    """

    def __init__(self, reason: str, after: timedelta | None = None, begun: bool = False, alone: bool = False) -> None:
        self.after, self.begun, self.alone = after, begun, alone
        super().__init__(reason)


@dataclass(frozen=True)
class Source:
    """Where the content of a file is fetched, and with what."""

    url: str
    hosts: tuple[str, ...]
    """The vendor's: a host, ``*.`` and one for all below it, or a whole origin. It is fetched from nowhere else."""
    token: str = field(default="", repr=False)
    """For those hosts alone; empty: none is needed."""
    picture: bool = False
    """Whether it can only be one: anything else that is answered there is not for keeping."""


class Holder(Protocol):
    """A channel in which files lie."""

    async def source(self, tenant: str, kept: Mapping[str, str]) -> Source:
        """Of what it said of a file. Raises Undeliverable, or NotSent where it may be asked again."""


class Channel(Protocol):
    gap: timedelta
    """The time between two messages to one room, on average."""
    burst: timedelta
    """How far messages may run ahead of that pace: with gap one second and burst three, four may leave at once."""
    threads: bool
    """Whether what follows about a case can stand under the first message about it."""

    async def send(self, out: Outgoing) -> str:
        """Say it, or edit what ``edits`` names; returns the channel's own id for it.

        Raises Undeliverable or NotSent where the channel is clear; any other exception leaves open whether it arrived.
        """

    async def sent(self, out: Outgoing) -> str | None:
        """After an attempt of unknown outcome: the channel's id of it if it arrived, None where it cannot tell."""


class Listener(Protocol):
    async def hear(self, incoming: Incoming, within: float = ...) -> ShowForm | Message | None:
        """What to show at once; None: kept, acknowledge it. Raises Busy when nothing was kept: answer 503.

        ``within`` so many seconds it is decided which.
        """

    async def seen(self, where: Address, until: datetime) -> None:
        """Whoever's room it is has seen what the bot said there up to then (UTC), by the channel's account."""


class Host(Listener, Protocol):
    """For channels in which the bot has a page of its own."""

    async def home(self, by: User, private: Address, line: str = "") -> Home:
        """What this person is greeted with where they open the bot itself; ``line``: what a button within it says.

        Changes nothing. Raises Busy.
        """

    async def mark(self) -> str:
        """Another one whenever something happened that a home may show. Raises Busy."""


class Busy(Exception):
    """Nothing was kept of this act."""


REFERENCE: ContextVar[str] = ContextVar("REFERENCE", default="")
"""What the act under way is called in every line of the log."""


def reference() -> str:
    """What a person may quote of the act under way, so that it is found in the log."""
    return REFERENCE.get() or new_reference()


def new_reference() -> str:
    """Short enough to read out, and nothing to be guessed."""
    return secrets.token_hex(4)
