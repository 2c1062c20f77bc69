"""Everybody of a tenant in one of its conversations, page by page."""

import asyncio

from adapters.teams.connector import Connector, Member
from adapters.teams.places import Atlas
from bot.channel import NotSent, Undeliverable

PAGES = 500
WAITS = 20  # in a row, for one page
Found = tuple[str, str, str]
"""Object id, name, address."""


async def read(connector: Connector, atlas: Atlas, tenant: str, conversation: str) -> list[Found]:
    """Raises Undeliverable or NotSent, or what leaves open why: a part of them is never all."""
    place = await atlas.find(tenant, conversation)
    if place is None or place.tenant != tenant:
        raise Undeliverable("the app was never written to in this conversation of the tenant")
    people, after = list[Member](), ""
    for _ in range(PAGES):
        page, after = await _page(connector, place.service_url, place.conversation, after)
        people += [one for one in page if _employed(one, tenant)]
        if not after:
            return [(one.object_id, one.name, one.email) for one in people]
    raise NotSent("Teams tells of more people than can be read")


async def _page(connector: Connector, service_url: str, conversation: str, after: str) -> tuple[list[Member], str]:
    for _ in range(WAITS):
        try:
            return await connector.members(service_url, conversation, after)
        except NotSent as error:
            if error.after is None:
                raise
            await asyncio.sleep(error.after.total_seconds())
    raise NotSent("Teams asked for one pause after the other")


def _employed(one: Member, tenant: str) -> bool:
    """At home there, and no guest: anybody else's address says nothing about the tenant."""
    return bool(one.object_id and one.email) and one.tenant == tenant and one.role == "user"
