"""What is owed to people in Slack, and how it leaves."""

from collections.abc import Callable
from typing import Any

from bot.messages import Message, Quoted, Text, to_json
from store.tables import Card, Outbox
from store.work import Work
from tests.slack import faults
from tests.slack.faults import Call, Step
from tests.slack.mrkdwn import unescaped
from tests.slack.places import Message as Shown
from tests.slack.stage import DESK, TEAM, Stage, user
from tests.world import BROKEN

SHOP = "C0SHOP"
ANN = user("ann")
LONG = "".join(f"{n:>6} " + "words " * 15 for n in range(206))[:20_000]
NO_ANSWER: dict[str, Step] = {
    "500": faults.status(500),
    "503 with a hint": faults.status(503, retry_after=1),
    "internal_error": faults.error("internal_error"),
    "a web page": faults.html(502),
    "a web page that says 200": faults.html(200),
    "half an answer": faults.bad_json(),
    "a huge answer without a ts": faults.big_body(),
    "a broken connection": faults.reset_before(),
}


def set_up(stage: Stage) -> Stage:
    stage.far.clock = stage.far.pace = lambda: stage.world.time.machine.timestamp()
    stage.far.add_channel(SHOP, "northwind-help", [ANN, user("bob")])
    return stage


async def owe(stage: Stage, room: str, *messages: str | Message, **row: Any) -> None:
    def unit(work: Work) -> None:
        place = work.conversation("slack", TEAM, room).id
        for said in messages:
            message = Message((Text((Quoted(said),)),)) if isinstance(said, str) else said
            work.owe(place, stage.world.time.machine, {"message": to_json(message), **row})

    await stage.world.store.write(unit)


async def leaves(stage: Stage, **later: float) -> None:
    """What is due by then."""
    stage.world.passes(**later)
    await stage.world.delivery.deliver_all()


async def opened(stage: Stage) -> str:
    """Ann's case 1001, its questions skipped; returns the thread in which it lives."""
    wrote = await stage.writes("ann", BROKEN)
    for _ in range(3):
        await stage.writes("ann", "skip", thread=wrote.ts)
    return wrote.ts


def posts(stage: Stage, room: str = SHOP) -> list[Call]:
    """Attempts to post there."""
    place = stage.far.place(room).id
    return [call for call in stage.far.called("chat.postMessage") if call.args["channel"] == place]


def lookups(stage: Stage) -> list[Call]:
    return [*stage.far.called("conversations.history"), *stage.far.called("conversations.replies")]


def to(room: str) -> Callable[[Call], bool]:
    return lambda call: call.args.get("channel") == room


async def dead(stage: Stage) -> list[str]:
    """Why messages and cards will never arrive."""
    return [row.dead for row in (*await stage.rows(Outbox), *await stage.rows(Card)) if row.dead]


async def owed(stage: Stage) -> int:
    return sum(row.done_at is None for row in await stage.rows(Outbox))


def cards(stage: Stage) -> list[Shown]:
    bot = stage.slack.bot(DESK)
    return [one for one in stage.far.messages(DESK) if one.user == bot and one.thread in ("", one.ts)]


# Long ones --------------------------------------------------------------------------------------------------------


def whole(stage: Stage, room: str = SHOP) -> str:
    """All that the bot said there, without the white space at which it was parted."""
    bot = stage.slack.bot(room)
    said = (unescaped(one.text) for one in stage.far.messages(room) if one.user == bot)
    return "".join("".join(said).split())
