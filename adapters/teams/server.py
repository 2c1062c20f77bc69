"""Teams as one connection of the house: its way in behind the token check, and its way out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, web

from adapters.teams import roster
from adapters.teams.channel import Teams
from adapters.teams.connector import Connector
from adapters.teams.edge import Gate, Handler, read, route
from adapters.teams.files import TeamsFiles
from adapters.teams.front import Front
from adapters.teams.inbound_token import TokenCheck
from adapters.teams.keys import Keys
from adapters.teams.people import People
from adapters.teams.places import Atlas, Places
from adapters.teams.token import BotToken
from adapters.teams.trust import Trust
from bot.channel import Listener
from bot.incoming import Address

MESSAGES = "/api/messages"
Now = Callable[[], datetime]


@dataclass(frozen=True)
class Credentials:
    """As the settings have them."""

    app_id: str
    password: str = field(repr=False)
    tenant: str
    openid_metadata_url: str
    token_issuer: str
    login_url: str
    trust: Trust
    answers_strangers: bool = True
    """Whether a tenant that is no account's gets one polite answer; otherwise it is refused."""


class TeamsConnection:
    """Opened inside the loop; ``stop`` ends what is under way, ``close`` gives everything back."""

    name = "teams"
    silence = timedelta(minutes=1)
    """Teams tells what was written once; but a short restart is not worth asking everybody again."""

    def __init__(self, given: Credentials, places: Places, now: Now) -> None:
        self._session = ClientSession(timeout=ClientTimeout(total=10), cookie_jar=DummyCookieJar())
        self._keys = Keys(self._session, given.openid_metadata_url, now)
        self._token = BotToken(self._session, given.login_url, given.tenant, given.app_id, given.password, now)
        self._gate = Gate(TokenCheck(self._keys, given.app_id, given.token_issuer, now), given.trust)
        self._connector = Connector(self._session, self._token, given.trust)
        self._atlas = Atlas(places)
        self._people = People(self._connector, now)
        self._front: Front | None = None
        self._answers_strangers = given.answers_strangers
        self.channel = Teams(self._connector, self._atlas, f"28:{given.app_id}")
        self.files = TeamsFiles(self._token, given.trust)

    def register(self, app: web.Application, host: Listener) -> None:
        self._front = Front(host, self._atlas, self._people, self._connector, self._answers_strangers)
        app.add_routes([route("POST", MESSAGES, _handler(self._gate, self._front))])

    @property
    def missed(self) -> dict[Address, datetime]:
        return self._front.missed if self._front else {}

    @property
    def refreshes(self) -> Mapping[str, int]:
        """How often Microsoft's signing keys were asked for, by how that ended: ok, failed."""
        return self._keys.refreshes

    @property
    def trouble(self) -> str:
        """What of Microsoft's cannot be had; empty: nothing is known to be wrong."""
        return ", ".join(filter(None, [self._token.trouble, self._keys.trouble]))

    async def hears(self) -> bool:
        """Teams finds us wherever we listen."""
        return True

    async def roster(self, tenant: str, conversation: str) -> list[roster.Found]:
        """Everybody of that tenant who is in the conversation."""
        return await roster.read(self._connector, self._atlas, tenant, conversation)

    async def start(self) -> None:
        """Nothing to begin: Teams calls."""

    async def stop(self) -> None:
        if self._front is not None:
            await self._front.close()

    async def close(self) -> None:
        await self._token.close()
        await self._keys.close()
        await self._session.close()


def _handler(gate: Gate, front: Front) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        checked = await read(request, gate)
        answer = await front.dispatch(checked)
        if answer is None:
            return web.Response(status=200)
        return (
            web.json_response(answer.body, status=answer.status) if answer.body else web.Response(status=answer.status)
        )

    return handle
