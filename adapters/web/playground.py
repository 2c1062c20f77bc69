"""What the playground's page asks for: how things stand, an act of somebody's, and a later time of day."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, NaiveDatetime, TypeAdapter

from adapters.web.acts import ACT, Act, done, incoming, key
from adapters.web.cast import DESK, CastMember, DemoClock
from adapters.web.edge import Refused, read
from adapters.web.entries import from_bot
from adapters.web.log import Log
from bot.channel import Busy, Listener
from bot.forms import ShowForm
from bot.messages import Message

FARTHEST = timedelta(days=366)
"""One step of the clock: beyond it, a slip of the keyboard would age every case by decades."""


class Move(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    forward_minutes: int | None = Field(default=None, ge=1, le=FARTHEST // timedelta(minutes=1))
    to: AwareDatetime | NaiveDatetime | None = None
    """Without an offset, the wall clock of the playground's zone."""


MOVE = TypeAdapter(Move)


class Playground:
    def __init__(
        self, bot: Listener, log: Log, clock: DemoClock, cast: Sequence[CastMember], zone: str, label: str
    ) -> None:
        self._bot, self._log, self._clock = bot, log, clock
        self._cast: Mapping[str, CastMember] = {member.id: member for member in cast}
        self._zone, self._label = ZoneInfo(zone), label
        self.run = secrets.token_hex(8)

    async def state(self, _request: web.Request) -> web.Response:
        """All that a page starts from; its live line goes on from ``revision``."""
        entries = await self._log.since(0)
        return web.json_response(
            {
                "run": self.run,
                "now": self._clock.now().isoformat(timespec="minutes"),
                "zone": self._zone.key,
                "label": self._label,
                "cast": [asdict(member) for member in self._cast.values()],
                "rooms": [*self._cast, DESK],
                "revision": max((entry.revision for entry in entries), default=0),
                "entries": [asdict(entry) for entry in entries],
            }
        )

    async def act(self, request: web.Request) -> web.Response:
        """200 once the bot has it, with the form to show if there is one; 503: not yet, send the same again."""
        act = await read(request, ACT)
        await self._check(act)
        try:
            form = await self._perform(act)
        except Busy:
            raise Refused(503, "The desk is busy. Nothing is lost: send it again.") from None
        return web.json_response({"key": said(act), "form": asdict(form) if form else None})

    async def _check(self, act: Act) -> None:
        who = self._cast.get(act.who)
        if who is None:
            raise Refused(403, "Nobody of that name plays here.")
        if act.room != who.id and not (who.desk and act.room == DESK):
            raise Refused(403, f"{who.name} has no part in that room.")
        for reference in filter(None, (act.thread, act.quotes)):
            there = await self._log.find(reference)
            if there is None or there.room != act.room:
                raise Refused(400, "It refers to a message that is not in this room.")

    async def _perform(self, act: Act) -> ShowForm | None:
        """The person's own words are on the page before the bot hears them, and say so until it has."""
        kept = await self._log.keep_once(act.room, said(act), done(act, self._clock.now()), act.thread)
        at = datetime.fromisoformat(str(kept.entry["at"]))  # a repetition is still the act of back then
        shown = await self._bot.hear(incoming(act, at))
        if isinstance(shown, Message):
            answer = from_bot(shown, self._clock.now(), only_for=act.who)
            await self._log.keep_once(act.room, f"{key(act)}:answer", answer, act.thread)
        form = shown if isinstance(shown, ShowForm) else None
        acked: dict[str, Any] = {"acked": True, "returned": form is not None and act.kind == "submitted"}
        await self._log.keep(act.room, kept.key, {**kept.entry, **acked}, kept.thread)
        return form

    async def move(self, request: web.Request) -> web.Response:
        to, now = self._target(await read(request, MOVE)), self._clock.now()
        if to < now:
            here = now.astimezone(self._zone)
            already = f"{here:%a} {here.day} {here:%b %H:%M} {self._label}"
            raise Refused(400, f"The clock only moves forward, and it is {already} already.")
        if to - now > FARTHEST:
            raise Refused(400, "That is more than a year away. Please go in smaller steps.")
        await self._clock.forward(to.astimezone(UTC))
        self._log.ring()
        return web.json_response({"now": self._clock.now().isoformat(timespec="minutes")})

    def _target(self, move: Move) -> datetime:
        match move:
            case Move(forward_minutes=int() as minutes, to=None):
                return self._clock.now() + timedelta(minutes=minutes)
            case Move(forward_minutes=None, to=datetime() as to):
                return to if to.tzinfo else to.replace(tzinfo=self._zone)
            case _:
                raise Refused(400, "Say either by how many minutes, or to when.")


def said(act: Act) -> str:
    """The log's key of the person's own words."""
    return f"{key(act)}:said"
