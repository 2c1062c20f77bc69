"""The operator's own scanner: SUPPORTHUB_SCAN_COMMAND gets a file on its standard input and says what it found."""

import asyncio
import logging
import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.keeping import Verdict

log = logging.getLogger(__name__)
PATIENCE = 60.0  # seconds
SAYS = {0: Verdict.CLEAN, 1: Verdict.INFECTED}  # as clamdscan and others do; anything else is its own failure


class Paths(Protocol):
    def path(self, sha256: str) -> Path: ...


@dataclass(frozen=True)
class Scanner:
    command: Sequence[str]
    shelf: Paths
    patience: float = PATIENCE

    async def __call__(self, sha256: str) -> Verdict:
        """No shell, no word of the file's in its arguments, and none of our settings in its environment."""
        try:
            with self.shelf.path(sha256).open("rb") as content:
                return await self._run(content.fileno())
        except OSError as error:
            log.warning("the scanner cannot be run: %s", type(error).__name__)
            return Verdict.UNSURE

    async def _run(self, content: int) -> Verdict:
        nowhere = asyncio.subprocess.DEVNULL
        environment = {name: value for name in ("PATH", "LANG", "TZ") if (value := os.environ.get(name))}
        process = await asyncio.create_subprocess_exec(
            *self.command, stdin=content, stdout=nowhere, stderr=nowhere, env=environment, start_new_session=True
        )
        try:
            async with asyncio.timeout(self.patience):
                status = await process.wait()
        except TimeoutError:
            log.warning("the scanner takes longer than %d s", self.patience)
            return Verdict.UNSURE
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # and whatever it left behind
            await process.wait()
        if status not in SAYS:
            log.warning("the scanner failed: %d", status)
        return SAYS.get(status, Verdict.UNSURE)
