"""Puts the parts together and runs them until told to stop."""

import asyncio
import logging
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from aiohttp import web

from app import health, slack, teams
from app.clock import Clock
from app.settings import Settings
from bot.acting import expire_drafts
from bot.channel import Channel
from bot.delivery import Delivery
from bot.dispatch import Bot
from bot.escalation import Escalation
from bot.understanding.articles import read_folder
from bot.understanding.search import Knowledge
from rules.catalogue import Catalogues, load_folder
from store.store import Store, Unavailable, open_store
from store.work import Work

log = logging.getLogger(__name__)
CONNECT: Mapping[str, Callable[[Settings, Store, Clock], "Connection | None"]] = {
    "slack": slack.connect,
    "teams": teams.connect,
}
HOUSEKEEPING = 60.0  # seconds between two rounds
DRAIN = 10.0  # seconds for what is under way when the server stops
INBOX_LIVES = timedelta(days=30)  # redeliveries come within hours


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
    knowledge: Knowledge
    clock: Clock
    channels: Mapping[str, Channel]
    connections: tuple[Connection, ...] = ()
    bot: Bot = field(init=False)
    delivery: Delivery = field(init=False)
    escalation: Escalation = field(init=False)
    app: web.Application = field(init=False)

    def __post_init__(self) -> None:
        self.delivery = Delivery(self.store, self.channels, self.catalogues, self.clock)
        self.bot = Bot(self.store, self.catalogues, self.clock, self.delivery.wake.set, self.knowledge)
        self.escalation = Escalation(self.store, self.catalogues, self.clock, self.delivery.wake.set)
        self.app = web.Application(client_max_size=1024 * 1024)
        health.register(self.app, self.store, self.clock)
        for each in self.connections:
            each.register(self.app, self.bot)

    async def run(self, ready: Callable[[str], None]) -> None:
        """Serves until SIGINT or SIGTERM, then finishes what is under way and closes the store."""
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, stop.set)
        await self.store.take_over()
        runner = web.AppRunner(self.app, shutdown_timeout=DRAIN / 2, access_log=None)
        await runner.setup()
        try:
            site = web.TCPSite(runner, self.settings.host, self.settings.port)
            await site.start()
            rounds = (self.delivery.run(), self.escalation.run(), self._housekeeping())
            workers = [asyncio.create_task(each) for each in rounds]
            for each in self.connections:
                await each.start()
            ready(_address(runner, self.settings))
            stopping = asyncio.create_task(stop.wait())
            ended, _ = await asyncio.wait([stopping, *workers], return_when=asyncio.FIRST_COMPLETED)
            await self._drain(runner, workers)
            for worker in ended - {stopping}:
                worker.result()  # a server without its workers is none: end, and be started again
        finally:
            await runner.cleanup()
            for connection in self.connections:
                await connection.close()
            await self.store.close()

    async def _drain(self, runner: web.AppRunner, workers: "list[asyncio.Task[None]]") -> None:
        """Nothing new comes in, handlers end, messages under way arrive; what is owed waits for the next start."""
        await runner.cleanup()
        for each in self.connections:
            await each.stop()
        with suppress(TimeoutError):
            await asyncio.wait_for(self.delivery.stop(), DRAIN / 2)
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)

    async def _housekeeping(self) -> None:
        while True:
            machine = self.clock().machine
            try:
                await self.store.write(expire_drafts, self.clock(), self.catalogues)
                await self.store.write(Work.forget_inbox, machine - INBOX_LIVES)
            except Unavailable as error:
                log.warning("housekeeping later: %s", error)
            except Exception:
                log.exception("housekeeping")
            await asyncio.sleep(HOUSEKEEPING)


def _address(runner: web.AppRunner, settings: Settings) -> str:
    port = runner.addresses[0][1] if runner.addresses else settings.port
    return f"http://{settings.host}:{port}/"


async def open_house(settings: Settings) -> tuple[Store, Catalogues]:
    """The store, brought up to date, and the catalogues; raises Mistakes for all that is wrong in those."""
    catalogues = load_folder(settings.catalogues)
    store = open_store(settings.database_url.get_secret_value())
    await store.migrate()
    return store, catalogues


async def serve(settings: Settings, ready: Callable[[str], None]) -> None:
    """A channel is on where its settings are; without any there is nothing to hear, which is said."""
    store, catalogues = await open_house(settings)
    knowledge = Knowledge(read_folder(settings.knowledge))
    clock = Clock()
    connections = {name: on for name, connect in CONNECT.items() if (on := connect(settings, store, clock))}
    channels = {name: each.channel for name, each in connections.items()}
    house = House(settings, store, catalogues, knowledge, clock, channels, tuple(connections.values()))
    for name in CONNECT:
        log.info("%s is %s", name, "on" if name in connections else "off: none of its settings is there")
    if not connections:
        log.warning("no channel is set up")
    await house.run(ready)
