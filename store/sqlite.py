"""SQLite: one writer thread that commits in groups, readers beside it."""

import asyncio
import fcntl
import os
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TextIO, TypeVar, TypeVarTuple

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError
from sqlalchemy.orm.session import JoinTransactionMode
from sqlalchemy.pool import QueuePool
from sqlmodel import Session, create_engine

from store.claim import Claim, Unavailable, outcome
from store.failpoints import failpoint
from store.faults import watch, whole
from store.migrate import upgrade_sqlite
from store.work import Work

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
GROUP = 64  # units that share one commit, and so one fsync
READERS = 4
UNUSABLE = {
    "SQLITE_CANTOPEN": "can't be opened: is its folder there, and yours to write?",
    "SQLITE_READONLY": "can't be written to: are the file and its folder yours?",
    "SQLITE_PERM": "can't be written to: are the file and its folder yours?",
    "SQLITE_NOTADB": "is no database: does SUPPORTHUB_DATABASE_URL name the right file?",
    "SQLITE_CORRUPT": "is damaged: docs/backup.md says how to put a backup in its place.",
    "SQLITE_IOERR": "can't be read or written: is its disk well?",
    "SQLITE_FULL": "has no room left: docs/operations.md, Disk full.",
}
CACHE = "cache_size=-1024"  # kibibytes for each connection: the kernel keeps the file's pages as well, once for all


@dataclass
class _Job:
    unit: Callable[[Work], Any]
    loop: asyncio.AbstractEventLoop
    future: "asyncio.Future[Any]"
    claim: Claim = field(default_factory=Claim)
    result: Any = None
    error: BaseException | None = None

    def settle(self) -> None:
        if self.future.cancelled():
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


class _GroupFell(Exception):
    """The transaction that a whole group shares is gone."""


