"""What is watched of the house: each act, each unit of work, each send. For logs, metrics and traces alike."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta
from time import perf_counter
from typing import Any, Literal, Protocol, TypeVar, TypeVarTuple

from bot.channel import REFERENCE, Channel, NotSent, Outgoing, Undeliverable, new_reference
from bot.dispatch import PATIENCE, Bot
from bot.forms import ShowForm
from bot.incoming import Incoming
from bot.messages import Message
from store.noted import Noted
from store.store import Store, Unavailable
from store.work import Work

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
_act: ContextVar["Span | None"] = ContextVar("_act", default=None)


@dataclass(slots=True, eq=False)
class Span:
    """Something that has a beginning and an end."""

    what: Literal["act", "unit", "send"]
    which: str
    """The channel of an act or a send; read or write."""
    result: str = ""
    """act: done, shown, refused, again, broke, busy, ignored. unit: done, busy, undone. send: sent, refused, later,
    throttled, unclear."""
    seconds: float = 0.0
    noted: list[Noted] = field(default_factory=list)
    """What is committed of it."""
    incoming: Incoming | None = None
    requested: bool = False
    """Whether an HTTP request brought the act."""
    after: timedelta | None = None
    """The pause that the channel asked for."""
    looked: bool = False
    """Whether it was first looked up, after an attempt of unknown outcome."""
    kept: Any = None
    """A watcher's own."""

    @property
    def verb(self) -> str:
        return next((each.which for each in self.noted if each.what == "act"), "")


class Watcher(Protocol):
    """Never raises: whatever it makes of it, the act goes on."""

    def begun(self, span: Span) -> None: ...
    def ended(self, span: Span) -> None: ...


@dataclass(frozen=True)
class Seeing:
    """Who watches."""

    watchers: tuple[Watcher, ...] = ()

    def store(self, store: Store) -> Store:
        return SeenStore(store, self)

    def channels(self, channels: Mapping[str, Channel]) -> Mapping[str, Channel]:
        """Nobody reads a log line a message; where nobody else watches, they stay as they are."""
        return {name: SeenChannel(name, each, self) for name, each in channels.items()}

    @contextmanager
    def over(self, span: Span) -> Iterator[Span]:
        for each in self.watchers:
            each.begun(span)
        since = perf_counter()
        try:
            yield span
        finally:
            span.seconds = perf_counter() - since
            for each in self.watchers:
                each.ended(span)


@dataclass(frozen=True)
class SeenBot(Bot):
    """Names each act, unless the request that brought it has a name already."""

    seeing: Seeing = Seeing()

    async def hear(self, incoming: Incoming, within: float = PATIENCE) -> ShowForm | Message | None:
        requested = bool(REFERENCE.get())
        named = None if requested else REFERENCE.set(new_reference())
        span = Span("act", incoming.here.channel, "busy", incoming=incoming, requested=requested)
        acting = _act.set(span)
        try:
            with self.seeing.over(span):
                shown = await super().hear(incoming, within)
                span.result = _result(span, shown)
                return shown
        finally:
            _act.reset(acting)
            if named is not None:
                REFERENCE.reset(named)


def _result(span: Span, shown: ShowForm | Message | None) -> str:
    said = {each.what for each in span.noted}
    for each in ("broke", "again", "refused"):
        if each in said:
            return each
    if not said and isinstance(shown, ShowForm):
        return "shown"
    return "done" if said or shown is not None else "ignored"


class SeenStore:
    """A store whose units are timed, and whose log lines bear the name of the act that they are of."""

    def __init__(self, store: Store, seeing: Seeing) -> None:
        self._store, self._seeing = store, seeing

    async def write(self, unit: Callable[[Work, *Ts], T], *args: *Ts, patience: float | None = None) -> T:
        with self._seeing.over(Span("unit", "write", "undone")) as span:
            try:
                done, noted = await self._store.write(_named(unit), *args, patience=patience)
            except Unavailable:
                span.result = "busy"
                raise
            span.result, span.noted = "done", noted
            if noted and (act := _act.get()) is not None:
                act.noted += noted
            return done

    async def read(self, unit: Callable[[Work, *Ts], T], *args: *Ts, patience: float | None = None) -> T:
        with self._seeing.over(Span("unit", "read", "undone")) as span:
            try:
                done, _ = await self._store.read(_named(unit), *args, patience=patience)
            except Unavailable:
                span.result = "busy"
                raise
            span.result = "done"
            return done

    async def migrate(self) -> None:
        await self._store.migrate()

    async def take_over(self) -> None:
        await self._store.take_over()

    def on_owed(self, woken: Callable[[], None]) -> None:
        self._store.on_owed(woken)

    async def close(self) -> None:
        await self._store.close()


def _named(unit: Callable[[Work, *Ts], T]) -> Callable[[Work, *Ts], tuple[T, list[Noted]]]:
    """Units may run on a thread that knows nothing of who asked."""
    name = REFERENCE.get()

    def named(work: Work, *args: *Ts) -> tuple[T, list[Noted]]:
        before = REFERENCE.set(name)
        try:
            return unit(work, *args), work.noted
        finally:
            REFERENCE.reset(before)

    return named


class SeenChannel:
    """A channel as the delivery sees it."""

    def __init__(self, name: str, channel: Channel, seeing: Seeing) -> None:
        self._name, self._channel, self._seeing = name, channel, seeing
        self.gap, self.burst, self.threads = channel.gap, channel.burst, channel.threads

    async def send(self, out: Outgoing) -> str:
        with self._seeing.over(Span("send", self._name, "unclear")) as span:
            try:
                receipt = await self._channel.send(out)
            except Undeliverable:
                span.result = "refused"
                raise
            except NotSent as error:
                span.result = "later" if error.after is None else "throttled"
                span.after = error.after
                raise
            span.result = "sent"
            return receipt

    async def sent(self, out: Outgoing) -> str | None:
        with self._seeing.over(Span("send", self._name, "unclear", looked=True)) as span:
            found = await self._channel.sent(out)
            span.result = "found" if found else "not found"
            return found
