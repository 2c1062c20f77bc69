"""What Slack gave us for one workspace or organisation, and what must be kept of it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Install:
    tenant: str
    """The workspace's id, or the organisation's where the app is installed for all of it."""
    app_id: str
    """Empty where Slack did not say: with a token from the settings."""
    bot_token: str = field(repr=False)
    bot_user: str
    bot_id: str
    scopes: tuple[str, ...]
    refresh_token: str | None = field(repr=False)
    expires_at: datetime | None
    """When the token stops working (UTC); None: never."""
    name: str


class NotInstalled(Exception):
    """Slack gave us no token for this tenant, or took it back."""


class NoToken(Exception):
    """Slack or the store does not answer just now."""


class Installs(Protocol):
    """Each raises Busy while the store does not answer."""

    async def find(self, tenant: str) -> Install | None: ...

    async def keep(self, install: Install) -> None:
        """New, or in place of the tenant's older one; ends what ``may_renew`` allowed."""

    async def forget(self, tenant: str, before: datetime) -> None:
        """Unless it was kept later than that (UTC)."""

    async def may_renew(self, tenant: str, until: datetime) -> bool:
        """True for one caller in all processes, until it keeps the next token or ``until`` passes."""
