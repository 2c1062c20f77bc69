"""Mail as one connection of the house: SMTP for its way out, LMTP for a way in."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from adapters.email.channel import Email, Titles
from adapters.email.inbound import House, read
from adapters.email.letter import Sender
from adapters.email.lmtp import Door, listen
from adapters.email.smtp import Smtp
from bot.channel import Host, Listener

PATIENCE = 20.0  # seconds: mail servers wait for minutes


@dataclass(frozen=True)
class Given:
    """As the settings have it."""

    smtp: Smtp
    sender: Sender
    authserv: str = ""
    lmtp: tuple[str, int] | None = None
    """Host and port; None: mail comes in by ``supporthub intake`` alone."""
    chats: Sequence[str] = ()

    @property
    def house(self) -> House:
        return House(self.sender.address, self.authserv)


class EmailConnection:
    def __init__(self, given: Given, titles: Titles, now: Callable[[], datetime]) -> None:
        self._given, self._now = given, now
        self._host: Host | None = None
        self._server: asyncio.Server | None = None
        self._taking: set[asyncio.Task[None]] = set()
        by_reply = bool(given.authserv)
        self.channel = Email(given.smtp, given.sender, titles, now, given.chats, by_reply)

    def register(self, app: web.Application, host: Host) -> None:
        """Nothing of mail comes over HTTP."""
        self._host = host

    async def start(self) -> None:
        if self._given.lmtp is not None:
            self._server = await listen(Door(self._take, self._given.sender.address), *self._given.lmtp)

    async def stop(self) -> None:
        """No new mail; whose mail is being kept hears that it was."""
        if self._server is not None:
            self._server.close()
        await asyncio.gather(*self._taking, return_exceptions=True)

    async def close(self) -> None:
        pass

    @property
    def port(self) -> int:
        """That of LMTP, where the system chose it."""
        assert self._server is not None, "started, with a port"
        return int(self._server.sockets[0].getsockname()[1])

    async def _take(self, raw: bytes, sender: str) -> None:
        assert self._host is not None, "registered before it starts"
        task = asyncio.create_task(take(raw, sender, self._now(), self._given.house, self._host))
        self._taking.add(task)
        task.add_done_callback(self._taking.discard)
        await task


async def take(raw: bytes, sender: str | None, now: datetime, house: House, host: Listener) -> None:
    """One mail, kept or left alone for good. Raises Busy when nothing was kept."""
    incoming = await asyncio.to_thread(read, raw, sender, now, house)
    if incoming is not None:
        await host.hear(incoming, within=PATIENCE)
