"""``supporthub backup`` and ``restore``: the desk in one file, and back."""

from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from app.clock import Clock
from app.settings import Settings
from store import backup
from store.backup import Manifest


async def back_up(settings: Settings, file: Path) -> Manifest:
    """Beside a running desk, or without one."""
    url = settings.database_url.get_secret_value()
    return await backup.back_up(url, file, Clock()().machine, version("supporthub"))


async def restore(settings: Settings, file: Path, force: bool) -> Manifest:
    return await backup.restore(settings.database_url.get_secret_value(), file, force=force)


def said_of(manifest: Manifest) -> str:
    at = datetime.fromisoformat(manifest.at).astimezone(UTC)
    return f"{manifest.cases} cases as of {at:%Y-%m-%d %H:%M:%S} UTC, schema {manifest.revision}"
