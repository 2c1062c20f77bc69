"""People write, change and take back what they wrote, react, and attach files."""

from collections.abc import Mapping
from typing import Literal

from tests.teams import envelopes
from tests.teams.delivery import Delivered
from tests.teams.places import Conversation, Json, Posted, User
from tests.teams.sending import Sending

Quoting = Literal["html", "entity", "replyToId"]


class Writing(Sending):
    quoting: Quoting = "html"
    """How quoted messages come along: in the HTML alone, as newer clients also in an entity, or also as replyToId."""

    async def message(
        self,
        user: str,
        place: str,
        text: str,
        thread: str = "",
        mention: bool = True,
        quote: Posted | None = None,
        files: Mapping[str, bytes] | None = None,
        pictures: Mapping[str, bytes] | None = None,
    ) -> Delivered:
        """In a place, or to the bot if ``place`` is the person. ``@Name`` mentions somebody; without ``mention`` the
        bot is not meant in channels and groups."""
        person, found, named = self._writes(user, place)
        if mention and found.kind != "personal" and f"@{self.far.app.name}" not in text:
            text = f"@{self.far.app.name} {text}"
        thread = thread or named
        assert not thread or self.far.activities(found.id, thread), f"there is no thread {thread}"
        posted = self.far.say(found.id, user, {}, thread, quote.id if quote else "")
        activity = self._written(person, found, posted, text, quote)
        if files:
            assert found.kind == "personal", "bots get files only from people's own conversations"
            self.far.files |= files
            activity["attachments"] = [*(envelopes.file(self.far, one) for one in files), *activity["attachments"]]
        if pictures:
            self.far.files |= pictures
            inline = [{"contentType": "image/*", "contentUrl": self.far.picture_url(one)} for one in pictures]
            activity["attachments"] = [*inline, *activity["attachments"]]
        return await self._delivered(activity, found, posted)

    async def edit(self, user: str, posted: Posted, text: str) -> Delivered:
        found, stands = self._own(user, posted)
        if any(one["type"] == "mention" for one in stands.activity["entities"]) and "@" not in text:
            text = f"@{self.far.app.name} {text}"
        activity = self._written(self.far.users[user], found, stands, text, None) | {"type": "messageUpdate"}
        activity["channelData"] |= {"eventType": "editMessage"}
        stands.edits += 1
        return await self._delivered(activity, found, stands)

    async def delete(self, user: str, posted: Posted) -> Delivered:
        found, stands = self._own(user, posted)
        stands.deleted = True
        activity = envelopes.envelope(self.far, "messageDelete", self.far.users[user], found, stands.thread)
        activity |= {"id": stands.id}
        activity["channelData"] |= {"eventType": "softDeleteMessage"}
        return await self._told(activity, found, stands)

    async def undelete(self, user: str, posted: Posted) -> Delivered:
        found, stands = self._own(user, posted)
        stands.deleted = False
        activity = {**stands.activity, "type": "messageUpdate", "serviceUrl": self.far.service_url}
        activity["channelData"] = {**activity["channelData"], "eventType": "undeleteMessage"}
        return await self._told(activity, found, stands)

    async def read(self, user: str, posted: Posted) -> Delivered:
        """They look at their own chat as far as this message: told only there, and only with the permission for it."""
        person, found, _ = self._writes(user, posted.conversation)
        assert found.kind == "personal", "of other conversations bots are not told who has read what"
        name, value = "application/vnd.microsoft.readReceipt", {"lastReadMessageId": posted.id}
        activity = envelopes.envelope(self.far, "event", person, found)
        return await self._told(activity | {"id": envelopes.invoke_id(), "name": name, "value": value}, found, posted)

    async def react(self, user: str, posted: Posted, name: str, taken_back: bool = False) -> Delivered:
        """The bot is told for its own messages; ``name`` is like, heart, laugh, surprised, sad, angry or an emoji's."""
        person, found, _ = self._writes(user, posted.conversation)
        stands = self._stands(posted)
        given = stands.reactions.setdefault(name, [])
        given.remove(user) if taken_back else given.append(user)
        activity = envelopes.envelope(self.far, "messageReaction", person, found, stands.thread)
        kind = "reactionsRemoved" if taken_back else "reactionsAdded"
        activity |= {"id": envelopes.invoke_id(), kind: [{"type": name}], "replyToId": stands.id}
        if not stands.from_bot:
            return Delivered(200, "", 0.0, activity, posted=stands, sent=False)
        return await self._told(activity, found, stands)

    # What acts are made of ----------------------------------------------------------------------------------------

    def _written(self, person: User, found: Conversation, posted: Posted, text: str, quote: Posted | None) -> Json:
        activity = envelopes.envelope(self.far, "message", person, found, posted.thread)
        text, entities = envelopes.mentioned(text, self._names(found))
        html = envelopes.as_html(text, entities, envelopes.quotation(self.far, quote) if quote else "")
        if quote and self.quoting == "entity":
            text = f'<quoted messageId="{quote.id}"/> {text}'
            entities = [*entities, envelopes.quoted_entity(self.far, quote)]
        activity |= {"id": posted.id, "text": text, "textFormat": "plain", "attachments": [html]}
        activity["entities"] = [*entities, *activity["entities"]]
        if quote and self.quoting == "replyToId":
            activity["replyToId"] = quote.id
        elif posted.thread not in ("", posted.id):
            activity["replyToId"] = posted.thread
        posted.activity, posted.html = activity, html["content"]
        posted.versions.append(activity)
        return activity

    def _names(self, found: Conversation) -> dict[str, str]:
        people = {self.far.users[one].name: self.far.users[one].mri for one in sorted(found.members)}
        return {self.far.app.name: self.far.app.bot, **people}

    async def _delivered(self, activity: Json, found: Conversation, posted: Posted) -> Delivered:
        meant = any(one.get("mentioned", {}).get("id") == self.far.app.bot for one in activity["entities"])
        if found.kind == "personal" or meant or self.overhears:
            return await self._told(activity, found, posted)
        return Delivered(200, "", 0.0, activity, posted=posted, sent=False)

    def _stands(self, posted: Posted) -> Posted:
        """As it stands now: people act on copies."""
        found = next((one for one in self.far.posted[posted.conversation] if one.id == posted.id), None)
        assert found, f"{posted.id} is not there"
        return found

    def _own(self, user: str, posted: Posted) -> tuple[Conversation, Posted]:
        stands = self._stands(posted)
        assert stands.by == user, "people change only what they wrote themselves"
        return self.far.place(stands.conversation), stands
