"""What the desk owes to mail addresses. A mail cannot be edited, nor looked up once it has left."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from adapters.email.ids import message_id
from adapters.email.letter import Sender, letter, recipient
from adapters.email.render import render
from adapters.email.smtp import Smtp
from bot.channel import NotSent, Outgoing

LINES = 8  # connections to the mail server at the same time: providers refuse more than some ten
IN_LINE = 8.0  # seconds that a mail waits for one of them


class Titles(Protocol):
    async def __call__(self, case: int) -> str:
        """What the case is called: a mail's subject. Raises NotSent while it cannot be read."""


class Email:
    gap = burst = timedelta(0)
    threads = True

    def __init__(
        self, smtp: Smtp, sender: Sender, titles: Titles, now: Callable[[], datetime], chats: Sequence[str], reply: bool
    ) -> None:
        """``chats``: where else this desk is met; ``reply``: whether a line in a reply can be obeyed."""
        self._smtp, self._sender, self._titles, self._now = smtp, sender, titles, now
        self._chats, self._reply = tuple(chats), reply
        self._lines = asyncio.Semaphore(LINES)

    async def send(self, out: Outgoing) -> str:
        if out.edits and out.root:
            return out.edits  # a case's live picture is mailed once: whoever wants to see it now asks
        to = recipient(out.to.room)
        title = await self._titles(out.case) if out.case else ""
        bodies = render(out.message, None if out.root else out.case, self._reply, self._chats)
        mail = letter(out, title, bodies, self._sender, self._now())
        try:
            async with asyncio.timeout(IN_LINE):
                await self._lines.acquire()
        except TimeoutError:
            raise NotSent("other mails are on their way", timedelta(seconds=1)) from None
        try:
            await self._smtp.deliver(self._sender.address, to.addr_spec, mail)
        finally:
            self._lines.release()
        return message_id(out, self._sender.domain)

    async def sent(self, out: Outgoing) -> str | None:
        """No server tells. The next attempt has the same Message-ID, by which servers and programs may drop one."""
        return None
