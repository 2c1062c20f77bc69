"""What the two sides of a case agree on: the kinds of proposal, how each ends, and what waits for the customer."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from rules.catalogue import INCLUDED, Kind, Verdict


class What(StrEnum):
    PRIORITY = "priority"
    SLOT = "slot"
    QUOTE = "quote"
    CLOSING = "closing"
    UPGRADE = "upgrade"


class State(StrEnum):
    """Of one proposal."""

    OFFERED = "offered"
    AGREED = "agreed"
    DECLINED = "declined"
    SUPERSEDED = "superseded"
    """Another one took its place, or nothing was left to answer."""


class Standing(StrEnum):
    """Of a case's priority, which holds in each of them (W45)."""

    PROPOSED = "proposed"
    """By the customer; the desk's next answer accepts it (W57)."""
    AGREED = "agreed"
    COUNTERED = "countered"
    """The desk set another one, which the customer has not answered."""
    DECLINED = "declined"


NOT_AGREED = frozenset({Standing.COUNTERED, Standing.DECLINED})
PAID = frozenset({Verdict.TIME_AND_MATERIALS, Verdict.MINI_PROJECT_TM, Verdict.EXCLUDED_TM, Verdict.NOT_IN_PLAN})
"""Verdicts under which the customer pays for the work."""
OFFERED, ACCEPTED, DECLINED, WITHDRAWN = "offered", "accepted", "declined", "withdrawn"
"""How the latest quote of a case stands."""
REQUESTED = "requested"
"""Of a quote that the desk has not made yet: the customer asks for one."""
UNDONE = "undone"
"""Of a case called over: without the work that was quoted, since the customer declined it (W24)."""
DELIVERED = ("yes", "no", "none")
"""Whether code was handed over (W39); none: there was none."""


def lacks(verdict: str | None, judged: bool, quote: str | None) -> Literal["quote", "answer"] | None:
    """What is missing before paid work may begin (W24). ``judged``: the verdict is a person's, not only a guess."""
    if quote == OFFERED:
        return "answer"
    unquoted = quote not in (ACCEPTED, DECLINED)
    return "quote" if judged and verdict in PAID and unquoted else None


def makes_code(kind: str | None, verdict: str | None, quote: str | None) -> bool:
    """Whether code may have been made for the customer, which is theirs to have (W39)."""
    return quote != DECLINED and (kind == Kind.TWEAK or verdict in PAID or quote == ACCEPTED)


def settled(verdict: str | None, client_caused: bool) -> bool:
    """Whether the plan covers it, with nothing on the customer's side to charge for: it is never quoted (W7, W24)."""
    return verdict in INCLUDED and not client_caused


@dataclass(frozen=True)
class Judged:
    """What the desk ruled, as its event's words keep it: ``excluded tm: It is a report`` (W37)."""

    verdict: Verdict
    reason: str

    @classmethod
    def read(cls, words: str) -> "Judged":
        verdict, _, reason = words.partition(": ")
        return cls(Verdict(verdict.replace(" ", "_")), reason)

    def __str__(self) -> str:
        return f"{self.verdict.replace('_', ' ')}: {self.reason}"


@dataclass(frozen=True)
class Merged:
    """Where a case goes on, and what was still open on it, as its event's words keep it: ``#1001 without quote``."""

    into: int
    fell: tuple[What, ...] = ()

    @classmethod
    def read(cls, words: str) -> "Merged":
        into, _, fell = words.partition(" without ")
        return cls(int(into.removeprefix("#")), tuple(map(What, fell.split())))

    def __str__(self) -> str:
        return f"#{self.into} without {' '.join(self.fell)}" if self.fell else f"#{self.into}"


class Kept(StrEnum):
    """What a merged case leaves to the one that goes on."""

    QUOTE = "quote"
    SLOT = "slot"
    VERDICT = "verdict"
    CAUSE = "cause"
    PRIORITY = "priority"


@dataclass(frozen=True)
class Carried:
    """What came over ``of`` another case, as its event's words keep it: ``#1002 quote slot`` (R9)."""

    of: int
    kept: tuple[Kept, ...]

    @classmethod
    def read(cls, words: str) -> "Carried":
        of, *kept = words.split()
        return cls(int(of.removeprefix("#")), tuple(map(Kept, kept)))

    def __str__(self) -> str:
        return f"#{self.of} {' '.join(self.kept)}"


@dataclass(frozen=True)
class Reassessed:
    """A priority set by the desk, as its event's words keep it: ``normal > high: They invoice tomorrow`` (W45)."""

    before: str | None
    after: str
    reason: str

    @classmethod
    def read(cls, words: str) -> "Reassessed":
        """Also as it was kept before the level it replaced was: ``high: They invoice tomorrow``."""
        found = _REASSESSED.fullmatch(words)
        assert found is not None, "every such event has a level"
        before = found["before"]
        return cls(None if before in (None, _NONE) else before, found["after"], found["reason"])

    def __str__(self) -> str:
        return f"{self.before or _NONE} > {self.after}: {self.reason}"


_NONE = "-"
_REASSESSED = re.compile(r"(?:(?P<before>\S+) > )?(?P<after>[^\s:]+): (?P<reason>.*)", re.S)
