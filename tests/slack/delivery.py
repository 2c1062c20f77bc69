"""How Slack's own requests travel: signed over HTTP, or down a Socket Mode connection; and what came back."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from urllib.parse import urlencode

import aiohttp

from tests.slack.places import Json, Message
from tests.slack.sockets import Sockets

PATIENCE = 3.0
Kind = Literal["events_api", "slash_commands", "interactive"]


@dataclass(frozen=True)
class Request:
    kind: Kind
    body: Json

    @property
    def content_type(self) -> str:
        return "application/json" if self.kind == "events_api" else "application/x-www-form-urlencoded"

    @property
    def raw(self) -> bytes:
        if self.kind == "events_api":
            return json.dumps(self.body).encode()
        form = self.body if self.kind == "slash_commands" else {"payload": json.dumps(self.body)}
        return urlencode(form).encode()


@dataclass(frozen=True)
class Answer:
    """To one request. ``status`` 0: none within three seconds, or the connection broke."""

    status: int
    text: str
    seconds: float
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def json(self) -> Any:
        try:
            return json.loads(self.text) if self.text else None
        except ValueError:
            return None


@dataclass(frozen=True)
class Delivered:
    """What became of an act: of every request that Slack makes of it, in their order."""

    requests: tuple[Request, ...]
    answers: tuple[Answer, ...]
    message: Message | None = None
    """What the act left behind in the channel."""
    trigger: str = ""

    @property
    def status(self) -> int:
        """The worst of them; 0: one went without any answer. 200 if Slack had nothing to send."""
        statuses = [answer.status for answer in self.answers]
        return 0 if 0 in statuses else max(statuses, default=200)

    @property
    def kept(self) -> bool:
        return all(200 <= answer.status < 300 for answer in self.answers)

    @property
    def json(self) -> Any:
        return self.answers[-1].json if self.answers else None

    @property
    def text(self) -> str:
        return self.answers[-1].text if self.answers else ""

    @property
    def seconds(self) -> float:
        return max((answer.seconds for answer in self.answers), default=0.0)

    @property
    def ts(self) -> str:
        assert self.message, "the act left no message behind"
        return self.message.ts

    def fresh(self, number: int) -> "Delivered":
        """The same act under new event ids, as Slack was seen to deliver it again."""
        made = []
        for offset, request in enumerate(self.requests):
            event = {"event_id": f"Ev{number:010}{offset}"} if request.kind == "events_api" else {}
            made.append(replace(request, body={**request.body, **event}))
        return replace(self, requests=tuple(made))


def signed(secret: str, body: bytes, at: float) -> dict[str, str]:
    """The two headers by which Slack vouches for a body."""
    stamp = str(int(at))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


@dataclass
class Http:
    """Requests to the app's one address."""

    url: str
    secret: str
    session: aiohttp.ClientSession
    clock: Any = time.time
    """What requests are stamped with when they are signed."""
    patience: float = PATIENCE

    async def send(self, request: Request, attempt: int = 0, reason: str = "", marked: bool = True) -> Answer:
        headers = {"Content-Type": request.content_type}
        if attempt and marked:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        return await self.raw(request.raw, headers | signed(self.secret, request.raw, self.clock()))

    async def raw(self, body: bytes, headers: Mapping[str, str], method: str = "POST") -> Answer:
        agent = {"User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)", "Accept": "application/json,*/*"}
        began, limit = time.monotonic(), aiohttp.ClientTimeout(total=self.patience)
        given = dict(data=body, headers={**agent, **headers}, timeout=limit, allow_redirects=False)
        try:
            async with self.session.request(method, self.url, **given) as response:  # type: ignore[arg-type]
                text = await response.text()
                return Answer(response.status, text, time.monotonic() - began, dict(response.headers))
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            return Answer(0, repr(error), time.monotonic() - began)


@dataclass
class Wire:
    """The same, down the connection that the app keeps open."""

    sockets: Sockets
    patience: float = PATIENCE

    async def send(self, request: Request, attempt: int = 0, reason: str = "", marked: bool = True) -> Answer:
        began = time.monotonic()
        await asyncio.wait_for(self.sockets.connected.wait(), self.patience)
        again = (attempt, reason) if marked else (0, "")
        envelope = await self.sockets.send(request.kind, request.body, request.kind != "events_api", *again)
        try:
            said = await self.sockets.acked(envelope, self.patience)
        except TimeoutError as error:
            return Answer(0, repr(error), time.monotonic() - began)
        return Answer(200, json.dumps(said) if said else "", time.monotonic() - began)
