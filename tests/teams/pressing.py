"""People press what cards offer and fill in what they ask."""

from collections.abc import Mapping
from copy import deepcopy

from tests.teams import envelopes
from tests.teams.delivery import Delivered
from tests.teams.filling import NotSent, filled, find_action, sends
from tests.teams.places import Json, Posted
from tests.teams.writing import Writing


class Pressing(Writing):
    async def press(
        self,
        user: str,
        posted: Posted,
        what: str,
        values: Mapping[str, str] | None = None,
        submit: bool = False,
    ) -> Delivered:
        """An action of the card that this person sees there, by its title, line, id or verb; ``submit``: on a client
        that knows no Action.Execute. What was typed goes along."""
        card = self._seen(posted).card_for(user)
        return await self._acted(user, posted, card, find_action(card, what), values or {}, submit)

    async def fill(
        self,
        user: str,
        posted: Posted,
        submit: bool = False,
        what: str = "",
        values: Mapping[str, str] | None = None,
        **more: str,
    ) -> Delivered:
        """A form in a message, sent off by its first such action unless ``what`` names another."""
        card = self._seen(posted).card_for(user)
        action = find_action(card, what) if what else sends(card)
        return await self._acted(user, posted, card, action, {**(values or {}), **more}, submit)

    async def refresh(self, user: str, posted: Posted, trigger: str = "automatic") -> Delivered:
        """What clients do by themselves when they show the card to this person."""
        card = self._seen(posted).card or {}
        assert "refresh" in card, "this card is never asked for again"
        listed = card["refresh"].get("userIds")
        assert trigger == "manual" or not listed or self.far.users[user].mri in listed, f"{user} is not in userIds"
        return await self._executed(user, posted, card["refresh"]["action"], {}, trigger)

    # What becomes of an action ------------------------------------------------------------------------------------

    async def _acted(
        self, user: str, posted: Posted, card: Json | None, action: Json, values: Mapping[str, str], submit: bool
    ) -> Delivered:
        if action.get("isEnabled") is False:
            raise NotSent(f"{action['title']!r} cannot be pressed")
        if submit and action["type"] == "Action.Execute":
            action = action["fallback"]
        given = {} if action.get("associatedInputs") == "none" else filled(card, values)
        match action["type"]:
            case "Action.Execute":
                return await self._executed(user, posted, action, given, "manual")
            case "Action.Submit":
                return await self._submitted(user, posted, {**deepcopy(action.get("data", {})), **given})
        raise AssertionError(f"{action['type']} tells the bot nothing")

    async def _executed(self, user: str, posted: Posted, action: Json, given: Json, trigger: str) -> Delivered:
        said: Json = {name: one for name, one in action.items() if name in ("type", "id", "title", "verb")}
        said |= {"data": {**deepcopy(action.get("data", {})), **given}}
        activity = self._invoke(
            "adaptiveCard/action", user, posted.conversation, {"action": said, "trigger": trigger}, posted
        )
        stands = self._seen(posted)
        done = await self._told(activity, self.far.place(posted.conversation), stands)
        if done.card and done.kept:
            stands.views[user] = done.card
        return done

    async def _submitted(self, user: str, posted: Posted, data: Json) -> Delivered:
        special = data.get("msteams", {})
        match special.get("type"):
            case "task/fetch":
                return await self._fetched(user, posted, data)
            case "imBack":
                return await self.message(user, posted.conversation, special["value"], posted.thread)
        person, found, _ = self._writes(user, posted.conversation)
        activity = envelopes.envelope(self.far, "message", person, found, posted.thread)
        activity |= {"id": self.far.stamp(), "value": special.get("value", data), "replyToId": posted.id}
        activity |= {"text": special["text"]} if special.get("text") else {}
        source = {"source": {"name": "message"}, "legacy": {"replyToId": posted.id}}
        activity["channelData"] = envelopes.channel_data(found, **source)
        return await self._told(activity, found, self._seen(posted))

    async def _fetched(self, user: str, posted: Posted, data: Json) -> Delivered:
        raise NotImplementedError

    def _seen(self, posted: Posted) -> Posted:
        stands = self._stands(posted)
        assert not stands.deleted, "this message was taken back"
        return stands
