"""What a held answer means to clocks and warnings, and to servers that die while it is held."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.holding import Holding
from bot.incoming import Address, Deleted, Incoming, Pressed, User
from store.store import Store
from store.work import Work
from tests.journeys.held import TEN, case, edits, events, lets_go
from tests.verifying import differences
from tests.world import World

# The clocks ------------------------------------------------------------------------------------------------------


async def until_due(world: World, seconds: float) -> None:
    due = (await case(world)).due_at
    assert due is not None
    world.passes(seconds=(due - world.time.business).total_seconds() - seconds)
    await world.escalation.round()
    await world.delivery.deliver_all()


async def test_nobody_is_warned_of_an_answer_that_is_on_its_way(held: World) -> None:
    """Said five seconds before it is due, it is in time; taken back, they are warned after all."""
    due = (await case(held)).due_at
    assert due is not None
    await until_due(held, 5)
    await held.says("sam", "reply 1001 We look into it")
    await held.passes_and_warns(seconds=6)
    await lets_go(held, seconds=4)
    await held.escalation.round()
    assert "past its response time" not in "".join(held.heard("desk"))
    found = await case(held)
    assert (found.response_met, found.responded_at) == (True, due - timedelta(seconds=5))


async def mails(world: World, at: datetime) -> None:
    here = Address("email", "", "cora")
    await world.bot.hear(Incoming("mail", User("cora@desk.example"), here, Pressed("reply 1001 By mail"), at))


async def test_words_that_are_stuck_or_wait_for_a_word_of_their_author_silence_no_warning(held_here: World) -> None:
    """And sent anyway, they count from then (R2)."""
    await until_due(held_here, 5)
    await held_here.says("sam", "reply 1001 We look into it")
    await held_here.says("lena", "reply 1001 Please clear the cache")
    await held_here.says("sam", "undo")
    await held_here.passes_and_warns(seconds=6)
    assert "past its response time" in "".join(held_here.heard("desk")), "what is only asked about is on no way"
    held_here.passes(seconds=30)
    await held_here.presses("lena", "Send anyway")
    anyway = held_here.time.business
    await lets_go(held_here, seconds=1)
    found = await case(held_here)
    assert (found.response_met, found.responded_at) == (False, anyway)
    mailed = anyway - timedelta(minutes=1)
    await mails(held_here, mailed)
    found = await case(held_here)
    assert (found.response_met, found.responded_at) == (True, mailed), "what comes late by mail was written in time"
    assert await differences(held_here.store) == []


async def test_what_should_have_left_a_minute_ago_silences_no_warning(held_here: World) -> None:
    await until_due(held_here, 5)
    await held_here.says("sam", "reply 1001 We look into it")
    await held_here.passes_and_warns(seconds=40)
    assert "past its response time" not in "".join(held_here.heard("desk"))
    for _ in range(2):
        await held_here.passes_and_warns(seconds=40)
    assert "past its response time" in "".join(held_here.heard("desk"))


async def test_an_answer_that_nobody_holds_lets_an_earlier_one_be_first(held: World) -> None:
    """R2: said in time, it counts, though a colleague's was on its way at once: typed where the customer reads, or
    mailed."""
    await until_due(held, 5)
    await held.says("sam", "reply 1001 We look into it")
    said = held.time.business
    held.passes(seconds=6)
    await held.says("lena", "reply 1001 Please clear the cache", room="ann")
    assert [event.words for event in await events(held, "reply")] == ["We look into it", "Please clear the cache"]
    found = await case(held)
    assert (found.response_met, found.responded_at) == (True, said)
    await mails(held, said)
    assert [event.words for event in await events(held, "reply")][2:] == ["By mail"]


@pytest.mark.parametrize("line", ["reply", "wait", "call", "close"])
async def test_a_first_answer_is_none_to_what_the_customer_writes_while_it_is_held(held_here: World, line: str) -> None:
    """R3; and R5: a case does not wait for who has just written."""
    await held_here.says("sam", f"{line} 1001 We look into it")
    said = held_here.time.business
    held_here.passes(seconds=3)
    await held_here.says("ann", "reply 1001 It also breaks on save")
    wrote = held_here.time.business
    held_here.passes(seconds=3)
    await held_here.says("ann", "reply 1001 And on print")
    await lets_go(held_here, seconds=4)
    found = await case(held_here)
    assert (found.responded_at, found.asked_at) == (said, wrote)
    assert found.status == ("awaiting_confirmation" if line == "close" else "open")
    assert await differences(held_here.store) == []
    await held_here.says("sam", "reply 1001 Now we have looked")
    await lets_go(held_here, seconds=10)
    assert (await case(held_here)).asked_at is None


async def test_what_the_customer_writes_meanwhile_still_waits_for_an_answer(held: World) -> None:
    """R3: an answer that was said before it cannot be one to it."""
    await held.says("sam", "reply 1001 We look into it")
    await lets_go(held, seconds=10)
    await held.says("ann", "reply 1001 Which cache?")
    held.passes(minutes=5)
    await held.says("sam", "reply 1001 Clear the cache, please")
    held.passes(seconds=2)
    await held.says("ann", "reply 1001 Never mind", key="gone")
    await edits(held, "ann", Deleted("gone"))
    held.passes(seconds=3)
    await held.says("ann", "reply 1001 It also breaks on save")
    wrote = held.time.business
    await lets_go(held, seconds=5)
    assert (await case(held)).asked_at == wrote


# Nothing lost, nothing doubled -----------------------------------------------------------------------------------


@dataclass
class Dying:
    """A store under a server that is killed at its next unit: before its commit, or right after it."""

    store: Store
    after: bool

    async def write(self, unit: Callable[..., Any], *args: Any, **how: Any) -> Any:
        if self.after:
            await self.store.write(unit, *args, **how)
            raise Killed

        def dies(work: Work) -> None:
            unit(work, *args)
            raise Killed

        return await self.store.write(dies, **how)

    async def read(self, unit: Callable[..., Any], *args: Any, **how: Any) -> Any:
        return await self.store.read(unit, *args, **how)


class Killed(BaseException):
    """No handler of the program's runs any more."""


@pytest.mark.parametrize("after", [False, True], ids=["before the commit", "after the commit"])
async def test_a_server_killed_as_words_leave_neither_loses_nor_doubles_them(held: World, after: bool) -> None:
    for words in ("We look into it", "It is the cache"):
        await held.says("sam", f"reply 1001 {words}")
    held.passes(seconds=10)
    dying: Any = Dying(held.store, after)
    with pytest.raises(Killed):
        await Holding(type(held.bot)(**{**vars(held.bot), "store": dying})).round()
    assert len(await events(held, "reply")) == int(after)
    for _ in range(3):
        await lets_go(held)
    assert [event.words for event in await events(held, "reply")] == ["We look into it", "It is the cache"]
    assert sum("It is the cache" in text for text in held.heard("ann")) == 1


async def test_of_two_servers_each_lets_go_of_something_and_together_of_each_once(held: World) -> None:
    """Though both work at the same time, what is said first on a case leaves first."""
    replica = World(held.store, hold=TEN)
    replica.time = held.time
    words = [f"Step {n} of it" for n in range(6)]
    for each in words:
        await held.says("sam", f"reply 1001 {each}")
    for world in (held, replica):
        world.passes(seconds=10)
    done = 0
    while left := sum(await asyncio.gather(*(world.holding.round() for world in (held, replica, held, replica)))):
        done += left
    await held.delivery.deliver_all()
    assert done == len(words)
    assert [event.words for event in await events(held, "reply")] == words
