"""What every request of Slack's must pass before anything of it is believed: type, size, deadline, signature, shape."""

import asyncio
import hmac
import logging
import re
import traceback
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import wraps
from hashlib import sha256
from pathlib import Path

from aiohttp import ClientPayloadError, web
from aiohttp.http_exceptions import HttpProcessingError

from adapters.slack.body import READERS, Body
from bot.channel import Busy, reference

log = logging.getLogger(__name__)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Answer = Callable[[int, str], web.Response]

LARGEST = 1024 * 1024
PATIENCE = 10.0
"""Seconds for a body to arrive: a slow sender holds nothing for longer."""
OLDEST = 300
"""Seconds between Slack's clock and ours, either way: what was overheard earlier cannot be said again."""
STAMP = re.compile(r"[0-9]{1,12}", re.ASCII)
SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class Refused(Exception):
    """The request is wrong; its sentence is what the caller reads."""

    def __init__(self, status: int, sentence: str) -> None:
        self.status = status
        super().__init__(sentence)


class Verifier:
    """Slack signs the time and the body as they are sent, with a secret that it shares with this app alone."""

    def __init__(self, secret: str, now: Callable[[], datetime]) -> None:
        if not secret:
            raise ValueError("an empty secret would let anybody sign")
        self._secret = secret.encode()
        self._now = now

    def check(self, headers: Mapping[str, str], raw: bytes) -> None:
        """Raises Refused."""
        stamp = headers.get("X-Slack-Request-Timestamp", "")
        signature = headers.get("X-Slack-Signature", "")
        if not (STAMP.fullmatch(stamp) and SIGNATURE.fullmatch(signature)):
            raise Refused(401, "This wants the headers that Slack signs its requests with.")
        if abs(self._now().timestamp() - int(stamp)) > OLDEST:
            raise Refused(401, "This was signed too long ago, or one of the two clocks is wrong.")
        signed = hmac.new(self._secret, b"v0:" + stamp.encode() + b":" + raw, sha256).hexdigest()
        if not hmac.compare_digest(f"v0={signed}", signature):
            raise Refused(401, "This signature is not Slack's for this app.")


async def read(request: web.Request, verifier: Verifier, patience: float = PATIENCE) -> Body:
    """Raises Refused."""
    if request.content_type not in READERS or request.headers.get("Content-Encoding", "identity") != "identity":
        raise Refused(415, "Send what Slack sends: plain JSON or a form.")
    raw = await _arrived(request, patience)
    verifier.check(request.headers, raw)
    try:
        return READERS[request.content_type](raw.decode())
    except (ValueError, RecursionError):
        raise Refused(400, "This is not of the shape that Slack's requests have.") from None


def guarded(handler: Handler, answer: Answer | None = None) -> Handler:
    """Refusals become their status, the unexpected a 503 with a reference to it in the log, never with its text.

    ``answer`` turns a status and a sentence into what the caller reads; without it, that is JSON.
    """
    tell = answer or _as_json

    @wraps(handler)
    async def guard(request: web.Request) -> web.StreamResponse:
        response: web.StreamResponse
        try:
            response = await handler(request)
        except Refused as no:
            response = tell(no.status, str(no))
        except web.HTTPException:
            raise
        except Busy:
            response = tell(503, "Nothing was kept of this. Please try again.")
        except Exception as error:
            response = tell(503, f"That did not go through. Please try again. (Reference {_logged(request, error)})")
        if not response.prepared:
            response.headers.update(HEADERS)
        return response

    return guard


def route(method: str, path: str, handler: Handler, answer: Answer | None = None) -> web.RouteDef:
    """The handler, guarded, at its place. GET brings no HEAD along: who only looks at a link spends nothing."""
    alone = {"allow_head": False} if method == "GET" else {}
    return web.route(method, path, guarded(handler, answer), expect_handler=_expect, **alone)


async def _expect(request: web.Request) -> None:
    """In place of aiohttp's, which answers 500 to an Expect header beyond UTF-8."""
    if request.headers.get("Expect", "").lower() != "100-continue":
        raise web.HTTPExpectationFailed(text="")
    await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    request.writer.output_size = 0  # these bytes are not yet the response


def _logged(request: web.Request, error: Exception) -> str:
    """An exception's own text may repeat what people wrote, so only its kind and place are logged."""
    quoted = reference()
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    where = " > ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)
    log.error("%s failed with %s at %s, reference %s", request.path, type(error).__name__, where, quoted)
    return quoted


def _as_json(status: int, sentence: str) -> web.Response:
    return web.json_response({"error": sentence}, status=status)


async def _arrived(request: web.Request, patience: float) -> bytes:
    if (request.content_length or 0) > LARGEST:
        raise Refused(413, "That is more than a mebibyte.")
    raw = bytearray()
    try:
        async with asyncio.timeout(patience):
            async for chunk in request.content.iter_any():
                raw += chunk
                if len(raw) > LARGEST:
                    raise Refused(413, "That is more than a mebibyte.")
    except TimeoutError:
        raise Refused(408, f"The request did not arrive within {patience:g} seconds.") from None
    except (ClientPayloadError, HttpProcessingError, ConnectionError, web.RequestPayloadError):
        raise Refused(400, "The request broke off.") from None
    return bytes(raw)
