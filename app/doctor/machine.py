"""This machine and its settings: what can be known without asking anybody."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from yarl import URL

from app.channel_settings import is_loopback
from app.doctor.findings import Finding, ok, warning, wrong
from app.settings import HERE, Settings
from bot.understanding.articles import read_folder
from rules.catalogue import Catalogues, load_folder
from rules.toml_lines import Mistakes
from store.current import sqlite_file

MEGA = 1024**2
LEAST, LITTLE = 200 * MEGA, 1024 * MEGA
VARIED = 12
"""Different signs that a key which nobody chose by hand has at least."""
MANIFESTS = HERE / "manifests" / "slack"
EXAMPLE = "desk.example.com"


def settings_of(settings: Settings) -> Iterator[Finding]:
    yield ok("settings", f"good, in {settings.mode} mode.")
    yield from _key(settings)
    yield from _address(settings)
    yield from _proxies(settings)
    if settings.slack is not None:
        yield from _manifest(settings)


def _key(settings: Settings) -> Iterator[Finding]:
    key = settings.secret_key.get_secret_value() if settings.secret_key else ""
    make = "Make one with openssl rand -hex 32, and keep it where backups are not."
    if not key:
        without = "no webhooks, no signed records, no links to reports and appointments"
        yield warning("secret key", f"SUPPORTHUB_SECRET_KEY is not set: {without}.", make)
    elif len(set(key)) < VARIED:
        yield warning("secret key", f"only {len(set(key))} different signs: it can be guessed.", make)
    else:
        yield ok("secret key", f"{len(key)} characters.")


def _address(settings: Settings) -> Iterator[Finding]:
    url = settings.public_url
    if url is None:
        called = "; Slack, Teams and browsers call this desk" if settings.slack or settings.teams else ""
        do = "Set it to the origin at which the world reaches this server."
        yield warning("public URL", f"SUPPORTHUB_PUBLIC_URL is not set: the portal is off{called}.", do)
    elif not url.startswith("https://"):
        yield warning("public URL", f"{url} is not encrypted.", "Good for development alone.")
    else:
        yield ok("public URL", f"{url}")


def _proxies(settings: Settings) -> Iterator[Finding]:
    named = settings.trusted_proxies
    if any(each.prefixlen == 0 for each in named):
        do = "Name the addresses of your own proxies in SUPPORTHUB_TRUSTED_PROXIES."
        yield wrong("proxies", "everybody is believed about where a request came from.", do)
    elif named:
        yield ok("proxies", f"believed: {', '.join(map(str, named))}.")
    elif is_loopback(settings.host):
        yield ok("proxies", "one on this machine is believed.")
    else:
        do = "Name it in SUPPORTHUB_TRUSTED_PROXIES if there is one."
        yield warning("proxies", "a proxy on another machine is taken for all of its callers.", do)


def _manifest(settings: Settings) -> Iterator[Finding]:
    """The file that Slack's app was made from, where somebody has put their own server's name into it."""
    try:
        named = set(re.findall(r"https://([^/\s]+)/slack/", (MANIFESTS / "manifest.yaml").read_text(encoding="utf-8")))
    except OSError:
        return
    host = URL(settings.public_url).host if settings.public_url else None
    if named in ({EXAMPLE}, {host}):
        yield ok("manifest", "as shipped." if named == {EXAMPLE} else f"names {host}, as SUPPORTHUB_PUBLIC_URL does.")
    else:
        do = "Put one name into both, and the manifest's at Slack too (docs/slack.md)."
        at = f"manifest.yaml names {', '.join(sorted(named))}, SUPPORTHUB_PUBLIC_URL {host or 'nothing'}."
        yield warning("manifest", at, do)


def catalogues_of(settings: Settings) -> tuple[Catalogues | None, list[Finding]]:
    try:
        found = load_folder(settings.catalogues)
    except Mistakes as mistakes:
        do = "The server does not start with it: supporthub catalogue check."
        return None, [wrong("catalogues", str(each), do) for each in mistakes.mistakes]
    return found, [ok("catalogues", f"{', '.join(found.providers)}: {len(found.plans)} plans.")]


def knowledge_of(settings: Settings) -> Iterator[Finding]:
    try:
        yield ok("knowledge", f"{len(read_folder(settings.knowledge))} articles in the folder.")
    except Mistakes as mistakes:
        do = "The articles stay as they were: supporthub knowledge check."
        yield from (wrong("knowledge", str(each), do) for each in mistakes.mistakes)


def room_on_disk(settings: Settings) -> Iterator[Finding]:
    file = sqlite_file(settings.database_url.get_secret_value())
    if file is not None and file.parent.is_dir():
        size = file.stat().st_size if file.is_file() else 0
        yield _room("database", file.parent, size)
    if settings.files is not None:
        yield _room("files", settings.files, 0)


def _room(what: str, folder: Path, needed: int) -> Finding:
    """``needed``: octets that a backup takes beside what is there."""
    free = shutil.disk_usage(folder).free
    about, says = "disk", f"{free // MEGA} MB free beside the {what} ({folder})"
    if free < LEAST:
        return wrong(
            about, f"{says}: soon nothing can be kept.", "Make room, or move it: docs/operations.md, Disk full."
        )
    if free < max(LITTLE, 2 * needed):
        return warning(about, f"{says}: little for a backup, which needs the same once more.", "Make room.")
    return ok(about, f"{says}.")
