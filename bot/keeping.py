"""Keeps the files that came with words: fetched where they lie, scanned, and only then there to be opened."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol

from bot import text
from bot.attachments import GONE, KEPT, REFUSED
from bot.channel import Holder, NotSent, Undeliverable
from bot.desk.doors import tell_desk
from bot.rounds import rounds
from bot.sniffing import ENOUGH, is_page, sniffed
from bot.text.attachments import INFECTED, LARGE, NO_FILE, UNFETCHED, UNSCANNED, UNSTORED, Shown
from bot.turn import Now, Turn
from rules.catalogue import Catalogues
from rules.people import CLOCK
from store.attachments import FORGOTTEN, HELD, WANTED
from store.store import Store
from store.tables import Attachment
from store.work import Work

log = logging.getLogger(__name__)
PAUSE = 2.0  # seconds between two looks
AT_ONCE = 4
LEASE = timedelta(minutes=5)  # longer than fetching and scanning may take together
FIRST, LONGEST = timedelta(seconds=30), timedelta(hours=1)
MOST_TRIES = 30  # in about a day
SWEPT = timedelta(hours=1)
COMING = timedelta(seconds=30)  # an act that brings the same content anew has named it by then
ORPHANED = timedelta(days=1)  # what no case names by then came with an act that failed


class TooLarge(Exception):
    """More than is kept of one file, whatever was said of its size."""


class NoFile(Exception):
    """There is none any more, or something else stands there, and it will not change."""


class NotNow(Exception):
    """It may be had later."""


class Verdict(Enum):
    CLEAN = "clean"
    INFECTED = "infected"
    UNSURE = "unsure"
    """The scanner failed, or took too long: until it knows, nobody opens it."""


class Keeps(Protocol):
    """Where contents are kept."""

    def begins(self, sha256: str, many: int) -> bytes:
        """Its first octets. Raises OSError."""

    def size(self, sha256: str) -> int: ...
    def drop(self, sha256: str, older: timedelta | None = None) -> None:
        """With ``older``, unless it was put there again since."""

    def older(self, than: timedelta) -> set[str]:
        """Contents that were put there so long ago."""


class Fetches(Protocol):
    async def fetch(self, holder: Holder, tenant: str, source: Mapping[str, str]) -> str:
        """Its sha256, once it is on the shelf. Raises TooLarge, NoFile, NotNow, OSError."""


Scan = Callable[[str], Awaitable[Verdict]]
"""Of the content of that name."""


@dataclass
class Keeper:
    store: Store
    catalogues: Catalogues
    clock: Callable[[], Now]
    wake: Callable[[], None]
    shelf: Keeps
    holders: Mapping[str, Holder]
    """By channel, those whose files can be fetched."""
    fetches: Fetches
    scan: Scan | None = None
    _swept: datetime | None = field(default=None)

    async def run(self) -> None:
        """Until cancelled."""
        await rounds("files", self._round, PAUSE)

    async def _round(self) -> None:
        await self.round()
        await self._sweep()

    async def round(self) -> int:
        """Whatever is due; how many."""
        done = 0
        while claimed := [file for _ in range(AT_ONCE) if (file := await self._claim()) is not None]:
            await asyncio.gather(*map(self._keep, claimed))
            done += len(claimed)
        return done

    async def _claim(self) -> Attachment | None:
        machine = self.clock().machine
        return await self.store.write(Work.claim_file, machine, machine + LEASE)

    async def _keep(self, file: Attachment) -> None:
        if file.state == GONE:
            return await self._forget(file)
        try:
            end = self._again(file) if file.tries > MOST_TRIES else await self._ended(file)
        except Exception:  # that nobody foresaw
            log.exception("file %s", file.id)
            end = self._again(file)
        if await self.store.write(_settle, file.id, end, self.clock(), self.catalogues):
            self.wake()
        if end.drop is not None and not await self.store.read(Work.named, {end.drop}):
            await asyncio.to_thread(self.shelf.drop, end.drop)

    async def _forget(self, file: Attachment) -> None:
        """Its words were taken back: the content goes too, unless another file has it, or it has just come again."""
        dropped = await self.store.write(_let_go, file.id)
        if dropped is not None and not await self.store.read(Work.named, {dropped}):
            await asyncio.to_thread(self.shelf.drop, dropped, COMING)

    async def _ended(self, file: Attachment) -> "End":
        sha256 = file.sha256
        try:
            if sha256 is None:
                sha256 = await self._fetched(file)
            begins, size = await asyncio.to_thread(self._looked, sha256)
        except TooLarge:
            return End(REFUSED, LARGE)
        except NoFile:
            return End(GONE, NO_FILE)
        except NotNow as error:
            log.warning("a file is not there yet: %s", error)
            return self._later(file, WANTED, UNFETCHED, None)
        except OSError as error:
            if isinstance(error, FileNotFoundError) and file.sha256 is not None:
                return End(GONE, UNFETCHED)  # a backup without the folder was put back
            log.error("the folder of files: %s", error)
            return self._later(file, WANTED, UNSTORED, file.sha256)
        if file.sha256 is None and is_page(begins) and "html" not in file.media_type:
            return self._later(file, WANTED, UNFETCHED, None, drop=sha256)  # the vendor's page to sign in, most often
        verdict = await self.scan(sha256) if self.scan is not None else Verdict.CLEAN
        if verdict is Verdict.INFECTED:
            return End(REFUSED, INFECTED, drop=sha256)
        if verdict is Verdict.UNSURE:
            return self._later(file, HELD, UNSCANNED, sha256)
        return End(KEPT, sha256=sha256, media_type=sniffed(begins), size=size)

    def _looked(self, sha256: str) -> tuple[bytes, int]:
        return self.shelf.begins(sha256, ENOUGH), self.shelf.size(sha256)

    async def _fetched(self, file: Attachment) -> str:
        holder = self.holders.get(file.channel)
        if holder is None or file.source is None:
            raise NoFile
        try:
            return await self.fetches.fetch(holder, file.tenant, file.source)
        except Undeliverable as error:
            raise NoFile from error
        except NotSent as error:
            raise NotNow(str(error)) from error

    def _again(self, file: Attachment) -> "End":
        """As it stood."""
        return self._later(file, file.state, UNSCANNED if file.state == HELD else UNFETCHED, file.sha256)

    def _later(self, file: Attachment, state: str, why: str, sha256: str | None, drop: str | None = None) -> "End":
        """Again after a while, for a day; what nobody could scan stays held, and what nobody could fetch is gone."""
        if file.tries >= MOST_TRIES:
            return End(HELD if state == HELD else GONE, why, sha256=sha256, drop=drop)
        again = self.clock().machine + min(FIRST * 2 ** min(file.tries - 1, 10), LONGEST)
        return End(state, why if state == HELD else "", sha256=sha256, again=again, drop=drop)

    async def _sweep(self) -> None:
        """Contents that no case names: their act failed, or their last case was erased."""
        now = self.clock().machine
        if self._swept is not None and now - self._swept < SWEPT:
            return
        self._swept = now
        old = await asyncio.to_thread(self.shelf.older, ORPHANED)
        for sha256 in old - await self.store.read(Work.named, old):
            await asyncio.to_thread(self.shelf.drop, sha256, ORPHANED)


@dataclass(frozen=True)
class End:
    """How an attempt went."""

    state: str
    why: str = ""
    sha256: str | None = None
    media_type: str = ""
    size: int | None = None
    again: datetime | None = None
    drop: str | None = None


def _let_go(work: Work, number: int) -> str | None:
    """What its content was called."""
    file = work.attachment(number, lock=True)
    if file is None or file.state != GONE:
        return None
    called, file.sha256, file.next_at = file.sha256, None, None
    work.add(file)
    return called


def _settle(work: Work, number: int, end: End, now: Now, catalogues: Catalogues) -> bool:
    """Whether the desk is told something. Erased meanwhile, it stays so."""
    file = work.attachment(number, lock=True)
    if file is None or file.state not in (WANTED, HELD):
        if file is not None and file.state == GONE and end.sha256 is not None:
            file.sha256, file.next_at = end.sha256, now.machine + FORGOTTEN  # it had come when it was taken back
            work.add(file)
        return False
    told_before = file.reason
    file.state, file.next_at, file.sha256, file.reason = end.state, end.again, end.sha256, end.why
    if end.state == KEPT:
        file.media_type, file.size = end.media_type, end.size
    work.add(file)
    case = work.case(file.case_id, None)
    if not end.why or end.why == told_before or case is None:
        return False
    shown = Shown(file.name, file.size, file.media_type, "")
    turn = Turn(work, catalogues, CLOCK, now, now.business)
    tell_desk(turn, case, lambda reader: text.given_up(case.id, shown, end.why, reader), None)
    return True
