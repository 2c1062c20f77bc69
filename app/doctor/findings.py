"""What is found out: a line each, with what to do where it is not well."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    """It works, and something will be missed or be dear one day."""
    WRONG = "wrong"
    """Something does not work."""


@dataclass(frozen=True)
class Finding:
    level: Level
    about: str
    says: str
    do: str = ""

    def __str__(self) -> str:
        return f"{self.level:9}{self.about:13}{self.says}{f' {self.do}' if self.do else ''}"


def ok(about: str, says: str) -> Finding:
    return Finding(Level.OK, about, says)


def warning(about: str, says: str, do: str) -> Finding:
    return Finding(Level.WARNING, about, says, do)


def wrong(about: str, says: str, do: str) -> Finding:
    return Finding(Level.WRONG, about, says, do)


MANY = 5


def some(names: Sequence[str]) -> str:
    more = f" and {len(names) - MANY} more" if len(names) > MANY else ""
    return f"{', '.join(names[:MANY])}{more}"
