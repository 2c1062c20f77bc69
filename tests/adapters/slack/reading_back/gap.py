"""A desk that cannot hear Slack for a while."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from app.gaps import Gaps
from store.store import Store
from store.tables import Case, Inbox, Setting
from tests.slack.places import Message
from tests.slack.stage import Stage, staged, user
from tests.world import CATALOGUES

ANN, BOB, SAM = user("ann"), user("bob"), user("sam")
NORTH, SHOP = "C0NORTH", "C0SHOP"
REPORT = "The report is blank"


@dataclass
class Desk:
    """A stage on which time stands still, but where Slack asks for a pause; and the rounds of one replica."""

    stage: Stage
    slept: list[float] = field(default_factory=list)

    @property
    def gaps(self) -> Gaps:
        """Of a process that has just begun."""
        world = self.stage.world
        return Gaps(world.store, CATALOGUES, lambda: world.time, world.delivery.wake.set, (self.stage.connection,))

    async def pause(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.stage.world.passes(seconds=seconds)

    async def reads(self) -> None:
        """It hears again: beats, and reads back what is to be."""
        gaps = self.gaps
        assert await gaps.beat()
        await gaps.read(self.stage.connection)
        await self.stage.settle()

    async def goes_deaf(self, **time: float) -> None:
        assert await self.gaps.beat()
        self.stage.slack.events = set()
        self.stage.world.passes(**time)

    async def hears_again(self, **time: float) -> None:
        self.stage.world.passes(**time)
        self.stage.slack.events = None
        await self.reads()

    async def writes(self, who: str, text: str, place: str = "", thread: str = "") -> Message:
        done = await self.stage.slack.message(user(who), place or user(who), text, thread)
        assert done.message
        return done.message

    async def cases(self) -> list[Case]:
        return sorted(await self.stage.rows(Case), key=lambda case: case.id)

    async def settings(self) -> dict[str, str]:
        return {row.name: row.value for row in await self.stage.rows(Setting)}

    async def keys(self) -> list[str]:
        return [row.key for row in await self.stage.rows(Inbox)]


class set_up:
    def __init__(self, store: Store, **how: Any) -> None:
        self._stage = staged(store, pause=self._pause, **how)

    async def __aenter__(self) -> Desk:
        stage = await self._stage.__aenter__()
        stage.far.clock = stage.far.pace = lambda: stage.world.time.machine.timestamp()
        stage.far.tiered = True
        stage.far.add_channel(NORTH, "northwind", [ANN, BOB, SAM])
        self.desk = Desk(stage)
        return self.desk

    async def __aexit__(self, *error: Any) -> None:
        await self._stage.__aexit__(*error)

    async def _pause(self, seconds: float) -> None:
        await self.desk.pause(seconds)


def at(message: Message) -> datetime:
    return datetime.fromtimestamp(float(message.ts), UTC)
