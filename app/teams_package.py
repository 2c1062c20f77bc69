"""The app as Teams takes it: the manifest with this desk's id and host, and the icons, in one zip."""

import re
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from adapters.teams.hosts import LABEL
from app.channel_settings import GUID
from app.settings import HERE, Misconfigured

FOLDER = HERE / "manifests" / "teams"
MANIFEST, ICONS = "manifest.json", ("color.png", "outline.png")
HOST = re.compile(rf"(?=.{{1,253}}\Z)(?:{LABEL}\.)+(?!\d+\Z){LABEL}", re.ASCII | re.IGNORECASE)
NO_ID = "--app-id or MICROSOFT_APP_ID must be an id such as 72f988bf-86f1-41af-91ab-2d7cd011db47."
NO_HOST = "--host or SUPPORTHUB_PUBLIC_URL must be a host such as desk.example.com, without port and path."
NEVER = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can name: packing twice makes the same bytes


def package(app_id: str, host: str) -> bytes:
    """``host`` may also be the address of that host alone. Raises Misconfigured."""
    host = host.removeprefix("https://").removesuffix("/")
    wrong = []
    if not GUID.fullmatch(app_id):
        wrong.append(NO_ID)
    if not HOST.fullmatch(host):
        wrong.append(NO_HOST)
    if wrong:
        raise Misconfigured(wrong)
    return _zipped({MANIFEST: _filled(app_id.lower(), host.lower()), **{name: _read(name) for name in ICONS}})


def _filled(app_id: str, host: str) -> bytes:
    return _read(MANIFEST).replace(b"{{APP_ID}}", app_id.encode()).replace(b"{{HOST}}", host.encode())


def _read(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def _zipped(files: dict[str, bytes]) -> bytes:
    """Not compressed: what a compressor makes of the same bytes differs between its releases."""
    whole = BytesIO()
    with ZipFile(whole, "w", ZIP_STORED) as archive:
        for name, content in files.items():
            entry = ZipInfo(name, NEVER)
            entry.create_system, entry.external_attr = 3, 0o644 << 16  # as on Linux, wherever it is packed
            archive.writestr(entry, content)
    return whole.getvalue()
