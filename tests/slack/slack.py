"""Slack's side towards the app: people write, press and fill in, and Slack tells the app, signed, as it does."""

from tests.slack.answers import NotSent
from tests.slack.delivery import Answer, Delivered, signed
from tests.slack.filling import Filling
from tests.slack.grants import Install
from tests.slack.places import Json
from tests.slack.pressing import Pressing
from tests.slack.writing import Writing

__all__ = ["Answer", "Delivered", "NotSent", "Slack", "signed"]


class Slack(Writing, Pressing, Filling):
    """What people do in Slack, in the state that ``far`` keeps; ``url`` is the app's .../slack/events.

    Without a url everything goes down the app's Socket Mode connection.
    """

    async def invite(self, user: str, channel: str) -> Delivered:
        """Somebody, or the bot, joins a channel."""
        found = self.far.channels[channel]
        found.members.add(user)
        event = {"type": "member_joined_channel", "user": user, "channel": channel, "team": found.team}
        return await self._events(found, "", [("member_joined_channel", event)])

    async def remove(self, user: str, channel: str) -> Delivered:
        """Somebody leaves; or the bot is thrown out, which it is told by another event."""
        found = self.far.channels[channel]
        install = self._install(found)
        found.members.discard(user)
        left = "group_left" if found.kind == "group" else "channel_left"
        kind = left if user == install.bot else "member_left_channel"
        event = {"type": kind, "user": user, "channel": channel, "event_ts": self.far.stamp(channel)}
        return await self._events(found, "", [(kind, event)], install=install)

    async def uninstall(self, team: str = "T1") -> Delivered:
        """Slack tells of the uninstalling and of the dead tokens, in either order."""
        install = self.far.installed_in(team)
        assert install, f"the app is not installed in {team}"
        self.far.revoke(install)
        install.gone = True
        gone = ("app_uninstalled", {"type": "app_uninstalled", "event_ts": f"{self.far.clock():.6f}"})
        return await self._events(None, "", [gone, self._dead(install)], install=install)

    async def revoke(self, team: str = "T1") -> Delivered:
        install = self.far.installed_in(team)
        assert install, f"the app is not installed in {team}"
        self.far.revoke(install)
        return await self._events(None, "", [self._dead(install)], install=install)

    def _dead(self, install: Install) -> tuple[str, Json]:
        return "tokens_revoked", {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [install.bot]}}
