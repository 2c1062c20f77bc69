"""Dialogs: opened by a button or from a message's menu, filled in, answered by the next one or by words."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass

import aiohttp

from tests.teams import envelopes
from tests.teams.delivery import Delivered
from tests.teams.far import Far
from tests.teams.filling import filled, find_action, sends
from tests.teams.places import Json, Posted
from tests.teams.pressing import Pressing
from tests.teams.reading import inputs, words

_CONTEXT = {"theme": "default"}


@dataclass
class Dialog:
    """What stands open in front of somebody."""

    about: Posted
    card: Json
    title: str
    extension: Json | None = None
    """What a message extension says again with every step; None for a bot's dialog."""

    @property
    def words(self) -> str:
        return "\n".join(words(self.card))

    @property
    def questions(self) -> list[str]:
        return [str(one["label"]) for one in inputs(self.card)]


class Dialogs(Pressing):
    def __init__(self, far: Far, url: str, session: aiohttp.ClientSession | None = None) -> None:
        super().__init__(far, url, session)
        self._dialogs: dict[str, Dialog] = {}

    def dialog(self, user: str) -> Dialog:
        found = self._dialogs.get(user)
        assert found, f"{user} has no dialog open"
        return found

    def has_dialog(self, user: str) -> bool:
        return user in self._dialogs

    async def extension(self, user: str, posted: Posted, command: str) -> Delivered:
        """The app's command in the menu of a message, anybody's."""
        payload = envelopes.payload(self.far, self._seen(posted))
        value: Json = {"commandId": command, "commandContext": "message", "requestId": envelopes.invoke_id()[2:]}
        value |= {"messagePayload": payload, "context": _CONTEXT}
        activity = self._invoke("composeExtension/fetchTask", user, posted.conversation, value)
        activity["channelData"] |= {"source": {"name": "message"}}
        return self._shown(user, posted, await self.send(activity, posted), value)

    async def submit(
        self, user: str, values: Mapping[str, str] | None = None, what: str = "", **more: str
    ) -> Delivered:
        """The dialog that is open, sent off by its first such action unless ``what`` names another."""
        dialog = self.dialog(user)
        action = find_action(dialog.card, what) if what else sends(dialog.card)
        data = {**deepcopy(action["data"]), **filled(dialog.card, {**(values or {}), **more})}
        if dialog.extension is None:
            value: Json = {"data": data, "context": _CONTEXT}
            activity = self._invoke("task/submit", user, dialog.about.conversation, value, dialog.about)
        else:
            value = {**dialog.extension, "data": data}
            activity = self._invoke("composeExtension/submitAction", user, dialog.about.conversation, value)
            activity["channelData"] |= {"source": {"name": "message"}}
        return self._shown(user, dialog.about, await self.send(activity, dialog.about), dialog.extension)

    def close_dialog(self, user: str) -> None:
        """Of which the bot is told nothing."""
        self._dialogs.pop(user, None)

    async def _fetched(self, user: str, posted: Posted, data: Json) -> Delivered:
        activity = self._invoke("task/fetch", user, posted.conversation, {"data": data, "context": _CONTEXT}, posted)
        done = await self._told(activity, self.far.place(posted.conversation), posted)
        return self._shown(user, posted, done, None)

    def _shown(self, user: str, posted: Posted, done: Delivered, extension: Json | None) -> Delivered:
        """Nothing happens to a dialog whose answer failed: the client says so, and people try again."""
        if done.kept and done.card:
            title = str(done.json["task"]["value"].get("title", ""))
            self._dialogs[user] = Dialog(posted, done.card, title, extension)
        elif done.kept:
            self._dialogs.pop(user, None)
        return done
