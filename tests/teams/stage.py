"""The whole desk behind a Teams that is played: people do things in Teams, and what the bot answers stands there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlmodel import SQLModel, select

from adapters.teams.server import MESSAGES, Credentials, TeamsConnection
from adapters.teams.trust import Trust
from app.clock import Clock
from app.places import StoredPlaces
from store.store import Store
from store.tables import Account, Card, Case, CaseEvent, Conversation, Outbox
from store.work import Work
from tests.teams.delivery import Delivered
from tests.teams.far import Far
from tests.teams.places import Posted, guid
from tests.teams.teams import Teams
from tests.world import Ids, World

DESK = "19:desk@thread.tacv2"
NORTH, GENERAL, CHAT = "19:north@thread.tacv2", "19:general@thread.tacv2", "19:north@thread.v2"
ANN, BOB, EVE, SAM, MAX = (guid(name) for name in ("ann", "bob", "eve", "sam", "max"))
NAMES = ("ann", "bob", "eve", "tess", "theo", "cora", "sam", "lena")


class TeamsIds(Ids):
    def user(self, name: str) -> str:
        return guid(name)


@dataclass
class Stage:
    far: Far
    teams: Teams
    world: World
    connection: TeamsConnection

    async def writes(self, who: str, text: str, place: str = "", **more: object) -> Delivered:
        """In their own chat with the bot, or in a channel."""
        done = await self.teams.message(guid(who), place or guid(who), text, **more)  # type: ignore[arg-type]
        await self.settle()
        return done

    async def presses(self, who: str, what: str, place: str = "", submit: bool = False) -> Delivered:
        """The latest button of that label or line which stands there."""
        done = await self.teams.press(guid(who), self.with_button(what, place or guid(who)), what, submit=submit)
        await self.settle()
        return done

    async def fills(self, who: str, posted: Posted, **values: str) -> Delivered:
        done = await self.teams.fill(guid(who), posted, values=values)
        await self.settle()
        return done

    async def submits(self, who: str, **values: str) -> Delivered:
        """The dialog that stands open in front of them."""
        done = await self.teams.submit(guid(who), values)
        await self.settle()
        return done

    async def chooses(self, who: str, posted: Posted, command: str = "open_from_message") -> Delivered:
        """The app's command in the menu of a message."""
        done = await self.teams.extension(guid(who), posted, command)
        await self.settle()
        return done

    async def edits(self, who: str, posted: Posted, text: str) -> Delivered:
        done = await self.teams.edit(guid(who), posted, text)
        await self.settle()
        return done

    async def settle(self) -> None:
        """What stands beside the answer has happened, and what is owed has left."""
        front = self.connection._front
        assert front
        while front._tasks:
            await front.close()
        await self.world.delivery.deliver_all()

    def with_button(self, what: str, place: str) -> Posted:
        said = self.far.said(place)
        found = [one for one in said if what in one.labels or what in lines(one)]
        assert found, f"nobody sees a button {what!r} there, but {[one.labels for one in said]}"
        return found[-1]

    def said(self, place: str) -> list[str]:
        """The plain words of what the bot said there."""
        return [plain_of(one) for one in self.far.standing(place) if one.from_bot]

    def card(self, case: int = 1001, place: str = DESK) -> Posted:
        """The case's live card there."""
        said = ((one, plain_of(one)) for one in self.far.said(place) if one.card)
        found = [one for one, text in said if text.startswith(f"#{case}:") and "\nStatus: " in text]
        assert found, f"there is no card of case {case}"
        return found[0]

    def under_card(self, case: int = 1001) -> list[str]:
        """What follows it in the desk's channel."""
        return [plain_of(one) for one in self.far.said(DESK, self.card(case).id)[1:]]

    async def bind(self, room: str, account: str, tenant: str = "") -> None:
        """As a ``[[channel]]`` of the directory does, which names no tenant."""

        def bound(work: Work) -> None:
            place = work.conversation("teams", tenant, room)
            place.account_id = work.find(Account, slug=account).id
            work.add(place)

        await self.world.store.write(bound)

    async def rows(self, kind: type[SQLModel]) -> list[Any]:
        """All that the store has of a kind."""
        return await self.world.store.read(lambda work: list(work._session.exec(select(kind))))

    async def history(self, number: int = 1001) -> list[tuple[str, str]]:
        """Verb and words of all that happened to a case."""
        return [(str(one.verb), one.words) for one in await self.rows(CaseEvent) if one.case_id == number]

    async def lives_in(self, number: int = 1001) -> tuple[str, str]:
        """The room and thread of the customer's side of a case."""
        case = await self.case(number)
        [place] = [one for one in await self.rows(Conversation) if one.id == case.conversation_id]
        return place.room, case.thread

    async def undelivered(self) -> list[str]:
        """Why messages and cards will never arrive."""
        return [row.dead for row in (*await self.rows(Outbox), *await self.rows(Card)) if row.dead]

    async def case(self, number: int = 1001) -> Case:
        found: Case | None = await self.world.store.read(Work.glance, number, None)
        assert found, f"there is no case {number}"
        return found


def lines(posted: Posted) -> list[str]:
    return [str((button.get("data") or {}).get("say", "")) for button in posted.buttons]


def plain_of(posted: Posted) -> str:
    """A message's twin in plain words, as people read it: without the joiners that keep words from acting."""
    said = str(posted.card["fallbackText"]) if posted.card else posted.text
    return said.replace("\u2060", "")


def populate(far: Far) -> None:
    """The desk's tenant, where everybody is and has the bot."""
    for name in NAMES:
        far.add_user(guid(name), name.title())
    far.add_team(DESK, "Desk", [guid(name) for name in ("sam", "cora", "lena")])


@asynccontextmanager
async def staged(store: Store, answers_strangers: bool = True) -> AsyncIterator[Stage]:
    async with Far() as far:
        populate(far)
        ids = TeamsIds(far.app.tenant, "", DESK)
        given = Credentials(
            far.app.id,
            far.app.secret,
            far.app.tenant,
            far.metadata_url,
            "https://api.botframework.com",
            far.login_url,
            Trust(["http://127.0.0.1"], development=True),
            answers_strangers,
        )
        clock = Clock()
        places = StoredPlaces(store, clock)
        connection = TeamsConnection(given, places, lambda: datetime.fromtimestamp(far.clock(), UTC))
        connection.channel.gap = timedelta(0)  # the pace has tests of its own
        world = await World(store, "teams", connection.channel, ids).open()
        app = web.Application()
        connection.register(app, world.bot)
        async with TestServer(app) as server, Teams(far, str(server.make_url(MESSAGES))) as teams:
            stage = Stage(far, teams, world, connection)
            await teams.install(guid("sam"), DESK)
            yield stage
            await connection.stop()
            await connection.close()
        assert far.violations == [], far.violations
