"""The two times: the machine's, and the business time that cases live by. The only place that asks what time it is."""

from datetime import UTC, datetime, timedelta

from bot.turn import Now
from store.store import Store
from store.work import Work

AHEAD = "clock_ahead_seconds"


class Clock:
    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def __call__(self) -> Now:
        machine = datetime.now(UTC)
        return Now(machine + self._ahead, machine)


class DemoClock(Clock):
    """Business time that can be moved forward, and stays where it was moved over a restart."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store

    async def load(self) -> None:
        kept = await self._store.read(Work.setting, AHEAD)
        self._ahead = timedelta(seconds=float(kept or 0))

    def now(self) -> datetime:
        return self().business

    async def forward(self, to: datetime) -> None:
        """Never back, whatever raced with this call."""
        ahead = max(self._ahead, to - self().machine)
        await self._store.write(Work.set, AHEAD, str(ahead.total_seconds()))
        self._ahead = max(self._ahead, ahead)
