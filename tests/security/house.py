"""The whole product as its composition root puts it together, with Slack and Teams played on the other side of it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from aiohttp import ClientSession, CookieJar
from aiohttp.test_utils import BaseTestServer, TestServer

from adapters.portal.edge import Rate
from app.api import Reading
from app.clock import Clock
from app.server import CONNECT, House
from app.settings import read
from bot import signing_in
from bot.desk.directory import apply
from bot.desk.integrating import add_token
from bot.limits import Limits
from rules import directory
from store.store import Store
from tests.slack.far import Far as SlackFar
from tests.slack.slack import Slack
from tests.teams.far import Far as TeamsFar
from tests.teams.places import guid
from tests.teams.teams import Teams
from tests.world import CATALOGUES

SECRET = "the-secret-key-of-this-desk-and-of-no-other"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
SLACK_DESK, TEAMS_DESK = "C0DESK", "19:desk@thread.tacv2"
PLACES = {"northwind": "C0NORTH", "contoso": "C0CON"}
"""Each company's channel in Slack, in which its guests are."""


@dataclass(frozen=True)
class Member:
    name: str
    """What they are called here; also the first part of their address."""
    account: str
    """Empty: of the desk."""
    full: str
    role: str = ""
    nominated: bool = False

    @property
    def slack(self) -> str:
        return f"U0{self.name.upper()}"

    @property
    def address(self) -> str:
        return f"{self.name}@{self.account or 'desk'}.example"


CAST = {
    each.name: each
    for each in (
        Member("ann", "northwind", "Ann Kestrelow", nominated=True),
        Member("bob", "northwind", "Bob Kestrelin"),
        Member("eve", "contoso", "Eve Marmoton", nominated=True),
        Member("ed", "contoso", "Ed Marmotier"),
        Member("sam", "", "Sam Ortiz", "agent"),
        Member("lena", "", "Lena Park", "lead"),
    )
}
GUESTS = {each.name: each for each in (Member("gia", "northwind", "Gia G"), Member("max", "contoso", "Max M"))}
NOTHING: Mapping[str, str] = {}
COMPANIES = {"northwind": "Kestrel Works", "contoso": "Marmot and Sons"}


def cast(tenant: str) -> str:
    """The directory's file: each company's words are its own, and nobody else has any reason to use them."""
    lines = [f'[desk]\nslack_channel = "T1/{SLACK_DESK}"\nteams_conversation = "{TEAMS_DESK}"']
    for slug, name in COMPANIES.items():
        lines.append(f'[[account]]\nname = "{name}"\nslug = "{slug}"')
        lines.append(f'[[contract]]\naccount = "{slug}"\nplan = "websan/success"\nstarts = 2026-01-01\nlicences = 9')
        lines.append(f'[[channel]]\naccount = "{slug}"\nslack = "T1/{PLACES[slug]}"')
    for each in CAST.values():
        told = [f'name = "{each.full}"', f'email = "{each.address}"', f'slack = "T1/{each.slack}"']
        told.append(f'teams = "{tenant}/{guid(each.name)}"')
        if each.account:
            nominated = str(each.nominated).lower()
            told += [f'account = "{each.account}"', "licensed = true", f"nominated = {nominated}"]
        else:
            told.append(f'role = "{each.role}"')
        lines.append(f"[[{'contact' if each.account else 'staff'}]]\n" + "\n".join(told))
    return "\n\n".join(lines) + "\n"


@dataclass
class Page:
    status: int
    text: str
    headers: Mapping[str, str]


@dataclass
class Desk:
    """The house, and everybody's own ways into it."""

    house: House
    server: BaseTestServer
    slack: Slack
    slack_far: SlackFar
    teams: Teams
    teams_far: TeamsFar
    tokens: dict[str, str] = field(default_factory=dict)
    _browsers: dict[str, ClientSession] = field(default_factory=dict)
    _acts: int = 0

    @property
    def store(self) -> Store:
        return self.house.store

    def at(self, path: str) -> str:
        return f"{self.origin}{path}"

    @property
    def origin(self) -> str:
        return str(self.server.make_url("")).rstrip("/")

    async def keeps(self) -> None:
        """A round in which files that came are looked at, after which they can be opened."""
        assert self.house.files is not None, "they are kept here"
        await self.house.files.keeper(CATALOGUES, lambda: None).round()

    async def settle(self) -> None:
        """What stands beside an answer has happened, and what is owed has left."""
        for each in self.house.connections:
            front: Any = getattr(each, "_front", None)
            while front is not None and front._tasks:
                await front.close()
        await self.house.delivery.deliver_all()

    async def browser(self, who: str) -> ClientSession:
        """Signed in by a link of their own; nobody's where ``who`` is empty."""
        if who not in self._browsers:
            self._browsers[who] = ClientSession(cookie_jar=CookieJar(unsafe=True))
            if who:
                made = await self.store.write(_link, CAST[who].address, self.house.clock().machine)
                assert (await self.sends(who, f"/portal/sign-in/{made}", {})).status == 303
        return self._browsers[who]

    async def gets(self, who: str, path: str, **more: Any) -> Page:
        session = await self.browser(who)
        async with session.get(self.at(path), allow_redirects=False, **more) as answer:
            return Page(answer.status, await answer.text(errors="replace"), dict(answer.headers))

    async def sends(self, who: str, path: str, fields: Any, **more: Any) -> Page:
        session = await self.browser(who)
        headers = {"Origin": self.origin, **more.pop("headers", {})}
        given = {"data": fields, "headers": headers, "allow_redirects": False, **more}
        async with session.post(self.at(path), **given) as answer:
            return Page(answer.status, await answer.text(errors="replace"), dict(answer.headers))

    async def says(self, who: str, line: str = "", words: str = "", **more: Any) -> Page:
        """On the portal, and what the page says that comes next."""
        self._acts += 1
        fields = {"line": line, "words": words, "back": "/talk", "key": f"act-{self._acts:08}", **more}
        done = await self.sends(who, "/portal/say", fields)
        for _ in range(3 if done.status == 503 else 0):
            done = await self.sends(who, "/portal/say", fields)
        await self.settle()
        return await self.gets(who, done.headers["Location"]) if done.status == 303 else done

    async def calls(self, who: str, method: str, path: str, body: Any = None) -> Page:
        self._acts += 1
        headers = {"Authorization": f"Bearer {self.tokens[who]}", "Idempotency-Key": f"act-{self._acts}"}
        session = await self.browser("")
        found = Page(503, "", {})
        for _ in range(4):
            if found.status == 503:  # the same act once more
                async with session.request(method, self.at(f"/api/v1{path}"), headers=headers, json=body) as answer:
                    found = Page(answer.status, await answer.text(), dict(answer.headers))
        await self.settle()
        return found

    async def close(self) -> None:
        for each in self._browsers.values():
            await each.close()


