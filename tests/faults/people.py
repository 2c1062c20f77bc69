"""The scripted people of the campaign: what they do in which order, and what each act must leave in a history."""

import asyncio
import random
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

from bot.incoming import Address, Incoming, Pressed, Said, User
from rules.lifecycle import Verb
from tests.faults.far import FarSide
from tests.faults.life import Answer

T = TypeVar("T")
NAMES = {"ann": "Ann Lee", "bob": "Bob Shaw", "eve": "Eve Stone", "cora": "Cora Diaz", "sam": "Sam Ortiz"}
NAMES |= {"lena": "Lena Park"}
BROKEN, SLOW = "The quote form is broken since this morning", "Exports take an hour"


@dataclass(frozen=True)
class Effect:
    """A case event that an act must leave, once."""

    verb: Verb
    words: str = ""


@dataclass(frozen=True)
class Act:
    incoming: Incoming
    effects: tuple[Effect, ...]

    @property
    def by(self) -> str:
        return NAMES[self.incoming.user]


class Stage(Protocol):
    """What the people act on."""

    far: FarSide

    def now(self) -> datetime:
        """What the clock of those who act shows."""

    async def act(self, act: Act) -> Answer:
        """Again and again, with the same key, until it is acknowledged."""

    async def until(self, seen: Callable[[], T | None], what: str) -> T:
        """Once it is so; asked again whenever something arrived or somebody got further."""


@dataclass
class Board:
    """How far everybody is, so that the others know when to go on."""

    cases: dict[str, int] = field(default_factory=dict)
    reached: set[str] = field(default_factory=set)


@dataclass
class Person:
    name: str
    stage: Stage
    board: Board
    chance: random.Random
    acts: int = 0

    async def says(self, text: str, *effects: Effect, room: str = "") -> Answer:
        return await self._does(Said(text), effects, room)

    async def presses(self, line: str, *effects: Effect, room: str = "") -> Answer:
        return await self._does(Pressed(line), effects, room)

    async def reads(self, pattern: str, room: str = "") -> str:
        """The pattern's group, from the first message there that has it."""

        def found() -> str | None:
            mine = (a.text for a in self.stage.far.arrivals if a.out.to.room == (room or self.name))
            return next((m[1] for text in mine if (m := re.search(pattern, text))), None)

        return await self.stage.until(found, f"{self.name} waits to read {pattern!r}")

    async def finds(self, label: str, after: str = "") -> str:
        """The line of the latest button of that label in their room; another one than ``after``."""

        def found() -> str | None:
            buttons = (b for post in self.stage.far.posts(self.name) for b in post.buttons if b.label == label)
            lines = [button.line for button in buttons]
            return lines[-1] if lines and lines[-1] != after else None

        return await self.stage.until(found, f"{self.name} waits for the button {label!r}")

    async def case_of(self, who: str) -> int:
        return await self.stage.until(lambda: self.board.cases.get(who), f"{self.name} waits for {who}'s case")

    async def after(self, *reached: str) -> None:
        await self.stage.until(lambda: self.board.reached.issuperset(reached) or None, f"{self.name} waits: {reached}")

    async def _does(self, body: Said | Pressed, effects: tuple[Effect, ...], room: str) -> Answer:
        self.acts += 1
        here = Address("fake", "", room or self.name)
        at_once = self.chance.random() < 0.5
        key = f"{self.name} {self.acts}"
        return await self.stage.act(
            Act(
                Incoming(key, User(self.name), here, body, self.stage.now(), personal=not room, at_once=at_once),
                effects,
            )
        )


async def ann(person: Person) -> None:
    """Reports, answers the questions, adds a word, and closes when it is solved: sometimes not at the first try."""
    await person.says(BROKEN, Effect(Verb.OPEN, BROKEN))
    number = person.board.cases["ann"] = int(await person.reads(r"This is case #(\d+)"))
    await person.says("Error 500", Effect(Verb.ENRICH, "details: Error 500"))
    await person.presses(await person.finds("High"), Effect(Verb.ENRICH, "priority: high"))
    await person.says("skip", Effect(Verb.COMPLETE))
    if person.chance.random() < 0.5:
        await person.says("It also happens on my phone")
        line = await person.finds(f"Add to #{number}")
        await person.presses(line, Effect(Verb.SAY, "It also happens on my phone"))
    person.board.reached.add("ann has said all")
    line = await person.finds("Yes, close it")
    if person.chance.random() < 0.5:
        await person.presses(line.replace("confirm", "not-solved"), Effect(Verb.NOT_SOLVED))
        person.board.reached.add("ann said no")
        line = await person.finds("Yes, close it", after=line)
    else:
        person.board.reached.add("ann said yes")
    await person.presses(line, Effect(Verb.CONFIRM))


async def bob(person: Person) -> None:
    number = await person.case_of("ann")
    await person.says("cases")
    await person.says(f"reply {number} Me too", Effect(Verb.SAY, "Me too"))
    person.board.reached.add("bob has said all")


