"""Where somebody can be written to: what Teams told when they were last heard of, kept by the house."""

import asyncio
from dataclasses import dataclass
from typing import Protocol

from adapters.teams.inbound import Where

MANY = 10_000
FRESH = 60.0  # seconds
HOUR = 3600.0  # as exactly is it kept when a place was heard of


@dataclass(frozen=True)
class Place:
    tenant: str
    conversation: str
    service_url: str
    kind: str
    """personal, channel or groupChat."""


class Places(Protocol):
    """``app`` supplies it. Each raises Busy while the store does not answer."""

    async def find(self, tenant: str, room: str) -> Place | None: ...

    async def keep(self, tenant: str, room: str, place: Place) -> None: ...

    async def forget(self, tenant: str, room: str) -> None: ...

    async def service_url(self, tenant: str) -> str | None:
        """Where that tenant was last heard from."""

    async def knows(self, tenant: str) -> bool:
        """Whether that tenant is an account's, or the desk's own."""


class Atlas:
    """The places, with the latest in memory: most of what is heard tells nothing new, and is noted once an hour."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._known: dict[str, Place] = {}
        self._noted: dict[str, float] = {}
        """Until when, by the loop's clock, it need not be kept again that a room was heard."""
        self._bound: dict[str, float] = {}
        """Until when, by the loop's clock, a tenant counts as somebody's."""
        self._homes: dict[str, str] = {}

    def at_home(self, user: str, tenant: str) -> None:
        """Somebody of another tenant, met in a channel that is shared with them."""
        if len(self._homes) >= MANY:
            self._homes.clear()
        self._homes[user] = tenant

    def home(self, user: str, otherwise: str) -> str:
        return self._homes.get(user, otherwise)

    async def heard(self, where: Where) -> None:
        place = Place(where.tenant, where.conversation, where.service_url, where.kind)
        now = asyncio.get_running_loop().time()
        if self._known.get(where.room) == place and self._noted.get(where.room, 0.0) > now:
            return
        await self._places.keep(where.tenant, where.room, place)
        if len(self._noted) >= MANY:
            self._noted.clear()
        self._noted[where.room] = now + HOUR
        self._remember(where.room, place)

    async def made(self, room: str, place: Place) -> None:
        """A conversation that we began."""
        await self._places.keep(place.tenant, room, place)
        self._remember(room, place)

    async def left(self, where: Where) -> None:
        self._known.pop(where.room, None)
        await self._places.forget(where.tenant, where.room)

    async def find(self, tenant: str, room: str) -> Place | None:
        place = self._known.get(room) or await self._places.find(tenant, room)
        if place is not None:
            self._remember(room, place)
        return place

    async def service_url(self, tenant: str) -> str | None:
        return await self._places.service_url(tenant)

    async def knows(self, tenant: str) -> bool:
        """A yes counts for a minute; a no is asked again each time, since directories are imported."""
        now = asyncio.get_running_loop().time()
        if self._bound.get(tenant, 0.0) > now:
            return True
        known = await self._places.knows(tenant)
        if known and len(self._bound) < MANY:
            self._bound[tenant] = now + FRESH
        return known

    def _remember(self, room: str, place: Place) -> None:
        if len(self._known) >= MANY:
            self._known.clear()
        self._known[room] = place
