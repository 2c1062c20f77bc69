"""PostgreSQL through asyncpg: the same units, each in a transaction of its own."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar, TypeVarTuple

from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneFree
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel import Session
from sqlmodel.ext.asyncio.session import AsyncSession

from store.claim import Claim, Unavailable, outcome
from store.failpoints import failpoint
from store.migrate import upgrade_postgres
from store.work import Work

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
POOL = 8  # connections of one replica; past this, units wait in line
# Milliseconds: nothing may hold a lock for ever, and a waiter has given up long before.
LIMITS = {"statement_timeout": "10000", "lock_timeout": "5000", "idle_in_transaction_session_timeout": "15000"}


class PostgresStore:
    def __init__(self, url: str) -> None:
        driver = make_url(url).set(drivername="postgresql+asyncpg")
        settings = {"server_settings": {"application_name": "supporthub", **LIMITS}}
        self._engine = create_async_engine(driver, pool_size=POOL, max_overflow=0, connect_args=settings)
        # Each statement sees what is committed by then, in a transaction or not; without one it is two trips shorter.
        self._looking = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self._units: set[asyncio.Task[Any]] = set()
        self._closed = False

    async def write(self, unit: Callable[[Work, *Ts], T], *args: *Ts, patience: float | None = None) -> T:
        claim = Claim()

        def act(session: Session) -> T:
            with session.begin():  # rolls back after a failed commit too: closing alone would not
                _connect(session, claim)
                work = Work(session)
                result = unit(work, *args)
                work.close()
                failpoint("before commit")
                if not claim.seal():
                    raise Unavailable("nobody waits for it any more")
            failpoint("after commit")
            return result

        return await self._run(self._engine, act, claim, patience)

    async def read(self, unit: Callable[[Work, *Ts], T], *args: *Ts, patience: float | None = None) -> T:
        claim = Claim()

        def look(session: Session) -> T:
            _connect(session, claim)
            return unit(Work(session), *args)

        return await self._run(self._looking, look, claim, patience)

    async def migrate(self) -> None:
        async with self._engine.begin() as connection:
            await connection.run_sync(upgrade_postgres)

    async def take_over(self) -> None:
        """Other replicas may be alive: a dead one's leases end by themselves."""

    async def close(self) -> None:
        self._closed = True
        await asyncio.gather(*self._units, return_exceptions=True)
        await self._engine.dispose()

    async def _run(self, engine: AsyncEngine, unit: Callable[[Session], T], claim: Claim, patience: float | None) -> T:
        if self._closed:
            raise Unavailable("the store is closed")
        task = asyncio.create_task(_inside(engine, unit))
        self._units.add(task)
        task.add_done_callback(self._units.discard)
        return await outcome(task, claim, patience)


async def _inside(engine: AsyncEngine, unit: Callable[[Session], T]) -> T:
    try:
        async with AsyncSession(engine, expire_on_commit=False) as session:
            return await session.run_sync(unit)  # type: ignore[arg-type]
    except (OperationalError, NoneFree, OSError, TimeoutError) as error:
        raise Unavailable(str(error)) from error
    except DBAPIError as error:
        if _passing(error):
            raise Unavailable(str(error.orig)) from error
        raise


def _connect(session: Session, claim: Claim) -> None:
    """Stands in line for a connection."""
    session.connection()
    if claim.given_up:  # meanwhile: under load that work would cost others their turn
        raise Unavailable("nobody waits for it any more")


def _passing(error: DBAPIError) -> bool:
    """Whether the database, not the unit, is at fault: gone, shutting down, out of space, a deadlock, a time-out."""
    state = str(getattr(error.orig, "sqlstate", "") or "")
    return error.connection_invalidated or state[:2] in {"08", "40", "53", "57", "58"} or state in {"55P03", "25006"}
