"""A strict fake of Slack's Web API on a real socket: it refuses what Slack refuses, and keeps what it was told."""

import inspect
import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Self

from aiohttp import web

from tests.slack import arguments, oauth
from tests.slack.arguments import Arguments
from tests.slack.faults import Call, Faults
from tests.slack.files import Shelf
from tests.slack.grants import Install, Refused
from tests.slack.history import LIMITED
from tests.slack.methods import ALL_SCOPES, METHODS, Method, token_of
from tests.slack.places import Json
from tests.slack.responses import respond
from tests.slack.shapes import Invalid
from tests.slack.sockets import Sockets
from tests.slack.state import State

_SELDOM = ("conversations.history", "conversations.replies")


@dataclass
class Bucket:
    """Calls that may still be made at once."""

    left: float
    at: float


class Far(State, Faults):
    """``async with Far() as far``: then far.url is what the app takes for https://slack.com/api/.

    ``violations`` has, in sentences, whatever an app should never send; a test ends with ``far.violations == []``.
    """

    def __init__(self, scopes: Iterable[str] = ALL_SCOPES) -> None:
        State.__init__(self, set(scopes))
        Faults.__init__(self)
        self.add_workspace("T1", "Provider")
        self.calls: list[Call] = []
        self.violations: list[str] = []
        self.codes: dict[str, oauth.Code] = {}
        self.rate_limit = False
        """Whether a channel takes only one message a second, four at once."""
        self.history_limited = False
        """Whether it is an app that many workspaces install from outside the marketplace: few looks, short ones."""
        self.tiered = False
        """Whether any other app may read fifty times a minute, and no oftener."""
        self.pace: Callable[[], float] = time.monotonic
        """What rates are measured with."""
        self.sockets = Sockets(self.app.id, self.violations)
        self.base = ""
        self.shelf = Shelf(self)
        self._buckets: dict[tuple[str, str], Bucket] = {}

    @property
    def url(self) -> str:
        return f"{self.base}/api/"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def start(self) -> None:
        app = web.Application(client_max_size=4 * 1024 * 1024)
        app.router.add_route("*", "/api/{method}", self._serve)
        app.router.add_get("/link", self.sockets.serve)
        app.router.add_post("/respond/{name}", self._respond)
        app.router.add_get("/files-pri/{rest:.*}", self.shelf.serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.base = self.shelf.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def close(self) -> None:
        await self.sockets.close()
        await self._runner.cleanup()

    def called(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    def consent(self, address: str, user: str, whole_organisation: bool = False, rotating: bool = False) -> str:
        """The user allows what the authorize page at ``address`` asks: where their browser is sent back to."""
        return oauth.consent(self, self.codes, address, user, whole_organisation, rotating)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        given = await arguments.read(request)
        call = Call(name, given.values, given.token, self.clock())
        self.calls.append(call)
        return await self.next(call)(request, lambda: self._answer(call, given))

    def _answer(self, call: Call, given: Arguments) -> web.StreamResponse:
        try:
            answer = {"ok": True, **self._do(call.method, given)}
        except Invalid as wrong:
            self._note(call, str(wrong))
            answer = {"ok": False, "error": wrong.error, "response_metadata": {"messages": [f"[ERROR] {wrong}"]}}
        except Refused as refusal:
            if refusal.wrong:
                self._note(call, refusal.wrong)
            answer = {"ok": False, "error": refusal.error, **refusal.extra}
        except Exception as error:
            self._note(call, f"the fake itself fell over: {error!r}")
            raise
        call.answer = "ok" if answer["ok"] else str(answer["error"])
        return _sent(answer, self._scopes(given.token))

    def _scopes(self, token: str) -> dict[str, str]:
        """As Slack tells them with every answer to a bot's token."""
        try:
            return {"x-oauth-scopes": ",".join(sorted(token_of(self, token).install.scopes))}
        except Refused:
            return {}

    def _do(self, name: str, given: Arguments) -> Json:
        method = METHODS.get(name)
        if method is None:
            raise Refused("unknown_method", "this method does not exist, or nobody thought that we need it")
        arguments.check(name, given)
        if given.wrong:
            raise Refused("invalid_arguments", "; ".join(given.wrong))
        given.values.pop("team_id", None)
        if method.by == "client":
            values = {**given.values, "token": given.token} if name == "oauth.v2.exchange" else given.values
            return method.does(self, self.codes, given.client, **values)
        if method.by == "app":
            return self._connections(given)
        return self._for_bot(name, method, given)

    def _for_bot(self, name: str, method: Method, given: Arguments) -> Json:
        install = token_of(self, given.token).install
        if method.scope and method.scope not in install.scopes:
            provided = ",".join(sorted(install.scopes))
            raise Refused("missing_scope", f"needs {method.scope}", needed=method.scope, provided=provided)
        values = dict(given.values)
        if name == "chat.postMessage" and self.rate_limit:
            self._take(("post", self._room(values)), 4, 1.0)
        if name in _SELDOM and self.tiered and not self.history_limited:
            self._take((name, given.token), 50, 1.2)
        if name == "users.list" and self.tiered:
            self._take((name, given.token), 20, 3.0)
        if name in _SELDOM and self.history_limited:
            self._take((name, given.token), 1, 60.0)
            values["limit"] = min(values.get("limit") or LIMITED, LIMITED)
        return _bound(method, self, install, values)

    def _room(self, values: Json) -> str:
        """One and the same whether it is named by the person or by the channel."""
        named = self.channels.get(values["channel"])
        return named.person or named.id if named else str(values["channel"])

    def _take(self, what: tuple[str, str], most: int, each: float) -> None:
        now = self.pace()
        bucket = self._buckets.setdefault(what, Bucket(most, now))
        bucket.left, bucket.at = min(most, bucket.left + (now - bucket.at) / each), now
        if bucket.left < 1:
            raise Refused("ratelimited", seconds=math.ceil((1 - bucket.left) * each))
        bucket.left -= 1

    def _connections(self, given: Arguments) -> Json:
        if given.token != self.app.app_token:
            raise Refused("invalid_auth")
        return {"url": f"{self.base.replace('http', 'ws', 1)}/link?ticket={self.sockets.ticket()}&app_id={self.app.id}"}

    def _note(self, call: Call, wrong: str) -> None:
        self.violations.append(f"{call.method}: {wrong}")

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        call = Call("response_url", await request.json(), request.match_info["name"], self.clock())
        self.calls.append(call)
        return await self.next(call)(request, lambda: self._responded(call))

    def _responded(self, call: Call) -> web.StreamResponse:
        try:
            respond(self, call.token, call.args)
        except Invalid as wrong:
            self._note(call, str(wrong))
            call.answer = wrong.error
            return web.Response(text=wrong.error, status=400)
        except Refused as refusal:
            if refusal.wrong:
                self._note(call, refusal.wrong)
            call.answer = refusal.error
            return web.json_response({"ok": False, "error": refusal.error}, status=404)
        call.answer = "ok"
        return web.Response(text="ok")


def _bound(method: Method, state: State, install: Install, values: Json) -> Json:
    try:
        inspect.signature(method.does).bind(state, install, **values)
    except TypeError as error:
        raise Refused("invalid_arguments", f"not needed by us, or lacking: {error}") from None
    return method.does(state, install, **values)


def _sent(answer: Json, headers: dict[str, str]) -> web.StreamResponse:
    if answer.get("error") != "ratelimited":
        return web.json_response(answer, headers=headers)
    seconds: Any = answer.pop("seconds")
    return web.json_response(answer, status=429, headers={**headers, "Retry-After": str(seconds)})
