"""When to try again: a message that failed, and a channel that fails."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

FIRST, LONGEST = timedelta(seconds=2), timedelta(minutes=10)  # between two attempts
KNOCK = timedelta(seconds=15)  # at most, between two attempts at a channel that is down
SHORTEST, PAUSE = timedelta(seconds=1), timedelta(hours=1)  # what a channel that says when may ask for


@dataclass
class Breaker:
    """Leaves a channel alone that fails again and again, and tries it with one message at a time until it answers."""

    failures: int = 0
    open_until: datetime | None = None
    trying: int | None = None
    """The lane whose message is to find out."""

    @property
    def closed(self) -> bool:
        return self.open_until is None

    def may_try(self, now: datetime) -> bool:
        return self.open_until is not None and now >= self.open_until

    def tries(self, lane: int, until: datetime) -> None:
        """Nobody else until it is known how that ended, or ``until`` its sender is thought dead."""
        self.trying, self.open_until = lane, until

    def failed(self, now: datetime, lane: int) -> None:
        if not self.closed and lane != self.trying:
            return  # it was under way when the channel was given up: no news
        self.failures, self.trying = self.failures + 1, None
        if self.failures >= 5:
            self.open_until = now + min(backoff(self.failures - 4), KNOCK)

    def worked(self) -> None:
        """Any answer, a refusal among them."""
        self.failures, self.open_until, self.trying = 0, None, None


def backoff(attempt: int) -> timedelta:
    """Doubling from two seconds to ten minutes, with jitter so that not all come back at once."""
    whole: timedelta = min(FIRST * 2 ** min(attempt - 1, 12), LONGEST)
    return whole * random.uniform(0.5, 1.0)  # noqa: S311 (no secret)


def clamped(after: timedelta) -> timedelta:
    return min(max(after, SHORTEST), PAUSE)
