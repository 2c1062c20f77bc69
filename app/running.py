"""What the commands do that need the store, and what the server is made of only where they run it."""

import asyncio
import gc
import os
import sys
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from app.command import MISUSED, stop
from app.settings import Mode, Settings
from rules.catalogue import Catalogues, load_folder
from rules.toml_lines import Mistakes
from store.backup import Refused
from store.current import NotCurrent, must_be_current, must_exist
from store.failpoints import arm
from store.migrate import NewerSchema
from store.store import Unavailable, open_store
from store.work import Work

if TYPE_CHECKING:
    from bot.desk.directory import Imported
    from bot.erasing import Report
    from bot.erasing.subjects import Subject

T = TypeVar("T")


def serve(settings: Settings) -> None:
    gc.disable()  # until it is ready: a start makes hardly anything that does not stay
    from app import logs, server

    logs.set_up(readable=settings.mode is Mode.DEVELOPMENT)
    _run(lambda: server.serve(settings, lambda address: _ready(f"Support Hub is ready on {address}")))


def demo(settings: Settings) -> None:
    gc.disable()
    from app import demo as playground
    from app import logs

    logs.set_up(readable=True)
    try:
        _run(lambda: playground.demo(settings, lambda address: _ready(f"The playground is ready: {address}")))
    except playground.NotHere as wrong:
        stop(str(wrong), MISUSED)


def migrate(settings: Settings) -> None:
    async def run() -> None:
        store = open_store(settings.database_url.get_secret_value())
        await store.migrate()
        await store.close()

    _guarded(run)


def import_(settings: Settings, file: Path, kind: str) -> "Imported":
    """``kind``: directory, or what a spreadsheet holds: contacts, cases."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        stop("The file is not UTF-8 text.")

    from app import csv_import

    if kind in csv_import.KINDS:
        return _guarded(lambda: csv_import.import_(settings, file, text, kind))

    from app.clock import Clock
    from app.opening import open_house
    from bot.desk.importing import import_directory
    from bot.languages import languages
    from rules.directory import read

    async def run() -> "Imported":
        store, catalogues = await open_house(settings)
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
    from app import verify as verifying

    worded = verifying.as_json if as_json else verifying.as_line

    async def run() -> verifying.Verified:
        return await verifying.verify(settings, lambda finding: _say(worded(finding)), since, case)

    done = _guarded(run)
    print(done, file=sys.stderr if as_json else sys.stdout)
    return done.differences


def audit(settings: Settings, tolerance: timedelta) -> int:
    """How much is late; each is printed."""
    from app import audit as audits

    live, late = _guarded(lambda: audits.audit(settings, tolerance, lambda found: _say(str(found))))
    _say(f"{live} live cases looked at, {late} late.")
    return late


def record(settings: Settings, number: int, internal: bool) -> str:
    """The signed document."""
    secret = settings.secret_key
    if secret is None:
        stop("SUPPORTHUB_SECRET_KEY is needed: records are signed with a key made from it.", MISUSED)

    from app.clock import Clock
    from app.record import signed
    from bot import records

    def unit(work: Work, catalogues: Catalogues) -> dict[str, Any] | None:
        case = work.glance(number, None)
        return records.record(work, case, Clock()(), catalogues, internal=internal) if case else None

    found = in_the_house(settings, unit)
    if found is None:
        stop(f"There is no case {number}.")
    return signed(found, secret)


def export(settings: Settings, who: str, output: Path, find: Callable[[Work, str], "Subject"]) -> int:
    """How many rows were written."""
    from app import export as exports

    return _guarded(lambda: exports.export(settings, who, output, find))


def erase(settings: Settings, who: str, yes: bool, find: Callable[[Work, str], "Subject"]) -> "tuple[Report, Subject]":
    from app import erase as erasing

    return _guarded(lambda: erasing.erase(settings, who, yes, find))


def retention(settings: Settings, yes: bool) -> Iterable[str]:
    """What there is to say of it."""
    from app import retention as retaining

    found, done = _guarded(lambda: retaining.retention(settings, yes))
    return retaining.told(found, done if yes else None)


def back_up(settings: Settings, file: Path) -> None:
    from app import backup as backups

    done = _guarded(lambda: backups.back_up(settings, file))
    _say(f"{file} is written: {backups.said_of(done)}.")


def restore(settings: Settings, file: Path, verified: bool, force: bool) -> int:
    """How many differences there are, where it is verified."""
    from app import backup as backups

    done, again = _guarded(lambda: backups.restore(settings, file, force))
    _say(f"The desk is restored: {backups.said_of(done)}. Whoever was erased since then must be erased again.")
    for who in again:
        _say(f"Erased before, and here again: supporthub erase {who} --yes")
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
    except Unavailable as away:
        stop(f"{_sentence(str(away))} What to look at: supporthub doctor.")
    except (Mistakes, NewerSchema, NotCurrent, Refused) as wrong:
        stop(str(wrong))
    except OSError as error:
        of = f"{error.filename}: " if error.filename else ""
        stop(_sentence(f"{of}{error.strerror or error}"))


def _sentence(said: str) -> str:
    return said if said.endswith((".", "?")) else f"{said}."


def _ready(sentence: str) -> None:
    gc.freeze()  # the collector need never look at what a start made
    gc.enable()
    _say(sentence)


def _say(sentence: str) -> None:
    print(sentence, flush=True)
