"""The whole desk behind a Slack that is played: people do things in Slack, and what the bot answers stands there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlmodel import SQLModel, select

from adapters.slack.history import Pause
from adapters.slack.server import EVENTS, Credentials, SlackConnection
from store.store import Store
from store.tables import Account, Case, CaseEvent, Conversation
from store.work import Work
from tests.slack.delivery import Delivered
from tests.slack.far import Far
from tests.slack.mrkdwn import unescaped
from tests.slack.places import Message, View
from tests.slack.slack import Slack
from tests.world import Ids, World

TEAM, DESK = "T1", "C0DESK"
NAMES = ("ann", "bob", "eve", "tess", "theo", "cora", "sam", "lena")
IDS = Ids(TEAM, "U0", DESK)


@dataclass
class Stage:
    far: Far
    slack: Slack
    world: World
    connection: SlackConnection
    threads: dict[tuple[str, str], str] = field(default_factory=dict)
    acts: dict[str, Delivered] = field(default_factory=dict)

    async def writes(self, who: str, text: str, place: str = "", thread: str = "", **more: Any) -> Delivered:
        """In their own conversation with the app, or in a channel."""
        done = await self.slack.message(user(who), place or user(who), text, thread, **more)
        await self.settle()
        return done

    async def commands(self, who: str, line: str, place: str = "") -> str:
        """What they read at once."""
        command, _, text = line.partition(" ")
        done = await self.slack.command(user(who), place or user(who), command, text)
        assert done.status == 200, done.text
        await self.settle()
        return unescaped((done.json or {}).get("text", ""))

    async def presses(self, who: str, what: str, place: str = "") -> Delivered:
        """The latest button of that label or line which this person sees there."""
        done = await self.slack.press(user(who), self.with_button(who, what, place), what)
        await self.settle()
        return done

    async def fills(self, who: str, view: View | None = None, /, **values: str) -> Delivered:
        done = await self.slack.submit(user(who), view or self.slack.modal(user(who)), values)
        await self.settle()
        return done

    async def reacts(self, who: str, message: Message, name: str) -> Delivered:
        done = await self.slack.react(user(who), message, name)
        await self.settle()
        return done

    async def settle(self) -> None:
        """What stands beside the answer has happened, and what is owed has left."""
        front = self.connection._front
        assert front
        while front._tasks:
            await front.close()
        await self.world.delivery.deliver_all()

    async def bind(self, channel: str, account: str) -> None:
        """Outsiders there speak for that account, as a ``[[channel]]`` of the directory says."""

        def bound(work: Work) -> None:
            place = work.conversation("slack", TEAM, channel)
            place.account_id = work.find(Account, slug=account).id
            work.add(place)

        await self.world.store.write(bound)

    async def rows(self, kind: type[SQLModel]) -> list[Any]:
        """All that the store has of a kind."""
        return await self.world.store.read(lambda work: list(work._session.exec(select(kind))))

    async def case(self, number: int = 1001) -> Case:
        found: list[Case] = [one for one in await self.rows(Case) if one.id == number]
        assert found, f"there is no case {number}"
        return found[0]

    async def history(self, number: int = 1001) -> list[tuple[str, str]]:
        """Verb and words of all that happened to a case."""
        return [(str(one.verb), one.words) for one in await self.rows(CaseEvent) if one.case_id == number]

    async def lives_in(self, number: int = 1001) -> tuple[str, str]:
        """The room and thread of the customer's side of a case."""
        case = await self.case(number)
        [place] = [one for one in await self.rows(Conversation) if one.id == case.conversation_id]
        return place.room, case.thread

    def with_button(self, who: str, what: str, place: str = "") -> Message:
        seen = self.seen(who, place)
        found = [one for one in seen if any(what in (b["text"]["text"], b.get("value")) for b in one.buttons)]
        assert found, f"{who} sees no button {what!r}, but {[label for one in seen for label in one.labels]}"
        return found[-1]

    def seen(self, who: str, place: str = "") -> list[Message]:
        """All that this person sees there of the bot's, in order of time."""
        bot = self.slack.bot(place or user(who))
        posted = [one for one in self.far.messages(place or user(who)) if one.user == bot]
        return sorted([*posted, *self.far.ephemerals(place or user(who), user(who))], key=lambda one: one.ts)

    def said(self, place: str) -> list[str]:
        """The plain words of what the bot said there for everybody."""
        bot = self.slack.bot(place)
        return [unescaped(one.text) for one in self.far.messages(place) if one.user == bot]

    def whispered(self, who: str, place: str) -> list[str]:
        return [unescaped(one.text) for one in self.far.ephemerals(place, user(who))]

    def card(self, case: int = 1001) -> Message:
        """The case's live card in the desk's channel."""
        bot = self.slack.bot(DESK)
        roots = (one for one in self.far.messages(DESK) if one.user == bot and one.thread in ("", one.ts))
        return next(one for one in roots if unescaped(one.text).startswith(f"#{case}:"))

    def under_card(self, case: int = 1001) -> list[str]:
        return [unescaped(one.text) for one in self.far.thread(DESK, self.card(case).ts)[1:]]


def user(who: str) -> str:
    return who if who[1:2] == "0" or (who[:1] in "UW" and who.isupper()) else IDS.user(who)


def populate(far: Far) -> str:
    """The desk's workspace, where everybody is; returns the bot's token."""
    install = far.add_install(TEAM)
    zones = {"eve": "Europe/London", "bob": "America/Vancouver"}
    for name in NAMES:
        far.add_user(user(name), name.title(), zone=zones.get(name, "America/New_York"))
    far.add_channel(DESK, "support-desk", [user(name) for name in ("sam", "cora", "lena")])
    return install.token


@asynccontextmanager
async def staged(
    store: Store, socket_mode: bool = False, pause: Pause = asyncio.sleep, hold: timedelta = timedelta(0)
) -> AsyncIterator[Stage]:
    async with Far() as far:
        token = populate(far)
        given = Credentials(
            far.url,
            signing_secret="" if socket_mode else far.app.signing_secret,
            bot_token=token,
            app_token=far.app.app_token if socket_mode else "",
        )
        connection = SlackConnection(given, None, None, lambda: datetime.now(UTC), pause)
        connection.channel.gap = timedelta(0)  # the pace has tests of its own
        world = await World(store, "slack", connection.channel, IDS, hold=hold).open()
        app = web.Application()
        connection.register(app, world.bot)
        async with TestServer(app) as server:
            await connection.start()
            url = "" if socket_mode else str(server.make_url(EVENTS))
            async with Slack(far, url) as slack:
                yield Stage(far, slack, world, connection)
            await connection.stop()
            await connection.close()
        assert far.violations == [], far.violations
