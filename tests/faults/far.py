"""The far side of a channel in a process of its own right: it keeps what arrived, whoever dies on our side."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from pydantic import TypeAdapter

from bot.channel import Outgoing, Undeliverable
from bot.plain import plain
from tests.fake import Fake, Post

CHANNELS = ("fake", "email")
LONGEST = 1024 * 1024  # bytes of one line
_OUTGOING = TypeAdapter(Outgoing)


@dataclass(frozen=True)
class Arrival:
    """One message that reached the far side, in the order of arrival; an edit of an older one too."""

    out: Outgoing
    receipt: str
    text: str


async def _nothing(_: Outgoing) -> None:
    return


@dataclass
class FarSide:
    """Owned by the driver. Like Slack and Teams it has no idempotency: whatever is sent twice stands there twice."""

    arrivals: list[Arrival] = field(default_factory=list)
    fakes: dict[str, Fake] = field(default_factory=lambda: {name: Fake() for name in CHANNELS})
    before: Callable[[Outgoing], Awaitable[None]] = _nothing
    """Awaited before it is recorded."""
    after: Callable[[Outgoing], Awaitable[None]] = _nothing
    """Awaited when it is recorded and not answered yet."""
    found: int = 0
    """Messages that somebody asked after and that had arrived."""

    @asynccontextmanager
    async def at(self, door: Path) -> AsyncIterator[None]:
        server = await asyncio.start_unix_server(self._serve, door, limit=LONGEST)
        try:
            yield
        finally:
            server.close()

    def posts(self, room: str) -> list[Post]:
        return [post for post in self.fakes["fake"].posts if post.room == room]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if not (line := await reader.readline()).endswith(b"\n"):
                return  # it died before it had said what it wanted
            verb, raw = json.loads(line)
            answer = await self._answer(verb, _OUTGOING.validate_python(raw))
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()
        except ConnectionError:
            return  # it died while we worked for it: what is recorded stays
        finally:
            writer.close()

    async def _answer(self, verb: str, out: Outgoing) -> dict[str, str | None]:
        fake = self.fakes[out.to.channel]
        if verb == "sent":
            receipt = await fake.sent(out)
            self.found += receipt is not None
            return {"receipt": receipt}
        await self.before(out)
        try:
            receipt = await fake.send(out)
        except Undeliverable as error:
            return {"undeliverable": str(error)}
        self.arrivals.append(Arrival(out, receipt, plain(out.message)))
        await self.after(out)
        return {"receipt": receipt}


class FarChannel:
    """The way there: a socket a message, as with any vendor."""

    gap = burst = timedelta(0)
    threads = False

    def __init__(self, door: str) -> None:
        self._door = door

    async def send(self, out: Outgoing) -> str:
        answer = await self._ask("send", out)
        if reason := answer.get("undeliverable"):
            raise Undeliverable(reason)
        receipt = answer["receipt"]
        assert receipt is not None
        return receipt

    async def sent(self, out: Outgoing) -> str | None:
        return (await self._ask("sent", out))["receipt"]

    async def _ask(self, verb: str, out: Outgoing) -> dict[str, str | None]:
        reader, writer = await asyncio.open_unix_connection(self._door, limit=LONGEST)
        try:
            writer.write(json.dumps([verb, _OUTGOING.dump_python(out, mode="json")]).encode() + b"\n")
            answer: dict[str, str | None] = json.loads(await reader.readline())
            return answer
        finally:
            writer.close()
