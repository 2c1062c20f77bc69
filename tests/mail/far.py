"""The far side of mail: a real SMTP server with TLS and a password, which fails when it is told to."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword

from tests.mail.authority import Authority, authority

USER, PASSWORD = "desk", "hunter2 & more"


@dataclass(frozen=True)
class Arrived:
    sender: str
    to: str
    raw: bytes
    encrypted: bool

    @property
    def mail(self) -> EmailMessage:
        read = message_from_bytes(self.raw, policy=default)
        assert isinstance(read, EmailMessage)
        return read

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self.mail.get_body((kind,))
        assert part is not None
        return str(part.get_content()).replace("\r\n", "\n")


@dataclass
class Far:
    implicit: bool = False
    tls: bool = True
    password: bool = True
    certificate: Authority = field(default_factory=authority)
    arrived: list[Arrived] = field(default_factory=list)
    script: dict[str, list[str]] = field(default_factory=dict)
    """What to do at each step, first to last, then as usual: a reply, ``drop``, or ``record and drop``."""
    steps: list[str] = field(default_factory=list)
    """What was asked of the server, as far as it matters."""
    port: int = 0
    _server: asyncio.Server | None = None

    async def __aenter__(self) -> "Far":
        loop = asyncio.get_running_loop()
        ssl = self.certificate.server() if self.implicit else None
        self._server = await loop.create_server(self._speaking, "127.0.0.1", self.port, ssl=ssl)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()

    def to(self, address: str) -> list[Arrived]:
        return [one for one in self.arrived if one.to == address]

    def _speaking(self) -> SMTP:
        starts = self.tls and not self.implicit
        return _Speaking(
            self,
            tls_context=self.certificate.server() if starts else None,
            require_starttls=starts,
            auth_required=self.password,
            auth_require_tls=starts,
            authenticator=self._who if self.password else None,
            hostname="far.example",
            loop=asyncio.get_running_loop(),
        )

    def _who(self, *given: Any) -> AuthResult:
        login = given[-1]
        known = isinstance(login, LoginPassword) and (login.login, login.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=known, handled=known)

    def next(self, step: str) -> str:
        self.steps.append(step)
        left = self.script.get(step)
        return left.pop(0) if left else ""

    async def handle_MAIL(self, server: Any, _: Any, envelope: Envelope, address: str, options: list[str]) -> str:
        if told := self._told(server, "mail"):
            return told
        envelope.mail_from = address
        return "250 good"

    async def handle_RCPT(self, server: Any, _: Any, envelope: Envelope, address: str, options: list[str]) -> str:
        if told := self._told(server, "rcpt"):
            return told
        envelope.rcpt_tos.append(address)
        return "250 good"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        told = self.next("data")
        if not told or told == "record and drop":
            encrypted = self.implicit or session.ssl is not None
            assert isinstance(envelope.content, bytes)
            sender = envelope.mail_from or ""
            self.arrived += [Arrived(sender, to, envelope.content, encrypted) for to in envelope.rcpt_tos]
        if told.endswith("drop"):
            server.transport.abort()
        return told if told[:1].isdigit() else "250 kept"

    def _told(self, server: Any, step: str) -> str:
        told = self.next(step)
        if told == "drop":
            server.transport.abort()
        return told


class _Speaking(SMTP):
    async def smtp_DATA(self, arg: str) -> None:
        if self.event_handler.next("content") == "drop":
            await self.push("354 go on")
            self._writer.transport.abort()
            return
        await super().smtp_DATA(arg)


def threads(arrived: list[Arrived]) -> Iterator[str]:
    """The root under which a mail program puts each."""
    for one in arrived:
        references = str(one.mail["References"] or "").split()
        yield references[0] if references else str(one.mail["Message-ID"])
