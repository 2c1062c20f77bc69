"""What acts cost among few and among very many cases (python -m benchmarks growth; FULL=1: up to a million on SQLite).

Once nearly all of them are closed, as after years of work, and ten are live; once all of them are open. They are copies
of one that was opened, taken and answered as people do, with its history, its messages and its inbox keys; ten cases
are an account's, with a contract, a person and a room. The sizes take turns, act by act.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import fields
from datetime import datetime, timedelta
from random import Random
from statistics import mean, median

from sqlalchemy import bindparam, text
from sqlmodel import SQLModel

from benchmarks.databases import Database, databases
from benchmarks.table import Row
from bot.acting import expire_drafts
from bot.assigning import Assigning
from bot.channel import Outgoing
from bot.dispatch import Bot
from bot.escalation import sweep
from bot.forms import ShowForm
from bot.incoming import Incoming, Said
from bot.messages import Message
from rules.lifecycle import Status
from store.sql import table
from store.store import Store, open_store
from store.tables import (
    Account,
    Card,
    Case,
    CaseEvent,
    Contract,
    Conversation,
    Inbox,
    LinkedIdentity,
    Outbox,
    Person,
)
from store.work import Work
from tests.fake import Fake
from tests.many import add_agents
from tests.world import BROKEN, CATALOGUES, MONDAY, World, opened

DUE = 8  # cases in a round of 8 warnings: as many as there are among the fewest
SIZES = {"SQLite": (10, 1_000, 100_000), "PostgreSQL": (10, 1_000, 20_000)}
FULL_SIZES = {"SQLite": (10, 1_000, 100_000, 1_000_000), "PostgreSQL": (10, 1_000, 100_000)}
ROUNDS, LIVE, AGENTS, AN_ACCOUNTS = 24, 10, 100, 10
AT_ONCE = 50_000  # copies in one commit
WEEKS = 20  # over which the warnings to come are spread
FLAT = 1.5
RANDOM = Random(7)
Act = Callable[["Desk"], Awaitable[object]]


def copy(work: Work, kind: type[SQLModel], where: str, many: int, **new: str) -> None:
    """As many copies of the rows of that kind, number ``i`` of them with the ``new`` columns."""
    columns = [column.name for column in table(kind).columns if column.name != "id" or "id" in new]
    name = table(kind).name
    quoted = [f'"{column}"' for column in columns]
    chosen = [new.get(column, f'o."{column}"') for column in columns]
    statement = (
        f'INSERT INTO "{name}" ({", ".join(quoted)})'
        " WITH RECURSIVE copies(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM copies WHERE i < :many)"
        f' SELECT {", ".join(chosen)} FROM copies, "{name}" AS o WHERE {where}'
    )
    given = text(statement).bindparams(many=many)
    for named, at in (("later", MONDAY + timedelta(days=7)), ("then", MONDAY)):
        if f":{named}" in statement:
            given = given.bindparams(bindparam(named, at, type_=table(Case).c.received_at.type))
    work._session.connection().execute(given)


def latest(work: Work, kind: type[SQLModel]) -> int:
    return work._session.connection().scalar(text(f'SELECT coalesce(max(id), 0) FROM "{table(kind).name}"')) or 0


def fill(work: Work, many: int, live: bool, agents: list[int], part: int) -> None:
    connection = work._session.connection()
    if connection.dialect.name == "postgresql":  # or each copy asks whether its people and places exist
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    account, person, place, case = (latest(work, kind) for kind in (Account, Person, Conversation, Case))
    accounts, mark = -(-many // AN_ACCOUNTS), f"'c{part} ' || i"
    template: Case = work._session.get_one(Case, 1001)
    mine = f"id = {template.opened_by}"
    copy(work, Account, f"id = {template.account_id}", accounts, id=f"{account} + i", slug=mark, name=mark)
    copy(work, Contract, f"account_id = {template.account_id}", accounts, account_id=f"{account} + i")
    copy(work, Conversation, f"id = {template.conversation_id}", accounts, id=f"{place} + i", room=mark)
    theirs = {"id": f"{person} + i", "email": mark, "account_id": f"{account} + i", "conversation_id": f"{place} + i"}
    copy(work, Person, mine, accounts, **theirs)
    copy(work, LinkedIdentity, f"person_{mine}", accounts, user=mark, person_id=f"{person} + i")
    turn = f"(i + {AN_ACCOUNTS - 1}) / {AN_ACCOUNTS}"
    new = {
        "id": f"{case} + i",
        "account_id": f"{account} + {turn}",
        "opened_by": f"{person} + {turn}",
        "conversation_id": f"{place} + {turn}",
        "assignee_id": f"{agents[0]} + i % {len(agents)}",
        "next_alarm_at": ":later" if live else "NULL",
    }
    if not live:
        over = {"status": f"'{Status.CLOSED.value}'", "over_at": ":then", "confirmed_at": ":then"}
        new |= over | {"confirmed_by": f"{person} + {turn}"}
    copy(work, Case, "id = 1001", many, **new)
    of = {"case_id": f"{case} + i"}
    copy(work, CaseEvent, "case_id = 1001", many, **of, said_as=f"'c{part} ' || o.id || ' ' || i")
    owed = {"key": f"'c{part} ' || o.id || ' ' || i", "event_id": "NULL"}
    there = f"CASE WHEN o.conversation_id = {template.conversation_id} THEN {place} + {turn} ELSE o.conversation_id END"
    copy(work, Outbox, "case_id = 1001", many, **of, **owed, conversation_id=there)
    copy(work, Card, "case_id = 1001", many, **of, conversation_id=there)
    copy(work, Inbox, "key = (SELECT min(key) FROM inbox)", many * 3, key=mark)


def settle(work: Work) -> None:
    """PostgreSQL counts on after the highest numbers, and knows how much there is, as it finds out by itself."""
    connection = work._session.connection()
    if connection.dialect.name == "postgresql":
        for kind in (Account, Person, Conversation, Case):
            name = table(kind).name
            connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM \"{name}\""))
        connection.exec_driver_sql("ANALYZE")


class Taking(Fake):
    """Takes everything at once, and remembers nothing."""

    async def send(self, out: Outgoing) -> str:
        self.sends += 1
        return f"p{self.sends}"


class Patient(Bot):
    """So that a slow machine measures slowly, and gives up nothing."""

    async def hear(self, incoming: Incoming, within: float = 300.0) -> ShowForm | Message | None:
        return await super().hear(incoming, within)


class Desk:
    """One of so many cases."""

    def __init__(self, size: int, live: bool, world: World) -> None:
        self.size, self.live, self.world, self.asked = size, live, world, 0

    @classmethod
    async def of(cls, url: str, size: int, live: bool) -> "Desk":
        await (store := open_store(url)).migrate()
        await store.take_over()  # only a server moves SQLite's log into its file
        world = await World(store, far=Taking()).open()
        world.bot = Patient(**{each.name: getattr(world.bot, each.name) for each in fields(world.bot)})
        await opened(world)
        agents = await store.write(add_agents, AGENTS)
        await world.says("sam", "take 1001")
        await world.says("sam", "reply 1001 Looking into it")
        left, part = size - LIVE, 0
        while left > 0:
            some, part = min(left, AT_ONCE), part + 1
            await store.write(fill, some, live, agents, part)
            left -= some
        await store.write(settle)
        for at in range(LIVE - 1):
            await world.says(("ann", "bob", "eve")[at % 3], f"/support open {BROKEN}")
        return cls(size, live, world)

    @property
    def store(self) -> Store:
        return self.world.store

    async def says(self, who: str, line: str) -> object:
        return await self.world.hear(who, Said(f"/support {line}"), at_once=True, visible=False)

    def any_case(self) -> int:
        return RANDOM.randrange(1001, 1001 + self.size)

    def live_case(self) -> int:
        """One of a few of those that people opened here."""
        self.asked += 1
        return 1001 + self.size - 1 - self.asked % (LIVE - 1)

    def agent(self) -> str:
        self.asked += 1
        return f"agent{self.asked % AGENTS}"


async def nothing_to_do(desk: Desk) -> None:
    """What the server asks again and again."""
    now, world = desk.world.time, desk.world
    assigning = Assigning(desk.store, CATALOGUES, lambda: now, lambda: None)
    await world.escalation.round()
    await world.delivery.deliver_all()
    await world.holding.round()
    await world.announcing.round()
    await assigning.round()
    await desk.store.read(Work.next_due)
    await desk.store.read(Work.depth, now.machine)
    await desk.store.write(expire_drafts, now, CATALOGUES)
    await desk.store.write(Work.forget_inbox, MONDAY - timedelta(days=30))
    await desk.store.write(Work.forget_rooms, now.machine)


async def warn(desk: Desk) -> None:
    await desk.store.write(sweep, desk.world.time, CATALOGUES, DUE)


def make_due(work: Work, now: datetime) -> None:
    """Of the latest cases."""
    cases, last = table(Case), latest(work, Case)
    some = (cases.c.id > last - DUE) & cases.c.over_at.is_(None)
    work._session.connection().execute(cases.update().where(some).values(next_alarm_at=now, warned_at=None))


ACTS: dict[str, Act] = {
    "status": lambda desk: desk.says(desk.agent(), f"status {desk.any_case()}"),
    "queue": lambda desk: desk.says(desk.agent(), "queue"),
    "open": lambda desk: desk.says("ann", f"open {BROKEN}"),
    "reply": lambda desk: desk.says(desk.agent(), f"reply {desk.live_case()} Looking into it"),
    "send what is owed": lambda desk: desk.world.delivery.deliver_all(),
    "rounds with nothing to do": nothing_to_do,
    "a round of 8 warnings": warn,
}
CLOSED = ("status", "queue", "open", "reply", "send what is owed", "rounds with nothing to do")
OPEN = ("status", "reply", "send what is owed", "rounds with nothing to do", "a round of 8 warnings")


async def measure(database: Database, desks: list[Desk], names: tuple[str, ...], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of processor time for each act and size."""
    used: dict[tuple[str, int], list[float]] = defaultdict(list)
    for turn in range(-2, rounds):  # the first two fill caches
        for name in names:
            for at, desk in enumerate(desks):
                if name == "a round of 8 warnings":
                    await desk.store.write(make_due, desk.world.time.business)
                theirs, ours = database.used(), time.process_time()
                await ACTS[name](desk)
                spent = time.process_time() - ours + database.used() - theirs
                if turn >= 0:
                    used[name, at].append(spent * 1e3)
        for desk in desks:
            desk.world.passes(minutes=1)
            await desk.world.delivery.deliver_all()
    middle = median if database.name == "SQLite" else mean
    return {name: [middle(used[name, at]) for at in range(len(desks))] for name in names}


async def grown(database: Database, sizes: tuple[int, ...], live: bool, rounds: int) -> list[Row]:
    desks = []
    for size in sizes:
        began = time.perf_counter()
        desks.append(await Desk.of(database.new(), size, live))
        print(f"{database.name}: {size:,} cases made in {time.perf_counter() - began:.0f} s", flush=True)
    found = await measure(database, desks, OPEN if live else CLOSED, rounds)
    for desk in desks:
        await desk.store.close()
    among = " / ".join(f"{size:,}" for size in sizes)
    kind = "open" if live else "closed"
    return [
        Row(
            f"{database.name}, {name} among {among} {kind} cases",
            "CPU ms",
            tuple(figures),
            "the first",
            (figures[0],),
            FLAT,
        )
        for name, figures in found.items()
    ]


def rows(full: bool) -> list[Row]:
    found = []
    with databases() as both:
        for database in both:
            for live in (False, True):
                found += asyncio.run(grown(database, (FULL_SIZES if full else SIZES)[database.name], live, ROUNDS))
    return found
