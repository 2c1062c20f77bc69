"""One life of the product's process, seen from outside: forked, spoken to over a socket, and gone at any moment."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from bot.incoming import Incoming
from tests.faults.far import LONGEST
from tests.faults.hub import Order
from tests.world import ROOT

KILLED = -9
_INCOMING = TypeAdapter(Incoming)
Answer = Mapping[str, Any] | None


class Gone(Exception):
    """It died with the act unacknowledged; nobody knows whether it was done."""


class Refused(Exception):
    """It said 503: nothing was done."""


@contextmanager
def zygote(folder: Path) -> Iterator[Path]:
    """The door at which lives are ordered."""
    door = folder / "zygote"
    command = [sys.executable, "-m", "tests.faults.zygote", str(door)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin, "it ends with this"
    assert process.stdout
    with process, process.stdin:
        assert process.stdout.readline() == b"ready\n"
        yield door


class Life:
    def __init__(self, order: Order, moved: Callable[[], None]) -> None:
        """``moved`` is called whenever there is news of it."""
        self.order = order
        self.pid = 0
        self.status: int | None = None
        """How it ended: a signal's negative number, or its own status; None while it lives."""
        self.owed: int | None = None
        """What it left to be sent when it went to rest."""
        self._moved = moved
        self._idle_at = -1
        self._acts: dict[int, asyncio.Future[Answer]] = {}
        self._heard = 0

    async def begin(self, door: Path) -> "Life":
        reader, self._writer = await asyncio.open_unix_connection(door, limit=LONGEST)
        self._write(asdict(self.order))
        self._ready = asyncio.get_running_loop().create_future()
        self._reading = asyncio.create_task(self._read(reader))
        await self._ready
        return self

    @property
    def idle(self) -> bool:
        """Whether it could send nothing more after all that it was told."""
        return self.status is not None or (not self._acts and self._idle_at == self._heard)

    async def hear(self, incoming: Incoming) -> Answer:
        """Its answer, once it has acknowledged the act."""
        if self.status is not None:
            raise Gone
        self._heard += 1
        number, done = self._heard, asyncio.get_running_loop().create_future()
        self._acts[number] = done
        self._write({"act": number, "incoming": _INCOMING.dump_python(incoming, mode="json")})
        answer: Answer = await done
        return answer

    async def rest(self) -> None:
        """It sends what it can and ends, unless it dies over that."""
        self._write({"rest": True})
        await self._reading

    def log(self) -> str:
        path = Path(self.order.log)
        return path.read_text()[-2000:] if path.exists() else ""

    def _write(self, what: Mapping[str, Any]) -> None:
        if not self._writer.is_closing():
            self._writer.write(json.dumps(what).encode() + b"\n")

    async def _read(self, reader: asyncio.StreamReader) -> None:
        while self.status is None:
            raw = await reader.readline()
            if raw.strip():
                self._take(json.loads(raw))
        self._writer.close()
        self._moved()

    def _take(self, news: dict[str, Any]) -> None:
        match news:
            case {"act": number, "busy": why}:
                self._acts.pop(number).set_exception(Refused(why))
            case {"act": number, "answer": answer}:
                self._acts.pop(number).set_result(answer)
            case {"idle": heard}:
                self._idle_at = heard
            case {"ready": pid}:
                self.pid = pid
                self._ready.set_result(None)
            case {"rested": owed}:
                self.owed = owed
            case {"ended": status}:
                self._end(status)
        self._moved()

    def _end(self, status: int) -> None:
        self.status = status
        for waiting in (self._ready, *self._acts.values()):
            if not waiting.done():
                waiting.set_exception(Gone())
        self._acts.clear()
