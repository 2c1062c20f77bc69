"""The way in for a mail server beside us: LMTP, in which each mail is kept before it is taken, or put off."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP as Session
from aiosmtpd.smtp import Envelope

from bot.channel import Busy

log = logging.getLogger(__name__)
logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd's, which names addresses
LARGEST = 25 * 1024 * 1024  # octets of one mail
LONGEST_LINE = 1024 * 1024  # octets: programs send longer lines than they may
IDLE = 60.0  # seconds until a silent connection ends
Take = Callable[[bytes, str], Awaitable[None]]
"""A mail and its envelope's sender. Raises Busy when nothing was kept."""


class Door:
    def __init__(self, take: Take, address: str) -> None:
        self._take, self._address = take, address

    async def handle_RCPT(self, _: Any, __: Any, envelope: Envelope, address: str, options: list[str]) -> str:
        """Ours, also with something after a plus sign."""
        name, _at, domain = address.lower().rpartition("@")
        if self._address not in (f"{name}@{domain}", f"{name.partition('+')[0]}@{domain}"):
            return "550 5.1.1 Nobody has that address here"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 Good"

    async def handle_DATA(self, _: Any, __: Any, envelope: Envelope) -> str:
        """One answer for each recipient, as LMTP wants it: all the same, since all are us."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        try:
            await self._take(content, envelope.mail_from or "")
            said = "250 2.0.0 Kept"
        except Busy:
            said = "451 4.3.0 Nothing was kept: try again later"
        except Exception:
            log.exception("a mail")
            said = "451 4.3.0 Nothing was kept: try again later"
        return "\r\n".join([said] * len(envelope.rcpt_tos))


class _Speaking(LMTP):
    line_length_limit = LONGEST_LINE

    async def push(self, status: Any) -> None:
        """aiosmtpd says once that a mail is too large; LMTP wants to hear it for each recipient."""
        too_much = isinstance(status, str) and status.startswith(("552 Error: Too much", "500 Line too long"))
        many = len(self.envelope.rcpt_tos) if too_much and self.envelope else 1
        for _ in range(many):
            await super().push(status)


async def listen(door: Door, host: str, port: int) -> asyncio.Server:
    loop = asyncio.get_running_loop()

    def speaking() -> Session:
        return _Speaking(
            door, data_size_limit=LARGEST, enable_SMTPUTF8=True, ident="Support Hub", timeout=IDLE, loop=loop
        )

    return await loop.create_server(speaking, host, port)
