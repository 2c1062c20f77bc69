"""Where tokens are kept, and a Slack that gives them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from adapters.slack.installs import Install
from bot.channel import Busy
from tests.adapters.slack.granting import MONDAY

TOKEN = "xoxb-of-the-settings"


@dataclass
class Shelf:
    """Installs in memory; see adapters.slack.installs.Installs."""

    now: Callable[[], datetime]
    kept: dict[str, Install] = field(default_factory=dict)
    leases: dict[str, datetime] = field(default_factory=dict)
    found: int = 0
    busy: int = 0
    """How many of the next calls find the store busy."""
    gate: asyncio.Event | None = None

    async def find(self, tenant: str) -> Install | None:
        self.found += 1
        await self._answer()
        return self.kept.get(tenant)

    async def keep(self, install: Install) -> None:
        await self._answer()
        self.kept[install.tenant] = install
        self.leases.pop(install.tenant, None)

    async def forget(self, tenant: str, before: datetime) -> None:
        await self._answer()
        self.kept.pop(tenant, None)

    async def may_renew(self, tenant: str, until: datetime) -> bool:
        await self._answer()
        if tenant not in self.kept or self.leases.get(tenant, MONDAY - timedelta(days=9)) > self.now():
            return False
        self.leases[tenant] = until
        return True

    async def _answer(self) -> None:
        await asyncio.sleep(0)
        if self.gate:
            await self.gate.wait()
        if self.busy:
            self.busy -= 1
            raise Busy


async def breath(_: float) -> None:
    await asyncio.sleep(0)
