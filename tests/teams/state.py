"""Who and what there is in Teams, where the bot is installed, and what was said; without any HTTP."""

import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count

from tests.copies import copied
from tests.teams.places import App, Conversation, Json, Posted, Team, Tenant, User, guid, parted

_GUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass
class State:
    clock: Callable[[], float] = time.time
    """What messages are stamped with, and by which tokens age; a test may put its own here."""
    app: App = field(default_factory=App)
    page: int = 50
    """Members that are told at once, whatever is asked for."""
    tenants: dict[str, Tenant] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    conversations: dict[str, Conversation] = field(default_factory=dict)
    posted: dict[str, list[Posted]] = field(default_factory=dict)
    heard: set[str] = field(default_factory=set)
    """The ids of whatever the app was told, to which it may reply."""
    _numbers: "count[int]" = field(default_factory=lambda: count(1))
    _latest: int = 0

    def number(self) -> int:
        return next(self._numbers)

    def stamp(self) -> str:
        """The id of a message: the time in milliseconds, never twice."""
        self._latest = max(int(self.clock() * 1000), self._latest + 1)
        return str(self._latest)

    # Coming and going ---------------------------------------------------------------------------------------------

    def add_tenant(self, tenant: str, name: str = "") -> Tenant:
        assert _GUID.fullmatch(tenant), "tenants go by GUIDs in lower case: guid('a name') makes one"
        self.tenants[tenant] = Tenant(tenant, name or tenant)
        return self.tenants[tenant]

    def add_user(
        self,
        user: str,
        name: str = "",
        tenant: str = "",
        guest: bool = False,
        installed: bool = True,
        locale: str = "en-US",
        zone: str = "America/New_York",
    ) -> User:
        """Somebody by their object id; ``installed``: with the app in their personal scope."""
        tenant = tenant or self.app.tenant
        assert tenant in self.tenants, f"there is no tenant {tenant}"
        assert _GUID.fullmatch(user), "people go by GUIDs in lower case: guid('a name') makes one"
        upn = f"{(name or user).lower().replace(' ', '.')}@{self.tenants[tenant].name.lower().replace(' ', '-')}.com"
        self.users[user] = User(user, tenant, name or user, guest, locale, zone, upn)
        made = Conversation(f"a:1{guid(user + tenant).replace('-', '')}", "personal", tenant, person=user)
        made.members, made.installed = {user}, installed
        self.conversations[made.id] = made
        return self.users[user]

    def add_team(
        self, team: str, name: str = "", members: Iterable[str] = (), tenant: str = "", installed: bool = True
    ) -> Team:
        """With its General channel, which has the team's id."""
        _checked(team, "@thread.tacv2")
        made = Team(team, tenant or self.app.tenant, name or team, set(members), installed)
        self.teams[team] = made
        self.add_channel(team, "General", team)
        return made

    def add_channel(self, channel: str, name: str, team: str) -> Conversation:
        _checked(channel, "@thread.tacv2")
        home = self.teams[team]
        made = Conversation(channel, "channel", home.tenant, name, home, members=home.members)
        self.conversations[channel] = made
        return made

    def add_group(
        self, chat: str, members: Iterable[str], name: str = "", tenant: str = "", installed: bool = True
    ) -> Conversation:
        """A group chat."""
        _checked(chat, "@thread.v2")
        made = Conversation(chat, "groupChat", tenant or self.app.tenant, name, members=set(members))
        made.installed = installed
        self.conversations[chat] = made
        return made

    def set_installed(self, place: str, installed: bool) -> None:
        found = self.place(place)
        if found.team:
            found.team.installed = installed
        else:
            found.installed = installed

    def block(self, user: str, blocked: bool = True) -> None:
        self.place(user).blocked = blocked

    # Who and where ------------------------------------------------------------------------------------------------

    def place(self, name: str) -> Conversation:
        """A conversation by its id, with or without a thread; or the one between a person and the bot."""
        room, _ = parted(name)
        if room in self.conversations:
            return self.conversations[room]
        return next(one for one in self.conversations.values() if one.person and one.person == name)

    def is_installed(self, conversation: Conversation) -> bool:
        return conversation.team.installed if conversation.team else conversation.installed

    def person(self, name: str) -> User | None:
        """By object id or by the id that bots know."""
        return self.users.get(name) or next((one for one in self.users.values() if one.mri == name), None)

    # What is said -------------------------------------------------------------------------------------------------

    def say(self, place: str, by: str, activity: Json, thread: str = "", reply_to: str = "") -> Posted:
        found, id = self.place(place), self.stamp()
        root = (thread or id) if found.kind == "channel" else ""
        made = Posted(id, found.id, by, copied(activity), self.clock(), root, reply_to)
        made.versions.append(made.activity)
        self.posted.setdefault(found.id, []).append(made)
        return made

    def find(self, place: str, id: str) -> Posted | None:
        room = self.place(place).id
        return next((one for one in self.posted.get(room, ()) if one.id == id and not one.deleted), None)

    def change(self, posted: Posted, activity: Json) -> None:
        posted.activity = copied(activity)
        posted.versions.append(posted.activity)
        posted.edits += 1
        posted.views.clear()

    def activities(self, place: str, thread: str = "") -> list[Posted]:
        """What stands there now, the people's and the bot's, in order; ``place`` may be a person."""
        return [copied(one) for one in self.standing(place, thread)]

    def said(self, place: str, thread: str = "") -> list[Posted]:
        """The bot's among them."""
        return [copied(one) for one in self.standing(place, thread) if one.from_bot]

    def standing(self, place: str, thread: str = "") -> Iterator[Posted]:
        """The same as it is kept, only to be looked at."""
        room, named = parted(self.place(place).id if place in self.users else place)
        wanted = thread or named
        return (one for one in self.posted.get(room, ()) if not one.deleted and wanted in ("", one.thread))


def _checked(id: str, end: str) -> None:
    assert re.fullmatch(rf"19:[\w-]+{re.escape(end)}", id), f"ids look like 19:abc{end}"
