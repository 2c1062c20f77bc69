"""What every HTTP request gets: a name, told to the caller as X-Request-Id; and what of them is refused, counted."""

import logging
from collections.abc import Callable
from time import perf_counter

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from app.logs import Sampled
from bot.channel import REFERENCE, new_reference

log = logging.getLogger(__name__)
HEADER = "X-Request-Id"
PLACES = {
    "/api/messages": "teams",
    "/slack/": "slack",
    "/api/": "api",
    "/portal": "portal",
    "/tab": "portal",
}
"""Whose paths they are; all others are the house's own."""
REASONS = {
    400: "malformed",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method",
    408: "slow",
    413: "large",
    415: "type",
    417: "malformed",
    421: "host",
    429: "rate",
    503: "busy",
}
Tell = Callable[[str, str, int, float], None]
"""Platform, method, status, seconds."""


def watch(app: web.Application, tell: Tell | None) -> None:
    app.middlewares.append(_named(tell))
    app.on_response_prepare.append(_tell_its_name)


def platform(path: str) -> str:
    return next((name for place, name in PLACES.items() if path.startswith(place)), "")


def refused(status: int) -> str:
    """Why; empty where it was not."""
    return REASONS.get(status, "other") if 400 <= status < 600 else ""


def _named(tell: Tell | None) -> Middleware:
    sampled = Sampled(most=5)

    @web.middleware
    async def named(request: web.Request, handler: Handler) -> web.StreamResponse:
        REFERENCE.set(new_reference())
        since, status, whose = perf_counter(), 500, platform(request.path)
        try:
            response = await handler(request)
            status = response.status
            return response
        except web.HTTPException as error:
            status = error.status
            raise
        finally:
            if whose:
                if tell is not None:
                    tell(whose, request.method, status, perf_counter() - since)
                if (why := refused(status)) and (left_out := sampled.allows()) is not None:
                    about = {"channel": whose, "outcome": why, "left_out": left_out}
                    log.warning("a request was refused", extra={"about": about})

    return named


async def _tell_its_name(request: web.Request, response: web.StreamResponse) -> None:
    response.headers[HEADER] = REFERENCE.get()
