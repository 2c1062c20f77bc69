"""What every request of Teams' must pass before it is believed: type, size, deadline, token, shape, origin."""

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any

from aiohttp import ClientPayloadError, web
from aiohttp.http_exceptions import HttpProcessingError

from adapters.teams import activity as activities
from adapters.teams import strict_json
from adapters.teams.inbound_token import CHANNEL, Claims, TokenCheck
from adapters.teams.refused import Refused
from adapters.teams.trust import Trust, Untrusted
from bot.channel import Busy, reference

log = logging.getLogger(__name__)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

LARGEST = 1024 * 1024
PATIENCE = 10.0
"""Seconds for a body to arrive: a slow sender holds nothing for longer."""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Checked:
    """An activity that Teams sent to this bot."""

    activity: Mapping[str, Any]
    tenant: str
    """In small letters; whether it is an account's is for others to say."""
    service_url: str
    """Without a slash at its end."""
    claims: Claims
    at: datetime
    """When it happened, by Teams' account where it tells (UTC)."""


@dataclass(frozen=True)
class Gate:
    tokens: TokenCheck
    trust: Trust


async def read(request: web.Request, gate: Gate, patience: float = PATIENCE) -> Checked:
    """Raises Refused."""
    if request.content_type != "application/json" or request.headers.get("Content-Encoding", "identity") != "identity":
        raise Refused(415, "Send what Teams sends: plain JSON.")
    raw = await _arrived(request, patience)
    claims = await gate.tokens.claims(request.headers.getall("Authorization", ()))
    activity = _shaped(raw)
    service_url = _origin(activity, claims, gate.trust)
    tenant = activities.tenant(activity)
    told = activity.get("timestamp")
    return Checked(activity, tenant, service_url, claims, activities.moment(told) if told else gate.tokens.now())


def _shaped(raw: bytes) -> Mapping[str, Any]:
    try:
        activity = strict_json.parse(raw.decode())
        activities.check(activity)
    except (ValueError, RecursionError):
        raise Refused(400, "This is not of the shape that Teams' activities have.") from None
    return activity


def _origin(activity: Mapping[str, Any], claims: Claims, trust: Trust) -> str:
    """The address to answer at: what it says of itself must be what its token was made for."""
    url, signed = activity["serviceUrl"], claims.get("serviceurl")
    if not isinstance(signed, str) or signed.rstrip("/") != url.rstrip("/"):
        raise Refused(403, "This token is for another service address.")
    try:
        base = trust.base(url)
    except Untrusted:
        raise Refused(403, "This service address is not one of Microsoft Teams'.") from None
    if activity["channelId"] != CHANNEL:
        raise Refused(403, "Only Microsoft Teams is heard here.")
    return base


def route(method: str, path: str, handler: Handler) -> web.RouteDef:
    """The handler, guarded, at its place."""
    return web.route(method, path, guarded(handler), expect_handler=_expect)


def guarded(handler: Handler) -> Handler:
    """Refusals become their status, the unexpected a 503 with a reference to it in the log, never with its text."""

    @wraps(handler)
    async def guard(request: web.Request) -> web.StreamResponse:
        response: web.StreamResponse
        try:
            response = await handler(request)
        except Refused as no:
            response = _told(no.status, str(no))
        except web.HTTPException:
            raise
        except Busy:
            response = _told(503, "Nothing was kept of this. Please try again.")
        except Exception as error:
            response = _told(503, f"That did not go through. Please try again. (Reference {_logged(request, error)})")
        if not response.prepared:
            response.headers.update(HEADERS)
        return response

    return guard


def _told(status: int, sentence: str) -> web.Response:
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return web.json_response({"error": sentence}, status=status, headers=headers)


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


async def _arrived(request: web.Request, patience: float) -> bytes:
    if (request.content_length or 0) > LARGEST:
        raise Refused(413, "That is more than a mebibyte.")
    if request.content.is_eof() and not request.content.exception():  # it came with its headers
        whole = request.content.read_nowait()
        if len(whole) > LARGEST:
            raise Refused(413, "That is more than a mebibyte.")
        return whole
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
