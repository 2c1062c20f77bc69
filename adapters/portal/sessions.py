"""Who is signed in: the cookie that a browser holds, and what the portal asks of the house about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web

DAYS = 7
"""After which a browser forgets the cookie; the server ends the session sooner where nobody uses it."""


class Visitor(Protocol):
    """Somebody who is signed in."""

    @property
    def person(self) -> int: ...
    @property
    def user(self) -> str:
        """What the portal calls them; the name of their own room."""

    @property
    def name(self) -> str: ...
    @property
    def company(self) -> str: ...
    @property
    def staff(self) -> bool: ...
    @property
    def lead(self) -> bool: ...
    @property
    def guest(self) -> bool: ...
    @property
    def language(self) -> str: ...
    @property
    def zone(self) -> str: ...
    @property
    def how(self) -> str: ...


class Sessions(Protocol):
    """What ``app`` supplies. Each may raise bot.channel.Busy."""

    async def send_link(self, address: str, origin: str) -> None:
        """By mail, if that is somebody's address. Nobody learns whether it is."""

    async def redeem(self, token: str) -> str | None:
        """The session that a one-time link is good for."""

    async def by_address(self, address: str) -> str | None:
        """A session for that member of the desk, whose address was verified."""

    async def by_teams(self, tenant: str, user: str) -> str | None:
        """A session for whoever that user of Teams is linked to."""

    async def visitor(self, token: str, seen: bool = True) -> Visitor | None:
        """``seen``: a person looks, and not a page that is left open; only that keeps the session."""

    async def end(self, token: str, person: int) -> None: ...
    async def end_all(self, person: int) -> None:
        """Wherever they are signed in."""

    async def count(self, person: int) -> int:
        """In how many browsers they are."""


@dataclass(frozen=True)
class Cookie:
    """A cookie of this server alone: its name makes browsers refuse it from anywhere else, or unencrypted."""

    name: str
    framed: bool = False
    """Whether it is for a frame on another site's page (Teams), where it is kept apart from all others."""

    def called(self, origin: str) -> str:
        return f"__Host-{self.name}" if origin.startswith("https://") else self.name

    def set(self, response: web.StreamResponse, origin: str, value: str, seconds: int = DAYS * 24 * 3600) -> None:
        """Unencrypted only on this machine, which no origin of ours is otherwise."""
        said = [f"{self.called(origin)}={value}", "Path=/", f"Max-Age={seconds}", "HttpOnly", *self._where(origin)]
        response.headers.add("Set-Cookie", "; ".join(said))

    def clear(self, response: web.StreamResponse, origin: str) -> None:
        self.set(response, origin, "", 0)

    def read(self, request: web.Request, origin: str) -> str:
        return request.cookies.get(self.called(origin), "")

    def _where(self, origin: str) -> Iterable[str]:
        if self.framed:
            return ("Secure", "SameSite=None", "Partitioned")
        return ("Secure", "SameSite=Lax") if origin.startswith("https://") else ("SameSite=Lax",)


SESSION = Cookie("supporthub")
IN_TEAMS = Cookie("supporthub-tab", framed=True)
