"""Logs: JSON lines in production, readable ones for a person at a terminal. No text, name or address of anybody's."""

import json
import logging
import re
import secrets
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from structlog.typing import EventDict, Processor

from bot.channel import REFERENCE

if TYPE_CHECKING:
    from app.seeing import Span

OURS = ("app", "adapters", "bot", "store", "rules")
"""All others are heard from WARNING on: vendors log what people write, or every request."""
LONGEST = 2000  # characters of one value: whatever a stranger sends, its line stays short
FRAMES = 12  # of a traceback, the innermost
EVERY, MOST = 60.0, 20  # seconds in which each of the loggers below says so much
SAMPLED = ("aiohttp.server", "mail.log", "mail.debug")
"""They have a line for each request that cannot be read."""
_ADDRESS = re.compile(r"[^\s<>@\"'(),:;]+@[^\s<>@\"'(),:;]+")
_HERE = Path(__file__).parent.parent
log = logging.getLogger("app.acts")


def set_up(readable: bool) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter(readable))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    for name in SAMPLED:
        logging.getLogger(name).addFilter(Sampled())


def formatter(readable: bool) -> logging.Formatter:
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _of_the_act,
        _traced(readable),
        _short,
    ]
    last = structlog.dev.ConsoleRenderer(colors=False) if readable else structlog.processors.JSONRenderer()
    chain = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, last]
    kind = structlog.stdlib.ProcessorFormatter if readable else _Lines
    return kind(foreign_pre_chain=shared, processors=chain)


class _Lines(structlog.stdlib.ProcessorFormatter):
    """The line of an act comes with every turn and holds bounded words alone: it needs nothing taken out."""

    def format(self, record: logging.LogRecord) -> str:
        if record.name != log.name:
            return super().format(record)
        at = datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z")
        line = {"event": record.msg, "level": "info", "logger": record.name, "timestamp": at}
        return json.dumps({**line, "request_id": REFERENCE.get(), **record.about})  # type: ignore[attr-defined]


class Acts:
    """A line for each act that was handled: whose and where only as hashes, which nobody turns back without the key."""

    def __init__(self, key: bytes = b"") -> None:
        self._key = blake2b(b"log " + (key or secrets.token_bytes(32))).digest()

    def begun(self, span: "Span") -> None:
        pass

    def ended(self, span: "Span") -> None:
        heard = span.incoming
        if span.what != "act" or heard is None or not log.isEnabledFor(logging.INFO):
            return
        here = heard.here
        about = {
            "verb": span.verb,
            "channel": span.which,
            "outcome": span.result,
            "ms": round(span.seconds * 1000, 1),
            "person": self.hashed(here.channel, here.tenant, heard.by.id),
            "room": self.hashed(here.channel, here.tenant, here.room),
        }
        record = logging.LogRecord(log.name, logging.INFO, __file__, 0, "act", None, None)
        record.about = about
        log.handle(record)

    def hashed(self, *whose: str) -> str:
        return blake2b("\0".join(whose).encode(errors="replace"), key=self._key, digest_size=6).hexdigest()


class Sampled(logging.Filter):
    """So many lines a minute, then one that says how many were left out: a flood of requests fills no disk."""

    def __init__(self, most: int = MOST, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._most, self._now = most, now
        self._until, self._said, self._left_out = 0.0, 0, 0

    def filter(self, record: logging.LogRecord) -> bool:
        left_out = self.allows()
        if left_out:
            record.msg, record.args = f"{record.getMessage()} (and {left_out} more before)", ()
        return left_out is not None

    def allows(self) -> int | None:
        """How many were left out before this one; None: so is this one."""
        now, before = self._now(), 0
        if now >= self._until:
            self._until, self._said, before, self._left_out = now + EVERY, 0, self._left_out, 0
        self._said += 1
        if self._said <= self._most:
            return before
        self._left_out += 1
        return None


def _of_the_act(_: object, __: str, event: EventDict) -> EventDict:
    if reference := REFERENCE.get():
        event["request_id"] = reference
    event.update(getattr(event.get("_record"), "about", {}))
    return event


def _traced(words: bool) -> Processor:
    """Where an exception was raised, and of which kind. Its own text may repeat what somebody wrote, or a secret: only
    a developer at a terminal reads that."""

    def traced(_: object, __: str, event: EventDict) -> EventDict:
        given = event.pop("exc_info", None)
        if isinstance(given, tuple) and isinstance(given[1], BaseException):
            event["exception"] = "\n".join(told(given[1], words))
        return event

    return traced


def told(error: BaseException, words: bool = False) -> Iterator[str]:
    """What it came from first, then the innermost frames."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield f"{_kind(before, words)}, and from that:"
    for frame in traceback.extract_tb(error.__traceback__)[-FRAMES:]:
        path = Path(frame.filename)
        place = path.relative_to(_HERE) if path.is_relative_to(_HERE) else Path(*path.parts[-2:])
        yield f"  {place}:{frame.lineno} in {frame.name}"
    yield _kind(error, words)


def _kind(error: BaseException, words: bool) -> str:
    """With what the system or the database calls it, which are nobody's words."""
    if words:
        return f"{type(error).__name__}: {error}"
    original = getattr(error, "orig", None) or error
    codes = (getattr(error, "strerror", None), getattr(original, "sqlite_errorname", None))
    known = [str(each) for each in (*codes, getattr(original, "sqlstate", None)) if each]
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    return f"{kind} ({', '.join(known)})" if known else kind


def _short(_: object, __: str, event: EventDict) -> EventDict:
    """Mail servers repeat whom they refuse; the whole of it stands in `supporthub dead show`."""
    return {name: _fit(value) if isinstance(value, str) else value for name, value in event.items()}


def _fit(value: str) -> str:
    said = value[: 2 * LONGEST]  # looking for addresses takes time with the square of the length
    said = _ADDRESS.sub("(an address)", said) if "@" in said else said
    return said if len(value) <= LONGEST else f"{said[:LONGEST]} … ({len(value)} characters)"
