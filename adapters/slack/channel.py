"""What the desk owes to people in Slack: posted, edited in place, or shown to one person only."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api import Api, Missing, Throttled
from adapters.slack.render import Rendered, render, render_one, rest
from bot.channel import NotSent, Outgoing

KIND = "supporthub_message"  # of the metadata that names each message of ours
PAGE = 15  # of a lookup: distributed apps are given so many messages at a time, and one page a minute
PAGES = 5  # where it is not known since when to look
MANY = 1000
EARLIER = timedelta(seconds=60)  # Slack's clock may be behind ours


class Slack:
    gap = timedelta(seconds=1)
    burst = timedelta(seconds=3)
    threads = True

    def __init__(self, api: Api) -> None:
        self._api = api
        self._rooms: dict[tuple[str, str], str] = {}
        self._there: dict[str, dict[str, str]] = {}
        """Of long messages, by key, the pieces that a lookup found: they are not posted again."""
        self._looked: dict[str, tuple[dict[str, str], str]] = {}
        """Of lookups that Slack broke off, what they found and where to go on: at its pace they would never end."""
        self._rests: dict[str, float] = {}
        """Until when, by the loop's clock, a workspace takes no more changes: each of its rooms would find out anew."""

    async def send(self, out: Outgoing) -> str:
        room = await self.room(out.to.tenant, out.to.room)
        if out.only_for:
            return await self._whisper(out, room)
        if out.edits:
            return await self._edit(out, room)
        pieces = [render_one(out.message, rest(out))] if out.root else render(out.message)
        return (await self._pieces(out, room, _keyed(out.key, pieces)))[0]

    async def sent(self, out: Outgoing) -> str | None:
        """By the metadata of what stands there since it was first owed. An edit or a whisper leaves no trace."""
        if out.only_for or out.edits:
            return None
        keys = [key for key, _ in _keyed(out.key, [None] if out.root else render(out.message))]
        found = await self._lookup(out, set(keys))
        if set(found) == set(keys):
            return found[keys[0]]
        self._there[out.key] = found
        return None

    async def room(self, tenant: str, room: str) -> str:
        """A person's own room goes by their user id, and Slack tells its channel."""
        if not room.startswith(("U", "W")):
            return room
        if (tenant, room) not in self._rooms:
            opened = await self._api.call(tenant, lambda client: client.conversations_open(users=room))
            self._rooms[tenant, room] = str(opened["channel"]["id"])
        return self._rooms[tenant, room]

    async def _pieces(self, out: Outgoing, room: str, pieces: Sequence[tuple[str, Rendered]]) -> list[str]:
        """In order and at the room's pace. Once the first stands there, it is not true that nothing was sent."""
        there, receipts = self._there.pop(out.key, {}), list[str]()
        for key, piece in pieces:
            if receipts and key not in there:
                await asyncio.sleep(self.gap.total_seconds())
            try:
                receipts.append(there.get(key) or await self._piece(out, room, key, piece))
            except NotSent as error:
                raise NotSent(str(error), error.after, begun=bool(receipts)) from None
        return receipts

    async def _piece(self, out: Outgoing, room: str, key: str, piece: Rendered) -> str:
        thread = out.to.thread or None

        def post(client: AsyncWebClient) -> Any:
            return client.chat_postMessage(
                channel=room,
                thread_ts=thread,
                reply_broadcast=True if out.loud and thread else None,
                metadata=_metadata(key),
                unfurl_links=False,
                unfurl_media=False,
                **_body(piece),
            )

        return str((await self._api.call(out.to.tenant, post))["ts"])

    async def _edit(self, out: Outgoing, room: str) -> str:
        piece = render_one(out.message, rest(out))
        try:
            return await self._change(out, room, out.edits, out.key, piece)
        except Missing:
            if not out.root:
                raise
            return await self._anew(out, room, piece)

    async def _anew(self, out: Outgoing, room: str, piece: Rendered) -> str:
        """Somebody deleted the card: posted once more, under a key by which every later attempt finds it."""
        key = f"{out.edits} anew"
        stands = (await self._lookup(out, {key})).get(key)
        if stands is None:
            return await self._piece(out, room, key, piece)
        return await self._change(out, room, stands, key, piece)

    async def _change(self, out: Outgoing, room: str, ts: str, key: str, piece: Rendered) -> str:
        def update(client: AsyncWebClient) -> Any:
            return client.chat_update(channel=room, ts=ts, metadata=_metadata(key), **_body(piece))

        self._let_rest(out)
        try:
            return str((await self._api.call(out.to.tenant, update))["ts"])
        except Throttled as error:
            pause = error.after or self.gap
            self._rests[out.to.tenant] = asyncio.get_running_loop().time() + pause.total_seconds()
            raise NotSent(str(error), pause, alone=out.root) from None

    def _let_rest(self, out: Outgoing) -> None:
        """Slack counts changes by workspace, apart from new messages: these go on meanwhile."""
        left = self._rests.get(out.to.tenant, 0.0) - asyncio.get_running_loop().time()
        if left > 0:
            raise NotSent("Slack takes no more changes for now", timedelta(seconds=left), alone=out.root)

    async def _whisper(self, out: Outgoing, room: str) -> str:
        piece, thread = render_one(out.message, rest(out)), out.to.thread or None

        def post(client: AsyncWebClient) -> Any:
            return client.chat_postEphemeral(channel=room, user=out.only_for, thread_ts=thread, **_body(piece))

        return str((await self._api.call(out.to.tenant, post))["message_ts"])

    async def _lookup(self, out: Outgoing, keys: set[str]) -> dict[str, str]:
        room = await self.room(out.to.tenant, out.to.room)
        bot = await self._api.bot(out.to.tenant)
        oldest = f"{(out.since - EARLIER).timestamp():.6f}" if out.since else None
        found, begun = self._looked.pop(out.key, ({}, ""))
        cursor, pages = begun or None, 0
        while pages == 0 or (cursor and set(found) != keys and (oldest or pages < PAGES)):
            try:
                page = await self._page(out, room, oldest, cursor)
            except BaseException:
                self._go_on_later(out.key, found, cursor)
                raise
            found |= {key: str(each["ts"]) for each in page["messages"] if (key := _key(each, bot)) in keys}
            cursor, pages = (page.get("response_metadata") or {}).get("next_cursor") or None, pages + 1
        return found

    def _go_on_later(self, key: str, found: dict[str, str], cursor: str | None) -> None:
        if len(self._looked) >= MANY:
            del self._looked[next(iter(self._looked))]
        if cursor:
            self._looked[key] = found, cursor

    async def _page(self, out: Outgoing, room: str, oldest: str | None, cursor: str | None) -> Any:
        how: dict[str, Any] = {"oldest": oldest, "cursor": cursor, "limit": PAGE, "include_all_metadata": True}
        if out.to.thread:
            try:
                return await self._api.call(
                    out.to.tenant,
                    lambda client: client.conversations_replies(channel=room, ts=out.to.thread, **how),
                )
            except Missing:
                pass  # what answers a deleted message stands in the room itself
        return await self._api.call(out.to.tenant, lambda client: client.conversations_history(channel=room, **how))


def _keyed(key: str, pieces: Sequence[Any]) -> list[tuple[str, Any]]:
    return [(key if n == 0 else f"{key}/{n + 1}", piece) for n, piece in enumerate(pieces)]


def _metadata(key: str) -> dict[str, Any]:
    return {"event_type": KIND, "event_payload": {"key": key}}


def _body(piece: Rendered) -> dict[str, Any]:
    return {"text": piece.text, "blocks": piece.blocks}


def _key(message: Mapping[str, Any], bot: str) -> str:
    """The key of a message of ours; empty for anybody else's."""
    metadata = message.get("metadata") or {}
    if message.get("user") != bot or metadata.get("event_type") != KIND:
        return ""
    return str((metadata.get("event_payload") or {}).get("key", ""))
