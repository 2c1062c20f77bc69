"""Renews a token that ends: one process asks Slack, stores the next one before anybody uses it, and all others wait."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from adapters.slack.grants import Grants, SlackSaidNo, SlackSilent
from adapters.slack.installs import Install, Installs, NoToken
from bot.channel import Busy

log = logging.getLogger(__name__)
Pause = Callable[[float], Awaitable[None]]
SOON = timedelta(minutes=30)
LEASE = timedelta(seconds=60)
PAUSE = 0.25
OVER = {"invalid_refresh_token", "token_revoked"}


class Rotation:
    def __init__(
        self, installs: Installs, grants: Grants, now: Callable[[], datetime], pause: Pause = asyncio.sleep
    ) -> None:
        self._installs = installs
        self._grants = grants
        self._now = now
        self._pause = pause

    def due(self, install: Install) -> bool:
        return install.expires_at is not None and install.expires_at <= self._now() + SOON

    def over(self, install: Install) -> bool:
        return install.expires_at is not None and install.expires_at <= self._now()

    async def renewed(self, old: Install) -> Install | None:
        """What is good from now on, None where Slack took it back. Raises NoToken, or Busy."""
        while not await self._installs.may_renew(old.tenant, self._now() + LEASE):
            latest = await self._installs.find(old.tenant)
            if latest != old or not self.over(old):
                return latest
            await self._pause(PAUSE)
        latest = await self._installs.find(old.tenant)
        if latest is None or not self.due(latest):
            return latest  # somebody else was done just before us
        return await self._fetched(latest)

    async def _fetched(self, old: Install) -> Install | None:
        try:
            new = await self._grants.renew(old)
        except (SlackSaidNo, SlackSilent) as no:
            log.warning("Slack did not renew a token: %s", no)
            if isinstance(no, SlackSaidNo) and no.error in OVER:
                return await self._refused(old)
            raise NoToken(str(no)) from None
        await self._kept(new)
        return new

    async def _refused(self, old: Install) -> Install | None:
        """Somebody may have renewed or installed it meanwhile; otherwise what we have works until it ends."""
        latest = await self._installs.find(old.tenant)
        if latest == old and self.over(old):
            await self._installs.forget(old.tenant, self._now())
            return None
        return latest

    async def _kept(self, new: Install) -> None:
        """However long that takes: Slack renews nothing a second time."""
        while True:
            try:
                return await self._installs.keep(new)
            except Busy:
                await self._pause(PAUSE)
