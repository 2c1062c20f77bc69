"""The playground as a channel: what is said is kept in the room log, from where every open page shows it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from adapters.web.entries import FromBot, from_bot
from adapters.web.log import Log
from bot.channel import Outgoing, Undeliverable


class Web:
    gap = burst = timedelta(0)
    threads = False

    def __init__(self, log: Log, now: Callable[[], datetime]) -> None:
        """``now`` is business time, which is what the page shows beside each message."""
        self._log, self._now = log, now

    async def send(self, out: Outgoing) -> str:
        if out.edits:
            return await self._edit(out)
        kept = await self._log.keep_once(out.to.room, out.key, shown(out, self._now()), out.to.thread)
        return kept.key

    async def _edit(self, out: Outgoing) -> str:
        old = await self._log.find(out.edits)
        if old is None:
            raise Undeliverable(f"there is no message {out.edits} to edit")
        if old.entry.get("sent") != out.key:
            new = shown(out, self._now())
            kept = {"at": old.entry["at"], "root": new["root"] or old.entry["root"], "edited": new["at"]}
            await self._log.keep(old.room, old.key, {**new, **kept}, old.thread)
        return old.key

    async def sent(self, out: Outgoing) -> str | None:
        there = await self._log.find(out.edits or out.key)
        if there is None or (out.edits and there.entry.get("sent") != out.key):
            return None
        return there.key


def shown(out: Outgoing, at: datetime, channel: str = "web") -> FromBot:
    said = from_bot(out.message, at, channel=channel, only_for=out.only_for)
    return {**said, "case": out.case, "root": out.root, "sent": out.key}
