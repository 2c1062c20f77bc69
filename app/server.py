"""Puts the parts together and runs them until told to stop."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from aiohttp import web

from app import (
    api,
    email,
    guarding,
    health,
    invitations,
    logs,
    portal,
    record,
    reports,
    requests,
    slack,
    teams,
    tracing,
    webhooks,
)
from app.clock import Clock
from app.files import Files
from app.gaps import Gaps
from app.knowledge import Librarian
from app.leaving import Leaving
from app.opening import open_house
from app.port import Port
from app.seeing import Seeing, SeenBot, Watcher
from app.settings import Settings
from bot import languages
from bot.acting import expire_drafts
from bot.announcing import Announcing
from bot.assigning import Assigning
from bot.channel import Channel
from bot.delivery import Delivery
from bot.digest import Digest
from bot.dispatch import Bot
from bot.escalation import Escalation
from bot.holding import Holding
from bot.library import provider_of
from bot.limits import Limits
from bot.monthly import Monthly
from bot.retention import Retention
from bot.rounds import rounds
from bot.unanswered import WeeklyReport
from bot.understanding import classifier, dates
from bot.verifying import Nightly
from rules.catalogue import Catalogues
from store.store import Store
from store.work import Work

if TYPE_CHECKING:
    from app.admin import Admin
    from app.metrics import Metrics

log = logging.getLogger(__name__)
CONNECT: Mapping[str, Callable[[Settings, Store, Clock], "Connection | None"]] = {
    "slack": slack.connect,
    "teams": teams.connect,
    "email": email.connect,
    "portal": portal.connect,
    "webhook": webhooks.connect,
    "api": api.connect,
}
UNHEARD = {"webhook", "api"}
"""With these alone no person is heard."""
HOUSEKEEPING = 60.0  # seconds between two rounds
NOTICE = 2.0  # seconds in which a balancer finds /readyz failing, and requests are still served
HANDLERS = 3.0  # seconds for those under way when no more are taken: longer than a vendor waits
INBOX_LIVES = timedelta(days=30)  # redeliveries come within hours
SLOWED = timedelta(hours=1)  # after which whoever was slowed has all of it again


class Connection(Protocol):
    """A vendor's side of the house."""

    @property
    def channel(self) -> Channel: ...

    def register(self, app: web.Application, host: Bot) -> None:
        """Its routes."""

    async def start(self) -> None:
        """From now on it hears."""

    async def stop(self) -> None:
        """It takes nothing more in."""

    async def close(self) -> None:
        """After the last message has left."""


