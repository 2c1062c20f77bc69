"""Slack as one connection of the house: its way in over HTTP or Socket Mode, its way out, and its installs."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aiohttp import ClientSession, ClientTimeout, web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import roster
from adapters.slack.acts import Acts
from adapters.slack.api import Api, quiet
from adapters.slack.channel import Slack
from adapters.slack.edge import Handler, Verifier, read, route
from adapters.slack.files import SlackFiles
from adapters.slack.front import RETRY, Front
from adapters.slack.grants import Grants
from adapters.slack.history import Desk, History, Pause
from adapters.slack.home import Homes
from adapters.slack.installs import Installs
from adapters.slack.oauth import Consent, Oauth, Signer
from adapters.slack.people import People
from adapters.slack.rotation import Rotation
from adapters.slack.tokens import ManyWorkspaces, OneWorkspace, Tokens
from bot.channel import Host
from bot.incoming import Address

EVENTS = "/slack/events"
# What the app asks for when it is installed: the same as in its manifest.
SCOPES = (
    "app_mentions:read",
    "assistant:write",
    "channels:history",
    "chat:write",
    "commands",
    "files:read",
    "groups:history",
    "im:history",
    "im:write",
    "reactions:read",
    "users:read",
    "users:read.email",
)
Now = Callable[[], datetime]


@dataclass(frozen=True)
class Credentials:
    """As the settings have them; empty: not given."""

    api_url: str
    signing_secret: str = field(default="", repr=False)
    bot_token: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    public_url: str = ""


class SlackConnection:
    """Opened inside the loop; ``start`` begins to hear, ``stop`` ends it, ``close`` gives everything back."""

    name = "slack"
    silence = timedelta(minutes=2)
    """What Slack could not deliver it sends again at once, after one minute, and after five."""
    redelivers = timedelta(minutes=7)

    def __init__(
        self,
        given: Credentials,
        installs: Installs | None,
        signer: Signer | None,
        now: Now,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._given, self._now, self._pause = given, now, pause
        self._session = ClientSession(timeout=ClientTimeout(total=10))
        self._grants = Grants(self._session, given.api_url, now, given.client_id, given.client_secret)
        self._oauth: Oauth | None = None
        self._tokens = self._bound(installs, signer)
        self._api = Api(self._tokens, self._session, given.api_url)
        self._front: Front | None = None
        self._socket: AsyncSocketModeHandler | None = None
        self._drawing: asyncio.Task[None] | None = None
        self.channel = Slack(self._api)
        self.files = SlackFiles(self._tokens, given.api_url)

    def _bound(self, installs: Installs | None, signer: Signer | None) -> Tokens:
        given = self._given
        if installs is None or signer is None:
            return OneWorkspace(given.bot_token, self._grants, self._now)
        many = ManyWorkspaces(installs, Rotation(installs, self._grants, self._now), self._now)
        consent = Consent(given.client_id, SCOPES, given.public_url, given.api_url)
        self._oauth = Oauth(consent, self._grants, signer, many.keep)
        return many

    def register(self, app: web.Application, host: Host) -> None:
        people = People(self._api, self._now)
        homes = Homes(host, self._api, people, self._now)
        front = self._front = Front(host, self._api, Acts(self._api, people, self._now), people, homes)
        if self._oauth is not None:
            self._oauth.register(app)
        if self._given.signing_secret:
            verifier = Verifier(self._given.signing_secret, self._now)
            app.add_routes([route("POST", EVENTS, _handler(verifier, front))])

    @property
    def lost(self) -> tuple[datetime, datetime] | None:
        return self._front.lost if self._front else None

    @lost.setter
    def lost(self, span: tuple[datetime, datetime] | None) -> None:
        if self._front is not None:
            self._front.lost = span

    @property
    def trouble(self) -> str:
        """Why nothing can be said in some workspaces, as Slack has it; empty: nothing is known to be wrong."""
        refused = {tenant: f"{tenant}: {code}" for tenant, code in self._api.refuses.items()}
        return ", ".join([*filter(None, [self._tokens.trouble]), *refused.values()])

    async def hears(self) -> bool:
        """Over HTTP Slack finds us wherever we listen."""
        if not self._given.app_token:
            return True
        return self._socket is not None and await self._socket.client.is_connected()

    async def read_back(self, places: Sequence[Address], since: datetime, until: datetime, desk: Desk) -> bool:
        if self._front is None:
            return False
        history = History(self._api, self.channel, self._front.again, self._pause)
        return await history.read(places, since, until, desk)

    async def roster(self, tenant: str, _conversation: str = "") -> list[roster.Found]:
        """Everybody of that workspace."""
        return await roster.read(self._api, tenant, self._pause)

    async def start(self) -> None:
        """Socket Mode, where it is set up: Slack's side of it reconnects by itself."""
        if self._front is not None:
            self._drawing = asyncio.create_task(self._front.homes.run())
        if self._given.app_token and self._front is not None:
            client = AsyncWebClient(
                base_url=self._given.api_url, session=self._session, retry_handlers=[], logger=quiet
            )
            self._socket = AsyncSocketModeHandler(self._front.bolt, self._given.app_token, web_client=client)
            await self._socket.connect_async()  # type: ignore[no-untyped-call]

    async def stop(self) -> None:
        if self._socket is not None:
            await self._socket.close_async()  # type: ignore[no-untyped-call]
        if self._drawing is not None:
            self._drawing.cancel()
        if self._front is not None:
            await self._front.close()

    async def close(self) -> None:
        await self._tokens.close()
        await self._session.close()


def _handler(verifier: Verifier, front: Front) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        body = await read(request, verifier)
        if body.kind == "url_verification":
            return web.json_response({"challenge": body.payload["challenge"]})
        if body.kind == "ssl_check":
            return web.Response()
        answer = await front.dispatch(dict(body.payload), request.headers.get(RETRY, "0"))
        kind = answer.headers.get("content-type", ["text/plain"])[0].partition(";")[0]
        return web.Response(status=answer.status, text=answer.body or "", content_type=kind)

    return handle
