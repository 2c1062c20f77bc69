"""The playground's routes: its page, what people do there, the live line and the business clock."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from aiohttp import web

from adapters.web.backstage import Backstage, Nothing
from adapters.web.cast import CastMember, DemoClock
from adapters.web.edge import Refused, guarded
from adapters.web.live import Live
from adapters.web.log import Log
from adapters.web.manners import Manners, Writer
from adapters.web.playground import Playground
from bot.channel import Listener
from bot.messages import Message

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
    writers: Mapping[str, Writer] | None = None,
    backstage: Backstage | None = None,
    plain: Callable[[Message], str] = str,
    how: Mapping[str, int] | None = None,
) -> Playground:
    """Serve the playground from ``app``; ``zone`` and ``label`` are those of the business clock on the page,
    ``writers`` the vendors in whose manner it can be shown, ``plain`` words mail, ``how`` has the settings that a
    session depends on."""
    there, manners = ZoneInfo(zone), Manners(writers or {}, plain)
    play = Playground(bot, log, clock, cast, there, label, manners, backstage or Nothing(there), how or {})
    live = Live(log, clock.now, play.run, manners)
    files = {path.name: path for path in STATIC.iterdir() if path.suffix in TYPES}
    app.add_routes(
        [
            web.get("/", guarded(partial(_file, files, "index.html"))),
            web.get("/play/static/{name}", guarded(partial(_file, files, ""))),
            web.get("/play/state", guarded(play.state)),
            web.get("/play/live", guarded(live.serve, own_page=True)),
            web.post("/play/act", guarded(play.act, own_page=True)),
            web.post("/play/clock", guarded(play.move, own_page=True)),
            web.get("/play/transcript", guarded(play.save)),
        ]
    )
    app.on_shutdown.append(live.close)
    return play


async def _file(files: dict[str, Path], name: str, request: web.Request) -> web.StreamResponse:
    """Only what stands in the package's folder, found by name: a path is never put together from a request."""
    path = files.get(name or request.match_info["name"])
    if path is None:
        raise Refused(404, "There is no such file.")
    return web.FileResponse(path, headers={"Content-Type": f"{TYPES[path.suffix]}; charset=utf-8"})
