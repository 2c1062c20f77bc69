"""People write, change their minds and react, and Slack tells the app."""

from typing import Any, Literal

from tests.slack import payloads
from tests.slack.delivery import Delivered
from tests.slack.places import Channel, Json, Message
from tests.slack.sending import Sending

Order = Literal["message first", "mention first", "together"]


class Writing(Sending):
    async def message(
        self,
        user: str,
        place: str,
        text: str,
        thread_ts: str = "",
        order: Order = "message first",
        raw: bool = False,
        **more: Any,
    ) -> Delivered:
        """``place`` is a channel, or the user's own id for their conversation with the app. ``more`` joins the events.

        ``text`` is what they type, with <@U…> where they pick somebody; ``raw``: already as Slack would hand it on.
        """
        channel = self._writes(user, place)
        said = text if raw else payloads.typed(self.far, text)
        assert not thread_ts or self.far.find(channel.id, thread_ts), f"there is no thread {thread_ts} in {channel.id}"
        made = Message(channel.id, "", user, said, self.far.users[user].team, thread_ts)
        message = self.far.say(made)
        events = [("message", payloads.message_event(self.far, message, channel) | more)]
        if channel.kind != "im" and f"<@{self._hears(channel)}>" in said:
            events.append(("app_mention", payloads.mention_event(self.far, message, channel) | more))
        if order == "mention first":
            events.reverse()
        return await self._events(channel, user, events, message, together=order == "together")

    async def edit(self, message: Message, text: str, raw: bool = False) -> Delivered:
        """Its author changes it."""
        channel, stands, before = self._stands(message)
        stands.text = text if raw else payloads.typed(self.far, text)
        stands.edited, stands.edits = {"user": stands.user, "ts": self.far.stamp(channel.id)}, stands.edits + 1
        return await self._changed(channel, stands, before)

    async def remove_files(self, message: Message, *gone: Json, left: tuple[Json, ...] = ()) -> Delivered:
        """Its author takes these away from it, and nothing else changes."""
        channel, stands, before = self._stands(message)
        now = [{"id": each["id"], "mode": "tombstone"} for each in gone]
        return await self._changed(channel, stands, before | {"files": [*gone, *left]}, files=[*now, *left])

    async def unfurl(self, message: Message) -> Delivered:
        """Slack adds a preview of a link: a change that nobody made, and the words stay the same."""
        channel, stands, before = self._stands(message)
        return await self._changed(
            channel, stands, before, attachments=[{"title": "A page", "from_url": "https://a.b"}]
        )

    async def _changed(self, channel: Channel, stands: Message, before: Json, **more: Any) -> Delivered:
        now = payloads.written(self.far, stands) | more
        event = self._hidden(channel, "message_changed", message=now, previous_message=before)
        return await self._events(channel, stands.user, [("message", event)], stands)

    async def delete(self, message: Message) -> Delivered:
        """Where replies stand under it, Slack leaves something in its place, and tells of a change."""
        channel, stands, before = self._stands(message)
        stands.deleted = True
        if stands.thread == stands.ts:
            left = {"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "hidden": True, "ts": stands.ts}
            now = left | {"text": "This message was deleted.", "thread_ts": stands.ts}
            told = self._hidden(channel, "message_changed", message=now, previous_message=before)
            return await self._events(channel, stands.user, [("message", told)], stands)
        event = self._hidden(channel, "message_deleted", deleted_ts=stands.ts, previous_message=before)
        return await self._events(channel, stands.user, [("message", event)], stands)

    async def echo(self, message: Message) -> Delivered:
        """Slack tells the app of what the app's own bot posted."""
        channel = self.far.channels[message.channel]
        event = payloads.message_event(self.far, message, channel)
        return await self._events(channel, message.user, [("message", event)], message)

    async def react(self, user: str, message: Message, name: str) -> Delivered:
        """``name`` without colons: "ticket", "eyes", "white_check_mark"."""
        return await self._reaction("reaction_added", user, message, name)

    async def unreact(self, user: str, message: Message, name: str) -> Delivered:
        return await self._reaction("reaction_removed", user, message, name)

    async def _reaction(self, kind: str, user: str, message: Message, name: str) -> Delivered:
        channel, stands, _ = self._stands(message)
        assert user in channel.members, f"{user} is not in {channel.id}"
        who = stands.reactions.setdefault(name, [])
        (who.append if kind == "reaction_added" else who.remove)(user)
        item = {"type": "message", "channel": channel.id, "ts": stands.ts}
        event = {"type": kind, "user": user, "reaction": name, "item": item, "item_user": stands.user}
        event["event_ts"] = self.far.stamp(channel.id)
        return await self._events(channel, user, [(kind, event)], stands)

    def _stands(self, message: Message) -> tuple[Channel, Message, Json]:
        """Where it is, how it stands now, and what events call its previous state."""
        stands = self.far.find(message.channel, message.ts)
        assert stands, "there is no such message"
        assert not stands.deleted, "it is deleted"
        return self.far.channels[message.channel], stands, payloads.written(self.far, stands)

    def _hidden(self, channel: Channel, subtype: str, **more: Any) -> Json:
        now = self.far.stamp(channel.id)
        made = {
            "type": "message",
            "subtype": subtype,
            "hidden": True,
            "channel": channel.id,
            "ts": now,
            "event_ts": now,
        }
        return made | {"channel_type": channel.kind} | more
