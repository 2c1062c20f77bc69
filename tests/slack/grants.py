"""What Slack gives an app to come back with: installations, tokens, triggers and response_urls."""

from dataclasses import dataclass
from typing import Any

TRIGGER_SECONDS = 3.0
RESPONSE_USES, RESPONSE_SECONDS = 5, 30 * 60
STACKED_VIEWS = 3


class Refused(Exception):
    """Slack answers with this error; ``wrong`` says, if the app should never have asked, what is wrong with that."""

    def __init__(self, error: str, wrong: str = "", **extra: Any) -> None:
        self.error, self.wrong, self.extra = error, wrong, extra
        super().__init__(error, wrong)


@dataclass
class Install:
    """The app in a workspace, or in an organisation's workspaces."""

    team: str
    """Empty where the whole organisation installed it."""
    enterprise: str
    bot: str
    bot_id: str
    scopes: set[str]
    rotating: bool = False
    token: str = ""
    refresh: str = ""
    gone: bool = False

    @property
    def org(self) -> bool:
        return not self.team


@dataclass
class Token:
    install: Install
    expires: float | None = None
    """By the fake's clock; None: never."""
    revoked: bool = False


@dataclass
class Trigger:
    user: str
    install: Install
    made: float
    used: bool = False


@dataclass
class ResponseUrl:
    channel: str
    user: str
    made: float
    message: str = ""
    """The ts of the message a button of which was pressed."""
    uses: int = 0
