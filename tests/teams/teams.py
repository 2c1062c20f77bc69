"""Teams' side towards the app: people write, press and fill in, and Teams tells the app, signed, as it does."""

from tests.teams import envelopes
from tests.teams.delivery import Delivered
from tests.teams.dialogs import Dialog, Dialogs
from tests.teams.filling import NotSent
from tests.teams.places import Conversation, Json

__all__ = ["Delivered", "Dialog", "NotSent", "Teams"]


class Teams(Dialogs):
    """What people do in Teams, in the state that ``far`` keeps; ``url`` is the app's .../api/messages."""

    async def install(self, user: str, place: str = "") -> list[Delivered]:
        """By somebody for themselves, or in a team or group chat."""
        self.far.set_installed(place or user, True)
        return await self._came(user, self.far.place(place or user), "add", "membersAdded")

    async def uninstall(self, user: str, place: str = "") -> list[Delivered]:
        """The bot is told, and can say nothing any more."""
        found = self.far.place(place or user)
        done = await self._came(user, found, "remove", "membersRemoved")
        self.far.set_installed(found.id, False)
        return done

    async def upgrade(self, user: str, place: str = "") -> Delivered:
        """A new version of the app was installed."""
        found = self.far.place(place or user)
        activity = self._installation(user, found, "add-upgrade")
        return await self._told(activity, found)

    async def join(self, user: str, place: str) -> Delivered:
        """Somebody comes to a team or group chat."""
        found = self.far.place(place)
        found.members.add(user)
        return await self._told(self._membership(user, found, "membersAdded", self._account(user)), found)

    async def leave(self, user: str, place: str) -> Delivered:
        found = self.far.place(place)
        found.members.discard(user)
        return await self._told(self._membership(user, found, "membersRemoved", self._account(user)), found)

    async def _came(self, user: str, found: Conversation, action: str, members: str) -> list[Delivered]:
        """Of a person's own conversation it is told as a change of members only when it begins."""
        told = [self._membership(user, found, members, {"id": self.far.app.bot})]
        told = [] if found.kind == "personal" and action == "remove" else told
        return await self._all([*told, self._installation(user, found, action)], found)

    def _installation(self, user: str, found: Conversation, action: str) -> Json:
        activity = envelopes.envelope(self.far, "installationUpdate", self.far.users[user], found)
        activity |= {"id": envelopes.invoke_id(), "action": action}
        if found.team:
            activity["channelData"] |= {"settings": {"selectedChannel": {"id": found.id}}}
        return activity

    def _membership(self, user: str, found: Conversation, members: str, account: Json) -> Json:
        activity = envelopes.envelope(self.far, "conversationUpdate", self.far.users[user], found)
        activity |= {"id": envelopes.invoke_id(), members: [account]}
        if found.team:
            event = "teamMemberAdded" if members == "membersAdded" else "teamMemberRemoved"
            activity["channelData"] |= {"eventType": event}
        return activity

    def _account(self, user: str) -> Json:
        return {"id": self.far.users[user].mri, "aadObjectId": user}
