"""Why a request is not answered: a status, a word for programs, a sentence for people."""

from collections.abc import Mapping
from dataclasses import replace

from aiohttp import web
from pydantic import ValidationError

from adapters.api.models import Problem
from bot.messages import Message
from bot.plain import plain

MEDIA = "application/problem+json"
TITLES = {
    400: "Bad request",
    401: "No valid token",
    403: "Not with this token",
    404: "Not found",
    405: "Not this way",
    408: "Too slow",
    409: "Not as things stand",
    413: "Too large",
    415: "Not JSON",
    422: "Not understood",
    429: "Too often",
    503: "Not now",
}
NOT_THERE = {"NoSuchCase", "NotForYou", "NotYours", "NotTheirs"}
NOT_NOW = {"NotNow", "CaseMoved", "AlreadyTaken"}
DETAILS = {
    "CaseMoved": "The case has changed since it was read. Read it again.",
    "TooLate": "The case was closed too long ago. Say what is wrong, and that becomes a new case.",
}
"""Where what people are told is about what they see below it, or could say."""


class No(Exception):
    def __init__(self, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        self.status, self.code, self.detail, self.headers = status, code, detail, dict(headers or {})
        super().__init__(code)


def not_there() -> No:
    """The same for what is not there, is another company's, or may not be done at all."""
    return No(404, "not_found", "There is no such thing here.")


def refused(said: Message) -> No:
    if said.refused in NOT_THERE:
        return not_there()
    detail = DETAILS.get(said.refused) or plain(replace(said, parts=said.parts[:1]))  # the reason alone
    return No(409 if said.refused in NOT_NOW else 422, _snake(said.refused), detail)


def invalid(error: ValidationError) -> No:
    """Names the first thing wrong, never the input: it may be long, or somebody's words."""
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    if first["type"] == "json_invalid":
        return No(400, "no_json", "The body is not JSON.")
    where = ".".join(str(each) for each in first["loc"])[:60] or "the request"
    message = first["msg"].removeprefix("Value error, ")
    return No(422, "invalid", f"Please check {where}: {message[:1].lower()}{message[1:]}.")


def response(no: No) -> web.Response:
    title = TITLES.get(no.status, "Refused")
    problem = Problem(title=title, status=no.status, code=no.code, detail=no.detail)
    return web.Response(
        text=problem.model_dump_json(), status=no.status, content_type=MEDIA, charset="utf-8", headers=no.headers
    )


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
