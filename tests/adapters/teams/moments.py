"""A clock that tests set."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass
class Moments:
    now: datetime = datetime(2025, 1, 20, 14, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        """As Microsoft's side in tests wants it."""
        return self.now.timestamp()

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)
