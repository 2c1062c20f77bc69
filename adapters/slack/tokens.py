"""The bot token of a tenant, from memory for a minute: the settings' own, or those that administrators gave us."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Protocol, TypeVar

from adapters.slack.flights import Flights
from adapters.slack.grants import Grants, SlackSaidNo, SlackSilent
from adapters.slack.installs import Install, Installs, NotInstalled, NoToken
from adapters.slack.rotation import Rotation
from bot.channel import Busy

log = logging.getLogger(__name__)
T = TypeVar("T")
Now = Callable[[], datetime]

FRESH = timedelta(seconds=60)
ABSENT = timedelta(seconds=5)
"""How long a tenant without a token is remembered as one: who has just installed the app is not to wait for long."""
PATIENCE = 2.5
"""Seconds: an event can still be refused in time for Slack to send it again."""
QUICKEST, SLOWEST = timedelta(seconds=1), timedelta(seconds=60)
MANY = 1000
GONE = {"account_inactive", "token_revoked"}
"""The app was uninstalled. Any other answer may be the settings' fault, and mended."""
NEVER = datetime.min.replace(tzinfo=UTC)


class Tokens(Protocol):
    trouble: str
    """What the last attempt to find out whose the settings' token is came to; empty: all is well."""

    async def of(self, tenant: str) -> Install:
        """Raises NotInstalled, or NoToken after a short wait."""

    async def forget(self, tenant: str, at: datetime) -> None:
        """The app was uninstalled there, or its token revoked, at that time (UTC). Raises Busy."""

    async def close(self) -> None:
        """Lets renewals end: a token that was given and not kept would be lost."""


class OneWorkspace:
    """The token of the settings; Slack is asked once whose it is."""

    def __init__(self, token: str, grants: Grants, now: Now, *, patience: float = PATIENCE) -> None:
        self._token = token
        self._grants = grants
        self._now = now
        self._patience = patience
        self._asking: Flights[Install] = Flights(NoToken)
        self._install: Install | None = None
        self._dead = False
        """Whether Slack said of the token that it works no more, when it was last asked."""
        self._wait, self._again = QUICKEST, NEVER
        self.trouble = ""

    async def of(self, tenant: str) -> Install:
        install = await self.home()
        if tenant != install.tenant:
            raise NotInstalled(tenant)
        return install

    async def home(self) -> Install:
        """The one that there is. Raises NotInstalled, NoToken."""
        if self._install:
            return self._install
        try:
            return await _soon(self._asking.join("", self._ask), self._patience)
        except NoToken:
            if self._dead:
                raise NotInstalled from None
            raise

    async def forget(self, tenant: str, at: datetime) -> None:
        """Slack is asked again: where the token is dead, that is the answer."""
        if self._install and self._install.tenant == tenant:
            self._install = None

    async def close(self) -> None:
        await self._asking.close()

    async def _ask(self) -> Install:
        if self._now() < self._again:
            raise NoToken("Slack did not tell whose token it is, and is asked again in a while")
        try:
            self._install = await self._grants.whose(self._token)
        except (SlackSaidNo, SlackSilent) as no:
            log.warning("Slack did not tell whose SLACK_BOT_TOKEN is: %s", no)
            self._dead = isinstance(no, SlackSaidNo) and no.error in GONE
            self.trouble = str(no)
            self._again = self._now() + self._wait
            self._wait = min(self._wait * 2, SLOWEST)
            raise NoToken(str(no)) from None
        self._wait, self._dead, self.trouble = QUICKEST, False, ""
        return self._install


class ManyWorkspaces:
    """The tokens that administrators gave us, renewed before they end."""

    def __init__(self, installs: Installs, rotation: Rotation, now: Now, *, patience: float = PATIENCE) -> None:
        self._installs = installs
        self._rotation = rotation
        self._now = now
        self._patience = patience
        self._known: dict[str, tuple[Install | None, datetime]] = {}
        self._loads: Flights[Install | None] = Flights(NoToken, Busy)
        self._renewals: Flights[Install | None] = Flights(NoToken, Busy)
        self.trouble = ""

    async def of(self, tenant: str) -> Install:
        install, until = self._known.get(tenant, (None, NEVER))
        if until <= self._now():
            install = await _soon(self._loads.join(tenant, partial(self._load, tenant)), self._patience)
        if install is None:
            raise NotInstalled(tenant)
        return install

    async def keep(self, install: Install) -> None:
        """Raises Busy."""
        await self._installs.keep(install)
        self._remember(install.tenant, install)

    async def forget(self, tenant: str, at: datetime) -> None:
        await self._installs.forget(tenant, at)
        self._known.pop(tenant, None)

    async def close(self) -> None:
        await self._loads.close()
        await self._renewals.close()

    async def _load(self, tenant: str) -> Install | None:
        install = await self._installs.find(tenant)
        if install and self._rotation.due(install):
            renewal = self._renewals.start(tenant, partial(self._renew, install))
            if self._rotation.over(install):
                return await asyncio.shield(renewal)
        self._remember(tenant, install)
        return install

    async def _renew(self, old: Install) -> Install | None:
        new = await self._rotation.renewed(old)
        self._remember(old.tenant, new)
        return new

    def _remember(self, tenant: str, install: Install | None) -> None:
        now = self._now()
        if len(self._known) >= MANY:
            self._known = {name: known for name, known in self._known.items() if known[1] > now}
        until = now + (FRESH if install else ABSENT)
        self._known[tenant] = install, min(until, install.expires_at) if install and install.expires_at else until


async def _soon(outcome: Awaitable[T], patience: float) -> T:
    try:
        async with asyncio.timeout(patience):
            return await outcome
    except TimeoutError:
        raise NoToken("no answer in time") from None
    except Busy:
        raise NoToken("the store does not answer") from None
