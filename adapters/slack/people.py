"""Who a Slack user is, by Slack's own word and no older than a minute: at home where, a guest or not, in which zone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aiohttp import ClientError

from adapters.slack.api import Ambiguous, Api
from bot.channel import Busy, NotSent, Undeliverable
from bot.incoming import User

FRESH = timedelta(seconds=60)
MANY = 10_000


@dataclass(frozen=True)
class Known:
    user: User
    human: bool
    until: datetime
    """From here on Slack is asked again."""


class People:
    def __init__(self, api: Api, now: Callable[[], datetime]) -> None:
        self._api, self._now = api, now
        self._known: dict[tuple[str, str], Known] = {}

    async def who(self, tenant: str, user: str, team: str = "", enterprise: str = "") -> User | None:
        """None: no person, or one whose account is switched off. ``team`` is where the event says they are at home.

        Raises Busy while Slack does not tell: nobody acts on a guess.
        """
        now, key = self._now(), (tenant, user)
        known = self._known.get(key)
        if known is None or known.until <= now:
            known = await self._asked(tenant, user, team, enterprise, now)
            if len(self._known) >= MANY:
                self._known = {each: one for each, one in self._known.items() if one.until > now}
            self._known[key] = known
        return known.user if known.human else None

    async def name(self, tenant: str, user: str) -> str:
        """For a mention in somebody's words; their id where Slack does not tell."""
        try:
            known = await self.who(tenant, user)
        except Busy:
            known = None
        return known.name if known and known.name else user

    async def _asked(self, tenant: str, user: str, team: str, enterprise: str, now: datetime) -> Known:
        try:
            told = (await self._api.call(tenant, lambda client: client.users_info(user=user)))["user"]
        except Undeliverable:  # Slack shows this app nothing of a stranger from another company
            homes = tuple(filter(None, (team,)))
            return Known(User(user, homes, outsider=True), True, now + FRESH)
        except (NotSent, Ambiguous, OSError, TimeoutError, ClientError) as error:
            raise Busy("Slack does not tell who that is") from error
        return Known(as_user(told, tenant, team, enterprise), _human(told), now + FRESH)


def as_user(told: dict[str, Any], tenant: str, team: str = "", enterprise: str = "") -> User:
    """At home in their own team, and in the organisation that it belongs to."""
    grid = told.get("enterprise_user") or {}
    own = str(told.get("team_id") or team)
    organisation = str(grid.get("enterprise_id") or told.get("enterprise_id") or "")
    homes = tuple(dict.fromkeys(filter(None, (own, organisation))))
    same = own == tenant or (bool(organisation) and organisation in (tenant, enterprise))
    guest = any(told.get(flag) for flag in ("is_restricted", "is_ultra_restricted", "is_stranger"))
    profile = told.get("profile") or {}
    names = (profile.get("display_name"), profile.get("real_name"), told.get("real_name"), told.get("name"))
    name = str(next(filter(None, names), ""))
    return User(str(told["id"]), homes, guest or not same, name, str(told.get("tz") or ""))


def _human(told: dict[str, Any]) -> bool:
    return not (told.get("is_bot") or told.get("deleted"))
