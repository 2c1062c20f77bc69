"""What the commands do that need the whole house: loaded only when one of them runs."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NoReturn, TypeVar

from app import demo as playground
from app import logs, server
from app.clock import Clock
from app.settings import Mode, Settings
from bot.desk.directory import Imported, apply
from rules.directory import read
from rules.toml_lines import Mistakes
from store.failpoints import arm
from store.migrate import NewerSchema
from store.store import Unavailable, open_store

T = TypeVar("T")
REFUSED, MISUSED = 1, 2


def serve(settings: Settings) -> None:
    logs.set_up(readable=settings.mode is Mode.DEVELOPMENT)
    _run(lambda: server.serve(settings, lambda address: _say(f"Support Hub is ready on {address}")))


def demo(settings: Settings) -> None:
    logs.set_up(readable=True)
    _run(lambda: playground.demo(settings, lambda address: _say(f"The playground is ready: {address}")))


def migrate(settings: Settings) -> None:
    async def run() -> None:
        store = open_store(settings.database_url.get_secret_value())
        await store.migrate()
        await store.close()

    _guarded(run)


def import_(settings: Settings, file: Path) -> Imported:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        _stop("The file is not UTF-8 text.", REFUSED)

    async def run() -> Imported:
        store, catalogues = await server.open_house(settings)
        try:
            directory = read(text, catalogues.plans, file.name)
            return await store.write(apply, directory, Clock()().machine)
        finally:
            await store.close()

    return _guarded(run)


def _run(what: Callable[[], Awaitable[None]]) -> None:
    arm(os.environ.get("FAILPOINT"))
    _guarded(what)


def _guarded(run: Callable[[], Awaitable[T]]) -> T:
    """What can be expected to go wrong is told in sentences, all of it at once."""

    async def go() -> T:
        return await run()

    try:
        return asyncio.run(go())
    except (Mistakes, NewerSchema, Unavailable) as wrong:
        _stop(str(wrong), REFUSED)
    except playground.NotHere as wrong:
        _stop(str(wrong), MISUSED)
    except OSError as error:
        _stop(f"{error.strerror or error}", REFUSED)


def _say(sentence: str) -> None:
    print(sentence, flush=True)


def _stop(sentence: str, status: int) -> NoReturn:
    print(sentence, file=sys.stderr)
    sys.exit(status)