async def sam(person: Person) -> None:
    number = await person.case_of("ann")
    await person.reads(rf"(#{number}): ", room="desk")
    await person.presses(f"take {number}", Effect(Verb.TAKE), room="desk")
    await person.says(f"reply {number} Looking into it", Effect(Verb.REPLY, "Looking into it"))
    await person.after("ann has said all", "bob has said all")
    await person.says(f"close {number} Fixed it", Effect(Verb.RESOLVE, "Fixed it"))
    await person.stage.until(
        lambda: person.board.reached & {"ann said no", "ann said yes"} or None, "sam waits for ann's word"
    )
    if "ann said no" in person.board.reached:
        await person.says(f"close {number} Now really", Effect(Verb.RESOLVE, "Now really"))


async def cora(person: Person) -> None:
    number = await person.case_of("ann")
    await person.says(f"note {number} They are in a hurry", Effect(Verb.NOTE, "They are in a hurry"), room="desk")


async def eve(person: Person) -> None:
    """From another company, at the same time: skips what she is asked, asks for more attention, and gives up."""
    await person.says(SLOW, Effect(Verb.OPEN, SLOW))
    number = person.board.cases["eve"] = int(await person.reads(r"This is case #(\d+)"))
    for effects in ((), (), (Effect(Verb.COMPLETE),)):
        await person.says("skip", *effects)
    await person.says(f"escalate {number} It is urgent", Effect(Verb.ESCALATE, "It is urgent"))
    await person.after("lena has answered")
    await person.says(f"withdraw {number}", Effect(Verb.WITHDRAW))


async def lena(person: Person) -> None:
    number = await person.case_of("eve")
    await person.says(f"take {number}", Effect(Verb.TAKE))
    await person.says(f"wait {number} Which export?", Effect(Verb.WAIT, "Which export?"))
    person.board.reached.add("lena has answered")


async def unanswered_ann(person: Person) -> None:
    """Nobody answers her for hours, and nobody answers her next word either."""
    await person.says(BROKEN, Effect(Verb.OPEN, BROKEN))
    number = person.board.cases["ann"] = int(await person.reads(r"This is case #(\d+)"))
    for effects in ((), (), (Effect(Verb.COMPLETE),)):
        await person.says("skip", *effects)
    await person.after("sam has answered")
    await person.says(f"reply {number} And now?", Effect(Verb.SAY, "And now?"))
    await person.presses(await person.finds("Yes, close it"), Effect(Verb.CONFIRM))


async def warned_cora(person: Person) -> None:
    """Says that she sees to it, and hears more when that has lapsed."""
    number = await person.case_of("ann")
    await person.reads(rf"#{number} has used (75)")
    await person.presses(f"ack {number}", Effect(Verb.ACKNOWLEDGE))
    await person.reads(rf"#({number}) is past its")
    person.board.reached.add("cora has heard")


async def late_sam(person: Person) -> None:
    """Has it, and answers when the promise is broken; the next time when he is reminded of her next word."""
    number = await person.case_of("ann")
    await person.says(f"take {number}", Effect(Verb.TAKE))
    await person.after("cora has heard")
    await person.says(f"reply {number} Sorry", Effect(Verb.REPLY, "Sorry"))
    person.board.reached.add("sam has answered")
    await person.reads(rf"waits for the next answer on #({number})")
    await person.says(f"close {number} Fixed it", Effect(Verb.RESOLVE, "Fixed it"))


async def forgotten_eve(person: Person) -> None:
    """From another company: the room of the desk hears of hers, until she gives up."""
    await person.says(SLOW, Effect(Verb.OPEN, SLOW))
    number = person.board.cases["eve"] = int(await person.reads(r"This is case #(\d+)"))
    for effects in ((), (), (Effect(Verb.COMPLETE),)):
        await person.says("skip", *effects)
    await person.reads(rf"#({number}) has used", room="desk")
    await person.says(f"withdraw {number}", Effect(Verb.WITHDRAW))


Script = Callable[[Person], Awaitable[None]]
NORTHWIND: tuple[Script, ...] = (ann, bob, cora, sam)
CONTOSO: tuple[Script, ...] = (eve, lena)
UNANSWERED: tuple[Script, ...] = (unanswered_ann, warned_cora, late_sam)
FORGOTTEN: tuple[Script, ...] = (forgotten_eve,)


def play(stage: Stage, seed: int, late: bool) -> "list[asyncio.Task[None]]":
    """One company's people, the other's, or both, all at once and each with their own luck; or the late ones."""
    board, chance = Board(), random.Random(seed)
    if late:
        scripts = chance.choice([UNANSWERED, FORGOTTEN, UNANSWERED + FORGOTTEN])
    else:
        scripts = chance.choice([NORTHWIND, CONTOSO, CONTOSO, NORTHWIND + CONTOSO])
    return [asyncio.ensure_future(script(_person(script, stage, board, seed))) for script in scripts]


def _person(script: Script, stage: Stage, board: Board, seed: int) -> Person:
    name = script.__name__.rpartition("_")[2]
    return Person(name, stage, board, random.Random(f"{seed} {name}"))
