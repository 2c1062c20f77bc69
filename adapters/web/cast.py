"""Who plays in the playground, and the clock they live by."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

DESK = "desk"
"""The room that everybody on the desk's side shares; any other room is one person's own and has that person's id."""


@dataclass(frozen=True)
class CastMember:
    id: str
    """The user in the channel ``web``, and the name of their own room: letters, digits, ``_`` and ``-``."""
    name: str
    about: str
    """One line under the name: the company, the plan, what they may do."""
    desk: bool = False
    """Whether they also speak in the desk's room."""
    zone: str = "America/New_York"
    """The IANA zone in which they read when something was said."""
    suggestions: tuple[str, ...] = ()
    """Lines to start with, offered while their chat is empty."""


class DemoClock(Protocol):
    def now(self) -> datetime:
        """Business time, UTC."""

    async def forward(self, to: datetime) -> None:
        """Move on to ``to``; never back, whatever raced with this call."""
