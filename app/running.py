"""What the commands do that need the whole house: loaded only when one of them runs."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from app import audit as audits
from app import backup as backups
from app import csv_import, logs, server
from app import demo as playground
from app import erase as erasing
from app import export as exports
from app import verify as verifying
from app.clock import Clock
from app.record import signed
from app.settings import Mode, Settings
from bot import records
from bot.desk.directory import Imported
from bot.desk.importing import import_directory
from bot.erasing import Report
from bot.languages import languages
from bot.subjects import Subject
from rules.catalogue import Catalogues, load_folder
from rules.directory import read
from rules.toml_lines import Mistakes
from store.backup import Refused
from store.current import NotCurrent, must_be_current, must_exist
from store.failpoints import arm
from store.migrate import NewerSchema
from store.store import Unavailable, open_store
from store.work import Work

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


def import_(settings: Settings, file: Path, kind: str) -> Imported:
    """``kind``: directory, or what a spreadsheet holds: contacts, cases."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        _stop("The file is not UTF-8 text.", REFUSED)

    if kind in csv_import.KINDS:
        return _guarded(lambda: csv_import.import_(settings, file, text, kind))

    async def run() -> Imported:
        store, catalogues = await server.open_house(settings)
        try:
            directory = read(text, catalogues.plans, file.name, languages())
            try:
                done = await store.write(import_directory, directory, catalogues, Clock()())
            except Mistakes as wrong:
                raise wrong.of(file.name) from None
            for doubt in directory.doubts:
                _say(f"Imported all the same: {doubt}")
            return done
        finally:
            await store.close()

    return _guarded(run)


def verify(settings: Settings, since: datetime | None, case: int | None, as_json: bool) -> int:
    """How many differences there are; each is printed."""
    worded = verifying.as_json if as_json else verifying.as_line

    async def run() -> verifying.Verified:
        return await verifying.verify(settings, lambda finding: _say(worded(finding)), since, case)

    done = _guarded(run)
    print(done, file=sys.stderr if as_json else sys.stdout)
    return done.differences


def audit(settings: Settings, tolerance: timedelta) -> int:
    """How much is late; each is printed."""
    live, late = _guarded(lambda: audits.audit(settings, tolerance, lambda found: _say(str(found))))
    _say(f"{live} live cases looked at, {late} late.")
    return late


def record(settings: Settings, number: int, internal: bool) -> str:
    """The signed document."""
    secret = settings.secret_key
    if secret is None:
        _stop("SUPPORTHUB_SECRET_KEY is needed: records are signed with a key made from it.", MISUSED)

    def unit(work: Work, catalogues: Catalogues) -> dict[str, Any] | None:
        case = work.glance(number, None)
        return records.record(work, case, Clock()(), catalogues, internal=internal) if case else None

    found = in_the_house(settings, unit)
    if found is None:
        _stop(f"There is no case {number}.", REFUSED)
    return signed(found, secret)


def export(settings: Settings, who: str, output: Path, find: Callable[[Work, str], Subject]) -> int:
    """How many rows were written."""
    return _guarded(lambda: exports.export(settings, who, output, find))


def erase(settings: Settings, who: str, yes: bool, find: Callable[[Work, str], Subject]) -> tuple[Report, Subject]:
    return _guarded(lambda: erasing.erase(settings, who, yes, find))


def back_up(settings: Settings, file: Path) -> None:
    done = _guarded(lambda: backups.back_up(settings, file))
    _say(f"{file} is written: {backups.said_of(done)}.")


def restore(settings: Settings, file: Path, verified: bool, force: bool) -> int:
    """How many differences there are, where it is verified."""
    done = _guarded(lambda: backups.restore(settings, file, force))
    _say(f"The desk is restored: {backups.said_of(done)}. Whoever was erased since then must be erased again.")
    return verify(settings, None, None, as_json=False) if verified else 0


def in_the_house(settings: Settings, unit: Callable[[Work, Catalogues], T]) -> T:
    """One unit of work, in a store that is there and of this release."""

    async def run() -> T:
        catalogues, url = load_folder(settings.catalogues), settings.database_url.get_secret_value()
        must_exist(url)
        store = open_store(url)
        try:
            await must_be_current(store)
            return await store.write(unit, catalogues)
        finally:
            await store.close()

    return _guarded(run)


def asked(run: Callable[[], Awaitable[T]]) -> T:
    """What a vendor is asked for, beside the server or without it."""
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
    except (Mistakes, NewerSchema, NotCurrent, Refused, Unavailable) as wrong:
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
