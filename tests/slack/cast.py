"""Who and what there is in Slack: workspaces, people, channels, and the app in them."""

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal

from tests.slack.grants import Install, Token
from tests.slack.places import App, Channel, User, Workspace


@dataclass
class Cast:
    scopes: set[str]
    """What the app's manifest asks for, and each new installation is granted."""
    clock: Callable[[], float] = time.time
    """What messages are stamped with, and by which triggers and tokens age; a test may put its own here."""
    app: App = field(default_factory=App)
    workspaces: dict[str, Workspace] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    installs: list[Install] = field(default_factory=list)
    tokens: dict[str, Token] = field(default_factory=dict)
    refreshes: dict[str, Install] = field(default_factory=dict)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def number(self) -> int:
        return next(self._numbers)

    # Coming and going ---------------------------------------------------------------------------------------------

    def add_workspace(self, team: str, name: str = "", enterprise: str = "") -> Workspace:
        self.workspaces[team] = Workspace(team, name or team, enterprise)
        return self.workspaces[team]

    def add_user(self, user: str, name: str = "", team: str = "T1", **how: Any) -> User:
        assert team in self.workspaces, f"there is no workspace {team}"
        assert re.fullmatch("[UW][A-Z0-9]+", user), "ids look like U012AB"
        self.users[user] = User(user, team, name or user, **how)
        return self.users[user]

    def add_channel(
        self,
        channel: str,
        name: str = "",
        members: Iterable[str] = (),
        team: str = "T1",
        kind: Literal["channel", "group"] = "channel",
        shared_with: Iterable[str] = (),
        with_bot: bool = True,
    ) -> Channel:
        assert re.fullmatch("[CG][A-Z0-9]+", channel), "ids look like C012AB"
        made = Channel(channel, team, name or channel.lower(), kind, set(members), set(shared_with))
        if with_bot:
            made.members |= {install.bot for install in self.installs if self.covers(install, team)}
        self.channels[channel] = made
        return made

    def add_install(
        self, team: str = "T1", enterprise: str = "", scopes: Iterable[str] | None = None, rotating: bool = False
    ) -> Install:
        """Into one workspace; or, with only ``enterprise``, into all of an organisation."""
        team = "" if enterprise else team
        home = team or next(w.id for w in self.workspaces.values() if w.enterprise == enterprise)
        enterprise = enterprise or self.workspaces[home].enterprise
        granted = self.scopes if scopes is None else set(scopes)
        known = (i for i in self.installs if (i.team, i.enterprise) == (team, enterprise))
        install = next(known, None) or self._new_install(team, enterprise, home)
        install.scopes, install.rotating, install.gone = set(granted), rotating, False
        self.issue(install)
        return install

    def _new_install(self, team: str, enterprise: str, home: str) -> Install:
        name = f"DESK{team or enterprise}"
        self.add_user(f"U{name}", "Support Desk", home, bot=True)
        install = Install(team, enterprise, f"U{name}", f"B{name}", set())
        self.installs.append(install)
        return install

    def issue(self, install: Install, lives: float = 12 * 3600) -> str:
        """A new bot token; with rotation also its refresh token, which serves once."""
        number = self.number()
        prefix = "xoxe.xoxb-1" if install.rotating else "xoxb"
        install.token = f"{prefix}-{install.team or install.enterprise}-{number}"
        self.tokens[install.token] = Token(install, self.clock() + lives if install.rotating else None)
        install.refresh = f"xoxe-1-{install.team or install.enterprise}-{number}" if install.rotating else ""
        if install.refresh:
            self.refreshes[install.refresh] = install
        return install.token

    def revoke(self, install: Install) -> None:
        for token in self.tokens.values():
            token.revoked = token.revoked or token.install is install
        self.refreshes = {name: one for name, one in self.refreshes.items() if one is not install}

    # Who and where ----------------------------------------------------------------------------------------------

    def covers(self, install: Install, team: str) -> bool:
        workspace = self.workspaces.get(team)
        return (
            install.team == team if not install.org else bool(workspace and workspace.enterprise == install.enterprise)
        )

    def installed_in(self, team: str) -> Install | None:
        found = [install for install in self.installs if not install.gone and self.covers(install, team)]
        return min(found, key=lambda install: install.org, default=None)

    def installed_for(self, channel: Channel) -> Install | None:
        """Whose bot hears what is said there."""
        if channel.kind == "im":
            return next((i for i in self.installs if i.bot == channel.bot and not i.gone), None)
        around = (self.installed_in(team) for team in (channel.team, *sorted(channel.shared_with)))
        return next((install for install in around if install and install.bot in channel.members), None)

    def reaches(self, install: Install, channel: Channel) -> bool:
        if channel.kind == "im":
            return channel.bot == install.bot
        if channel.kind != "channel" and install.bot not in channel.members:
            return False
        return any(self.covers(install, team) for team in (channel.team, *channel.shared_with))

    def direct(self, user: str, install: Install) -> Channel:
        """The person's conversation with the bot, opened if there was none."""
        for channel in self.channels.values():
            if channel.kind == "im" and (channel.person, channel.bot) == (user, install.bot):
                return channel
        team = install.team or self.users[user].team
        made = Channel(f"D{self.number():06}", team, "directmessage", "im", {user, install.bot})
        made.person, made.bot = user, install.bot
        self.channels[made.id] = made
        return made

    def place(self, name: str) -> Channel:
        """A channel by its id, or by the id of the person with whom it is direct."""
        if name in self.channels:
            return self.channels[name]
        direct = [channel for channel in self.channels.values() if channel.person == name]
        if direct:
            return direct[-1]
        install = self.installed_in(self.users[name].team)
        assert install, f"the app is not installed for {name}"
        return self.direct(name, install)
