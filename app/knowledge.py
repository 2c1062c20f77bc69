"""Keeps the articles in use: watches their folder, follows the store, and swaps the index when another is built."""

import asyncio
import json
import logging
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from app.clock import Clock
from app.settings import Settings
from app.shelving import REFUSED, Order, shelve
from bot.understanding.index import Index
from bot.understanding.search import Knowledge, Shelf
from rules.toml_lines import Mistakes
from store.articles import Revision
from store.store import Store, Unavailable
from store.work import Work

log = logging.getLogger(__name__)
EVERY = 3.0  # seconds between two looks at the folder and the store
SMALL = 200  # articles: up to so many are taken in and built here, in about as many milliseconds, on a thread

Seen = frozenset[tuple[str, int, int]]
"""Of each file its name, size and time of change."""


class Failed(Exception):
    """The process that builds did not; its last words."""


class Refused(Failed):
    """The folder has mistakes."""


@dataclass
class Librarian:
    settings: Settings
    store: Store
    clock: Clock
    provider_of: Mapping[str, str]
    shelf: Shelf = field(default_factory=Shelf)
    _folder: Seen | None = None
    """As it was when it was last taken in, or refused."""
    _revision: Revision | None = None

    async def open(self) -> None:
        """Before anybody is served; a big collection follows while they are. Raises Mistakes."""
        seen = await asyncio.to_thread(look, self.settings.knowledge)
        if len(seen) <= SMALL and (await self.store.read(Work.articles_revision))[1] <= SMALL:
            await self._refresh(seen)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.round()
            except (Mistakes, Refused) as wrong:
                log.error("articles as they were: %s", wrong)
            except (Unavailable, Failed, OSError) as error:
                log.warning("articles later: %s", error)
            except Exception:
                log.exception("articles")
            await asyncio.sleep(EVERY)

    async def round(self) -> None:
        seen = await asyncio.to_thread(look, self.settings.knowledge)
        if seen != self._folder or await self.store.read(Work.articles_revision) != self._revision:
            await self._refresh(seen)

    async def _refresh(self, seen: Seen) -> None:
        folder = self.settings.knowledge if seen != self._folder else None
        size = max(len(seen), (await self.store.read(Work.articles_revision))[1])
        try:
            index, revision = await (self._here(folder) if size <= SMALL else self._elsewhere(folder))
        except (Mistakes, Refused):
            self._folder = seen  # told once, until something changes
            raise
        self.shelf.knowledge = Knowledge(index)
        self._folder, self._revision = seen, revision
        log.info("%d articles", len(self.shelf))

    async def _here(self, folder: Path | None) -> tuple[Index, Revision]:
        return await shelve(self.store, folder, self.clock().machine, self.provider_of)

    async def _elsewhere(self, folder: Path | None) -> tuple[Index, Revision]:
        """In a process of its own, so that nobody who is served waits for it."""
        with TemporaryDirectory(prefix="supporthub-") as into:
            order = Order(
                database_url=self.settings.database_url.get_secret_value(),
                folder=folder,
                at=self.clock().machine,
                provider_of=self.provider_of,
                into=Path(into),
            )
            said = await _told(order.model_dump_json().encode())
            highest, count = json.loads(said)
            return await asyncio.to_thread(Index.load, Path(into)), (highest, count)


async def _told(order: bytes) -> bytes:
    """What the other process says; it ends with our interest in it."""
    pipe = asyncio.subprocess.PIPE
    worker = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "app.shelving"), stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True
    )
    try:
        said, wrong = await worker.communicate(order)
    finally:
        if worker.returncode is None:
            worker.kill()
            await worker.wait()
    if worker.returncode:
        kind = Refused if worker.returncode == REFUSED else Failed
        raise kind(wrong.decode(errors="replace").strip())
    return said


def look(folder: Path) -> Seen:
    """Costs a call of the system for each file, so it belongs on a thread."""
    with os.scandir(folder) as entries:
        files = [(entry.name, entry.stat()) for entry in entries if entry.name.endswith(".md")]
    return frozenset((name, stat.st_size, stat.st_mtime_ns) for name, stat in files)
