"""A bot that keeps what Teams tells it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from botbuilder.schema import Activity

from tests.teams.places import Json, Posted, guid

ANN, BOB = guid("ann"), guid("bob")
TEAM, HELP, GROUP = "19:desk@thread.tacv2", "19:help@thread.tacv2", "19:chat@thread.v2"


@dataclass
class Desk:
    """An app that keeps what it hears and answers what it is told to."""

    answers: list[Any] = field(default_factory=list)
    heard: list[Json] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)

    async def hear(self, request: web.Request) -> web.StreamResponse:
        self.heard.append(await request.json())
        self.tokens.append(request.headers.get("Authorization", ""))
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, web.Response):
            return answer
        return web.Response() if answer is None else web.json_response(answer)

    @property
    def last(self) -> Json:
        return self.heard[-1]

    def read(self) -> Any:
        """As Microsoft's own library reads it."""
        return Activity().deserialize(self.last)


Says = Callable[..., Awaitable[Posted]]
