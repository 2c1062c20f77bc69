"""A desk with a cast: Ann and Bob of Northwind, Eve of Contoso, Cora the concierge, Sam and Lena on the desk."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Select, Table, exists, func, insert, or_, select, union_all
from sqlmodel import SQLModel

from bot.announcing import Announcing
from bot.channel import Channel
from bot.delivery import Delivery
from bot.desk.directory import apply
from bot.dispatch import Bot
from bot.escalation import Escalation
from bot.forms import ShowForm
from bot.holding import Holding
from bot.incoming import Address, Body, Incoming, Pressed, Said, Submitted, User
from bot.messages import Message
from bot.plain import plain
from bot.turn import Now
from bot.understanding.articles import read_folder
from bot.understanding.search import Knowledge
from rules.catalogue import Catalogues, load_folder
from rules.directory import Directory, read
from store.store import Store
from store.work import Work
from tests.fake import Fake, Post

ROOT = Path(__file__).parent.parent
CATALOGUES = load_folder(ROOT / "catalogues")
KNOWLEDGE = Knowledge(read_folder(ROOT / "knowledge"))
DIRECTORY = read((ROOT / "app" / "demo.toml").read_text(), CATALOGUES.plans)
MONDAY = datetime(2026, 1, 19, 14, tzinfo=UTC)  # 9:00 in New York


@dataclass(frozen=True)
class Ids:
    """What a channel calls the tenant, its people and the desk's room; the fakes call everybody by name."""

    tenant: str = ""
    prefix: str = ""
    desk: str = "desk"

    def user(self, name: str) -> str:
        return f"{self.prefix}{name.upper()}" if self.prefix else name


def seed(work: Work, channel: str, rooms: bool, ids: Ids, directory: Directory = DIRECTORY) -> None:
    apply(work, directory, MONDAY)
    if rooms:
        desk = work.conversation(channel, ids.tenant, ids.desk)
        desk.desk = True
        work.add(desk)
    for person in (*work.staff(), *work.customers()):
        user = ids.user((person.email or "").partition("@")[0])
        person.conversation_id = work.conversation(channel, ids.tenant, user).id
        person.welcomed_at = MONDAY
        work.add(person)
        if work.person_of(channel, [ids.tenant], user) is None:
            work.link(channel, ids.tenant, user, person, "test", MONDAY)


_MOVED_IN: dict[tuple[str, bool, Ids], dict[Table, list[dict[str, Any]]]] = {}


def move_in(work: Work, channel: str, rooms: bool, ids: Ids) -> None:
    """As ``seed`` does, in a tenth of its time: an empty database gets the rows that ``seed`` left in another one."""
    session, like, tables = work._session, (channel, rooms, ids), SQLModel.metadata.sorted_tables
    if session.execute(select(or_(*(exists().select_from(table) for table in tables)))).scalar_one():
        seed(work, channel, rooms, ids)
    elif like in _MOVED_IN:
        for table, rows in _MOVED_IN[like].items():
            session.execute(insert(table), rows)
        if session.get_bind().dialect.name == "postgresql":
            session.execute(union_all(*(_counted(table) for table in _MOVED_IN[like] if "id" in table.c)))
    else:
        seed(work, channel, rooms, ids)
        every = {table: session.execute(select(table)).mappings() for table in tables}
        kept = {table: [dict(row) for row in rows] for table, rows in every.items()}
        _MOVED_IN[like] = {table: rows for table, rows in kept.items() if rows}


def _counted(table: Table) -> Select[tuple[int]]:
    """PostgreSQL counts only what it numbers itself; a role that may not set its counters may still count on."""
    latest = select(func.max(table.c.id)).scalar_subquery()
    return select(func.nextval(func.pg_get_serial_sequence(table.name, "id"))).select_from(
        func.generate_series(1, latest)
    )


