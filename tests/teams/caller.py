"""A bare client of Microsoft's servers, for tests of the fake: it adds nothing and hides nothing."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import aiohttp

from tests.teams.far import Far
from tests.teams.login import SCOPE
from tests.teams.places import Json


@dataclass(frozen=True)
class Answered:
    status: int
    text: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def code(self) -> str:
        """The error's."""
        error = self.json["error"]
        return str(error["code"] if isinstance(error, dict) else error)

    @property
    def id(self) -> str:
        return str(self.json["id"])


@dataclass
class Caller:
    far: Far
    session: aiohttp.ClientSession
    token: str = ""

    async def login(self, tenant: str = "", **changed: str) -> Answered:
        app = self.far.app
        form = {"grant_type": "client_credentials", "client_id": app.id, "client_secret": app.secret, "scope": SCOPE}
        url = f"{self.far.login_url}/{tenant or app.tenant}/oauth2/v2.0/token"
        answered = await self.ask("POST", url, data={**form, **changed})
        self.token = answered.json.get("access_token", "") if answered.status == 200 else self.token
        return answered

    async def ask(self, verb: str, url: str, **given: Any) -> Answered:
        async with self.session.request(verb, url, **given) as response:
            return Answered(response.status, await response.text(), dict(response.headers))

    async def call(self, verb: str, path: str, body: Any = None, **given: Any) -> Answered:
        """Of the Bot Connector, with the token there is."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return await self.ask(
            verb, f"{self.far.service_url}v3/conversations{path}", json=body, headers=headers, **given
        )

    async def create(self, body: Json) -> Answered:
        return await self.call("POST", "", body)

    async def send(self, place: str, activity: Any, reply_to: str = "") -> Answered:
        return await self.call("POST", self._path(place, reply_to), activity)

    async def update(self, place: str, id: str, activity: Json) -> Answered:
        return await self.call("PUT", self._path(place, id), activity)

    async def delete(self, place: str, id: str) -> Answered:
        return await self.call("DELETE", self._path(place, id))

    async def members(self, place: str, id: str = "") -> Answered:
        room = quote(self.far.place(place).id, safe="")
        return await self.call("GET", f"/{room}/members" + (f"/{quote(id, safe='')}" if id else ""))

    def _path(self, place: str, id: str) -> str:
        """``place`` may be a person."""
        room = self.far.place(place).id if place in self.far.users else place
        return f"/{quote(room, safe='')}/activities" + (f"/{id}" if id else "")
