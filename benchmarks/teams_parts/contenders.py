"""Who is compared, and what they did."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from statistics import median

from benchmarks.databases import Database
from benchmarks.desk import PEOPLE as MANY
from benchmarks.processor import of
from tests.teams.places import guid

PEOPLE = [guid(f"agent{number}") for number in range(MANY)]
CASES = {person: 1001 + number for number, person in enumerate(PEOPLE)}


@dataclass
class Result:
    rates: list[float] = field(default_factory=list)
    """Turns a second, for each round."""
    cpus: list[float] = field(default_factory=list)
    """Milliseconds a turn, for each round."""
    refused: int = 0


@dataclass
class Contender:
    label: str
    module: str
    words: str = "Does anybody know why the quote form is broken?"
    database: Database | None = None
    stock: bool = False
    """Microsoft's, in an environment of its own."""
    name: str = ""
    url: str = ""
    pid: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    picky: bool = False
    """Whether it refuses what somebody else signed."""
    unsigned: int = 0
    """Replies without the bot's token."""
    people: "Iterator[str]" = field(default_factory=lambda: cycle(PEOPLE))
    done: "dict[int, Result]" = field(default_factory=dict)

    @property
    def server(self) -> str:
        return f"{self.module} {self.database.name if self.database else ''}"

    @property
    def refused(self) -> int:
        return sum(each.refused for each in self.done.values())

    def used(self) -> float:
        return of(self.pid) + (self.database.used() if self.database else 0.0)

    def line(self, person: str) -> str:
        return self.words.format(CASES[person])

    def figures(self, of: str) -> tuple[float, ...]:
        return tuple(median(getattr(each, of)) for each in self.done.values())


FRAMEWORKS = [
    Contender("microsoft-agents' echo", "agents", stock=True),
    Contender("teams-apps' echo", "apps", stock=True),
    Contender("botbuilder's CloudAdapter echo", "cloud_adapter", stock=True),
]


def ours(databases: list[Database]) -> list[Contender]:
    return [
        Contender(f"Teams on {each.name}: {what}", "ours", words, each)
        for each in databases
        for what, words in (
            ("a question answered", "status {}"),
            ("a reply kept and posted", "reply {} Looking into it"),
        )
    ]
