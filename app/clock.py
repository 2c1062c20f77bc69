"""The two times: the machine's, and the business time that cases live by. The only place that asks what time it is."""

from datetime import UTC, datetime

from bot.turn import Now
from store.store import Store
from store.work import Work

STANDS = "clock_stands_at"


class Clock:
    def __call__(self) -> Now:
        machine = datetime.now(UTC)
        return Now(machine, machine)


class DemoClock(Clock):
    """Business time that stands until it is moved forward, also over a restart; the machine's where none was kept."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._stands: datetime | None = None

    def __call__(self) -> Now:
        now = super().__call__()
        return Now(self._stands or now.business, now.machine)

    async def load(self) -> None:
        kept = await self._store.read(Work.setting, STANDS)
        self._stands = datetime.fromisoformat(kept) if kept else None

    async def begin(self) -> None:
        """From now on it stands: what is played comes out the same, however long somebody looks at it."""
        await self.load()
        if self._stands is None:
            await self.forward(self().machine.replace(second=0, microsecond=0))

    def now(self) -> datetime:
        return self().business

    async def forward(self, to: datetime) -> None:
        """Never back, whatever raced with this call."""
        later = max(self._stands or to, to)
        await self._store.write(Work.set, STANDS, later.isoformat())
        self._stands = max(self._stands or later, later)
