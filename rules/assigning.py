"""Whose turn it is to be given a case: of those who can do it who has least, and of equals who waited longest."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from rules.people import Role


@dataclass(frozen=True)
class Candidate:
    id: int
    role: Role
    skills: Collection[str] | None
    """Queues and kinds of request; None: all of them to agents, none to others, who have other work."""
    load: int
    """On how many cases they work."""
    last: datetime | None
    """When they were last given one in turn; None: never."""

    def can(self, queue: str, kind: str | None) -> bool:
        if self.skills is None:
            return self.role is Role.AGENT
        return bool({skill.casefold() for skill in self.skills} & {queue.casefold(), (kind or queue).casefold()})


def whose_turn(people: Iterable[Candidate], queue: str, kind: str | None) -> int | None:
    able = [each for each in people if each.can(queue, kind)]
    return min(able, key=_waits).id if able else None


def _waits(each: Candidate) -> tuple[int, float, int]:
    return each.load, each.last.timestamp() if each.last else 0.0, each.id
