"""One mail to one mail server: what the server said decides whether it is sent, to be tried again, or dead."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage

from aiosmtplib import SMTP, SMTPDataError, SMTPRecipientRefused, SMTPResponseException

from bot.channel import NotSent, Undeliverable

TIME_OUT = 10.0  # seconds for each step; all of them together stand under the house's own limit
GREYLISTED = timedelta(minutes=5)  # servers that refuse a stranger's first attempt expect the next one then


@dataclass(frozen=True)
class Server:
    host: str
    port: int
    user: str = ""
    password: str = ""
    implicit: bool = False
    """TLS from the first byte; otherwise STARTTLS."""
    near: bool = False
    """On this machine: without TLS, where the server offers none."""

    def __repr__(self) -> str:
        return f"Server({self.host}:{self.port})"


@dataclass(frozen=True)
class Smtp:
    server: Server
    context: Callable[[], ssl.SSLContext] = ssl.create_default_context
    """Whose certificates are believed; always checked."""

    async def deliver(self, sender: str, recipient: str, mail: EmailMessage) -> None:
        """Raises NotSent or Undeliverable where the server was clear; anything else: nobody knows whether it has it."""
        body = mail.as_bytes()
        client = await self._connected()
        try:
            try:
                await self._envelope(client, sender, recipient)
            except (NotSent, Undeliverable):
                raise
            except Exception as error:
                raise NotSent(_said(error)) from error
            try:
                await client.data(body)
            except SMTPDataError as error:
                raise _refused(error.code, _said(error)) from None
        finally:
            await _leave(client)

    async def examine(self) -> bool:
        """Comes in as for a mail, and sends none; whether it is encrypted. Raises NotSent."""
        client = await self._connected()
        try:
            await client.noop()
            return client.get_transport_info("sslcontext") is not None
        except Exception as error:
            raise NotSent(_said(error)) from error
        finally:
            await _leave(client)

    async def _connected(self) -> SMTP:
        """Whatever goes wrong here is the server's or the setup's, and nothing was sent."""
        server = self.server
        client = SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password or None,
            use_tls=server.implicit,
            start_tls=False if server.implicit else (None if server.near else True),
            tls_context=None if server.near and not server.implicit else self.context(),
            validate_certs=not (server.near and not server.implicit),
            timeout=TIME_OUT,
        )
        try:
            await client.connect()
        except Exception as error:
            client.close()
            raise NotSent(_said(error)) from error
        return client

    async def _envelope(self, client: SMTP, sender: str, recipient: str) -> None:
        await client.mail(sender)  # refused here it is our own name: a mistake of the setup, not the mail's
        try:
            await client.rcpt(recipient)
        except SMTPRecipientRefused as error:
            raise _refused(error.code, _said(error), GREYLISTED) from None


def _refused(code: int, said: str, after: timedelta | None = None) -> Exception:
    return Undeliverable(said) if code >= 500 else NotSent(said, after)


def _said(error: Exception) -> str:
    """In the server's words, in one line."""
    code = f"{error.code} " if isinstance(error, SMTPResponseException) else ""
    words = " ".join(str(getattr(error, "message", "") or error or type(error).__name__).split())
    return f"{code}{words}"[:300]


async def _leave(client: SMTP) -> None:
    """The mail is settled: a server that hangs up badly changes nothing about it."""
    try:
        if client.is_connected:
            await client.quit(timeout=2)
    except Exception:  # noqa: S110
        pass
    finally:
        client.close()