@dataclass
class House:
    """All parts of one process."""

    settings: Settings
    store: Store
    catalogues: Catalogues
    clock: Clock
    channels: Mapping[str, Channel]
    connections: tuple[Connection, ...] = ()
    limits: Limits | None = None
    """None: everybody may do as much as they like."""
    bot: Bot = field(init=False)
    delivery: Delivery = field(init=False)
    holding: Holding = field(init=False)
    escalation: Escalation = field(init=False)
    librarian: Librarian = field(init=False)
    weekly: WeeklyReport = field(init=False)
    nightly: Nightly = field(init=False)
    monthly: Monthly = field(init=False)
    retention: Retention = field(init=False)
    assigning: Assigning = field(init=False)
    announcing: Announcing = field(init=False)
    digest: Digest = field(init=False)
    gaps: Gaps = field(init=False)
    files: Files | None = field(init=False)
    app: web.Application = field(init=False)
    leaving: Leaving = field(default_factory=Leaving)
    seeing: Seeing = field(default_factory=Seeing)
    metrics: "Metrics | None" = None
    """None: nobody asks for them."""
    admin: "Admin | None" = field(init=False, default=None)

    def __post_init__(self) -> None:
        given = (self.settings, self.store, self.clock, self.connections)
        self.files = Files(*given) if self.settings.files is not None else None
        self.librarian = Librarian(self.settings, self.store, self.clock, provider_of(self.catalogues))
        self.delivery = Delivery(self.store, self.seeing.channels(self.channels), self.catalogues, self.clock)
        self.bot = SeenBot(
            self.store,
            self.catalogues,
            self.clock,
            self.delivery.wake.set,
            self.librarian.shelf,
            set(self.channels),
            links=(links := invitations.links(self.settings)),
            hold=self.settings.undo,
            keeping=self.files.keeping if self.files else None,
            limits=self.limits,
            seeing=self.seeing,
        )
        self.holding = Holding(self.bot)
        self.escalation = Escalation(self.store, self.catalogues, self.clock, self.delivery.wake.set)
        self.weekly = WeeklyReport(self.store, self.catalogues, self.clock, self.delivery.wake.set)
        self.monthly = Monthly(self.store, self.catalogues, self.clock, self.delivery.wake.set)
        self.retention = Retention(self.store, self.clock)
        self.assigning = Assigning(self.store, self.catalogues, self.clock, self.delivery.wake.set)
        self.nightly = Nightly(self.store, self.catalogues, self.clock, self.delivery.wake.set)
        self.digest = Digest(self.store, self.catalogues, self.clock, self.delivery.wake.set, links)
        announcing = (self.store, self.catalogues, self.clock, self.delivery.wake.set, set(self.channels))
        self.announcing = Announcing(*announcing)
        self.gaps = Gaps(self.store, self.catalogues, self.clock, self.delivery.wake.set, self.connections)
        self.app = web.Application(client_max_size=1024 * 1024)
        guarding.register(self.app)
        requests.watch(self.app, self.metrics.requested if self.metrics else None)
        self._show_health(self.app)
        if links is not None:
            invitations.register(self.app, links, self.store, self.clock, self.catalogues)
            reports.register(self.app, links, self.store, self.clock, self.catalogues)
        if links is not None and self.settings.secret_key is not None:
            record.register(self.app, links, self.settings.secret_key, self.store, self.clock, self.catalogues)
        if self.files is not None:
            self.files.register(self.app)
        for each in self.connections:
            each.register(self.app, self.bot)
        if self.metrics is not None:
            from app.admin import Admin

            self.metrics.watch_keys(*(getattr(each, "refreshes", {}) for each in self.connections))
            self.admin = Admin(self.settings, self.store, self.catalogues, self.clock, self.metrics)

    def _show_health(self, app: web.Application) -> None:
        health.register(
            app,
            self.store,
            self.clock,
            self.leaving.told.is_set,
            lambda: health.ailing(self.delivery.breakers, self.connections),
        )

    async def run(self, ready: Callable[[str], None]) -> None:
        """Serves until SIGINT or SIGTERM, then finishes what is under way and closes the store."""
        self.leaving.listen()
        await self.store.take_over()
        await self.librarian.open()
        await asyncio.to_thread(languages.load)
        await asyncio.to_thread(dates.warm_up)
        await asyncio.to_thread(classifier.shipped)
        self.store.on_owed(self.delivery.wake.set)
        runner = Port(self.app, shutdown_timeout=HANDLERS)
        await runner.setup()
        try:
            await runner.listen(self.settings.host, self.settings.port, "SUPPORTHUB_PORT")
            if self.admin is not None:
                await self.admin.start(self._show_health)
            turns = [self.delivery.run(), self.escalation.run(), self.nightly.run(), self.gaps.run()]
            turns += (self.librarian.run(), self.weekly.run(), self.digest.run(), self.announcing.run())
            turns += (self.assigning.run(), self.monthly.run(), self.holding.run(), self.retention.run())
            turns += (rounds("housekeeping", self._housekeeping, HOUSEKEEPING),)
            if self.files is not None:
                turns += (self.files.keeper(self.catalogues, self.delivery.wake.set).run(),)
            if self.admin is not None:
                turns += self.admin.rounds()
            workers = [asyncio.create_task(each) for each in turns]
            for each in self.connections:
                await each.start()
            ready(_address(runner, self.settings))
            stopping = asyncio.create_task(self.leaving.told.wait())
            ended, _ = await asyncio.wait([stopping, *workers], return_when=asyncio.FIRST_COMPLETED)
            await self._drain(runner, workers)
            for worker in ended - {stopping}:
                worker.result()  # a server without its workers is none: end, and be started again
        finally:
            await runner.cleanup()
            for connection in self.connections:
                await connection.close()
            if self.files is not None:
                await self.files.fetcher.close()
            if self.admin is not None:
                await self.admin.close()
            await self.store.close()

    async def _drain(self, runner: web.AppRunner, workers: "list[asyncio.Task[None]]") -> None:
        """Nothing new comes in, handlers end, messages under way arrive; what is owed waits for the next start."""
        self.leaving.begin(status=1)  # unless a signal began it: a worker fell
        await self.gaps.rest()
        if self.settings.replicated:
            await asyncio.sleep(NOTICE)
        await runner.cleanup()
        with suppress(TimeoutError):
            async with asyncio.timeout(self.leaving.left):
                for each in self.connections:
                    await each.stop()
                await self.delivery.stop()
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        log.info("ended: whatever is owed leaves at the next start")

    async def _housekeeping(self) -> None:
        machine = self.clock().machine
        await self.store.write(expire_drafts, self.clock(), self.catalogues)
        await self.store.write(Work.forget_inbox, machine - INBOX_LIVES)
        await self.store.write(Work.forget_rooms, machine)
        await self.store.write(Work.forget_sessions, machine)
        await self.store.write(Work.forget_allowances, machine - SLOWED)


def _address(runner: web.AppRunner, settings: Settings) -> str:
    port = runner.addresses[0][1] if runner.addresses else settings.port
    return f"http://{settings.host}:{port}/"


def watched(settings: Settings, store: Store) -> "tuple[Metrics | None, Seeing]":
    """A line for each act; metrics and traces where they are asked for, and nothing of theirs is imported otherwise."""
    key = settings.secret_key.get_secret_value().encode() if settings.secret_key else b""
    watchers: list[Watcher] = [logs.Acts(key)]
    metrics = None
    if settings.admin_port is not None:
        from app.admin import measured

        metrics = measured(settings, store, tuple(CONNECT))
        watchers.append(metrics)
    if (traces := tracing.watcher()) is not None:
        watchers.append(traces)
    return metrics, Seeing(tuple(watchers))


async def serve(settings: Settings, ready: Callable[[str], None]) -> None:
    """A channel is on where its settings are; without any there is nothing to hear, which is said."""
    store, catalogues = await open_house(settings)
    clock = Clock()
    metrics, seeing = watched(settings, store)
    store = seeing.store(store)
    connections = {name: on for name, connect in CONNECT.items() if (on := connect(settings, store, clock))}
    channels = {name: each.channel for name, each in connections.items()}
    given = (settings, store, catalogues, clock, channels, tuple(connections.values()))
    limits = Limits(store if settings.replicated else None)
    house = House(*given, limits=limits, seeing=seeing, metrics=metrics)
    for name in CONNECT:
        log.info("%s is %s", name, "on" if name in connections else "off: none of its settings is there")
    if not set(connections) - UNHEARD:
        log.warning("no channel is set up")
    await house.run(ready)
