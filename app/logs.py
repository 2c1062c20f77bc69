"""Logs: JSON lines in production, readable ones for a person at a terminal. No text, name or address of anybody's."""

import logging
import sys

import structlog
from structlog.typing import Processor

# Vendors who log what people write, or every request.
QUIET = ("aiohttp.access", "asyncio", "alembic", "slack_bolt", "slack_sdk")


def set_up(readable: bool) -> None:
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    last = structlog.dev.ConsoleRenderer(colors=False) if readable else structlog.processors.JSONRenderer()
    chain = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, last]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=chain))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("aiohttp.server").addFilter(_without_traceback)


def _without_traceback(record: logging.LogRecord) -> bool:
    """aiohttp logs the raw bytes of what it cannot parse: whatever a stranger sent. Its own sentence is enough."""
    record.exc_info = None
    return True