class World:
    def __init__(
        self,
        store: Store,
        channel: str = "fake",
        far: Channel | None = None,
        ids: Ids | None = None,
        catalogues: Catalogues = CATALOGUES,
        hold: timedelta = timedelta(0),
    ) -> None:
        self.store, self.channel, self.ids = store, channel, ids or Ids()
        self.time = Now(MONDAY, MONDAY)
        self.fake = Fake()
        self.channels: Mapping[str, Channel] = {channel: far or self.fake, "email": Fake()}
        self.delivery = Delivery(store, self.channels, catalogues, lambda: self.time)
        wake, channels = self.delivery.wake.set, set(self.channels)
        self.bot = Bot(store, catalogues, lambda: self.time, wake, KNOWLEDGE, channels, hold=hold)
        self.holding = Holding(self.bot)
        self.escalation = Escalation(store, catalogues, lambda: self.time, self.delivery.wake.set)
        self.announcing = Announcing(store, catalogues, lambda: self.time, self.delivery.wake.set, set(self.channels))
        self.acts = 0

    async def open(self, rooms: bool = True, directory: Directory | None = None) -> "World":
        if directory is None:
            await self.store.write(move_in, self.channel, rooms, self.ids)
        else:
            await self.store.write(seed, self.channel, rooms, self.ids, directory)
        return self

    async def hear(self, who: str, body: Body, **how: Any) -> ShowForm | Message | None:
        self.acts += 1
        here = Address(self.channel, "", how.pop("room", who), how.pop("thread", ""))
        how.setdefault("personal", here.room == who)
        key, at = how.pop("key", f"act {self.acts}"), how.pop("at", self.time.business)
        return await self.bot.hear(Incoming(key, how.pop("by", None) or User(who), here, body, at, **how))

    async def does(self, who: str, body: Body, **how: Any) -> "str | ShowForm":
        """What the person then sees where they are: at once, or delivered to them."""
        seen = len(self.fake.posts)
        shown = await self.hear(who, body, **how)
        await self.delivery.deliver_all()
        if isinstance(shown, Message):
            return plain(shown)
        return shown or "\n".join(post.text for post in self.fake.posts[seen:] if post.room == how.get("room", who))

    async def says(self, who: str, text: str, **how: Any) -> "str | ShowForm":
        return await self.does(who, Said(text), **how)

    async def presses(self, who: str, label: str, **how: Any) -> "str | ShowForm":
        """The latest button of that label that this person has seen in their room."""
        room = how.get("room", who)
        seen = [button for post in self.posts(room) for button in post.buttons if button.label == label]
        assert seen, f"{who} sees no button {label!r}, but {[b.label for p in self.posts(room) for b in p.buttons]}"
        return await self.does(who, Pressed(seen[-1].line), **how)

    async def presses_line(self, who: str, line: str, **how: Any) -> "str | ShowForm":
        return await self.does(who, Pressed(line), **how)

    async def fills(self, who: str, form: str, draft: int | None = None, **answers: str) -> "str | ShowForm":
        return await self.does(who, Submitted(form, answers, draft), forms=True, at_once=True)

    def posts(self, room: str) -> list[Post]:
        """What stands there for everybody, and what only the person of that name was told elsewhere."""
        return [p for p in self.fake.posts if p.only_for == room or (p.room == room and not p.only_for)]

    def heard(self, room: str) -> list[str]:
        return [post.text for post in self.posts(room)]

    def last(self, room: str) -> str:
        return self.heard(room)[-1]

    def card(self, case: int = 1001) -> str:
        return next(post.text for post in self.posts("desk") if post.root and f"#{case}:" in post.text)

    def receipt(self, case: int = 1001) -> str:
        """The channel's id of the case's card in the desk's room."""
        roots = (n for n, post in enumerate(self.fake.posts, 1) if post.root and f"#{case}:" in post.text)
        return f"p{next(roots)}"

    async def passes_and_warns(self, **time: float) -> int:
        """Time goes by, and the clock makes its round."""
        self.passes(**time)
        warned = await self.escalation.round()
        await self.delivery.deliver_all()
        return warned

    def passes(self, **time: float) -> None:
        self.time = Now(self.time.business + timedelta(**time), self.time.machine + timedelta(**time))

    async def ask_store(self, unit: Any, *args: Any) -> Any:
        return await self.store.read(unit, *args)


BROKEN = "The quote form is broken since this morning"


async def opened(world: World, who: str = "ann", problem: str = BROKEN) -> World:
    """With case 1001 open and its questions answered."""
    await world.says(who, problem)
    for _ in range(3):
        await world.says(who, "skip")
    return world
