"""The listener for whoever watches the server: metrics behind a token, health, and nothing of the desk's."""

import asyncio
import hmac
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiohttp import web

from app import guarding, requests
from app.clock import Clock
from app.metrics import Metrics
from app.port import Port
from app.settings import Settings
from bot.auditing import PAGE, page
from bot.rounds import rounds
from rules.catalogue import Catalogues
from store.store import Store
from store.work import Work

log = logging.getLogger(__name__)
METRICS = "/metrics"
CONTENT = "text/plain; version=0.0.4; charset=utf-8"
LATE = timedelta(minutes=2)
"""A warning that is later than that should have been given."""
AUDIT = 300.0  # seconds between two audits
BETWEEN = 0.02  # seconds between two pages of one
LOOK = 0.5  # seconds between two looks at the clock


@dataclass
class Admin:
    settings: Settings
    store: Store
    catalogues: Catalogues
    clock: Clock
    metrics: Metrics
    _runner: Port | None = field(default=None)

    async def start(self, health: Callable[[web.Application], None]) -> None:
        app = web.Application(client_max_size=1024)
        guarding.register(app)
        requests.watch(app, None)
        app.router.add_get(METRICS, self._told)
        health(app)
        self._runner = Port(app)
        await self._runner.setup()
        await self._runner.listen(self.settings.admin_host, self.settings.admin_port, "SUPPORTHUB_ADMIN_PORT")
        log.info("metrics are on %s", self.address)

    @property
    def address(self) -> str:
        assert self._runner is not None, "it was started"
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}{METRICS}"

    async def close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def rounds(self) -> list[Coroutine[Any, Any, None]]:
        """Until cancelled."""
        return [rounds("the audit", self.audit, AUDIT), self._lag()]

    async def audit(self) -> None:
        """Once through all live cases, in small steps."""
        late = 0
        for after in range(0, await self.store.read(Work.last_case), PAGE):
            _, found = await self.store.read(page, after, self.clock().business, LATE, self.catalogues)
            late += len(found)
            await asyncio.sleep(BETWEEN)
        self.metrics.violations.set(late)
        self.metrics.audited.set_to_current_time()

    async def _lag(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + LOOK
            await asyncio.sleep(LOOK)
            self.metrics.loop.observe(max(0.0, loop.time() - due))

    async def _told(self, request: web.Request) -> web.Response:
        if not self._may(request):
            raise web.HTTPForbidden(text="This wants the token of SUPPORTHUB_METRICS_TOKEN, as a bearer's.\n")
        told = await self.metrics.exposition(self.clock().machine)
        return web.Response(body=told, headers={"Content-Type": CONTENT, "Cache-Control": "no-store"})

    def _may(self, request: web.Request) -> bool:
        """Without a token in the settings, which is possible in development alone, nobody may."""
        wanted, given = self.settings.metrics_token, request.headers.getall("Authorization", ())
        scheme, _, token = given[0].partition(" ") if len(given) == 1 else ("", "", "")
        known = wanted is not None and hmac.compare_digest(
            token.strip().encode(errors="surrogateescape"), wanted.get_secret_value().encode()
        )
        return known and scheme.lower() == "bearer"


def measured(settings: Settings, store: Store, channels: "tuple[str, ...]") -> Metrics:
    database = "postgresql" if settings.replicated else "sqlite"
    metrics = Metrics(channels, database, store)
    url = settings.database_url.get_secret_value()
    if not settings.replicated:
        metrics.watch_disk("database", Path(url.removeprefix("sqlite:///")).absolute().parent)
    if settings.files is not None:
        metrics.watch_disk("files", settings.files)
    return metrics
