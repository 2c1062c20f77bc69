"""The session as it went, step by step: what was done, and what everybody then saw. Kept beside the rooms."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from adapters.web.log import Entry, Log

JOURNAL = "journal"
"""The room that no page shows."""
WAITED = {"kind": "waited"}
"""Something came by itself, such as a message that was held back."""

Step = Mapping[str, Any]


class Journal:
    """What is said bears a name that comes out the same when the session is played again: "3 ann 1", the first that
    appeared in Ann's chat in step 3. What somebody did there goes by the step's number alone."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._steps: list[Step] | None = None
        self._since = 0
        self._names: dict[str, str] = {}

    async def steps(self) -> list[Step]:
        """All of them, from the beginning of this playground's database."""
        if self._steps is None:
            kept = [entry for entry in await self._log.since(0) if entry.room == JOURNAL]
            self._since = max((entry.revision for entry in kept), default=0)
            self._steps = [entry.entry for entry in kept]
            for step in self._steps:
                self._names |= {each["key"]: each["name"] for each in step["seen"]}
                self._names |= {step["key"]: str(step["step"])} if step["key"] else {}
        return self._steps

    def name(self, key: str) -> str:
        return self._names.get(key, "")

    def key(self, name: str) -> str:
        """Raises KeyError."""
        return {name: key for key, name in self._names.items()}[name] if name else ""

    async def catch_up(self, now: datetime) -> None:
        """What has come since the last step belongs to none."""
        await self.steps()
        if any(_from_bot(entry) for entry in await self._log.since(self._since)):
            await self.note(now, WAITED)

    async def note(
        self, now: datetime, did: Mapping[str, Any], key: str = "", form: Mapping[str, Any] | None = None
    ) -> None:
        """``key``: the log's, of what somebody did; ``form``: what they were shown at once, by channel."""
        steps = await self.steps()
        changed = [entry for entry in await self._log.since(self._since) if _from_bot(entry)]
        number = len(steps) + 1
        seen: list[Mapping[str, Any]] = []
        # An answer given at once and what is delivered race each other into the room.
        for entry in sorted(changed, key=lambda entry: (entry.room, not entry.key.endswith(":answer"), entry.place)):
            among = sum(each["room"] == entry.room for each in seen) + 1
            again = entry.key in self._names
            name = self._names.setdefault(entry.key, f"{number} {entry.room} {among}")
            how = {"key": entry.key, "name": name, "room": entry.room, "under": self.name(entry.thread)}
            seen.append({**how, "again": again, "entry": dict(entry.entry)})
        if key:
            self._names[key] = str(number)
        step = {"kind": "step", "step": number, "key": key, "at": now.isoformat(), "did": dict(did)}
        kept = await self._log.keep(JOURNAL, f"step {number}", {**step, "seen": seen, "form": form})
        steps.append(kept.entry)
        self._since = kept.revision


def _from_bot(entry: Entry) -> bool:
    return entry.entry["kind"] == "bot"
