"""Who can act, and for whom."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Role(StrEnum):
    CUSTOMER = "customer"
    AGENT = "agent"
    CONCIERGE = "concierge"
    COACH = "coach"
    LEAD = "lead"
    ADMIN = "admin"
    CLOCK = "clock"
    """Time itself: the sweeps act in its name, nobody can be it."""


CUSTOMERS = frozenset({Role.CUSTOMER})
STAFF = frozenset({Role.AGENT, Role.CONCIERGE, Role.COACH, Role.LEAD, Role.ADMIN})
LEADS = frozenset({Role.LEAD, Role.ADMIN})


class Scope(NamedTuple):
    """Whose cases somebody may see."""

    account: int | None
    """None: every company's (staff)."""
    opener: int | None = None
    """Only what this person opened; None: the whole account's."""


@dataclass(frozen=True)
class Actor:
    """Whoever this turn is with, as the store knows them; never as they call themselves."""

    id: int
    name: str
    role: Role
    account: int | None
    """The company whose cases this actor may see; None for staff, who see every company of the desk (C1, C4)."""
    zone: str
    """IANA name of the zone this person reads times in."""
    nominated: bool = False
    """May open, confirm and withdraw for the whole company (W27, W59)."""
    guest: bool = False
    """Met in the account's room or tenant but in no directory: sees only what they opened themselves."""
    language: str = "en"
    """In which they are written to: ``en``, or the name of a catalogue."""

    @property
    def scope(self) -> Scope:
        return Scope(self.account, self.id if self.guest else None)

    @property
    def staff(self) -> bool:
        return self.role in STAFF


CLOCK = Actor(0, "the clock", Role.CLOCK, None, "UTC")
