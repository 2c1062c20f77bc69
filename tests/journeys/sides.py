"""What the two sides of a case proposed and answered."""

from dataclasses import replace
from typing import Any

from rules.catalogue import Catalogues, Plan, Target
from store.tables import Case
from store.work import Work
from tests.world import BROKEN, CATALOGUES, World


async def proposing(desk: World, level: str = "high", problem: str = BROKEN) -> World:
    """Ann's case 1001, for which she proposes that priority."""
    await desk.says("ann", problem)
    await desk.says("ann", "skip")
    await desk.says("ann", level)
    await desk.says("ann", "skip")
    return desk


async def the_case(world: World, number: int = 1001) -> Case:
    found: Case = await world.ask_store(lambda work: work.glance(number, None))
    return found


async def stamps(world: World, number: int = 1001) -> list[tuple[str, int, str, str, str, str | None]]:
    def read(work: Work) -> Any:
        name = {person.id: person.name.split()[0] for person in work.everybody()}
        return [
            (a.what, a.number, a.terms, name[a.proposed_by], a.state, name.get(a.answered_by or 0))
            for a in work.agreements(number)
        ]

    found: list[tuple[str, int, str, str, str, str | None]] = await world.ask_store(read)
    return found


def by_priority(world: World) -> None:
    """The same desk with a provider that answers critical cases within two hours, and others within eight."""
    provider = CATALOGUES.provider("websan")
    plans: dict[str, Plan] = {}
    for name, plan in provider.plans.items():
        plans[name] = replace(plan, targets={None: Target(480, ("W46",)), "critical": Target(120, ("W46",))})
    other = Catalogues({**CATALOGUES.providers, "websan": replace(provider, plans=plans)})
    plans.update({name: replace(plan, provider=other.providers["websan"]) for name, plan in plans.items()})
    world.bot, world.escalation = replace(world.bot, catalogues=other), replace(world.escalation, catalogues=other)
