"""The portal as a channel: what is said to somebody stands in their own room there, from where their pages show it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from adapters.portal.log import Log
from bot.channel import Outgoing, Undeliverable
from bot.messages import Message, to_json

CHANNEL = "portal"


class Portal:
    gap = burst = timedelta(0)
    threads = False

    def __init__(self, log: Log, now: Callable[[], datetime]) -> None:
        """``now`` is business time, which is what the pages show beside each message."""
        self.log, self.now = log, now

    async def send(self, out: Outgoing) -> str:
        if out.edits:
            return await self._edit(out)
        if await self.log.find(name(out.key)) is None:
            await self.log.keep(out.to.room, name(out.key), shown(out.message, self.now(), out))
        return name(out.key)

    async def _edit(self, out: Outgoing) -> str:
        old = await self.log.find(out.edits)
        if old is None or old.room != out.to.room:
            raise Undeliverable(f"there is no message {out.edits} to edit")
        if old.entry.get("sent") != out.key:
            new = shown(out.message, self.now(), out)
            await self.log.keep(old.room, old.key, {**new, "at": old.entry["at"]})
        return old.key

    async def sent(self, out: Outgoing) -> str | None:
        there = await self.log.find(out.edits or name(out.key))
        if there is None or (out.edits and there.entry.get("sent") != out.key):
            return None
        return there.key


def name(key: str) -> str:
    """Apart from what else is kept in rooms."""
    return f"portal {key}"


def shown(message: Message, at: datetime, out: Outgoing | None = None) -> dict[str, object]:
    about = {"sent": out.key, "case": out.case, "only_for": out.only_for} if out else {}
    return {"kind": "bot", "at": at.isoformat(), "message": to_json(message), **about}