async def kept(vendor: Any, done: Any) -> Any:
    """A vendor tells again what was answered with 503, or too late."""
    for _ in range(20):
        if done.status not in (0, 503):
            break
        [done] = await vendor.redeliver(done)
    return done


def _link(work: Any, address: str, at: datetime) -> str | None:
    return signing_in.link_for(work, work.person_at(address), at)


def environment(slack: SlackFar, teams: TeamsFar, folder: Path) -> dict[str, str]:
    """All that is set, as an operator sets it; only who plays the vendors is on this machine."""
    (files := folder / "files").mkdir(mode=0o700, exist_ok=True)
    return {
        "SUPPORTHUB_MODE": "development",
        "SUPPORTHUB_PUBLIC_URL": "https://desk.example",
        "SUPPORTHUB_SECRET_KEY": SECRET,
        "SUPPORTHUB_FILES": str(files),
        "SUPPORTHUB_UNDO_SECONDS": "0",
        "SLACK_API_URL": slack.url,
        "SLACK_BOT_TOKEN": slack.add_install("T1").token,
        "SLACK_SIGNING_SECRET": slack.app.signing_secret,
        "MICROSOFT_APP_ID": teams.app.id,
        "MICROSOFT_APP_PASSWORD": teams.app.secret,
        "MICROSOFT_APP_TENANT_ID": teams.app.tenant,
        "TEAMS_OPENID_METADATA_URL": teams.metadata_url,
        "TEAMS_LOGIN_URL": teams.login_url,
        "TEAMS_SERVICE_HOSTS": "http://127.0.0.1",
    }


def populate(slack: SlackFar, teams: TeamsFar) -> None:
    for each in CAST.values():
        slack.add_user(each.slack, each.full)
        teams.add_user(guid(each.name), each.full)
    for each in GUESTS.values():
        slack.add_user(each.slack, each.full, restricted=True)
    desk = [each for each in CAST.values() if not each.account]
    slack.add_channel(SLACK_DESK, "support-desk", [each.slack for each in desk])
    teams.add_team(TEAMS_DESK, "Desk", [guid(each.name) for each in desk])
    for slug, place in PLACES.items():
        inside = [each.slack for each in (*CAST.values(), *GUESTS.values()) if each.account == slug]
        slack.add_channel(place, slug, [*inside, *(each.slack for each in desk)])


@asynccontextmanager
async def opened(
    store: Store, folder: Path, more: Mapping[str, str] = NOTHING, *, limited: bool = True
) -> AsyncIterator[Desk]:
    """``limited``: whether anybody may do only so much; ``more``: settings beside those, or other ones."""
    async with AsyncExitStack() as held:
        if not limited:
            held.enter_context(patch.object(Rate, "allows", return_value=True))
            held.enter_context(patch.object(Reading, "wait", return_value=0.0))
        slack_far = await held.enter_async_context(SlackFar())
        teams_far = await held.enter_async_context(TeamsFar())
        settings = read(environment(slack_far, teams_far, folder) | dict(more))
        populate(slack_far, teams_far)
        clock = Clock()
        named = directory.read(cast(teams_far.app.tenant), CATALOGUES.plans)
        await store.write(apply, named, NOW)
        connections = {name: on for name, connect in CONNECT.items() if (on := connect(settings, store, clock))}
        channels = {name: each.channel for name, each in connections.items()}
        for name in ("slack", "teams"):
            channels[name].gap = timedelta(0)  # the pace has tests of its own
        house = House(
            settings, store, CATALOGUES, clock, channels, tuple(connections.values()), Limits() if limited else None
        )
        server = await held.enter_async_context(TestServer(house.app))
        for connection in house.connections:
            await connection.start()
            held.push_async_callback(connection.close)
            held.push_async_callback(connection.stop)
        origin = str(server.make_url("")).rstrip("/")
        slack = await held.enter_async_context(Slack(slack_far, f"{origin}/slack/events"))
        teams = await held.enter_async_context(Teams(teams_far, f"{origin}/api/messages"))
        desk = Desk(house, server, slack, slack_far, teams, teams_far)
        held.push_async_callback(desk.close)
        for each in ("ann", "eve"):
            given = (CAST[each].account, CAST[each].address, "ERP", True, clock().machine)
            desk.tokens[each] = await store.write(add_token, *given)
        await teams.install(guid("sam"), TEAMS_DESK)
        await desk.settle()
        yield desk
        assert slack_far.violations == [] == teams_far.violations, [*slack_far.violations, *teams_far.violations]
