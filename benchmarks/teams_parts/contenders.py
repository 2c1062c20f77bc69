"""Who is compared, and what they did."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from statistics import median, quantiles

from tests.teams.places import guid

PEOPLE = [guid(f"customer{number}") for number in range(32)]
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Result:
    answered: list[float] = field(default_factory=list)
    """Seconds until the 200."""
    replied: list[float] = field(default_factory=list)
    """Seconds until the reply was at the connector."""
    rates: list[float] = field(default_factory=list)
    """Turns a second, for each round."""
    cpus: list[float] = field(default_factory=list)
    """Milliseconds a turn, for each round."""
    refused: int = 0
    unsigned: int = 0
    """Replies without the bot's token."""

    @property
    def cpu(self) -> float:
        return median(self.cpus)

    @property
    def rate(self) -> float:
        return median(self.rates)

    def cuts(self) -> tuple[float, float, float]:
        """Milliseconds: p50 of the 200, p50 and p99 of the reply."""
        replied = quantiles(self.replied, n=100)
        return median(self.answered) * 1e3, replied[49] * 1e3, replied[98] * 1e3


@dataclass
class Contender:
    label: str
    module: str
    options: str = ""
    stock: bool = False
    opening: tuple[str, ...] = ()
    lines: tuple[str, ...] = ("Does anybody know why the quote form is broken?",)
    """What each person says, over and over."""
    name: str = ""
    url: str = ""
    pid: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    picky: bool = False
    """Whether it refuses what somebody else signed."""
    people: "Iterator[str]" = field(default_factory=lambda: cycle(PEOPLE))
    done: "dict[tuple[int, int], Result]" = field(default_factory=dict)
    _said: "dict[str, Iterator[str]]" = field(default_factory=dict)

    def cpu(self) -> float:
        """Seconds, of all its threads."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def line(self, person: str) -> str:
        """What this person says next."""
        return next(self._said.setdefault(person, cycle(self.lines)))

    @property
    def auth(self) -> str:
        """As it was seen: whom it believes, and whether its replies bear its own token."""
        signs = not any(each.unsigned for each in self.done.values())
        return {(True, True): "yes", (False, False): "no"}.get((self.picky, signs), "in" if self.picky else "out")


BROKEN = "The quote form is broken"
BARE = Contender("(a) bare aiohttp echo", "bare")
AGENTS = Contender("(d) microsoft-agents echo", "agents", stock=True)
ECHO = Contender("(e) our adapter's echo", "ours", "echo")
TURN = Contender("(f) ours: answer in a dialog", "ours", "desk", opening=(BROKEN, "skip"), lines=("back", "skip"))
CONTENDERS = [
    BARE,
    Contender("(b) CloudAdapter echo", "cloud_adapter", stock=True),
    Contender("(c) BotFrameworkAdapter echo", "framework_adapter", stock=True),
    AGENTS,
    ECHO,
    TURN,
    Contender(
        "(g) ours: message on a case", "ours", "room", opening=(BROKEN, "cancel"), lines=("I see it in the list too",)
    ),
]
