"""``supporthub backup`` and ``restore``: the desk in one file, and back."""

from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from app.clock import Clock
from app.settings import Settings
from store import backup
from store.backup import Manifest
from store.current import NotCurrent, must_be_current, must_exist
from store.erasing import ACCOUNT, PERSON
from store.store import Unavailable, open_store
from store.tables import Tombstone
from store.work import Work

BACKED_UP = "backed_up"
"""The setting that says when the latest backup was made here."""


async def back_up(settings: Settings, file: Path) -> Manifest:
    """Beside a running desk, or without one."""
    url = settings.database_url.get_secret_value()
    made = await backup.back_up(url, file, Clock()().machine, version("supporthub"))
    store = open_store(url)
    with suppress(NotCurrent, Unavailable):  # it is whole without that note
        await must_be_current(store)
        await store.write(Work.set, BACKED_UP, made.at)
    await store.close()
    return made


async def restore(settings: Settings, file: Path, force: bool) -> tuple[Manifest, list[str]]:
    """And who was erased from the desk that was replaced, and is here again: as ``supporthub erase`` names them."""
    url = settings.database_url.get_secret_value()
    buried = await _buried(url)
    manifest = await backup.restore(url, file, force=force)
    store = open_store(url)
    try:
        return manifest, await store.write(_again, buried)
    finally:
        await store.close()


async def _buried(url: str) -> list[Tombstone]:
    """As far as the old desk can still be asked: it may be damaged, or gone."""
    try:
        must_exist(url)
        store = open_store(url)
        try:
            await must_be_current(store)
            return await store.read(Work.tombstones)
        finally:
            await store.close()
    except Exception:
        return []


def _again(work: Work, buried: list[Tombstone]) -> list[str]:
    for each in buried:
        work.keep_tombstone(each)
    people = [f"person {one.email}" for one in work.everybody() if one.email and work.tombstone(PERSON, one.email)]
    accounts = [f"account {one.slug}" for one in work.accounts() if work.tombstone(ACCOUNT, one.slug)]
    return accounts + people


def said_of(manifest: Manifest) -> str:
    at = datetime.fromisoformat(manifest.at).astimezone(UTC)
    return f"{manifest.cases} cases as of {at:%Y-%m-%d %H:%M:%S} UTC, schema {manifest.revision}"
