"""PostgreSQL through asyncpg: the same units, each in a transaction of its own."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar, TypeVarTuple

from sqlalchemy import NullPool, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneFree
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel import Session
from sqlmodel.ext.asyncio.session import AsyncSession

from store.bell import Bell
from store.claim import Claim, Unavailable, outcome
from store.failpoints import failpoint
from store.faults import watch, whole
from store.migrate import upgrade_postgres
from store.work import Work

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
# Milliseconds: nothing may hold a lock for ever, and a waiter has given up long before.
LIMITS = {"statement_timeout": "10000", "lock_timeout": "5000", "idle_in_transaction_session_timeout": "15000"}
NO_WAY_IN = {"28", "3D"}
"""Classes of states: a name or password that is refused, a database that is not there."""


class PostgresStore:
    def __init__(self, url: str, pool: int) -> None:
        """``pool``: connections at most, beside the one that listens; past this, units wait in line."""
        self._driver = make_url(url).set(drivername="postgresql+asyncpg")
        self._settings = {"server_settings": {"application_name": "supporthub", **LIMITS}}
        self._engine = create_async_engine(
            self._driver, pool_size=pool, max_overflow=0, connect_args=self._settings, hide_parameters=True
        )
        watch(self._engine.sync_engine, _passing)
        # Each statement sees what is committed by then, in a transaction or not; without one it is two trips shorter.
        self._looking = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self._units: set[asyncio.Task[Any]] = set()
        self._closed = False
        self._bell: Bell | None = None

    async def write(self, unit: Callable[[Work, *Ts], T], *args: *Ts, patience: float | None = None) -> T:
        claim = Claim()

        def act(session: Session) -> T:
            with session.begin():  # rolls back after a failed commit too: closing alone would not
                _connect(session, claim)
                with whole():
                    work = Work(session)
                    result = unit(work, *args)
                    owes = work.owes
                    work.close()
                failpoint("before commit")
                if not claim.seal():
                    raise Unavailable("nobody waits for it any more")
            failpoint("after commit")
            if self._bell and owes:
                self._bell.ring()
            return result

        return await self._run(self._engine, act, claim, patience)

    async def read(self, unit: Callable[[Work, *Ts], T], *args: *Ts, patience: float | None = None) -> T:
        claim = Claim()

        def look(session: Session) -> T:
            _connect(session, claim)
            with whole():
                return unit(Work(session), *args)

        return await self._run(self._looking, look, claim, patience)

    async def migrate(self) -> None:
        try:
            async with self._engine.begin() as connection:
                await connection.run_sync(upgrade_postgres)
        except OSError as error:
            raise Unavailable(f"PostgreSQL cannot be reached: {error.strerror or error}") from error
        except DBAPIError as error:
            if _state(error)[:2] in NO_WAY_IN:
                raise Unavailable(str(error.orig)) from error
            raise

    async def take_over(self) -> None:
        """Other replicas may be alive: a dead one's leases end by themselves."""

    def on_owed(self, woken: Callable[[], None]) -> None:
        """Over one more connection, which is opened anew however often it breaks."""
        listening = create_async_engine(
            self._driver, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=self._settings
        )
        self._bell = Bell(listening, woken)

    async def close(self) -> None:
        self._closed = True
        await asyncio.gather(*self._units, return_exceptions=True)
        if self._bell:
            await self._bell.close()
        await self._engine.dispose()

    async def _run(self, engine: AsyncEngine, unit: Callable[[Session], T], claim: Claim, patience: float | None) -> T:
        if self._closed:
            raise Unavailable("the store is closed")
        task = asyncio.create_task(_inside(engine, unit, claim))
        self._units.add(task)
        task.add_done_callback(self._units.discard)
        return await outcome(task, claim, patience)


async def _inside(engine: AsyncEngine, unit: Callable[[Session], T], claim: Claim) -> T:
    try:
        try:
            return await _once(engine, unit)
        except DBAPIError as error:
            if claim.sealed or not _worth_another_try(error):
                raise
        return await _once(engine, unit)  # nothing was done: the commit had not begun
    except (OperationalError, NoneFree, OSError, TimeoutError) as error:
        raise Unavailable(str(error)) from error
    except DBAPIError as error:
        if _passing(error):
            raise Unavailable(str(error.orig)) from error
        raise


async def _once(engine: AsyncEngine, unit: Callable[[Session], T]) -> T:
    async with AsyncSession(engine, expire_on_commit=False) as session:
        return await session.run_sync(unit)  # type: ignore[arg-type]


def _connect(session: Session, claim: Claim) -> None:
    """Stands in line for a connection."""
    session.connection()
    if claim.given_up:  # meanwhile: under load that work would cost others their turn
        raise Unavailable("nobody waits for it any more")


def _worth_another_try(error: DBAPIError) -> bool:
    """A connection that died, perhaps long ago and it alone; or somebody who was there first: a key, a deadlock."""
    return error.connection_invalidated or _state(error) in {"57P01", "57P02", "23505", "40P01"}


def _passing(error: DBAPIError) -> bool:
    """Whether the database, not the unit, is at fault: gone, shutting down, out of space, a deadlock, a time-out."""
    state = _state(error)
    ails = state[:2] in {"08", "40", "53", "57", "58", *NO_WAY_IN}
    return error.connection_invalidated or ails or state in {"55P03", "25006"}


def _state(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", "") or "")
