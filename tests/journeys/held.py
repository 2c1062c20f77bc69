"""Answers that are held back for some seconds."""

from datetime import timedelta
from typing import Any

from store.tables import Case, CaseEvent
from tests.world import World

TEN = timedelta(seconds=10)


async def lets_go(world: World, **time: float) -> int:
    world.passes(**time)
    done = await world.holding.round()
    await world.delivery.deliver_all()
    return done


async def edits(world: World, who: str, body: Any) -> None:
    await world.does(who, body)


async def case(world: World, number: int = 1001) -> Case:
    found: Case | None = await world.ask_store(lambda work: work.glance(number, None))
    assert found is not None
    return found


async def events(world: World, *verbs: str) -> list[CaseEvent]:
    every = await world.ask_store(lambda work: work.events(1001, internal=True))
    return [event for event in every if str(event.verb) in verbs]
