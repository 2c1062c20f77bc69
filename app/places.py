"""Keeps for Teams where somebody can be written to, beside the conversation that it belongs to."""

from collections.abc import Callable
from dataclasses import asdict
from typing import TypeVar, TypeVarTuple

from adapters.teams.places import Place
from app.clock import Clock
from bot.channel import Busy
from store.store import Store, Unavailable
from store.work import Work

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
CHANNEL = "teams"
PATIENCE = 1.0  # seconds: Teams waits five for some answers, and the act itself is still to be kept


class StoredPlaces:
    """See adapters.teams.places.Places."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    async def find(self, tenant: str, room: str) -> Place | None:
        kept = await self._read(Work.vendor, CHANNEL, tenant, room)
        return Place(**kept) if kept else None

    async def keep(self, tenant: str, room: str, place: Place) -> None:
        await self._write(Work.keep_vendor, CHANNEL, tenant, room, asdict(place), self._clock().machine)

    async def forget(self, tenant: str, room: str) -> None:
        await self._write(Work.keep_vendor, CHANNEL, tenant, room, None, self._clock().machine)

    async def service_url(self, tenant: str) -> str | None:
        latest = await self._read(Work.latest_vendor, CHANNEL, tenant)
        return Place(**latest).service_url if latest else None

    async def knows(self, tenant: str) -> bool:
        return await self._read(Work.knows_tenant, CHANNEL, tenant)

    async def _read(self, unit: Callable[[Work, *Ts], T], *args: *Ts) -> T:
        try:
            return await self._store.read(unit, *args, patience=PATIENCE)
        except Unavailable:
            raise Busy from None

    async def _write(self, unit: Callable[[Work, *Ts], T], *args: *Ts) -> T:
        try:
            return await self._store.write(unit, *args, patience=PATIENCE)
        except Unavailable:
            raise Busy from None
