"""The tab in Teams: whoever Teams says it is, by a token that Microsoft signed for this very app."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from aiohttp import ClientSession, web

from adapters.portal.edge import SAYS, Rate, Refused, read
from adapters.portal.keys import Keys, NoAnswer, NotVouchedFor, verified
from adapters.portal.pages import Site
from adapters.portal.sessions import Sessions
from adapters.portal.signing_in import ELSEWHERE, WITHIN, Door

GUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.ASCII)
LONGEST = 16_384
SCRIPT_HOST = "https://res.cdn.office.net"
SCRIPT = f"{SCRIPT_HOST}/teams-js/2.31.1/js/MicrosoftTeams.min.js"
INTEGRITY = "sha384-ihAqYgEJz9hzEU+HaYodG1aTzjebC/wKXQi1nWKZG7OLAUyOL9ZrzD/SfZu79Jeu"
"""Of that very release, as its makers publish it: browsers run nothing else in its place."""
SCOPE = "access_as_user"
REFUSED = "Teams did not vouch for you. Please open the tab again."
UNKNOWN = "I don't know you yet. Ask your administrator to link you."


@dataclass
class TokenCheck:
    """For one app in Entra; ``login_url`` is where it is signed in to, and whose tokens its issuer names."""

    app_id: str
    host: str
    """Of the app's id URI: api://host/app id."""
    session: Callable[[], ClientSession]
    now: Callable[[], datetime]
    login_url: str = "https://login.microsoftonline.com"
    v1_issuer: str = "https://sts.windows.net"
    keys: Keys = field(init=False)

    def __post_init__(self) -> None:
        if not self.app_id:
            raise ValueError("with an empty app id anybody's token would do")
        self.keys = Keys(self.session, self.now)

    async def user(self, token: str) -> tuple[str, str]:
        """Tenant and user, in small letters. Raises NotVouchedFor, NoAnswer."""
        ours = [self.app_id, f"api://{self.host}/{self.app_id}"]
        url = f"{self.login_url}/common/discovery/v2.0/keys"
        claims = await verified(token, self.keys, url, ours, None, self.now())
        tenant, user = (str(claims.get(name, "")).lower() for name in ("tid", "oid"))
        if not (GUID.fullmatch(tenant) and GUID.fullmatch(user)):
            raise NotVouchedFor("nobody")
        if claims["iss"] not in (f"{self.login_url}/{tenant}/v2.0", f"{self.v1_issuer}/{tenant}/"):
            raise NotVouchedFor("another issuer")
        if isinstance(claims["aud"], list) or SCOPE not in str(claims.get("scp", "")).split():
            raise NotVouchedFor("for something else")  # of an app by itself, say, which is nobody
        return tenant, user


@dataclass
class TeamsTab:
    check: TokenCheck
    door: Door
    sessions: Sessions
    failures: Rate = field(default_factory=lambda: Rate(ELSEWHERE, WITHIN, time.monotonic))

    async def ask(self, _request: web.Request, site: Site) -> web.Response:
        """Its script asks Teams for the token, and sends it here."""
        return self.door.pages.page(site, "tab.html", None, script=SCRIPT, integrity=INTEGRITY)

    async def enter(self, request: web.Request, site: Site) -> web.StreamResponse:
        """Only failures are counted: a whole company may come from one address."""
        caller = self.door.origins.caller(request)
        if self.failures.used_up(caller):
            raise Refused(429, SAYS[429])
        try:
            return await self._enter(request, site)
        except Refused as no:
            if no.status == 403:
                self.failures.allows(caller)
            raise

    async def _enter(self, request: web.Request, site: Site) -> web.StreamResponse:
        token = (await read(request)).get("token", "")
        if not token or len(token) > LONGEST:
            raise Refused(400, REFUSED)
        try:
            tenant, user = await self.check.user(token)
        except NotVouchedFor:
            raise Refused(403, REFUSED) from None
        except NoAnswer:
            raise Refused(503, REFUSED) from None
        session = await self.sessions.by_teams(tenant, user)
        if session is None:
            raise Refused(403, UNKNOWN)
        return self.door.let_in(request, site, session)
