"""People give commands, press buttons and choose from menus."""

from tests.slack import payloads
from tests.slack.blocks import Invalid
from tests.slack.delivery import Delivered, Request
from tests.slack.grants import ResponseUrl
from tests.slack.places import Message, View
from tests.slack.responses import answer, offer
from tests.slack.sending import Sending


class Pressing(Sending):
    async def command(self, user: str, place: str, command: str, text: str = "") -> Delivered:
        """There is no way to give one in a thread."""
        channel = self._writes(user, place)
        person, install = self.far.users[user], self._install(channel)
        assert "commands" in install.scopes, "without this scope there are no commands"
        assert self.far.covers(install, person.team), "people of other companies have none of the app's commands"
        home = self.far.workspaces[person.team]
        body = {
            "token": self.far.app.verification,
            "team_id": home.id,
            "team_domain": home.domain,
            "channel_id": channel.id,
            "channel_name": payloads.channel_named(channel)["name"],
            "user_id": user,
            "user_name": person.handle,
            "command": command,
            "text": payloads.typed(self.far, text, named=True),
            "api_app_id": self.far.app.id,
            "is_enterprise_install": "true" if install.org else "false",
        }
        body |= {"enterprise_id": home.enterprise, "enterprise_name": home.enterprise} if home.enterprise else {}
        trigger, url = self.far.trigger(user, install), ResponseUrl(channel.id, user, self.far.clock())
        body |= {"trigger_id": trigger, "response_url": offer(self.far, self.far.base, url)}
        done = await self._sent(Request("slash_commands", body), trigger)
        self._shown(done, url)
        return done

    async def press(self, user: str, message: Message, what: str) -> Delivered:
        """A button or choice of a message by its label, value or action id; of the message as it is passed."""
        channel = self.far.channels[message.channel]
        assert user in channel.members, f"{user} is not in {channel.id}"
        assert message.only_for in ("", user), f"only {message.only_for} sees this message"
        assert message.shown, "nobody sees this message"
        found = payloads.find_element(message.blocks, what)
        person, install = self.far.users[user], self._install(channel)
        trigger = self.far.trigger(user, install)
        url = ResponseUrl(channel.id, user, self.far.clock(), message.ts)
        payload = payloads.interaction(self.far, install, person, "block_actions", trigger) | {
            "container": payloads.container(message),
            "channel": payloads.channel_named(channel),
            "state": payloads.stated({}),
            "response_url": offer(self.far, self.far.base, url),
            "actions": [payloads.action(*found, self.far.clock())],
        }
        if not message.only_for:
            payload["message"] = message.json()
        return await self._sent(Request("interactive", payload), trigger)

    async def press_in_home(self, user: str, what: str) -> Delivered:
        home = self.far.home(user)
        assert home, f"{user} has no home yet"
        return await self.press_in_view(user, home, what)

    async def press_in_view(self, user: str, view: View, what: str) -> Delivered:
        found = payloads.find_element(view.blocks, what)
        install = self._install_for(self.far.users[user])
        trigger = self.far.trigger(user, install)
        payload = payloads.interaction(self.far, install, self.far.users[user], "block_actions", trigger) | {
            "container": {"type": "view", "view_id": view.id},
            "view": view.json(),
            "actions": [payloads.action(*found, self.far.clock())],
        }
        payload |= {"team": None} if install.org else {}
        return await self._sent(Request("interactive", payload), trigger)

    async def shortcut(self, user: str, callback_id: str, message: Message | None = None) -> Delivered:
        """From the menu of a message; without one, from anywhere."""
        person = self.far.users[user]
        install = self._install_for(person)
        trigger = self.far.trigger(user, install)
        kind = "message_action" if message else "shortcut"
        payload = payloads.interaction(self.far, install, person, kind, trigger, app=False)
        payload |= {"callback_id": callback_id, "action_ts": f"{self.far.clock():.6f}"}
        if message:
            channel = self.far.channels[message.channel]
            assert user in channel.members, f"{user} is not in {channel.id}"
            url = ResponseUrl(channel.id, user, self.far.clock())
            payload |= {
                "channel": payloads.channel_named(channel),
                "message_ts": message.ts,
                "message": payloads.written(self.far, message),
                "response_url": offer(self.far, self.far.base, url),
            }
        return await self._sent(Request("interactive", payload), trigger)

    def _shown(self, done: Delivered, url: ResponseUrl) -> None:
        """What a command is answered with in its very response is shown at once."""
        said = done.json if done.json is not None else {"text": done.text} if done.text else None
        if not done.kept or not said:
            return
        try:
            answer(self.far, url, said)
        except Invalid as wrong:
            self.far.violations.append(f"the answer to a command: {wrong}")
