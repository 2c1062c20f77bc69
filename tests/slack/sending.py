"""Whatever Slack tells the app: put into requests, sent, and sent again."""

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import Any, Self

import aiohttp

from tests.slack import payloads
from tests.slack.delivery import Answer, Delivered, Http, Request, Wire, signed
from tests.slack.far import Far
from tests.slack.grants import Install
from tests.slack.places import Channel, Json, Message, User

_REASONS = {1: "http_error", 2: "http_timeout", 3: "http_error"}
_KINDS = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}


class Sending:
    def __init__(
        self,
        far: Far,
        url: str = "",
        signing_secret: str | None = None,
        session: aiohttp.ClientSession | None = None,
        clock: Callable[[], float] = time.time,
        events: Iterable[str] | None = None,
    ) -> None:
        self.far = far
        self.events = None if events is None else set(events)
        """The events that the manifest subscribes to ("message.im", ...); None: to all."""
        self._own = None if session or not url else aiohttp.ClientSession()
        self._secret = signing_secret or far.app.signing_secret
        used = session or self._own
        self.way: Http | Wire = Http(url, self._secret, used, clock) if used and url else Wire(far.sockets)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        if self._own:
            await self._own.close()

    def mention(self, place: str) -> str:
        """What people type there to call the bot."""
        return f"<@{self.bot(place)}>"

    def bot(self, place: str) -> str:
        """The bot's user id in a channel, or for a person."""
        install = self.far.installed_for(self.far.place(place))
        assert install, f"the app is not in {place}"
        return install.bot

    async def redeliver(
        self, last: Delivered, times: int = 1, new_ids: bool = True, marked: bool = False, together: bool = False
    ) -> list[Delivered]:
        """The same act again. Slack's retries keep the event id and are ``marked`` by headers; it was also seen to
        deliver under new ids with nothing to tell it by."""
        again = [last.fresh(self.far.number()) if new_ids else last for _ in range(times)]
        sending = [self._again(one, number, marked) for number, one in enumerate(again, 1)]
        return list(await asyncio.gather(*sending)) if together else [await one for one in sending]

    async def insist(self, last: Delivered, times: int = 3) -> Delivered:
        """Slack's own retries of events: until it is kept, at most three times."""
        for number in range(1, times + 1):
            if last.kept:
                break
            last = await self._again(last, number, marked=True)
        return last

    async def event(
        self, event: Json, place: str = "", team: str = "T1", sender: str = "", **changed: Any
    ) -> Delivered:
        """Any event whatever; ``changed`` replaces parts of the envelope."""
        channel = self.far.place(place) if place else None
        install = self.far.installed_for(channel) if channel else self.far.installed_in(team)
        assert install
        made = payloads.envelope(self.far, install, event, self.far.number(), channel, sender)
        return await self._sent(Request("events_api", made | changed))

    async def interactive(self, payload: Json) -> Delivered:
        """Any interaction whatever."""
        return await self._sent(Request("interactive", payload))

    async def raw(
        self,
        body: bytes,
        content_type: str = "application/json",
        age: float = 0,
        secret: str | None = None,
        method: str = "POST",
        **headers: str,
    ) -> Answer:
        """Any body whatever, signed ``age`` seconds ago; headers with _ for -, an empty one is left out."""
        assert isinstance(self.way, Http), "there is nothing raw down a socket"
        made = signed(secret or self._secret, body, self.way.clock() - age) | {"Content-Type": content_type}
        made |= {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.way.raw(body, {name: value for name, value in made.items() if value}, method)

    async def _again(self, last: Delivered, number: int, marked: bool) -> Delivered:
        answers = [
            await self.way.send(one, number, _REASONS.get(number, "http_error"), marked) for one in last.requests
        ]
        return Delivered(last.requests, tuple(answers), last.message, last.trigger)

    async def _sent(self, request: Request, trigger: str = "") -> Delivered:
        return Delivered((request,), (await self.way.send(request),), trigger=trigger)

    async def _events(
        self,
        channel: Channel | None,
        sender: str,
        events: list[tuple[str, Json]],
        message: Message | None = None,
        together: bool = False,
        install: Install | None = None,
    ) -> Delivered:
        install = install or (self.far.installed_for(channel) if channel else None)
        if install is None:
            return Delivered((), (), message)
        told = [event for name, event in events if self._told(name, channel, install)]
        number = self.far.number
        made = [payloads.envelope(self.far, install, event, number(), channel, sender) for event in told]
        requests = tuple(Request("events_api", body) for body in made)
        sending = [self.way.send(request) for request in requests]
        answers = await asyncio.gather(*sending) if together else [await one for one in sending]
        stands = self.far.find(message.channel, message.ts) if message else None
        return Delivered(requests, tuple(answers), stands)

    def _told(self, name: str, channel: Channel | None, install: Install) -> bool:
        """Whether the app subscribes to it, and has the scope for it."""
        kind = _KINDS[channel.kind] if channel else ""
        scope = {
            "message": f"{kind}:history",
            "app_mention": "app_mentions:read",
            "reaction_added": "reactions:read",
            "reaction_removed": "reactions:read",
            "member_joined_channel": f"{kind}:read",
            "member_left_channel": f"{kind}:read",
        }.get(name)
        full = f"message.{kind}" if name == "message" else name
        return (self.events is None or full in self.events) and (scope is None or scope in install.scopes)

    def _writes(self, user: str, place: str) -> Channel:
        person = self.far.users[user]
        channel = self.far.place(place) if place != user else self.far.direct(user, self._install_for(person))
        assert user in channel.members, f"{user} is not in {channel.id}"
        assert not channel.archived, f"{channel.id} is archived"
        return channel

    def _install_for(self, person: User) -> Install:
        install = self.far.installed_in(person.team)
        assert install, f"the app is not installed in {person.team}, where {person.id} is"
        return install

    def _install(self, channel: Channel) -> Install:
        install = self.far.installed_for(channel) or self.far.installed_in(channel.team)
        assert install, f"the app is not in {channel.id}"
        return install

    def _hears(self, channel: Channel) -> str:
        install = self.far.installed_for(channel)
        return install.bot if install else ""
