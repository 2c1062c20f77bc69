"""Plays a transcript again: on a fresh playground, without a page, from its first line to its last."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any

from adapters.web.acts import ACT
from adapters.web.playground import Playground
from adapters.web.transcript import Numbers, lines
from app.clock import DemoClock
from app.demo import move_in, stage
from app.settings import Mode, Settings
from bot.turn import Now
from store.store import Store
from tests.world import CATALOGUES

BEFORE, AFTER = 60, 120  # signs of a line that are shown where it differs
WAITS = timedelta(minutes=3)
"""Of the machine's time, for what comes by itself: longer than anything is held back."""


class Standing(DemoClock):
    """The machine's time stands too, until something is waited for."""

    def __init__(self, store: Store, begins: datetime) -> None:
        super().__init__(store)
        self.machine = begins

    def __call__(self) -> Now:
        return Now(self._stands or self.machine, self.machine)


async def replayed(store: Store, recorded: Sequence[str]) -> list[str]:
    """The transcript that the same session makes now."""
    heading, *steps = (told for told in map(json.loads, recorded) if "seen" not in told)
    clock = Standing(store, datetime.fromisoformat(steps[0]["at"]))
    await clock.begin()
    house, play = stage(Settings(mode=Mode.DEMO, **heading["how"]), store, CATALOGUES, clock)
    await move_in(house)
    await house.librarian.open()
    numbers = Numbers()
    for done, step in enumerate(steps):
        for line in lines((await play.journal.steps())[done - 1 :] if done else [], play.manners):
            numbers.shown(line)
        await _do(play, clock, step["step"], json.loads(numbers.real(json.dumps(step["did"]))))
    return await play.transcript()


async def _do(play: Playground, clock: Standing, step: int, did: dict[str, Any]) -> None:
    match did["kind"]:
        case "moved":
            await play.forward(datetime.fromisoformat(did["to"]))
        case "waited":
            clock.machine += WAITS
            await play.wait()
        case _:
            there = {name: play.journal.key(did[name]) for name in ("thread", "quotes") if name in did}
            await play.perform(ACT.validate_python({**did, **there, "key": f"step-{step:08}"}))


def differences(then: Sequence[str], now: Sequence[str]) -> list[str]:
    """Line by line, from a little before the first sign that is another."""
    told = []
    for number, (one, other) in enumerate(zip_longest(then, now, fillvalue=""), 1):
        if one != other:
            same = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
            start = max(same - BEFORE, 0)
            told.append(
                f"line {number}: expected …{one[start : same + AFTER]!r}, seen …{other[start : same + AFTER]!r}"
            )
    return told
