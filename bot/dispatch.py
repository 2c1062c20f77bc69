"""One incoming act: look, understand, then either show a form at once or act in one transaction."""

import asyncio
import logging
import re
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar, TypeVarTuple

from bot import letters
from bot.attachments import Keeping, put_by
from bot.channel import Busy, Home, reference
from bot.commands import COMMANDS
from bot.desk.linking import code_in
from bot.forms import ShowForm
from bot.home import greet
from bot.incoming import Address, Incoming, Pressed, Returned, Said, User, Written
from bot.invitations import Links
from bot.limits import Limits, TooMuch, spend
from bot.looking import look
from bot.messages import Message
from bot.slowing import held, put_off, slowed
from bot.strangers import NotAStranger, link
from bot.turn import Now
from bot.understanding import Ignore, tells_time, timed, understand
from bot.understanding.search import Knowledge, Shelf
from bot.unit import Moved, NotPlain, act, apologise, show
from bot.who import API
from rules.catalogue import Catalogues
from store.store import Store, Unavailable
from store.work import Work

log = logging.getLogger(__name__)
T = TypeVar("T")
Ts = TypeVarTuple("Ts")
PATIENCE = 2.5  # seconds: Slack waits three
NUMBERED = re.compile(r"\s*[a-z-]+\s+#?\d{4,9}\b", re.I)  # a word, and a number as cases have
FREE = {"ask", "schedule", "away", "open-for"}  # lines whose words are searched, or read as a date


