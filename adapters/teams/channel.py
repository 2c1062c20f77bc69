"""What the desk owes to people in Teams: said, or edited in place; what is for one person goes to their own chat."""

from datetime import timedelta

from adapters.teams.connector import Connector
from adapters.teams.places import Atlas, Place
from adapters.teams.render import Activity, render, render_one, rest
from bot.channel import Outgoing, Undeliverable

DEFAULT = "https://smba.trafficmanager.net/teams/"
"""Where Microsoft says to begin with somebody of whom nothing was heard yet."""

CHANNELS = ("@thread.tacv2", "@thread.skype")
MANY = 1000


class Teams:
    """Teams tells nothing of what arrived: an attempt of unknown outcome is repeated, and may be seen twice."""

    # Below 7 a second, 8 in two, 60 in thirty and 1,800 an hour, whichever window they fall into.
    gap = timedelta(seconds=2.1)
    burst = timedelta(seconds=12.6)
    threads = False

    def __init__(self, connector: Connector, atlas: Atlas, bot: str) -> None:
        self._connector, self._atlas, self._bot = connector, atlas, bot
        self._posted: dict[str, list[str]] = {}
        """Ids of the pieces of a long message that have arrived: its next attempt goes on from there."""
        self._arrived: dict[str, str] = {}
        """By key, the latest that Teams took."""

    async def send(self, out: Outgoing) -> str:
        receipt = await self._send(out)
        if len(self._arrived) >= MANY:
            del self._arrived[next(iter(self._arrived))]
        self._arrived[out.key] = receipt
        return receipt

    async def _send(self, out: Outgoing) -> str:
        alone = out.only_for
        tenant = self._atlas.home(alone, out.to.tenant) if alone else out.to.tenant
        place = await self._place(tenant, alone or out.to.room)
        if out.edits:
            activity = render_one(out.message, rest(out))
            await self._connector.update(place.service_url, _conversation(place, out), out.edits, activity)
            return out.edits
        if out.root:
            return await self._connector.send(
                place.service_url, _conversation(place, out), render_one(out.message, rest(out))
            )
        return await self._pieces(out, place, render(out.message))

    async def sent(self, out: Outgoing) -> str | None:
        """Where it arrived, and only the note of it failed."""
        return self._arrived.get(out.key)

    async def _pieces(self, out: Outgoing, place: Place, pieces: list[Activity]) -> str:
        if out.key not in self._posted and len(self._posted) >= MANY:
            del self._posted[next(iter(self._posted))]
        posted = self._posted.setdefault(out.key, [])
        for piece in pieces[len(posted) :]:
            posted.append(await self._connector.send(place.service_url, _conversation(place, out), piece))
        return self._posted.pop(out.key)[0]

    async def _place(self, tenant: str, room: str) -> Place:
        """Somebody who never wrote is written to where the app is installed for them; so is a channel of a team, of
        which Teams names only one when the app is installed."""
        place = await self._atlas.find(tenant, room)
        if place is not None:
            return place
        known = await self._atlas.service_url(tenant)
        if ":" in room:
            if known is None:
                raise Undeliverable("the app is not in this conversation")
            return Place(tenant, room, known, "channel" if room.endswith(CHANNELS) else "groupChat")
        if not tenant:
            raise Undeliverable("nobody says in which tenant this person is")
        url = known or DEFAULT
        made = await self._connector.create_conversation(url, tenant, self._bot, room)
        place = Place(tenant, made, url, "personal")
        await self._atlas.made(room, place)
        return place


def _conversation(place: Place, out: Outgoing) -> str:
    """Only a channel has threads: each goes by the message that began it."""
    threaded = place.kind == "channel" and out.to.thread and not out.only_for
    return f"{place.conversation};messageid={out.to.thread}" if threaded else place.conversation
