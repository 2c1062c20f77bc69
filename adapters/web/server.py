"""The playground's routes: its page, what people do there, the live line and the business clock."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from aiohttp import web

from adapters.web.cast import CastMember, DemoClock
from adapters.web.edge import Refused, guarded
from adapters.web.live import Live
from adapters.web.log import Log
from adapters.web.playground import Playground
from bot.channel import Listener

STATIC = Path(__file__).parent / "static"
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def register(
    app: web.Application,
    bot: Listener,
    log: Log,
    clock: DemoClock,
    cast: Sequence[CastMember],
    *,
    zone: str = "America/New_York",
    label: str = "ET",
) -> None:
    """Serve the playground from ``app``; ``zone`` and ``label`` are those of the business clock on the page."""
    play = Playground(bot, log, clock, cast, zone, label)
    live = Live(log, clock.now, play.run)
    files = {path.name: path for path in STATIC.iterdir() if path.suffix in TYPES}
    app.add_routes(
        [
            web.get("/", guarded(partial(_file, files, "index.html"))),
            web.get("/play/static/{name}", guarded(partial(_file, files, ""))),
            web.get("/play/state", guarded(play.state)),
            web.get("/play/live", guarded(live.serve, own_page=True)),
            web.post("/play/act", guarded(play.act, own_page=True)),
            web.post("/play/clock", guarded(play.move, own_page=True)),
        ]
    )
    app.on_shutdown.append(live.close)


async def _file(files: dict[str, Path], name: str, request: web.Request) -> web.StreamResponse:
    """Only what stands in the package's folder, found by name: a path is never put together from a request."""
    path = files.get(name or request.match_info["name"])
    if path is None:
        raise Refused(404, "There is no such file.")
    return web.FileResponse(path, headers={"Content-Type": f"{TYPES[path.suffix]}; charset=utf-8"})
