"""How often one token may ask."""

from dataclasses import dataclass, field

A_SECOND, AT_ONCE = 2.0, 60.0
KEPT = 10_000  # tokens; whoever was longest away begins anew


@dataclass
class Limits:
    rate: float = A_SECOND
    burst: float = AT_ONCE
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)

    def wait(self, who: str, now: float) -> float:
        """Seconds until it may ask again; 0: it may, and did. ``now``: seconds of any clock that only goes forward."""
        left, at = self._left.pop(who, (self.burst, now))
        left = min(self.burst, left + (now - at) * self.rate)
        asks = left >= 1
        self._left[who] = (left - 1 if asks else left, now)
        if len(self._left) > KEPT:
            del self._left[next(iter(self._left))]
        return 0.0 if asks else (1 - left) / self.rate
