"""A strict fake of Microsoft's servers on real sockets: login, signing keys, the Bot Connector, and a foreign host."""

import json
import time
from collections.abc import Awaitable, Callable
from typing import Self

from aiohttp import web

from tests.slack.shapes import Invalid
from tests.teams import connector
from tests.teams.connector import Done
from tests.teams.faults import Call, refusal
from tests.teams.identity import Identity
from tests.teams.rates import Rates
from tests.teams.refusing import Refused

_SENDS = ("send", "reply", "update")
_UNLIMITED = ("typing", "delete")


class Far(Identity):
    """``async with Far() as far``; the app is told ``login_url`` and ``metadata_url``, and by Teams ``service_url``.

    ``violations`` has, in sentences, whatever an app should never send; a test ends with ``far.violations == []``.
    """

    def __init__(self) -> None:
        super().__init__()
        self.add_tenant(self.app.tenant, "Provider")
        self.region = "amer"
        """Teams moves conversations now and then: from then on the service URL is another."""
        self.rate_limit = False
        """Whether a conversation takes only as much as Microsoft publishes."""
        self.pace: Callable[[], float] = time.monotonic
        """What rates are measured with."""
        self._rates = Rates()
        self._connector = ""

    @property
    def service_url(self) -> str:
        return f"{self._connector}/{self.region}/"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def start(self) -> None:
        await self._start_identity()
        every = "/{region}/v3/conversations"
        activities, people = f"{every}/{{id}}/activities", f"{every}/{{id}}/members"
        paged = f"{every}/{{id}}/pagedmembers"
        self._connector = await self._served(
            web.post(every, self._serving("create")),
            web.post(activities, self._serving("send")),
            web.post(f"{activities}/{{about}}", self._serving("reply")),
            web.put(f"{activities}/{{about}}", self._serving("update")),
            web.delete(f"{activities}/{{about}}", self._serving("delete")),
            web.get(people, self._serving("members")),
            web.get(paged, self._serving("pagedmembers")),
            web.get(f"{people}/{{about}}", self._serving("member")),
            web.get("/{region}/v3/attachments/{about}/views/original", self._serve_picture),
            web.route("*", "/{rest:.*}", self._serve_nothing),
        )

    def picture_url(self, name: str) -> str:
        """Of a picture that stands in somebody's words."""
        return f"{self.service_url}v3/attachments/{name}/views/original"

    async def _serve_picture(self, request: web.Request) -> web.StreamResponse:
        """To the bot alone."""
        call = self._called("picture", request)
        try:
            self.tokens.check(call.token)
        except Refused as refused:
            self._wrong(call, refused.wrong)
            return self._ended(call, refused.status, refusal(refused.code, refused.message), refused.code)
        return web.Response(body=self.files.get(call.about, b""), status=200 if call.about in self.files else 404)

    def _serving(self, method: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def serve(request: web.Request) -> web.StreamResponse:
            raw = await request.text()
            call = self._called(method, request)
            try:
                call.args = json.loads(raw) if raw else {}
            except ValueError:
                self._wrong(call, f"no JSON: {raw[:100]!r}")
            if method in ("send", "reply") and isinstance(call.args, dict) and call.args.get("type") == "typing":
                call.method = "typing"
            return await self.next(call)(request, lambda: self._answer(call, request))

        return serve

    def _answer(self, call: Call, request: web.Request) -> web.StreamResponse:
        try:
            self.tokens.check(call.token)
            if call.args and request.content_type != "application/json":
                raise Refused(415, "UnsupportedMediaType", wrong=f"a body of the type {request.content_type}")
            if wait := self._too_often(call):
                waits = {"Retry-After": str(wait)}
                return self._ended(call, 429, refusal("Throttled", "Too many requests."), "Throttled", waits)
            done = self._do(call, request)
        except Refused as refused:
            self._wrong(call, refused.wrong)
            return self._ended(call, refused.status, refusal(refused.code, refused.message), refused.code)
        except Invalid as invalid:
            self._wrong(call, str(invalid))
            return self._ended(call, 400, refusal("BadSyntax", str(invalid)), "BadSyntax")
        except Exception as error:
            self._wrong(call, f"the fake itself fell over: {error!r}")
            raise
        self._wrong(call, done.wrong)
        return self._ended(call, done.status, done.body)

    def _do(self, call: Call, request: web.Request) -> Done:
        match call.method:
            case "create":
                return connector.create(self, call.args)
            case "send" | "reply" | "typing":
                return connector.send(self, call.conversation, call.args, call.about)
            case "update":
                return connector.update(self, call.conversation, call.about, call.args)
            case "delete":
                return connector.delete(self, call.conversation, call.about)
            case "members":
                return connector.members(self, call.conversation)
            case "pagedmembers":
                return connector.paged_members(self, call.conversation, dict(request.query))
        return connector.member(self, call.conversation, call.about)

    def _too_often(self, call: Call) -> int:
        if not self.rate_limit or call.method in _UNLIMITED:
            return 0
        what = "send" if call.method in _SENDS else call.method
        return self._rates.take(what, call.conversation, self.pace())
