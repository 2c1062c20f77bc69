"""Who a Teams user is, by the conversation's roster and no older than a minute: at home where, a guest or not."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from adapters.teams.connector import Connector
from adapters.teams.inbound import Where
from bot.channel import Busy, Undeliverable
from bot.incoming import User

FRESH = timedelta(seconds=60)
PATIENCE = 2.0  # seconds: half of what a dialog waits for
MANY = 10_000


class People:
    def __init__(self, connector: Connector, now: Callable[[], datetime]) -> None:
        self._connector, self._now = connector, now
        self._known: dict[tuple[str, str], tuple[User, datetime]] = {}

    async def who(self, where: Where, member: str, told: User) -> User | None:
        """None: not in that conversation, or somebody else. Raises Busy while Teams does not tell: nobody acts on a
        guess."""
        now, key = self._now(), (where.tenant, member)
        known, until = self._known.get(key, (None, now))
        if known is None or until <= now:
            try:
                known = await self._asked(where, member, told)
            except Undeliverable:
                return None
            except Exception as error:
                raise Busy("Teams does not tell who that is") from error
            if len(self._known) >= MANY:
                self._known.clear()
            self._known[key] = known, now + FRESH
        return replace(known, zone=told.zone) if known.id == told.id else None

    async def _asked(self, where: Where, member: str, told: User) -> User:
        async with asyncio.timeout(PATIENCE):
            found = await self._connector.member(where.service_url, where.conversation, member)
        home = found.tenant or where.tenant
        outsider = home != where.tenant or found.role == "guest"
        return User(found.object_id or told.id, (home,), outsider, found.name or told.name, told.zone)
