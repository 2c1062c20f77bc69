"""An app that keeps what Slack tells it."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import aiohttp
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.far import Far
from tests.slack.pieces import Json, message, section
from tests.slack.places import Message


@dataclass
class Heard:
    headers: dict[str, str]
    raw: str

    @property
    def body(self) -> Json:
        if self.headers["Content-Type"] == "application/json":
            made: Json = json.loads(self.raw)
            return made
        form = dict(parse_qsl(self.raw, keep_blank_values=True))
        return json.loads(form["payload"]) if "payload" in form else dict(form)

    @property
    def event(self) -> Json:
        event: Json = self.body["event"]
        return event


@dataclass
class Desk:
    """An app that keeps what it hears and answers what it is told to."""

    answers: list[web.Response] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    before: Callable[[], Awaitable[Any]] | None = None

    async def hear(self, request: web.Request) -> web.Response:
        self.heard.append(Heard(dict(request.headers), await request.text()))
        if self.before:
            await self.before()
        return self.answers.pop(0) if self.answers else web.Response()

    @property
    def last(self) -> Json:
        return self.heard[-1].body

    @property
    def events(self) -> list[Json]:
        return [heard.event for heard in self.heard]


async def posts(far: Far, channel: str = "CHELP", thread_ts: str | None = None, **more: Any) -> Message:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(far.installs[0].token, far.url, session=session)
        posted = await client.chat_postMessage(channel=channel, thread_ts=thread_ts, **{**message(section()), **more})
    return next(one for one in far.messages(channel) if one.ts == posted["ts"])
