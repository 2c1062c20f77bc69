"""Keeps what Slack gave us in the store, sealed: whoever reads the database alone reads no token."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar, TypeVarTuple

from pydantic import TypeAdapter

from adapters.slack.installs import Install
from app.clock import Clock
from app.secrets import Seal, WrongKey
from bot.channel import Busy
from store.store import Store, Unavailable
from store.work import Work

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
CHANNEL = "slack"
PURPOSE = "slack install"
SHAPE = TypeAdapter(Install)


class StoredInstalls:
    """See adapters.slack.installs.Installs."""

    def __init__(self, store: Store, seal: Seal, clock: Clock) -> None:
        self._store = store
        self._seal = seal
        self._clock = clock

    async def find(self, tenant: str) -> Install | None:
        try:
            row = await self._store.read(Work.install, CHANNEL, tenant)
        except Unavailable:
            raise Busy from None
        return self._opened(tenant, row.sealed) if row else None

    async def keep(self, install: Install) -> None:
        sealed = self._seal.seal(PURPOSE, SHAPE.dump_json(install).decode())
        await self._write(Work.keep_install, CHANNEL, install.tenant, sealed, self._clock().machine)

    async def forget(self, tenant: str, before: datetime) -> None:
        await self._write(Work.forget_install, CHANNEL, tenant, before)

    async def may_renew(self, tenant: str, until: datetime) -> bool:
        return await self._write(Work.may_renew, CHANNEL, tenant, self._clock().machine, until)

    async def _write(self, unit: Callable[[Work, *Ts], T], *args: *Ts) -> T:
        try:
            return await self._store.write(unit, *args)
        except Unavailable:
            raise Busy from None

    def _opened(self, tenant: str, sealed: str) -> Install:
        install = SHAPE.validate_json(self._seal.open(PURPOSE, sealed))
        if install.tenant != tenant:
            raise WrongKey  # another tenant's row, put here by somebody who writes to the database
        return install
