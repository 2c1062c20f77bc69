"""The folder SUPPORTHUB_FILES: contents by their sha256, for this program's account alone; no web server knows it."""

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256 as hashing
from pathlib import Path

from bot.keeping import TooLarge

UNDER_WAY = "arriving"
CHUNK = 64 * 1024
OLD = timedelta(days=1)


class Folder:
    def __init__(self, root: Path, largest: int) -> None:
        """``largest``: octets of one file."""
        self._root, self._largest = root, largest
        self._arriving = root / UNDER_WAY
        self._arriving.mkdir(mode=0o700, exist_ok=True)

    def path(self, sha256: str) -> Path:
        """A name is never put together from anything but sixty-four signs of ours."""
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise FileNotFoundError(sha256)
        return self._root / sha256[:2] / sha256

    async def put(self, content: bytes) -> str:
        async def whole() -> AsyncIterator[bytes]:
            for start in range(0, len(content), CHUNK):
                yield content[start : start + CHUNK]

        return await self.receive(whole())

    async def receive(self, chunks: AsyncIterator[bytes]) -> str:
        """Its name, once all of it is on the disk. Raises TooLarge as soon as it is, OSError."""
        handle, named = await asyncio.to_thread(tempfile.mkstemp, dir=self._arriving)
        arriving, seen, so_far = Path(named), 0, hashing()
        try:
            with os.fdopen(handle, "wb") as file:
                async for chunk in chunks:
                    seen += len(chunk)
                    if seen > self._largest:
                        raise TooLarge
                    so_far.update(chunk)
                    await asyncio.to_thread(file.write, chunk)
                await asyncio.to_thread(_settle, file.fileno(), file.flush)
            await asyncio.to_thread(self._place, arriving, so_far.hexdigest())
        finally:
            await asyncio.to_thread(arriving.unlink, missing_ok=True)
        return so_far.hexdigest()

    def begins(self, sha256: str, many: int) -> bytes:
        with self.path(sha256).open("rb") as file:
            return file.read(many)

    def size(self, sha256: str) -> int:
        return self.path(sha256).stat().st_size

    def drop(self, sha256: str, older: timedelta | None = None) -> None:
        path = self.path(sha256)
        with suppress(FileNotFoundError):
            if older is None or path.stat().st_mtime < time.time() - older.total_seconds():
                path.unlink()

    def older(self, than: timedelta) -> set[str]:
        """And what was arriving when a process died is thrown away."""
        before = time.time() - than.total_seconds()
        for left in self._arriving.iterdir():
            with suppress(FileNotFoundError):
                if left.stat().st_mtime < time.time() - OLD.total_seconds():
                    left.unlink()
        found = (each for each in self._root.glob("[0-9a-f][0-9a-f]/*") if len(each.name) == 64)
        return {each.name for each in found if _written(each) < before}

    def _place(self, arriving: Path, sha256: str) -> None:
        path = self.path(sha256)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        os.replace(arriving, path)  # also where it is there already: it counts as put there now
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _settle(handle: int, flush: "object") -> None:
    assert callable(flush)
    flush()
    os.fchmod(handle, 0o600)
    os.fsync(handle)


def _written(path: Path) -> float:
    with suppress(FileNotFoundError):
        return path.stat().st_mtime
    return time.time()
