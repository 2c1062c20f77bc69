"""People write to the contenders in Teams and wait for the replies."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from itertools import cycle, islice

from aiohttp import ClientSession

from benchmarks.teams_parts.contenders import PEOPLE, Contender, Result
from tests.teams import envelopes
from tests.teams.identity import Identity
from tests.teams.signing import Key

PATIENCE = 120.0
LEAST = 40  # turns of a round, however slow the machine: what is done beside them weighs little then
QUIET = 0.15
"""Seconds without a call to the connector, after which a server has said all it had to say."""


class Side(Identity):
    """The people's side of Teams."""

    connector = server = ""

    def __init__(self) -> None:
        super().__init__()
        self.add_tenant(self.app.tenant, "Provider")
        for number, person in enumerate(PEOPLE):
            self.add_user(person, f"Customer {number}")

    @property
    def service_url(self) -> str:
        return f"{self.connector}/{self.server}/"

    def message(self, person: str, words: str) -> bytes:
        """Each with an id of its own."""
        activity = envelopes.envelope(self, "message", self.users[person], self.place(person))
        activity |= {"id": self.stamp(), "text": words, "textFormat": "plain"}
        activity["attachments"] = [envelopes.as_html(words, [])]
        return json.dumps(activity).encode()

    def headers(self, key: Key | None = None) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.sign(key=key)}", "Content-Type": "application/json; charset=utf-8"}


@dataclass
class Heard:
    """What the played connector tells of what it was sent."""

    lines: asyncio.StreamReader
    latest: float = 0
    _waiting: "dict[tuple[str, str], asyncio.Future[bool]]" = field(default_factory=dict)

    async def listen(self) -> None:
        async for line in self.lines:
            server, place, signed = line.decode().split()
            self.latest = time.perf_counter()
            if waiting := self._waiting.pop((server, place), None):
                waiting.set_result(signed == "1")

    def reply(self, server: str, place: str) -> "asyncio.Future[bool]":
        """When the next one comes there, and whether it bears the bot's token."""
        made = self._waiting[server, place] = asyncio.get_running_loop().create_future()
        return made

    async def quiet(self) -> None:
        while (left := self.latest + QUIET - time.perf_counter()) > 0:
            await asyncio.sleep(left)


@dataclass
class Writing:
    side: Side
    heard: Heard
    session: ClientSession

    async def begin(self, one: Contender) -> None:
        """Everybody's first words, after a look at whether anybody else is let in."""
        self.side.server = one.name
        one.headers = self.side.headers(Key(-1))
        one.picky = await self._say(one, PEOPLE[0], "Let me in") >= 400
        one.headers = self.side.headers()
        await self.heard.quiet()
        trial = Result()
        for person in PEOPLE:
            await self._turn(one, person, trial)
        assert trial.refused < len(PEOPLE), f"{one.label} refuses all messages"
        assert one.picky, f"{one.label} believes anybody"
        assert not one.unsigned, f"{one.label} replies without its token"
        await self.heard.quiet()

    async def round(self, one: Contender, at_once: int, seconds: float, into: Result) -> None:
        self.side.server = one.name
        people, turns = list(islice(one.people, len(PEOPLE))), 0
        began, used = time.perf_counter(), one.used()

        async def write(some: list[str]) -> None:
            nonlocal turns
            for person in cycle(some):
                if time.perf_counter() > began + seconds and turns >= LEAST:
                    return
                done = await self._turn(one, person, into)
                turns += done

        await asyncio.gather(*(write(people[first::at_once]) for first in range(at_once)))
        took = time.perf_counter() - began
        await self.heard.quiet()
        into.rates.append(turns / took)
        into.cpus.append((one.used() - used) / turns * 1e3)
        next(one.people)  # somebody else is first in the next round

    async def _turn(self, one: Contender, person: str, into: Result) -> bool:
        """Whether there was one: 503 is none."""
        reply = self.heard.reply(one.name, self.side.place(person).id)
        status = await self._say(one, person, one.line(person))
        if status >= 300:
            into.refused += 1
            return False
        one.unsigned += not await asyncio.wait_for(reply, PATIENCE)
        return True

    async def _say(self, one: Contender, person: str, words: str) -> int:
        body = self.side.message(person, words)
        async with self.session.post(one.url, data=body, headers=one.headers) as response:
            await response.read()
            return response.status
