"""The round that lets leave what the desk said, once the time to take it back is over: exactly once, and in order."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.channel import reference
from bot.desk import holding as desk
from bot.dispatch import Bot
from bot.lines import outward
from bot.rounds import rounds
from bot.turn import Now, Turn
from rules.people import CLOCK
from store.store import Unavailable
from store.work import Work

log = logging.getLogger(__name__)
BATCH = 50
LATER = timedelta(minutes=1)
EVERY = 0.5  # seconds between two rounds


@dataclass(frozen=True)
class Holding:
    bot: Bot

    async def run(self) -> None:
        """Until cancelled."""
        await rounds("what is held", self.round, EVERY, full=1)

    async def round(self) -> int:
        """How many left, or were given back to their author. Each in a unit of its own: none keeps another one back."""
        now, done = self.bot.clock(), 0
        for number, person in await self.bot.store.read(Work.due_held, now.machine, BATCH):
            try:
                done += await self._let_go(number, person, now)
            except Unavailable:
                raise
            except Exception:
                log.exception("held %s, later", number)
                await self.bot.store.write(Work.put_off, number, now.machine + LATER)
        if done:
            self.bot.wake()
        return done

    async def _let_go(self, number: int, person: int, now: Now) -> bool:
        try:
            return await self.bot.store.write(let_go, self.bot, number, person, now, "")
        except Unavailable:
            raise
        except Exception:
            quoted = reference()
            log.exception("unexpected %s", quoted)
            return await self.bot.store.write(let_go, self.bot, number, person, now, quoted)


def let_go(work: Work, bot: Bot, number: int, person: int, now: Now, failed: str) -> bool:
    """``failed``: the reference of what nobody expected, so that it is given back. False: it is not there any more, or
    another one goes before it."""
    author = work.person_numbered(person, lock=True)  # then the act, then its case: in the order of who is talking
    row = work.held(number)
    if row is None or row.due_at > now.machine:
        return False
    if not row.asked and any(not desk.failed(one) for one in work.held_on(row.case_id, row.id)):
        return False
    if author is None or author.left_at is not None:
        work.drop(row)  # who left says nothing any more
        return True
    house: Any = {"links": bot.links, "channels": bot.channels, "keeping": bot.keeping}
    turn = Turn(work, bot.catalogues, CLOCK, now, now.business, **house)
    if failed:
        outward.give_up(turn, row, failed)
    else:
        outward.carry_out(turn, row)
    return True
