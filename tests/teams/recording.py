"""Whatever Microsoft's servers are asked: kept, gone wrong with where that was wanted, and answered."""

from typing import Any

from aiohttp import web

from tests.teams.faults import Call, Faults
from tests.teams.state import State


class Recording(State, Faults):
    def __init__(self) -> None:
        State.__init__(self)
        Faults.__init__(self)
        self.calls: list[Call] = []
        self.violations: list[str] = []
        self._runners: list[web.AppRunner] = []

    def called(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    async def close(self) -> None:
        for runner in self._runners:
            await runner.cleanup()

    async def _served(self, *routes: web.RouteDef) -> str:
        """On a port of its own, so that each is another host."""
        app = web.Application(client_max_size=4 * 1024 * 1024)
        app.router.add_routes(routes)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self._runners.append(runner)
        return f"http://127.0.0.1:{runner.addresses[0][1]}"

    def _called(self, method: str, request: web.Request, args: Any = None) -> Call:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        call = Call(method, args or {}, token if kind == "Bearer" else "", self.clock())
        named = request.match_info
        call.conversation, call.about, call.region = (named.get(name, "") for name in ("id", "about", "region"))
        self.calls.append(call)
        return call

    def _wrong(self, call: Call, wrong: str) -> None:
        if wrong:
            self.violations.append(f"{call.method}: {wrong}")

    def _no_token(self, call: Call) -> None:
        if call.token:
            self._wrong(call, "a token was shown to a host that it is not for")

    def _ended(
        self, call: Call, status: int, body: Any, answer: str = "ok", headers: dict[str, str] | None = None
    ) -> web.Response:
        call.status, call.answer = status, answer
        if body is None:
            return web.Response(status=status, headers=headers)
        return web.json_response(body, status=status, headers=headers)
