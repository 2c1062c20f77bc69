"""The demo's mail: kept where the page can show it, never sent."""

from collections.abc import Callable
from datetime import datetime, timedelta

from adapters.web.channel import shown
from adapters.web.log import Log
from bot.channel import Outgoing


class Mailbox:
    """The channel ``email``, whose rooms are mail addresses. No mail can be edited: an edit is one more mail."""

    gap = burst = timedelta(0)
    threads = False

    def __init__(self, log: Log, now: Callable[[], datetime]) -> None:
        self._log, self._now = log, now

    async def send(self, out: Outgoing) -> str:
        kept = await self._log.keep_once(f"mail:{out.to.room}", _key(out), shown(out, self._now(), "email"))
        return kept.key

    async def sent(self, out: Outgoing) -> str | None:
        there = await self._log.find(_key(out))
        return there.key if there else None


def _key(out: Outgoing) -> str:
    """Apart from the rooms' keys: the same news may go to a room and by mail."""
    return f"mail:{out.key}"
