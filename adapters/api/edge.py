"""What every request must pass: small and soon enough, with a token, of the right shape."""

import asyncio
import logging
import math
import re
import traceback
from collections.abc import Awaitable, Callable
from functools import wraps
from pathlib import Path
from typing import TypeVar

from aiohttp import ClientPayloadError, web
from aiohttp.http_exceptions import HttpProcessingError
from pydantic import BaseModel, ValidationError

from adapters.api.desk import Caller, Desk
from adapters.api.problems import No, invalid, response
from bot.channel import Busy, reference

log = logging.getLogger(__name__)
M = TypeVar("M", bound=BaseModel)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
LARGEST = 1024 * 1024
PATIENCE = 10.0
"""Seconds for a body to arrive: a slow sender holds nothing for longer."""
KEY = "Idempotency-Key"
_KEY = re.compile(r"[!-~]{1,100}")
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def guarded(handler: Handler) -> Handler:
    """Refusals become problems; the unexpected one with a reference to it in the log, never with its text."""

    @wraps(handler)
    async def guard(request: web.Request) -> web.StreamResponse:
        answer: web.StreamResponse
        try:
            answer = await handler(request)
        except No as no:
            answer = response(no)
        except Busy:
            answer = response(No(503, "busy", "Nothing was done. Please try again.", {"Retry-After": "2"}))
        except Exception as error:
            detail = f"That did not go through. Please try again. (Reference {_logged(request, error)})"
            answer = response(No(503, "broke", detail, {"Retry-After": "5"}))
        answer.headers.update(HEADERS)
        return answer

    return guard


async def admitted(request: web.Request, desk: Desk, acts: bool) -> Caller:
    """Raises No."""
    given = request.headers.getall("Authorization", [])
    scheme, _, token = (given[0] if len(given) == 1 else "").partition(" ")
    caller = await desk.caller(token.strip()) if scheme.lower() == "bearer" else None
    if caller is None:
        about = {"WWW-Authenticate": 'Bearer realm="supporthub"'}
        raise No(401, "no_token", "Send a token that works: Authorization: Bearer sht_...", about)
    wait = await desk.wait(caller, acts)
    if wait:
        raise No(429, "too_often", "Please wait a moment.", {"Retry-After": str(math.ceil(wait))})
    return caller


def key_of(request: web.Request) -> str:
    """What names the act, however often it is sent. Raises No."""
    given = request.headers.getall(KEY, [])
    if len(given) != 1 or not _KEY.fullmatch(given[0]):
        detail = f"Send one {KEY}, of up to 100 letters and digits: the same each time that you repeat this very act."
        raise No(400, "no_key", detail)
    return given[0]


async def body(request: web.Request) -> bytes:
    """Raises No."""
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise No(415, "no_json", "Send plain JSON, with the content type application/json.")
    raw = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            async for chunk in request.content.iter_any():
                raw += chunk
                if len(raw) > LARGEST:
                    raise No(413, "too_large", "That is more than a mebibyte.")
    except TimeoutError:
        raise No(408, "too_slow", f"The request did not arrive within {PATIENCE:g} seconds.") from None
    except (ClientPayloadError, HttpProcessingError, ConnectionError, web.RequestPayloadError):
        raise No(400, "broken_off", "The request broke off.") from None
    if raw and request.content_type != "application/json":
        raise No(415, "no_json", "Send plain JSON, with the content type application/json.")
    return bytes(raw)


def read(raw: bytes, shape: type[M]) -> M:
    """Raises No."""
    try:
        return shape.model_validate_json(raw or b"{}", strict=True)
    except ValidationError as error:
        raise invalid(error) from None


def asked(request: web.Request, shape: type[M]) -> M:
    """Raises No."""
    if len(request.query) != len(set(request.query)):
        raise No(422, "invalid", "Say each parameter once.")
    try:
        return shape.model_validate(dict(request.query))
    except ValidationError as error:
        raise invalid(error) from None


async def expect(request: web.Request) -> None:
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
    log.error("the API failed with %s at %s, reference %s", type(error).__name__, where, quoted)
    return quoted