@dataclass(frozen=True)
class Bot:
    store: Store
    catalogues: Catalogues
    clock: Callable[[], Now]
    wake: Callable[[], None]
    """Called after every commit that may owe something."""
    knowledge: Knowledge | Shelf = field(default_factory=Shelf)
    channels: Collection[str] = frozenset()
    """Those that are set up here: where else somebody can be reached."""
    links: Links | None = None
    """To agreed times, for people's calendars."""
    hold: timedelta = timedelta(0)
    """How long what the desk says to a customer can be taken back."""
    keeping: Keeping | None = None
    """None: no files are kept here."""
    limits: Limits | None = None
    """None: everybody may do as much as they like."""

    async def hear(self, incoming: Incoming, within: float = PATIENCE) -> ShowForm | Message | None:
        """What to show at once; None: done and committed. Raises Busy when nothing was kept: answer 503."""
        until = asyncio.get_running_loop().time() + within
        try:
            if waits := held(self.limits, incoming, self.clock()):
                return await put_off(self.store, incoming, waits, self.clock(), _left(until), self.wake)
            incoming = await self._put_by(incoming.cleaned())
            limits = self.limits
            for _ in range(3):
                try:
                    return await self._hear(incoming, until, limits)
                except Moved:
                    continue  # understood once more, with the question that is open now
                except TooMuch as much:
                    assert self.limits is not None, "else there is no such thing"
                    given = (self.limits, self.catalogues, incoming, much, self.clock())
                    if waits := await slowed(*given, _left(until)):
                        return await put_off(self.store, incoming, waits, self.clock(), _left(until), self.wake)
                    limits = None  # there was more for them: it is taken
            raise Busy("the question keeps changing")
        except (Busy, Unavailable) as error:
            raise Busy(str(error)) from error
        except Exception as error:
            if isinstance(incoming.body, Written | Returned):
                log.exception("a letter")
                raise Busy("a letter stays with its post office until it can be read") from error
            if incoming.here.channel == API:
                log.exception("a program's act")
                raise Busy("nothing of it is kept, so that the same act can be sent again") from error
            return await self._apologise(incoming, until)

    async def _put_by(self, incoming: Incoming) -> Incoming:
        """Before anything is decided: what is put by and not named by any case is thrown away later."""
        try:
            return replace(incoming, files=await put_by(incoming.files, self.keeping)) if incoming.files else incoming
        except OSError as error:
            raise Busy(f"files cannot be kept: {type(error).__name__}") from error

    async def _hear(self, incoming: Incoming, until: float, limits: Limits | None) -> ShowForm | Message | None:
        now = self.clock()
        house: Any = {
            "catalogues": self.catalogues,
            "links": self.links,
            "channels": self.channels,
            "keeping": self.keeping,
            "hold": self.hold,
            "limits": limits,
        }
        if isinstance(incoming.body, Returned) or (isinstance(incoming.body, Written) and not incoming.user):
            unit = partial(letters.without_author, catalogues=self.catalogues, channels=self.channels)
            return await self._write(unit, incoming, now, patience=_left(until))
        if code_in(incoming):
            spend(limits, incoming, None, None, now)
            with suppress(NotAStranger):
                by_code = partial(link, catalogues=self.catalogues, channels=self.channels)
                return await self._write(by_code, incoming, now, patience=_left(until))
        if plain_line(incoming):
            with suppress(NotPlain):
                plain = partial(act, **house, knowledge=self.knowledge)
                return await self._write(plain, incoming, None, None, now, patience=_left(until))
        scene = await self.store.read(look, incoming, now, self.catalogues, patience=_left(until))
        intent = understand(incoming, scene, self.knowledge)
        if tells_time(intent, scene):
            intent = await asyncio.to_thread(timed, intent, scene)
        if isinstance(intent, Ignore):
            return None
        shown = show(intent, incoming, scene)
        if shown is not None:
            return shown
        act_ = partial(act, **house)
        return await self._write(act_, incoming, scene, intent, now, patience=_left(until))

    async def _write(self, unit: Callable[[Work, *Ts], T], *args: *Ts, patience: float) -> T:
        """Nobody looks for messages where nothing is owed; where nobody knows, they do."""
        owes = True
        try:
            done, owes = await self.store.write(_and_owes(unit), *args, patience=patience)
            return done
        finally:
            if owes:
                self.wake()

    async def home(self, by: User, private: Address, line: str = "") -> Home:
        """What somebody is greeted with on their own page. Reads only."""
        try:
            return await self.store.read(greet, by, private, self.clock(), self.catalogues, line, patience=PATIENCE)
        except Unavailable as error:
            raise Busy(str(error)) from error

    async def mark(self) -> str:
        """See bot.channel.Host."""
        try:
            return await self.store.read(Work.queue_mark, patience=PATIENCE)
        except Unavailable as error:
            raise Busy(str(error)) from error

    async def seen(self, where: Address, until: datetime) -> None:
        """What stands there was seen up to then. Not worth a word where it cannot be kept."""
        try:
            if await self.store.read(unseen, where, patience=PATIENCE):
                await self.store.write(see, where, until, patience=PATIENCE)
        except Unavailable as error:
            log.warning("not noted that it was seen: %s", error)

    async def _apologise(self, incoming: Incoming, until: float) -> Message | None:
        """The unexpected: nothing of the act was done, and its person gets a reference instead of a traceback."""
        quoted = reference()
        log.exception("unexpected %s", quoted)
        unit = partial(apologise, reference=quoted, provider=next(iter(self.catalogues.providers.values())))
        try:
            return await self._write(unit, incoming, self.clock(), patience=max(_left(until), 0.5))
        except Unavailable as error:
            raise Busy(str(error)) from error


def unseen(work: Work, where: Address) -> bool:
    place = work.known_conversation(where.channel, where.tenant, where.room)
    return place is not None and (place.warned_at is not None or place.told_at is not None)


def see(work: Work, where: Address, until: datetime) -> None:
    work.see(work.conversation(where.channel, where.tenant, where.room), until)


def plain_line(incoming: Incoming) -> bool:
    """Whether it is a line that grammar alone reads: understood where it is carried out, it needs no look before."""
    match incoming.body:
        case Pressed(line):
            words = line.split(maxsplit=1)
        case Said(said) if not incoming.visible and said.startswith("/"):
            words = said.split(maxsplit=2)[1:]
        case Said(said) if incoming.addressed and NUMBERED.match(said):
            words = said.split(maxsplit=1)
        case _:
            return False
    return bool(words) and words[0].lower() in COMMANDS and words[0].lower() not in FREE


def _and_owes(unit: Callable[[Work, *Ts], T]) -> Callable[[Work, *Ts], tuple[T, bool]]:
    return lambda work, *args: (unit(work, *args), work.owes)


def _left(until: float) -> float:
    return max(until - asyncio.get_running_loop().time(), 0.0)
