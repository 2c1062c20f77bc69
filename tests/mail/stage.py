"""A desk whose people chat in a plain room, and that sends and takes mail over real sockets."""

import smtplib
from asyncio import to_thread
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from aiohttp import web

from adapters.email.letter import Sender
from adapters.email.server import EmailConnection, Given
from adapters.email.smtp import Server, Smtp
from app.email import titles
from store.store import Store
from tests.mail.far import PASSWORD, USER, Arrived, Far
from tests.world import World

US = "support@desk.example"
MX = "mx.desk.example"
ANN = "ann@northwind.example"


def server(far: Far) -> Server:
    user, password = (USER, PASSWORD) if far.password else ("", "")
    return Server("127.0.0.1", far.port, user, password, implicit=far.implicit, near=not far.tls and not far.implicit)


def smtp(far: Far) -> Smtp:
    return Smtp(server(far), far.certificate.client)


@dataclass
class Stage:
    world: World
    far: Far
    connection: EmailConnection
    mails: int = 0

    async def writes(self, who: str, text: str, subject: str = "", answering: Arrived | None = None, **how: str) -> str:
        """Sends a mail as an ordinary program would, and sees to all that follows; the last line that LMTP said."""
        mail = self.mail(who, text, subject, answering, **how)
        said = await self.brings(mail.as_bytes(policy=SMTP), who)
        await self.world.delivery.deliver_all()
        return said

    def mail(self, who: str, text: str, subject: str, answering: Arrived | None = None, **how: str) -> EmailMessage:
        self.mails += 1
        mail = EmailMessage()
        if verified := how.pop("verified", ""):
            mail["Authentication-Results"] = verified
        mail["Message-ID"] = f"<{self.mails}@their.example>"
        mail["From"], mail["To"] = who, US
        mail["Date"] = format_datetime(self.world.time.business)
        if answering is not None:
            before = [*str(answering.mail["References"] or "").split(), str(answering.mail["Message-ID"])]
            mail["In-Reply-To"], mail["References"] = before[-1], " ".join(before)
            subject = subject or f"Re: {str(answering.mail['Subject']).removeprefix('Re: ')}"
        mail["Subject"] = subject
        for name, value in how.items():
            del mail[name.replace("_", "-")]
            mail[name.replace("_", "-")] = value
        mail.set_content(text)
        return mail

    async def brings(self, raw: bytes, sender: str = ANN, to: str = US) -> str:
        """As a mail server does."""
        return await to_thread(self._lmtp, raw, sender.rpartition("<")[2].rstrip(">"), to)

    def _lmtp(self, raw: bytes, sender: str, to: str) -> str:
        with smtplib.LMTP("127.0.0.1", self.connection.port) as lmtp:
            lmtp.ehlo_or_helo_if_needed()
            lmtp.mail(sender)
            code, said = lmtp.rcpt(to)
            if code == 250:
                code, said = lmtp.data(raw)
            return f"{code} {said.decode()}"

    def last(self, who: str = ANN) -> Arrived:
        return self.far.to(who)[-1]


def passes(address: str) -> str:
    return f"{MX}; dmarc=pass (p=reject) header.from={address.rpartition('@')[2]}"


@asynccontextmanager
async def staged(store: Store, authserv: str = MX, far: Far | None = None) -> AsyncIterator[Stage]:
    world = await World(store).open()
    async with far or Far() as opened:
        now = lambda: moment(world)  # noqa: E731
        sender = Sender(US, "Support, the desk")
        given = Given(smtp(opened), sender, authserv, ("127.0.0.1", 0), ("Teams", "Slack"))
        connection = EmailConnection(given, titles(store), now)
        world.channels = {**world.channels, "email": connection.channel}
        world.delivery.channels = world.channels
        world.bot = replace(world.bot, channels=set(world.channels))
        connection.register(web.Application(), world.bot)
        await connection.start()
        try:
            yield Stage(world, opened, connection)
        finally:
            await connection.stop()


def moment(world: World) -> datetime:
    return world.time.machine
