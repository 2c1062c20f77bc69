"""Logs: JSON lines in production, readable ones for a person at a terminal. No text, name or address of anybody's."""

import logging
import re
import sys

import structlog
from structlog.typing import EventDict, Processor

# Vendors who log what people write, or every request.
QUIET = ("aiohttp.access", "asyncio", "alembic", "slack_bolt", "slack_sdk")
_ADDRESS = re.compile(r"[^\s<>@\"'(),:;]+@[^\s<>@\"'(),:;]+")


def set_up(readable: bool) -> None:
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _without_addresses,
    ]
    last = structlog.dev.ConsoleRenderer(colors=False) if readable else structlog.processors.JSONRenderer()
    chain = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, last]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=chain))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("aiohttp.server").addFilter(_without_traceback)


def _without_addresses(_: object, __: str, event: EventDict) -> EventDict:
    """Mail servers repeat whom they refuse; the whole of it stands in `supporthub dead show`."""
    return {
        name: _ADDRESS.sub("(an address)", value) if isinstance(value, str) else value for name, value in event.items()
    }


def _without_traceback(record: logging.LogRecord) -> bool:
    """aiohttp logs the raw bytes of what it cannot parse: whatever a stranger sent. Its own sentence is enough."""
    record.exc_info = None
    return True
