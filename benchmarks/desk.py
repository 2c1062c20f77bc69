"""The whole desk behind an adapter, as the server puts it together: so many of its people have a case each."""

import asyncio
from collections.abc import Callable

from aiohttp import web

from app.clock import Clock
from bot.channel import Channel
from bot.delivery import Delivery
from bot.dispatch import Bot
from bot.incoming import Address, Incoming, Said, User
from bot.limits import Limits
from rules.people import Role
from store.store import Store
from store.tables import Person
from store.work import Work
from tests.world import BROKEN, CATALOGUES, KNOWLEDGE, Ids, seed

PEOPLE = 64
"""Of the desk, named agent0 and so on, and of customers; as many as are ever at it at once."""


async def desk(
    app: web.Application, store: Store, channel: str, tenant: str, ids: Ids, there: Channel, user: Callable[[str], str]
) -> Bot:
    """``user``: what the channel calls somebody."""
    clock = Clock()
    await store.take_over()
    await store.write(seed, channel, False, ids)
    await store.write(add_people, channel, tenant, user)
    delivery = Delivery(store, {channel: there}, CATALOGUES, clock)
    bot = Bot(store, CATALOGUES, clock, delivery.wake.set, KNOWLEDGE, limits=Limits())

    async def says(who: str, line: str) -> None:
        said = Said(line)
        await bot.hear(Incoming(f"{who} {line}", User(who), Address(channel, tenant, who), said, clock().business))

    for number in range(PEOPLE):
        await says(user(f"customer{number}"), f"/support open {BROKEN}")
        await says(user(f"agent{number}"), f"/support take {1001 + number}")
    app["delivery"] = asyncio.create_task(_deliver(store, delivery))
    return bot


async def _deliver(store: Store, delivery: Delivery) -> None:
    store.on_owed(delivery.wake.set)
    await delivery.run()


def add_people(work: Work, channel: str, tenant: str, user: Callable[[str], str]) -> None:
    account, now = work.customers()[0].account_id, Clock()().machine
    for number in range(PEOPLE):
        for name, role, of in ((f"customer{number}", Role.CUSTOMER, account), (f"agent{number}", Role.AGENT, None)):
            work.add(who := Person(name=name, email=f"{name}@example", role=role, account_id=of))
            who.conversation_id = work.conversation(channel, tenant, user(name)).id
            work.link(channel, tenant, user(name), who, "benchmark", now)
