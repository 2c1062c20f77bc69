"""How calls to Microsoft's servers go wrong: steps taken in order, or whenever a rule says so."""

from dataclasses import dataclass

from aiohttp import web

from tests.slack import faults
from tests.slack.faults import (
    Faults,
    Gate,
    Proceed,
    Rule,
    Step,
    bad_json,
    delay,
    drip,
    html,
    ok,
    recorded_then,
    reset_after_record,
    reset_before,
)

__all__ = [
    "Call",
    "Faults",
    "Gate",
    "Rule",
    "Step",
    "bad_json",
    "big_body",
    "delay",
    "drip",
    "html",
    "ok",
    "recorded_then",
    "reset_after_record",
    "reset_before",
    "status",
]

_CODES = {
    403: "MessageWritesBlocked",
    404: "ConversationNotFound",
    412: "PreconditionFailed",
    413: "MessageSizeTooBig",
    429: "Throttled",
}


@dataclass
class Call(faults.Call):
    """One request. ``method``: login, metadata, keys, create, send, reply, typing, update, delete, members, member."""

    conversation: str = ""
    """As the address names it."""
    about: str = ""
    """The id of the activity or member in the address."""
    region: str = ""
    """The service URL's own part of the path."""
    status: int = 0


def status(code: int, retry_after: int | None = None, error: str = "") -> Step:
    """Answered so, with nothing done."""

    async def step(request: web.Request, proceed: Proceed) -> web.StreamResponse:
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        name = error or _CODES.get(code, "ServiceError")
        return web.json_response(refusal(name, f"status {code}"), status=code, headers=headers)

    return step


def big_body(size: int = 8 * 1024 * 1024) -> Step:
    async def step(request: web.Request, proceed: Proceed) -> web.StreamResponse:
        return web.json_response({"id": "1", "filler": "x" * size})

    return step


def refusal(code: str, message: str) -> dict[str, dict[str, str]]:
    return {"error": {"code": code, "message": message}}
