"""Whether this process lives, and whether it can do its work."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from aiohttp import web

from app.clock import Clock
from bot.breaker import Breaker
from store.revisions import newest
from store.store import Store, Unavailable
from store.work import Work

PATIENCE = 2.0  # seconds
LONG = timedelta(minutes=5)
"""For which no message should wait: a channel that takes none, or a flood."""


def register(
    app: web.Application,
    store: Store,
    clock: Clock,
    leaving: Callable[[], bool],
    ailing: Callable[[], Mapping[str, str]],
) -> None:
    current = newest()

    async def alive(_: web.Request) -> web.Response:
        return web.json_response({"status": "alive"})

    async def ready(_: web.Request) -> web.Response:
        """200 while the database takes writes and is of this release; says how long the oldest message has been due.

        What fails elsewhere is ``degraded``: another server would fare no better.
        """
        if leaving():
            return _not("this server is leaving")
        now = clock().machine
        try:
            await store.write(Work.set, "probe", now.isoformat(), patience=PATIENCE)
            due, at = await store.read(_look, patience=PATIENCE)
        except Unavailable:
            return _not("the database takes no writes")
        if at != current:
            return _not(f"the database is at revision {at or 'none'}, this release at {current}")
        waiting = max(timedelta(), now - due) if due else timedelta()
        degraded = {**ailing(), **({"queue": "messages wait"} if waiting > LONG else {})}
        said = {"status": "ready", "queue_age_seconds": round(waiting.total_seconds(), 1)}
        return web.json_response(said | ({"degraded": degraded} if degraded else {}))

    app.add_routes([web.get("/healthz", alive), web.get("/readyz", ready)])


def ailing(breakers: Mapping[str, Breaker], connections: Sequence[object]) -> dict[str, str]:
    """Channels that fail, and why, by their names; what their vendors said, without anybody's token in it."""
    silent = {name: "it does not answer" for name, breaker in breakers.items() if not breaker.closed}
    told = {str(getattr(each, "name", "")): str(getattr(each, "trouble", "") or "") for each in connections}
    return silent | {name: why for name, why in told.items() if why}


def _look(work: Work) -> tuple[datetime | None, str | None]:
    return work.next_due(), work.revision()


def _not(why: str) -> web.Response:
    return web.json_response({"status": why}, status=503)
