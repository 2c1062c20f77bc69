"""What is said where only a program acted: it stands in the case, which programs read."""

from datetime import timedelta

from bot.channel import Outgoing


class Api:
    gap = burst = timedelta(0)
    threads = False

    async def send(self, out: Outgoing) -> str:
        return out.edits or out.key

    async def sent(self, out: Outgoing) -> str | None:
        return out.edits or out.key
