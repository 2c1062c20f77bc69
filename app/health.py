"""Whether this process lives, and whether it can do its work."""

from collections.abc import Callable

from aiohttp import web

from app.clock import Clock
from store.store import Store, Unavailable
from store.work import Work

PATIENCE = 2.0  # seconds


def register(app: web.Application, store: Store, clock: Clock, leaving: Callable[[], bool]) -> None:
    async def alive(_: web.Request) -> web.Response:
        return web.json_response({"status": "alive"})

    async def ready(_: web.Request) -> web.Response:
        """200 while the database takes writes; says how long the oldest message has been due, in seconds."""
        if leaving():
            return web.json_response({"status": "this server is leaving"}, status=503)
        now = clock().machine
        try:
            await store.write(Work.set, "probe", now.isoformat(), patience=PATIENCE)
            due = await store.read(Work.next_due, patience=PATIENCE)
        except Unavailable:
            return web.json_response({"status": "the database takes no writes"}, status=503)
        waiting = max(0.0, (now - due).total_seconds()) if due else 0.0
        return web.json_response({"status": "ready", "queue_age_seconds": round(waiting, 1)})

    app.add_routes([web.get("/healthz", alive), web.get("/readyz", ready)])
