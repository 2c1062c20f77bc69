"""Files, as the settings have them: put by, fetched, scanned, and opened by whoever may see their case."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from aiohttp import web

from app.clock import Clock
from app.fetching import Fetcher
from app.scanning import Scanner
from app.settings import Mode, Settings
from app.shelf import Folder
from bot.attachments import KEPT, FileLinks, Keeping
from bot.channel import Holder
from bot.files import fit
from bot.keeping import Keeper
from bot.sniffing import PICTURES, UNKNOWN
from store.store import Store, Unavailable
from store.tables import Attachment
from store.work import Work

PATIENCE = 5.0  # seconds
MEGA = 1024 * 1024
# Nothing that somebody sent ever acts on our pages: no script, no frame, no guess about what it is, no name of ours.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "private, no-store",
}


class Files:
    """Where files are kept; made only where the settings name a folder."""

    def __init__(self, settings: Settings, store: Store, clock: Clock, connections: Sequence[object]) -> None:
        assert settings.files is not None, "without a folder nothing is kept"
        self.largest = settings.files_largest * MEGA
        self.folder = Folder(settings.files, self.largest)
        self.holders: Mapping[str, Holder] = {
            str(getattr(each, "name", "")): holder
            for each in connections
            if (holder := getattr(each, "files", None)) is not None
        }
        self.keeping = Keeping(self.folder, _links(settings), frozenset(self.holders), self.largest)
        self._store, self._clock = store, clock
        self._scan = Scanner(settings.scan_command, self.folder) if settings.scan_command else None
        self.fetcher = Fetcher(self.folder, self.largest, settings.mode is not Mode.PRODUCTION)

    def keeper(self, catalogues: object, wake: object) -> Keeper:
        given = (self._store, catalogues, self._clock, wake, self.folder, self.holders, self.fetcher, self._scan)
        return Keeper(*given)  # type: ignore[arg-type]

    def register(self, app: web.Application) -> None:
        if self.keeping.links is not None:
            app.add_routes([web.get(r"/files/{token:[0-9a-f-]{1,120}}", self._by_link)])

    async def _by_link(self, request: web.Request) -> web.StreamResponse:
        """Said in a chat to whoever may see the case, and good for some days; all that is wrong reads alike."""
        links = self.keeping.links
        number = links.read(request.match_info["token"], self._clock().business) if links else None
        if number is None:
            raise web.HTTPNotFound
        try:
            found = await self._store.read(Work.attachment, number, patience=PATIENCE)
        except Unavailable:
            raise web.HTTPServiceUnavailable from None
        answer = self.opened(found)
        if answer is None:
            raise web.HTTPNotFound
        return answer

    def opened(self, file: Attachment | None) -> web.StreamResponse | None:
        """None: it is not here (any more, or yet)."""
        return opened(self.folder, file)


def opened(folder: Folder, file: Attachment | None) -> web.StreamResponse | None:
    if file is None or file.state != KEPT or file.sha256 is None:
        return None
    path = folder.path(file.sha256)
    if not path.is_file():
        return None
    return web.FileResponse(path, headers=headers_of(file))


def headers_of(file: Attachment) -> dict[str, str]:
    """Browsers show none of it by itself; of kinds only those of pictures are told."""
    kind = file.media_type if file.media_type in PICTURES else UNKNOWN
    return {**HEADERS, "Content-Type": kind, "Content-Disposition": disposition(file.name)}


def disposition(name: str) -> str:
    """RFC 6266: always to be saved, never shown; a page's own pictures are shown all the same."""
    shown = fit(name)
    plain = "".join(sign if sign.isascii() and sign not in '"\\%;' else "_" for sign in shown)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(shown, safe='')}"


def _links(settings: Settings) -> FileLinks | None:
    if settings.public_url is None or settings.secret_key is None:
        return None
    return FileLinks(settings.public_url, settings.secret_key.get_secret_value().encode())
