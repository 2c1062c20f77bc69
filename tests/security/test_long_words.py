"""No words keep a server busy: they are read in a time that grows no faster than they do.

Many times the longest text that a channel lets through: what takes a blink here takes minutes with a pattern that looks
again from every place, and then the test ends by its time limit.
"""

from contextlib import suppress
from itertools import product

import pytest

from bot.commands import COMMANDS, parse
from bot.incoming import LONGEST, Address, Incoming, Said, User
from bot.understanding import Scene, tells_time, timed, understand
from rules.people import Actor, Role
from rules.refusals import Refusal
from tests.world import KNOWLEDGE, MONDAY

ACTORS = (Actor(1, "Ann", Role.CUSTOMER, 1, "UTC"), Actor(2, "Sam", Role.AGENT, None, "UTC"))


@pytest.mark.timeout(30)
@pytest.mark.parametrize("flood", [" ", "\n"])
def test_whatever_is_said_is_read_at_once(flood: str) -> None:
    text = flood * (4 * LONGEST // len(flood)) + "x"
    for actor in ACTORS:
        scene = Scene(actor, now=MONDAY, provider="websan")
        for beginning in ("", "schedule 1001 ", "how do I "):
            heard = Incoming("k", User("ann"), Address("fake", "", "ann"), Said(beginning + text), MONDAY)
            intent = understand(heard, scene, KNOWLEDGE)
            assert not tells_time(intent, scene) or timed(intent, scene)


@pytest.mark.timeout(30)
def test_so_is_every_line() -> None:
    for flood in (" ", "1001 r1, ", "account a ", "2026-01-01 "):
        text = (flood * LONGEST)[:LONGEST] + "x"
        for name, actor in product(COMMANDS, ACTORS):
            with suppress(Refusal):
                parse(f"/{name} {text}", actor.role)
