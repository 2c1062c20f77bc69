"""Ways to take a safety out of the product, to see that the campaign misses it."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import col, select, update

from bot.dispatch import Bot
from bot.incoming import Incoming
from store.lanes import Lanes
from store.sending import Claimed, Sending
from store.tables import Case, Conversation, Outbox
from store.work import Work
from tests.faults.far import FarChannel

Real = Callable[..., Any]


def mutate(name: str) -> None:
    """For this process, for good."""
    for owner, method, mutation in MUTATIONS[name]:
        setattr(owner, method, mutation(getattr(owner, method)))


def _every_time_is_the_first(real: Real) -> Real:
    return lambda work, key, now: real(work, key, now) or True


def _never_asks(_: Real) -> Real:
    async def sent(channel: FarChannel, out: object) -> None:
        return None

    return sent


def _takes_what_others_have(real: Real) -> Real:
    def claim(lanes: Sending, *args: Any) -> Any:
        lanes._session.exec(update(Conversation).values(leased_until=None))
        return real(lanes, *args[:6])  # nor does it look at what it is sending itself

    return claim


def _settles_whatever_happened_since(real: Real) -> Real:
    def settle(lanes: Sending, claimed: Claimed, *rest: Any) -> Any:
        return real(lanes, replace(claimed, fence=lanes.place(claimed.place.id).fence), *rest)

    return settle


def _latest_first(_: Real) -> Real:
    def first(lanes: Sending, lane: int, now: datetime) -> Outbox | None:
        mine = select(Outbox).where(Outbox.conversation_id == lane, col(Outbox.done_at).is_(None))
        return lanes._session.exec(mine.order_by(col(Outbox.id).desc()).limit(1)).first()

    return first


def _acknowledges_first(real: Real) -> Real:
    under_way: set[asyncio.Task[Any]] = set()

    async def hear(bot: Bot, incoming: Incoming) -> None:
        task = asyncio.ensure_future(real(bot, incoming))
        under_way.add(task)
        task.add_done_callback(under_way.discard)

    return hear


def _due_to_everybody(_: Real) -> Real:
    def due_alarms(work: Work, now: datetime, limit: int) -> list[Case]:
        due = select(Case).where(col(Case.next_alarm_at) <= now).order_by(col(Case.next_alarm_at)).limit(limit)
        found = list(work._session.exec(due))
        time.sleep(0.3 if found else 0.0)  # while others look as well
        return found

    return due_alarms


def _as_often_as_told(real: Real) -> Real:
    def owe(lanes: Lanes, place: int, now: datetime, row: Mapping[str, Any], *rest: Any) -> None:
        real(lanes, place, now, {**row, "key": None}, *rest)

    return owe


def _leaves_whatever_happened(_: Real) -> Real:
    return lambda lanes, case, now: None


_NO_CLAIM = (Work, "due_alarms", _due_to_everybody)
_NO_FENCE = (Sending, "settle", _settles_whatever_happened_since)
MUTATIONS: dict[str, tuple[tuple[type, str, Callable[[Real], Real]], ...]] = {
    "no dedupe": ((Work, "first_time", _every_time_is_the_first),),
    "no lookup": ((FarChannel, "sent", _never_asks),),
    "no lease": ((Sending, "claim", _takes_what_others_have), _NO_FENCE),
    "no fence": (_NO_FENCE,),
    "no order": ((Sending, "_first", _latest_first),),
    "no claim": (_NO_CLAIM,),
    "no key": (_NO_CLAIM, (Lanes, "owe", _as_often_as_told)),
    "no withdrawal": ((Lanes, "withdraw_warnings", _leaves_whatever_happened),),
    "early acknowledgement": ((Bot, "hear", _acknowledges_first),),
}
