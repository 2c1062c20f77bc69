"""Files on the portal: listed beside their case, opened by whoever may see it, and taken from its forms."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from weakref import WeakValueDictionary

from aiohttp import BodyPartReader, web

from adapters.portal.edge import SAYS, Refused, read
from adapters.portal.pages import Site
from adapters.portal.sessions import Visitor
from bot.incoming import File
from bot.messages import Moment, Person, Spans

NO_FILE = "There is no such file."
MULTIPART = "multipart/form-data"
PATIENCE = 120.0  # seconds for all that is sent along, and before that for a place among those being taken
SILENCE = 15.0  # seconds in which nothing comes
AT_ONCE = 4  # that are being taken at the same time, one of each person's: each is in memory until it is put by
WORDS = 1024 * 1024  # octets of a form's own fields
PARTS = 100
CHUNK = 64 * 1024


class Listed(Protocol):
    @property
    def number(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def about(self) -> str:
        """Its size and kind, as far as they are known."""

    @property
    def by(self) -> Person | None: ...
    @property
    def at(self) -> Moment: ...
    @property
    def internal(self) -> bool: ...
    @property
    def opens(self) -> bool:
        """Whether it can be opened here."""

    @property
    def picture(self) -> bool:
        """Whether it can be shown on the page, too."""

    @property
    def link(self) -> str:
        """Where else this reader may open it; empty: nowhere."""

    @property
    def why(self) -> Spans:
        """Why it cannot be opened here; empty where there is nothing to say of it."""


@dataclass(frozen=True)
class Opened:
    path: Path
    headers: Mapping[str, str]


class FileViews(Protocol):
    """Each reads only what this visitor may see, and may raise bot.channel.Busy."""

    @property
    def takes(self) -> int:
        """Octets that one form may bring along; 0: files are not kept here, so none are taken."""

    async def files(self, visitor: Visitor, number: int) -> Sequence[Listed]: ...
    async def file(self, visitor: Visitor, number: int, file: int) -> Opened | None:
        """None: there is none, it is not theirs to see, or it cannot be opened; nobody learns which."""


@dataclass
class Filing:
    views: FileViews | None
    _taking: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _of: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    @property
    def takes(self) -> int:
        return self.views.takes if self.views else 0

    async def of(self, visitor: Visitor, number: int) -> Sequence[Listed]:
        return await self.views.files(visitor, number) if self.views else ()

    async def open(self, request: web.Request, _site: Site, visitor: Visitor) -> web.StreamResponse:
        number, file = (int(request.match_info[name]) for name in ("number", "file"))
        found = await self.views.file(visitor, number, file) if self.views else None
        if found is None:
            raise Refused(404, NO_FILE)
        return web.FileResponse(found.path, headers=found.headers)

    async def read(self, request: web.Request, visitor: Visitor) -> tuple[Mapping[str, str], tuple[File, ...]]:
        """A form's fields, each once, and what was sent along."""
        if request.content_type != MULTIPART or not self.takes:
            return await read(request), ()
        try:
            async with self._place(visitor), asyncio.timeout(PATIENCE):
                return await _parts(request, self.takes)
        except TimeoutError:
            raise Refused(408, "The form did not arrive in time. Please try again.") from None
        except (ValueError, UnicodeError, LookupError, AssertionError, RuntimeError):
            raise Refused(400, "This page takes what its own form sends.") from None

    @asynccontextmanager
    async def _place(self, visitor: Visitor) -> AsyncIterator[None]:
        """Whoever sends slowly keeps nobody else waiting."""
        own = self._of.setdefault(visitor.user, asyncio.Lock())
        async with AsyncExitStack() as held:
            try:
                async with asyncio.timeout(PATIENCE):
                    await held.enter_async_context(own)
                    await held.enter_async_context(self._taking)
            except TimeoutError:
                raise Refused(503, SAYS[503]) from None
            yield


async def _parts(request: web.Request, most: int) -> tuple[Mapping[str, str], tuple[File, ...]]:
    fields, files, left, words = dict[str, str](), list[File](), most, WORDS
    parts = await request.multipart()
    for _ in range(PARTS):
        async with asyncio.timeout(SILENCE):
            part = await parts.next()
        if part is None:
            return fields, tuple(files)
        if not isinstance(part, BodyPartReader):
            raise ValueError("a form has no forms in it")
        content = await _content(part, left if part.filename is not None else words)
        if part.filename is None:
            words -= len(content)
            fields[part.name or ""] = content.decode().replace("\r\n", "\n")
        elif part.filename or content:  # browsers send an empty one where nothing was chosen
            left -= len(content)
            files.append(File(part.filename, part.headers.get("Content-Type", ""), len(content), content=content))
    raise ValueError("no form of ours has so many fields")


async def _content(part: BodyPartReader, most: int) -> bytes:
    content = bytearray()
    while True:
        async with asyncio.timeout(SILENCE):
            chunk = await part.read_chunk(CHUNK)
        if not chunk:
            return bytes(content)
        content += chunk
        if len(content) > most:
            raise Refused(413, SAYS[413])
