"""Who hears what while a promise runs short, and how fast it climbs (R10, R11). Ours: no clause promises any of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Hearer(StrEnum):
    ASSIGNEE = "assignee"
    CONCIERGE = "concierge"
    COACH = "coach"
    ON_CALL = "on_call"
    LEAD = "lead"
    DESK = "desk"
    """The desk's own rooms."""
    MAIL = "mail"
    """The provider's address for escalations (W53)."""


H = Hearer
Hearers = tuple[Hearer, ...]


@dataclass(frozen=True)
class Ladder:
    """As R10 has it, unless a catalogue says otherwise."""

    at: Mapping[int, Hearers] = field(
        default_factory=lambda: MappingProxyType(
            {50: (H.ASSIGNEE,), 75: (H.ASSIGNEE, H.CONCIERGE), 100: (H.CONCIERGE, H.LEAD, H.MAIL)}
        )
    )
    """By percent of the response time, in rising order."""
    climb: Hearers = (H.ASSIGNEE, H.CONCIERGE, H.LEAD, H.DESK)
    """Each time that the ladder climbs after that."""
    critical: Hearers = (H.CONCIERGE, H.ON_CALL)
    """A case proposed critical, at its receipt, whatever the hour."""
    missed: Hearers = (H.ASSIGNEE, H.CONCIERGE, H.DESK)
    """An appointment that nobody kept (R13); afterwards it climbs."""
    climb_minutes: int = 30
    """Business minutes from 100 % to the first rung, and from each rung to the next."""
    acknowledged_minutes: int = 30
    """Business minutes for which an acknowledgement holds it (R11)."""

    @property
    def shares(self) -> tuple[int, ...]:
        return tuple(self.at)
