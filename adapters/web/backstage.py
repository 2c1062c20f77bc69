"""What the playground asks of the house behind it, so that all that is due is done before a page hears of it."""

from datetime import datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

MORNING = time(8)
WEEKEND = 5  # and 6, as weekday() counts


class Backstage(Protocol):
    async def settle(self) -> None:
        """Returns when all that is due by now is done, and has arrived."""

    async def moved(self) -> None:
        """The clock was moved on: what waited for time to pass waits no longer."""

    async def event(self, after: datetime) -> datetime | None:
        """When the next case has something to tell by itself; None: none has."""

    def morning(self, after: datetime) -> datetime:
        """When the next day of work begins."""


class Nothing:
    """Of a page without a house."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    async def settle(self) -> None:
        return

    async def moved(self) -> None:
        return

    async def event(self, after: datetime) -> datetime | None:
        return None

    def morning(self, after: datetime) -> datetime:
        here = after.astimezone(self._zone)
        next_ = here.replace(hour=MORNING.hour, minute=0, second=0, microsecond=0)
        while next_ <= here or next_.weekday() >= WEEKEND:
            next_ += timedelta(days=1)
        return next_
