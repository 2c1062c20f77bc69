"""How Teams' own requests travel, with the channel's token, and what came back."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.teams.places import Json, Posted

PATIENCE = 15.0


@dataclass(frozen=True)
class Delivered:
    """What became of one activity. ``status`` 0: no answer in time; ``sent`` False: Teams had nothing to send."""

    status: int
    text: str
    seconds: float
    activity: Json
    headers: Mapping[str, str] = field(default_factory=dict)
    posted: Posted | None = None
    """What the act left behind, or was done to."""
    sent: bool = True

    @property
    def kept(self) -> bool:
        return 200 <= self.status < 300

    @property
    def json(self) -> Any:
        try:
            return json.loads(self.text) if self.text else None
        except ValueError:
            return None

    @property
    def _body(self) -> Json:
        return self.json if isinstance(self.json, dict) else {}

    @property
    def id(self) -> str:
        return str(self.activity["id"])

    @property
    def card(self) -> Json | None:
        """The card that it was answered with: in the message's place, or in a dialog."""
        body = self._body
        if "task" in body:
            value = body["task"]["value"]
            return value["card"]["content"] if isinstance(value, dict) else None
        return body["value"] if str(body.get("type")).endswith("card.adaptive") else None

    @property
    def words(self) -> str:
        """The sentence that it was answered with, errors too."""
        value = self._body.get("task", self._body).get("value", "")
        return value if isinstance(value, str) else str(value.get("message", ""))


@dataclass
class Http:
    """Requests to the app's one address."""

    url: str
    session: aiohttp.ClientSession | None
    patience: float = PATIENCE

    async def send(
        self, body: bytes, headers: Mapping[str, str], method: str = "POST", patience: float = 0
    ) -> Delivered:
        agent = {"User-Agent": "Microsoft-SkypeBotApi (Microsoft-BotFramework/3.0)", "Accept": "*/*"}
        began, limit = time.monotonic(), aiohttp.ClientTimeout(total=patience or self.patience)
        assert self.session
        given = dict(data=body, headers={**agent, **headers}, timeout=limit, allow_redirects=False)
        try:
            async with self.session.request(method, self.url, **given) as response:  # type: ignore[arg-type]
                text = await response.text()
                return Delivered(response.status, text, time.monotonic() - began, {}, dict(response.headers))
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            return Delivered(0, repr(error), time.monotonic() - began, {})
