"""Whatever Teams tells the app: put into activities, signed, sent, and sent again."""

import asyncio
import json
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import replace
from typing import Any, Self

import aiohttp

from tests.slack.shapes import Invalid
from tests.teams import answers, envelopes
from tests.teams.delivery import PATIENCE, Delivered, Http
from tests.teams.far import Far
from tests.teams.places import Conversation, Json, Posted, User


class Sending:
    def __init__(self, far: Far, url: str, session: aiohttp.ClientSession | None = None) -> None:
        self.far = far
        self.overhears = False
        """Whether the bot hears what is said in teams without a mention (ChannelMessage.Read.Group)."""
        self._opened = None if session else aiohttp.ClientSession()
        self.way = Http(url, session or self._opened)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        if self._opened:
            await self._opened.close()

    async def send(self, activity: Json, posted: Posted | None = None, token: str | None = None) -> Delivered:
        """Any activity whatever, with any token whatever; the answer is checked if it is one of success."""
        signed = self.far.sign(serviceurl=activity.get("serviceUrl", "")) if token is None else token
        self.far.heard.add(str(activity.get("id", "")))
        headers = {"Content-Type": "application/json; charset=utf-8"}
        headers |= {"Authorization": f"Bearer {signed}"} if signed else {}
        patience = min(answers.PATIENCE.get(str(activity.get("name")), PATIENCE), self.way.patience)
        done = await self.way.send(json.dumps(activity).encode(), headers, patience=patience)
        done = replace(done, activity=deepcopy(activity), posted=posted)
        self._check(done)
        return done

    async def raw(
        self,
        body: bytes,
        content_type: str = "application/json",
        token: str | None = None,
        method: str = "POST",
        **headers: str,
    ) -> Delivered:
        """Any body whatever; headers with _ for -, an empty one is left out."""
        signed = self.far.sign() if token is None else token
        made = {"Content-Type": content_type, "Authorization": f"Bearer {signed}" if signed else ""}
        made |= {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.way.send(body, {name: value for name, value in made.items() if value}, method)

    async def redeliver(
        self, last: Delivered, times: int = 1, new_ids: bool = False, together: bool = False
    ) -> list[Delivered]:
        """The same act again, under the same id as Teams does, or under new ones; freshly signed."""
        again = [deepcopy(last.activity) for _ in range(times)]
        for one in again if new_ids else ():
            one["id"] = envelopes.invoke_id() if one["type"] == "invoke" else self.far.stamp()
        sending = [self.send(one, last.posted) for one in again]
        return list(await asyncio.gather(*sending)) if together else [await one for one in sending]

    def _check(self, done: Delivered) -> None:
        what = done.activity.get("name") or done.activity.get("type")
        if done.status == 500:
            self.far.violations.append(f"the answer to {what}: 500, where nobody knows what was kept")
        if not done.kept or "type" not in done.activity:
            return
        try:
            answers.check_answer(done.activity, done.text, done.json)
        except Invalid as wrong:
            self.far.violations.append(f"the answer to {what}: {wrong}")

    # What acts are made of ----------------------------------------------------------------------------------------

    def _writes(self, user: str, place: str) -> tuple[User, Conversation, str]:
        """Who, where, and in which thread if the place names one."""
        person, found = self.far.users[user], self.far.place(place)
        assert user in found.members, f"{user} is not in {found.id}"
        return person, found, place.partition(";messageid=")[2]

    def _hears(self, place: Conversation) -> bool:
        return self.far.is_installed(place) and not place.blocked

    def _invoke(self, name: str, user: str, place: str, value: Any, about: Posted | None = None) -> Json:
        person, found, thread = self._writes(user, place)
        activity = envelopes.envelope(self.far, "invoke", person, found, about.thread if about else thread)
        activity |= {"id": envelopes.invoke_id(), "name": name, "value": value}
        if about:
            activity["replyToId"] = about.id
            source = {"source": {"name": "message"}, "legacy": {"replyToId": about.id}}
            activity["channelData"] = envelopes.channel_data(found, **source)
        return activity

    async def _told(self, activity: Json, place: Conversation, posted: Posted | None = None) -> Delivered:
        """Unless the bot is not there, or not heard."""
        if self._hears(place):
            return await self.send(activity, posted)
        return Delivered(200, "", 0.0, activity, posted=posted, sent=False)

    async def _all(self, activities: Iterable[Json], place: Conversation) -> list[Delivered]:
        return [await self._told(one, place) for one in activities]
