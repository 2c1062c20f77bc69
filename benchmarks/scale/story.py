"""What one case costs the real core: turns, messages, processor time and room in the database."""

import os
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass, field

import asyncpg

from benchmarks.databases import Database
from benchmarks.turns import add_pairs
from bot.channel import Outgoing
from bot.incoming import Said
from store.store import open_store
from tests.fake import Fake
from tests.world import World

CASES = int(os.environ.get("BENCHMARK_STORIES", "150"))
FIRST = 1001


@dataclass(frozen=True)
class Step:
    """One act of a case's life."""

    wait: float
    """Minutes after the act before it, on average."""
    customer: bool
    line: str


STORY = (
    Step(0, True, "open The quote form is broken since this morning"),
    Step(12, False, "take {case}"),
    Step(20, False, "reply {case} Looking into it"),
    Step(15, True, "status {case}"),
    Step(25, True, "reply {case} It is the second page only"),
    Step(40, False, "reply {case} Found it: the form lost its price list"),
    Step(90, False, "close {case} The price list is back"),
    Step(60, True, "confirm {case}"),
)
"""As the playground's tour tells it: eight acts, two of the desk's answers, and the customer's own closing."""


@dataclass
class Sent:
    """What an act made the bot say: new messages and redrawn cards, in the desk's room and in the customer's."""

    desk: int = 0
    desk_cards: int = 0
    theirs: int = 0
    their_cards: int = 0

    @property
    def calls(self) -> int:
        return self.desk + self.desk_cards + self.theirs + self.their_cards


@dataclass
class Costs:
    """Of one case, from opening to closing."""

    turn: float
    """Processor seconds of our process for one act, until it is committed and answered."""
    send: float
    """And for one message: claimed, drawn, given to the channel, noted. The vendor's client is not in it."""
    database: float
    """Processor seconds of PostgreSQL's own processes for a whole case; 0 on SQLite, where it is ours."""
    room: float
    """Bytes a case."""
    sent: list[Sent] = field(default_factory=list)
    """By act."""

    @property
    def calls(self) -> int:
        return sum(each.calls for each in self.sent)


async def play(database: Database) -> Costs:
    url = database.new()
    await (store := open_store(url)).migrate()
    fake = Fake(threads=True)
    world = await World(store, far=fake).open()
    await store.write(add_pairs, CASES)
    await tell(world, 0)  # warm
    sent = [Sent() for _ in STORY]
    watch(fake, sent)
    turns = sends = 0.0
    used, room = database.used(), await size(url)
    for number in range(1, CASES):
        mine, its = await tell(world, number)
        turns, sends = turns + mine, sends + its
    many = CASES - 1
    costs = Costs(
        turn=turns / many / len(STORY),
        send=sends / max(1, sum(each.calls for each in sent)),
        database=(database.used() - used) / many,
        room=(await size(url) - room) / many,
        sent=[Sent(*(round(part / many) for part in vars(each).values())) for each in sent],
    )
    await store.close()
    return costs


async def size(url: str) -> int:
    """Bytes of all that the database holds."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
            return int(
                file.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").fetchone()[0]
            )
    server = await asyncpg.connect(url)
    try:
        return int(await server.fetchval("SELECT pg_database_size(current_database())"))
    finally:
        await server.close()


def watch(fake: Fake, sent: list[Sent]) -> None:
    def note(out: Outgoing) -> None:
        step = sent[now_at[0]]
        if out.to.room == "desk":
            if out.root and out.edits:
                step.desk_cards += 1
            else:
                step.desk += 1
        elif out.root and out.edits:
            step.their_cards += 1
        else:
            step.theirs += 1

    fake.before = note


now_at = [0]


async def tell(world: World, number: int) -> tuple[float, float]:
    """One case, start to end: processor seconds of its acts, and of its messages."""
    turns = sends = 0.0
    for now_at[0], step in enumerate(STORY):
        who = f"customer{number}" if step.customer else f"agent{number}"
        words = Said(f"/support {step.line.format(case=FIRST + number)}")
        world.passes(minutes=1)
        began = time.process_time()
        await world.hear(who, words, at_once=True, visible=False)
        acted = time.process_time()
        await world.delivery.deliver_all()
        turns, sends = turns + acted - began, sends + time.process_time() - acted
    return turns, sends