class SqliteStore:
    def __init__(self, url: str) -> None:
        self._url = url
        self._serves = threading.Event()
        self._engine = _engine(url, self._serves)
        self._server: TextIO | None = None
        self._closed = False
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._readers = ThreadPoolExecutor(READERS, "store-read")
        self._writer = threading.Thread(target=self._write_groups, name="store-write", daemon=True)
        self._writer.start()

    async def write(self, unit: Callable[[Work, *Ts], T], *args: *Ts, patience: float | None = None) -> T:
        if self._closed:
            raise Unavailable("the store is closed")
        loop = asyncio.get_running_loop()
        job = _Job(lambda work: unit(work, *args), loop, loop.create_future())
        self._jobs.put(job)
        done: T = await outcome(job.future, job.claim, patience)
        return done

    async def read(self, unit: Callable[[Work, *Ts], T], *args: *Ts, patience: float | None = None) -> T:
        if self._closed:
            raise Unavailable("the store is closed")
        future = asyncio.get_running_loop().run_in_executor(self._readers, self._look, lambda work: unit(work, *args))
        return await outcome(future, Claim(), patience)

    async def migrate(self) -> None:
        engine = self._engine.execution_options()
        event.listen(engine, "begin", _begin)  # on all of the engine it would slow down every statement
        _private(self._engine.url.database)
        try:
            await asyncio.get_running_loop().run_in_executor(self._readers, upgrade_sqlite, engine)
        except DatabaseError as error:
            name = getattr(error.orig, "sqlite_errorname", "")
            why = next((why for kind, why in UNUSABLE.items() if name.startswith(kind)), None)
            if why is None:
                raise
            raise Unavailable(f"The database {self._engine.url.database} {why}") from None

    async def take_over(self) -> None:
        """One server a file: the lock goes with its process, however that ends."""
        self._server = open(f"{self._engine.url.database}.server", "w")  # noqa: ASYNC230, SIM115 (held for good)
        try:
            fcntl.flock(self._server, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Unavailable("another server runs on this database file") from None
        self._serves.set()
        self._engine.dispose()  # its connections so far may not checkpoint
        await self.write(Work.end_leases)

    def on_owed(self, woken: Callable[[], None]) -> None:
        """Whoever else writes to the file, such as an import, runs no server: what it owes is found by looking."""

    async def close(self) -> None:
        self._closed = True
        self._jobs.put(None)
        await asyncio.get_running_loop().run_in_executor(None, self._writer.join)
        await asyncio.get_running_loop().run_in_executor(None, self._readers.shutdown)
        self._engine.dispose()
        if self._server:
            self._server.close()

    def _look(self, unit: Callable[[Work], T]) -> T:
        try:
            with Session(self._engine, expire_on_commit=False) as session, session.begin():
                session.connection().exec_driver_sql("BEGIN")
                with whole():
                    return unit(Work(session))
        except Exception as error:
            told = _as_told(error)
            if told is error:
                raise
            raise told from error

    def _write_groups(self) -> None:
        while True:
            group = self._next_group()
            if not group:
                return
            self._write(group)
            for loop in {id(job.loop): job.loop for job in group}.values():
                _tell(loop, [job for job in group if job.loop is loop])

    def _next_group(self) -> list[_Job]:
        group: list[_Job] = []
        while len(group) < GROUP:
            try:
                job = self._jobs.get(block=not group)
            except queue.Empty:
                break
            if job is None:
                if group:
                    self._jobs.put(None)  # after this group
                break
            group.append(job)
        return group

    def _write(self, group: Sequence[_Job]) -> None:
        """Each unit in a savepoint of one transaction; if that falls, nobody's unit was done."""
        while waiting := [job for job in group if not job.claim.given_up]:
            try:
                with self._engine.connect() as connection, connection.begin():
                    _begin(connection)
                    for job in waiting:
                        _attempt(connection, job, alone=len(waiting) == 1)
                    failpoint("before commit")
                    given_up = [job for job in waiting if not job.claim.seal()]
                    if given_up:
                        raise _GroupFell
                failpoint("after commit")
                return
            except _GroupFell:
                if all(job.claim.seal() for job in waiting):  # nobody gave up: the database did
                    return _fail(waiting, Unavailable("the database dropped the transaction"))
                for job in waiting:
                    job.claim.unseal()
            except Exception as error:  # the commit failed: disk full, read-only, locked, a failpoint
                return _fail(waiting, Unavailable(str(error)))


def _attempt(connection: Connection, job: _Job, alone: bool) -> None:
    """In a savepoint, so that it can fail alone; who is alone needs none."""
    job.result = job.error = None
    mode: JoinTransactionMode = "rollback_only" if alone else "create_savepoint"
    with Session(connection, expire_on_commit=False, join_transaction_mode=mode) as session:
        try:
            with whole():
                work = Work(session)
                job.result = job.unit(work)
                work.close()
                session.flush()
        except BaseException as error:  # whatever it is, this thread goes on
            job.error = _as_told(error)
        _end(session.commit if job.error is None else session.rollback)
    undone = alone and job.error is not None
    if not undone and not connection.connection.dbapi_connection.in_transaction:  # type: ignore[union-attr]
        raise _GroupFell  # a full disk or an I/O error rolls back more than the savepoint


def _end(savepoint: Callable[[], None]) -> None:
    try:
        savepoint()
    except OperationalError as error:
        raise _GroupFell from error  # or the group's commit would keep half of this unit


def _ails(error: DBAPIError) -> bool:
    """The file is at fault, not what it was asked. One that is damaged, or no database, has no kind of its own."""
    return isinstance(error, OperationalError) or type(error) is DatabaseError


def _as_told(error: BaseException) -> BaseException:
    """As whoever asked is to hear it."""
    if isinstance(error, DatabaseError) and _ails(error):
        return Unavailable(str(error.orig))
    if isinstance(error, StopIteration):
        return RuntimeError("the unit raised StopIteration")  # as from a coroutine; no future takes the original
    return error


def _fail(group: Sequence[_Job], error: Exception) -> None:
    for job in group:
        job.result, job.error = None, error


def _tell(loop: asyncio.AbstractEventLoop, jobs: Sequence[_Job]) -> None:
    def settle() -> None:
        for job in jobs:
            job.settle()

    try:
        loop.call_soon_threadsafe(settle)
    except RuntimeError:  # that loop has ended, and its askers with it
        return


def _engine(url: str, serves: threading.Event) -> Engine:
    """Only a server moves the log into the file: in some releases of SQLite two that do so at once can spoil it."""
    engine = create_engine(url, poolclass=QueuePool, pool_size=READERS + 2, max_overflow=0, hide_parameters=True)
    watch(engine, _ails)

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "foreign_keys=ON", CACHE):
            connection.execute(f"PRAGMA {pragma}")
        if not serves.is_set():
            connection.execute("PRAGMA wal_autocheckpoint=0")

    return engine


def _private(file: str | None) -> None:
    """A new one is nobody else's to read: people's words are in it as they stand. Its log gets the same rights."""
    if file and file != ":memory:":
        with suppress(OSError):  # it is there, or the opening will tell why not
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _begin(connection: Connection) -> None:
    """Reading before writing in a plain BEGIN fails at once when another process wrote in between."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
