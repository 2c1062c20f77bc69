"""Where a calendar fetches an agreed time: a signed address for one appointment, for nothing else, and for a while."""

from aiohttp import web

from app.clock import Clock
from app.settings import Settings
from bot.desk.inviting import invited
from bot.invitations import MEDIA, Links
from rules.catalogue import Catalogues
from store.store import Store, Unavailable

PATIENCE = 5.0  # seconds
HEADERS = {
    "Cache-Control": "private, no-cache",  # it may have been called off meanwhile
    "X-Robots-Tag": "noindex",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def links(settings: Settings) -> Links | None:
    """None without an address at which browsers reach us, or a key to sign with: then no link is shown."""
    if settings.public_url is None or settings.secret_key is None:
        return None
    return Links(settings.public_url, settings.secret_key.get_secret_value().encode(), settings.oidc is not None)


def register(app: web.Application, links: Links, store: Store, clock: Clock, catalogues: Catalogues) -> None:
    async def appointment(request: web.Request) -> web.Response:
        now = clock()
        named = links.read(request.match_info["token"], now.business)
        if named is None:
            raise web.HTTPNotFound
        try:
            found = await store.read(invited, *named, now, catalogues, patience=PATIENCE)
        except Unavailable:
            raise web.HTTPServiceUnavailable from None
        if found is None:
            raise web.HTTPNotFound
        name = {"Content-Disposition": 'attachment; filename="appointment.ics"'}
        return web.Response(text=found.file(), content_type=MEDIA, charset="utf-8", headers={**HEADERS, **name})

    app.add_routes([web.get(r"/appointments/{token:[0-9a-f-]{1,120}}.ics", appointment)])
