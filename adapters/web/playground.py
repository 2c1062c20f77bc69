"""What the playground's page asks for: how things stand, an act of somebody's, a later time of day, and the session."""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from aiohttp import web
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, NaiveDatetime, TypeAdapter

from adapters.web.acts import ACT, Act, done, incoming, key
from adapters.web.backstage import Backstage
from adapters.web.cast import DESK, CastMember, DemoClock
from adapters.web.edge import Refused, read
from adapters.web.entries import from_bot
from adapters.web.journal import JOURNAL, Journal
from adapters.web.log import Entry, Log
from adapters.web.manners import Manners
from adapters.web.transcript import heading, lines
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
    next: Literal["morning", "event"] | None = None


MOVE = TypeAdapter(Move)


class Playground:
    """Steps are taken one after the other, each when all that followed from the one before has arrived: so the same
    session goes the same way again."""

    def __init__(
        self,
        bot: Listener,
        log: Log,
        clock: DemoClock,
        cast: Sequence[CastMember],
        zone: ZoneInfo,
        label: str,
        manners: Manners,
        backstage: Backstage,
        how: Mapping[str, int],
    ) -> None:
        self._bot, self._log, self._clock = bot, log, clock
        self._cast: Mapping[str, CastMember] = {member.id: member for member in cast}
        self._zone, self._label, self._backstage, self._how = zone, label, backstage, how
        self.manners, self.journal, self._turn = manners, Journal(log), asyncio.Lock()
        self.run = secrets.token_hex(8)

    async def state(self, _request: web.Request) -> web.Response:
        """All that a page starts from; its live line goes on from ``revision``."""
        entries = on_the_page(await self._log.since(0))
        return web.json_response(
            {
                "run": self.run,
                "now": self._clock.now().isoformat(timespec="minutes"),
                "zone": self._zone.key,
                "label": self._label,
                "cast": [asdict(member) for member in self._cast.values()],
                "rooms": [*self._cast, DESK],
                "revision": max((entry.revision for entry in entries), default=0),
                "manners": self.manners.names,
                "entries": self.manners.shown(entries),
            }
        )

    async def act(self, request: web.Request) -> web.Response:
        """200 once the bot has it, with the form to show if there is one; 503: not yet, send the same again."""
        act = await read(request, ACT)
        await self._check(act)
        try:
            form = await self.perform(act)
        except Busy:
            raise Refused(503, "The desk is busy. Nothing is lost: send it again.") from None
        shown = {**asdict(form), "drawn": self.manners.asked(form)} if form else None
        return web.json_response({"key": said(act), "form": shown})

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

    async def perform(self, act: Act) -> ShowForm | None:
        """The person's own words are on the page before the bot hears them, and say so until it has. Raises Busy."""
        async with self._turn:
            await self.journal.catch_up(self._clock.now())
            kept = await self._log.keep_once(act.room, said(act), done(act, self._clock.now()), act.thread)
            at = datetime.fromisoformat(str(kept.entry["at"]))  # a repetition is still the act of back then
            shown = await self._bot.hear(incoming(act, at))
            if isinstance(shown, Message):
                answer = from_bot(shown, self._clock.now(), only_for=act.who)
                await self._log.keep_once(act.room, f"{key(act)}:answer", answer, act.thread)
            form = shown if isinstance(shown, ShowForm) else None
            acked: dict[str, Any] = {"acked": True, "returned": form is not None and act.kind == "submitted"}
            await self._log.keep(act.room, kept.key, {**kept.entry, **acked}, kept.thread)
            if not kept.entry["acked"]:
                await self._backstage.settle()
                drawn = dict(self.manners.asked(form)) if form else None
                await self.journal.note(at, self._did(act), kept.key, drawn)
            return form

    def _did(self, act: Act) -> dict[str, Any]:
        """The act as a transcript has it: what it refers to goes by name."""
        told = act.model_dump(exclude_defaults=True, exclude={"key"})
        names = {name: self.journal.name(told[name]) for name in ("thread", "quotes") if name in told}
        return told | names

    async def move(self, request: web.Request) -> web.Response:
        to, now = await self._target(await read(request, MOVE)), self._clock.now()
        if to < now:
            here = now.astimezone(self._zone)
            already = f"{here:%a} {here.day} {here:%b %H:%M} {self._label}"
            raise Refused(400, f"The clock only moves forward, and it is {already} already.")
        if to - now > FARTHEST:
            raise Refused(400, "That is more than a year away. Please go in smaller steps.")
        await self.forward(to.astimezone(UTC))
        return web.json_response({"now": self._clock.now().isoformat(timespec="minutes")})

    async def forward(self, to: datetime) -> None:
        """Returns when all that this brings about has been seen."""
        async with self._turn:
            await self.journal.catch_up(self._clock.now())
            before = self._clock.now()
            await self._clock.forward(to)
            self._log.ring()
            if before < self._clock.now():
                await self._backstage.moved()
                await self._backstage.settle()
                await self.journal.note(before, {"kind": "moved", "to": self._clock.now().isoformat()})

    async def wait(self) -> None:
        """For what comes by itself."""
        async with self._turn:
            await self._backstage.settle()
            await self.journal.catch_up(self._clock.now())

    async def transcript(self) -> list[str]:
        async with self._turn:
            self.journal = Journal(self._log)  # as it is kept: somebody may have been erased
            await self.journal.catch_up(self._clock.now())
            return [heading(self.manners, self._how), *lines(await self.journal.steps(), self.manners)]

    async def save(self, _request: web.Request) -> web.Response:
        """All of it from the beginning of this playground's database, as a file for the tests."""
        name = f"attachment; filename=playground-{self._clock.now():%Y-%m-%d}.jsonl"
        body = "".join(f"{line}\n" for line in await self.transcript())
        return web.Response(text=body, content_type="application/jsonl", headers={"Content-Disposition": name})

    async def _target(self, move: Move) -> datetime:
        now = self._clock.now()
        match move:
            case Move(forward_minutes=int() as minutes, to=None, next=None):
                return now + timedelta(minutes=minutes)
            case Move(forward_minutes=None, to=datetime() as to, next=None):
                return to if to.tzinfo else to.replace(tzinfo=self._zone)
            case Move(forward_minutes=None, to=None, next="morning"):
                return self._backstage.morning(now)
            case Move(forward_minutes=None, to=None, next="event"):
                coming = await self._backstage.event(now)
                if coming is None:
                    raise Refused(400, "No case has anything to tell by itself. Report a problem first.")
                return coming
            case _:
                raise Refused(400, "Say either by how many minutes, to when, or to what.")


def on_the_page(entries: Sequence[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.room != JOURNAL]


def said(act: Act) -> str:
    """The log's key of the person's own words."""
    return f"{key(act)}:said"
