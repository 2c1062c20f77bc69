"""How often a bot may speak in one conversation, as Microsoft publishes it."""

import math
from collections import deque
from dataclasses import dataclass, field

SENDING = ((7, 1.0), (8, 2.0), (60, 30.0), (1800, 3600.0))
LOOKING = ((14, 1.0), (16, 2.0), (120, 30.0), (3600, 3600.0))


@dataclass
class Rates:
    """Calls with their times, by conversation and what was done."""

    made: dict[tuple[str, str], deque[float]] = field(default_factory=dict)

    def take(self, what: str, conversation: str, now: float) -> int:
        """0 if it may pass; otherwise the whole seconds to wait. What is refused does not count."""
        looks = what in ("members", "member")
        windows = LOOKING if looks else SENDING
        times = self.made.setdefault(("look" if looks else what, conversation), deque())
        while times and times[0] <= now - windows[-1][1]:
            times.popleft()
        for most, seconds in windows:
            if len(times) >= most and times[-most] > now - seconds:
                return max(1, math.ceil(times[-most] + seconds - now))
        times.append(now)
        return 0
