"""Whatever people say in whatever order, a case is the sum of its history and no promise of the house is broken."""

import random

import pytest

from rules.lifecycle import OVER, RULES, Side, Status, Verb
from rules.verifying import settles
from tests.store.inside import on_postgresql
from tests.verifying import differences
from tests.world import BROKEN, World, opened

LINES = {
    "ann": ("reply 1001 hm", "solved 1001", "confirm 1001", "not-solved 1001 no", "withdraw 1001", "reopen 1001",
            "escalate 1001 now", "accept 1001", "decline 1001", "schedule 1001 tomorrow 10am",
            "schedule 1001", "accept 1001 slot-1", "rate 1001 4", "a person, please", "works now", "back",
            "status 1001", "why 1001", BROKEN, "new", "1001", "skip", "cancel", "thanks", "plan", "/take 1001"),
    "bob": ("confirm 1001", "reply 1001 me too", "withdraw 1001", "cases", "reopen 1001", "at-risk"),
    "eve": ("reply 1001 let me in", "confirm 1001", "status 1001", "withdraw 1001", BROKEN, "cancel"),
    "sam": ("take 1001", "reply 1001 on it", "note 1001 SECRET", "call 1001 rang", "wait 1001 which?",
            "close 1001 done", "close 1001", "force-close 1001 gone", "reopen 1001", "priority 1001 high x",
            "quote 1001 60 x", "ack 1001", "schedule 1001 next friday 3pm", "accept 1001",
            "decline 1001 slot-2", "cover 1001 excluded x", "client-caused 1001 x", "transfer 1001 L2",
            "merge 1001 1002", "split 1001 y", "queue", "show 1001", "assign 1001 cora", "reply 1001", "cancel"),
    "cora": ("take 1001", "ack 1001", "close 1001 me", "queue at risk", "note 1001 SECRET"),
}  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
async def test_a_random_life(sqlite_desk: World, seed: int) -> None:
    await _live(sqlite_desk, seed)


@on_postgresql
@pytest.mark.parametrize("seed", range(2))
async def test_a_random_life_on_postgresql(desk: World, seed: int) -> None:
    await _live(desk, seed)


async def _live(world: World, seed: int) -> None:
    world, dice = await opened(world), random.Random(seed)
    for _ in range(45):
        who = dice.choice(["ann", "ann", "sam", "sam", "bob", "eve", "cora"])
        said = str(await world.says(who, dice.choice(LINES[who]), at_once=dice.random() < 0.3))
        assert "Something broke" not in said, said
        if dice.random() < 0.2:
            await world.passes_and_warns(minutes=dice.choice([5, 40, 400]))
    await _sound(world)


async def _sound(world: World) -> None:
    staff = await world.ask_store(lambda work: {person.id for person in work.staff()})
    numbers = await world.ask_store(lambda work: [n for n in range(1001, 1030) if work.glance(n, None)])
    for number in numbers:
        case = await world.ask_store(lambda work, n=number: work.glance(n, None))
        events = await world.ask_store(lambda work, n=number: work.events(n, internal=True))
        state: Status | None = None
        for event in events:
            assert state in (None, event.before), "each event goes on from the one before"
            assert event.verb in (Verb.OPEN, Verb.OPEN_FOR) or RULES[event.verb].moves[event.before] is event.after
            state = event.after
        assert case.status is state, "the case is the sum of its history"
        assert (case.over_at is None) == (case.status not in OVER)
        assert case.next_alarm_at is None or case.status not in OVER
        assert (case.status is Status.CLOSED) <= (case.confirmed_by is not None)
        ends = [event for event in events if settles(event)][:1]
        answered = [event.at for event in ends if RULES[event.verb].responds]
        assert [case.responded_at] == (answered or [None]), "the first human answer, and no other (R2)"
        cancelled = [event.at for event in ends if not RULES[event.verb].responds]
        assert [case.cancelled_at] == (cancelled or [None]), "nobody waited for one any more (R8, R9)"
        shown = await world.ask_store(lambda work, n=number: work.events(n, internal=False))
        assert all(Side.CUSTOMER in RULES[event.verb].told or event.person_id not in staff for event in shown)
    for room in ("ann", "bob", "eve"):
        assert "SECRET" not in "\n".join(world.heard(room)), "a note cannot cross"
    assert not [text for text in world.heard("eve") if "Northwind" in text or "1001:" in text]
    assert await differences(world.store) == [], "the desk's own audit finds nothing either (R14)"
