"""What every request must pass: from this machine's own page, small, and of the right shape."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import TypeVar

from aiohttp import web
from pydantic import TypeAdapter, ValidationError
from yarl import URL

log = logging.getLogger(__name__)
T = TypeVar("T")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
LARGEST = 1024 * 1024
PATIENCE = 10
"""Seconds for a body to arrive: a slow sender holds nothing for longer."""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


class Refused(Exception):
    """The request is wrong; its sentence is what the caller reads."""

    def __init__(self, status: int, sentence: str) -> None:
        self.status = status
        super().__init__(sentence)


def guarded(handler: Handler, *, own_page: bool = False) -> Handler:
    """Refusals become their status, the unexpected a 503 without its text; ``own_page`` also wants our own Origin."""

    @wraps(handler)
    async def guard(request: web.Request) -> web.StreamResponse:
        response: web.StreamResponse
        try:
            _check_host(request)
            if own_page:
                _check_origin(request)
            response = await handler(request)
        except Refused as no:
            response = web.json_response({"error": str(no)}, status=no.status)
        except web.HTTPException:
            raise
        except Exception:
            log.exception("%s %s", request.method, request.path)
            response = web.json_response({"error": "That did not go through. Please try again."}, status=503)
        if not response.prepared:
            response.headers.update(HEADERS)
        return response

    return guard


def _check_host(request: web.Request) -> None:
    """A foreign name that resolves to this machine (DNS rebinding) shows itself in the Host header."""
    try:
        host = URL(f"http://{request.headers.get('Host', '')}").host
    except ValueError:
        host = None
    if host not in LOOPBACK:
        raise Refused(403, "The playground answers only to this machine's own name, such as 127.0.0.1.")


def _check_origin(request: web.Request) -> None:
    """Browsers name the page behind every POST and WebSocket; another site's page may not act here."""
    if request.headers.get("Origin") != f"{request.scheme}://{request.headers['Host']}":
        raise Refused(403, "Only the playground's own page may do this.")


async def read(request: web.Request, shape: TypeAdapter[T]) -> T:
    """The JSON body, checked against ``shape``."""
    if request.content_type != "application/json":
        raise Refused(415, "Send JSON, with the content type application/json.")
    try:
        async with asyncio.timeout(PATIENCE):
            raw = await _raw(request)
    except TimeoutError:
        raise Refused(408, f"The request did not arrive within {PATIENCE} seconds.") from None
    try:
        return shape.validate_json(raw, strict=True)
    except ValidationError as error:
        raise Refused(400, _sentence(error)) from None


async def _raw(request: web.Request) -> bytes:
    raw = bytearray()
    async for chunk in request.content.iter_any():
        raw += chunk
        if len(raw) > LARGEST:
            raise Refused(413, "That is more than a mebibyte.")
    return bytes(raw)


def _sentence(error: ValidationError) -> str:
    """Names the first thing wrong, never the input: it may be long, or somebody else's words."""
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    if first["type"] == "json_invalid":
        return "This is not JSON."
    if first["type"] == "union_tag_invalid":
        return "The kind is none of those that people do here."
    where = next((str(name) for name in reversed(first["loc"]) if isinstance(name, str)), "the request")
    return f"Please check {where[:60]}: {first['msg'][:1].lower()}{first['msg'][1:]}."
