"""Who can act, and for whom."""

from dataclasses import dataclass
from enum import StrEnum


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

    @property
    def staff(self) -> bool:
        return self.role in STAFF


CLOCK = Actor(0, "the clock", Role.CLOCK, None, "UTC")
