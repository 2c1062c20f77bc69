"""Our adapter: with a listener that only echoes, and with the whole desk behind it."""

import asyncio
import tempfile
from datetime import UTC, datetime, timedelta

from aiohttp import web

from adapters.teams.places import Place
from adapters.teams.server import Credentials, TeamsConnection
from adapters.teams.trust import Trust
from app.clock import Clock
from app.places import StoredPlaces
from benchmarks.teams_parts.serving import Given, run
from bot.channel import Channel, Outgoing
from bot.delivery import Delivery
from bot.dispatch import Bot
from bot.messages import Incoming, Message, Said, Text
from rules.people import Role
from store.store import open_store
from store.tables import Person
from store.work import Work
from tests.teams.places import guid
from tests.teams.stage import DESK, TeamsIds
from tests.world import CATALOGUES, KNOWLEDGE, seed

CUSTOMERS = 32


class InMemory:
    """Places that nobody keeps, all of them known."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Place] = {}

    async def find(self, tenant: str, room: str) -> Place | None:
        return self._kept.get((tenant, room))

    async def keep(self, tenant: str, room: str, place: Place) -> None:
        self._kept[tenant, room] = place

    async def forget(self, tenant: str, room: str) -> None:
        del self._kept[tenant, room]

    async def service_url(self, tenant: str) -> str | None:
        return None

    async def knows(self, tenant: str) -> bool:
        return True


class Echo:
    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    async def hear(self, incoming: Incoming, within: float = 0) -> None:
        assert isinstance(incoming.body, Said)
        await self._channel.send(Outgoing(incoming.key, incoming.here, Message((Text((incoming.body.text,)),))))


async def make(app: web.Application, given: Given) -> None:
    if given.options == "echo":
        connection = connected(given, InMemory())
        connection.register(app, Echo(connection.channel))
    else:
        await make_desk(app, given, room=given.options == "room")


async def make_desk(app: web.Application, given: Given, room: bool) -> None:
    store, clock = open_store(f"sqlite:///{tempfile.mkdtemp(dir=given.folder)}/desk.db"), Clock()
    await store.migrate()
    await store.write(seed, "teams", room, TeamsIds(given.tenant, "", DESK))
    await store.write(add_customers, given.tenant)
    places = StoredPlaces(store, clock)
    await places.keep(given.tenant, DESK, Place(given.tenant, DESK, given.service_url.rstrip("/"), "channel"))
    connection = connected(given, places)
    connection.channel.gap = connection.channel.burst = timedelta(0)
    delivery = Delivery(store, {"teams": connection.channel}, CATALOGUES, clock)
    connection.register(app, Bot(store, CATALOGUES, clock, delivery.wake.set, KNOWLEDGE))
    app["delivery"] = asyncio.create_task(delivery.run())


def connected(given: Given, places: InMemory | StoredPlaces) -> TeamsConnection:
    trust = Trust(["http://127.0.0.1"], development=True)
    credentials = Credentials(
        given.app_id, given.password, given.tenant, given.metadata_url, given.issuer, given.login_url, trust
    )
    return TeamsConnection(credentials, places, lambda: datetime.now(UTC))


def add_customers(work: Work, tenant: str) -> None:
    account, now = work.customers()[0].account_id, datetime.now(UTC)
    for number in range(CUSTOMERS):
        name = f"customer{number}"
        work.add(who := Person(name=name, email=f"{name}@example", role=Role.CUSTOMER, account_id=account))
        who.conversation_id = work.conversation("teams", tenant, guid(name)).id
        work.link("teams", tenant, guid(name), who, "benchmark", now)


if __name__ == "__main__":
    run(make)
