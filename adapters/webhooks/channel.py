"""What other systems are owed: an event, posted to its address, again until it is taken."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector

from adapters.webhooks.guard import Guarded, Look, Refused, checked
from adapters.webhooks.payload import Payload, payload
from adapters.webhooks.signing import headers
from bot.channel import NotSent, Outgoing, Undeliverable

TIME_OUT = 10.0  # seconds for all of a call, its name's look-up included
READ = 4 * 1024  # octets of an answer: nothing in it is of interest
SOONEST, LATEST = timedelta(seconds=5), timedelta(hours=1)  # between two attempts
GONE = 410
AT_ONCE = 20  # calls on their way at the same time


@dataclass(frozen=True)
class Hook:
    url: str
    secret: str = field(repr=False)


class Hooks(Protocol):
    async def __call__(self, room: str) -> Hook | None:
        """Whose lane that room is; None where it was removed. Raises NotSent while it cannot be read."""


class Webhooks:
    gap = burst = timedelta(0)
    threads = False

    def __init__(
        self,
        hooks: Hooks,
        now: Callable[[], datetime],
        near: bool,
        look: Look | None = None,
        patience: float = TIME_OUT,
    ) -> None:
        """``near``: this very machine may be called, and without encryption."""
        self._hooks, self._now, self._near, self._look, self._patience = hooks, now, near, look, patience
        self._session: ClientSession | None = None

    async def send(self, out: Outgoing) -> str:
        if out.edits:
            return out.edits  # what another system was told cannot be taken back
        hook, event = await self._hooks(out.to.room), payload(out.message)
        if hook is None or event is None:
            raise Undeliverable("this webhook was removed" if hook is None else "nothing is left of this event")
        try:
            status = await self.call(hook, event)
        except Refused as refused:
            raise Undeliverable(str(refused)) from None
        except (ClientError, TimeoutError, OSError, UnicodeError) as error:  # the last: a name that none can have
            raise NotSent(_said(error), self._pause(out)) from None
        if status == GONE:
            raise Undeliverable("it answered 410: nobody wants it any more")
        if not 200 <= status < 300:
            raise NotSent(f"it answered {status}", self._pause(out))
        return event.id

    async def sent(self, out: Outgoing) -> str | None:
        """Nobody tells. The next attempt has the same webhook-id, by which the receiver knows it."""
        return None

    async def call(self, hook: Hook, event: Payload) -> int:
        """The answer's status; a redirection is an answer, and not followed."""
        url = checked(hook.url, self._near)
        signed = headers(hook.secret, event.id, self._now(), event.body)
        about = {"Content-Type": "application/json", "User-Agent": "supporthub", **signed}
        async with self._opened().post(url, data=event.body, headers=about, allow_redirects=False) as response:
            await _tasted(response)
            return response.status

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _pause(self, out: Outgoing) -> timedelta:
        """As long as it has been owed: each wait doubles it. One receiver's trouble is not the whole channel's."""
        age = self._now() - out.since if out.since else SOONEST
        return min(max(age, SOONEST), LATEST)

    def _opened(self) -> ClientSession:
        """Neither cookies nor the environment's proxies, which would look names up themselves."""
        if self._session is None:
            guarded = Guarded(self._near, self._look)
            line = TCPConnector(resolver=guarded, use_dns_cache=False, force_close=True, limit=AT_ONCE)
            whole = ClientTimeout(total=self._patience)
            self._session = ClientSession(
                connector=line, timeout=whole, cookie_jar=DummyCookieJar(), trust_env=False, auto_decompress=False
            )
        return self._session


async def _tasted(response: ClientResponse) -> None:
    """Its beginning, so that a short answer ends well; whatever is left is cut off."""
    left = READ
    while left > 0 and (chunk := await response.content.read(left)):
        left -= len(chunk)
    response.close()


def _said(error: BaseException) -> str:
    """In one line, without the receiver's words: they could be anybody's."""
    return "it did not answer in time" if isinstance(error, TimeoutError) else f"no connection ({type(error).__name__})"
