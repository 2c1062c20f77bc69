"""The types of single fields in a catalogue file, each with what makes it wrong."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, Strict, ValidationInfo

from rules.ladder import Hearer


def _known_clause(id: str, info: ValidationInfo) -> str:
    if id not in _names("clauses", info):
        raise ValueError(f"there is no clause {id}")
    return id


def _known_priority(name: str, info: ValidationInfo) -> str:
    if name not in (known := _names("priorities", info)):
        raise ValueError(f"{name} is not one of the priorities: {', '.join(known)}")
    return name


def _names(of: str, info: ValidationInfo) -> Collection[str]:
    """What the whole file defines and single fields may name; the loader hands it in."""
    names: Collection[str] = (info.context or {})[of]
    return names


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; a path outside the database; a folder such as "America"
        raise ValueError(f"{name} is not the name of a time zone") from None
    return name


def _minute(clock: object) -> int:
    found = re.fullmatch(r"(\d\d):(\d\d)", clock) if isinstance(clock, str) else None
    if not found or int(found[2]) > 59 or (minute := int(found[1]) * 60 + int(found[2])) > 24 * 60:
        raise ValueError(f"{clock} is not a time of day such as 08:00")
    return minute


def _window(pair: Any) -> tuple[int, int]:
    if not isinstance(pair, list) or len(pair) != 2:
        raise ValueError('a window is a pair such as ["08:00", "18:00"]')
    opens, closes = map(_minute, pair)
    if opens >= closes:
        raise ValueError(f"the window {pair[0]} to {pair[1]} ends before it begins")
    return opens, closes


def _apart(windows: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    ordered = tuple(sorted(windows))
    if any(later[0] < earlier[1] for earlier, later in pairwise(ordered)):
        raise ValueError("two windows of this day overlap")
    return ordered


def _open(week: Mapping[str, Sequence[tuple[int, int]]]) -> Mapping[str, Sequence[tuple[int, int]]]:
    if not any(week.values()):
        raise ValueError("no day has a window")
    return week


STEPS = ("critical", "missed", "climb")


def _step(name: str) -> str:
    if name not in STEPS and not (re.fullmatch(r"[1-9]\d?|100", name)):
        raise ValueError(f"{name} is no step: give a percentage from 1 to 100, or {', '.join(STEPS)}")
    return name


def _heard(tell: Mapping[str, Sequence[Hearer]]) -> Mapping[str, Sequence[Hearer]]:
    if silent := [step for step in (*STEPS, "100") if step in tell and not tell[step]]:
        raise ValueError(f"somebody must hear of {silent[0]}; only an earlier percentage can be left out with []")
    return tell


Text = Annotated[str, Field(min_length=1)]
Flag = Annotated[bool, Strict()]
Positive = Annotated[int, Strict(), Field(ge=1)]
Day = Annotated[date, Strict()]
Money = Annotated[Decimal, Field(ge=0, le=10**12, decimal_places=2)]
Percent = Annotated[Decimal, Field(gt=0, le=100)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
Mail = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
Url = Annotated[str, Field(pattern=r"^https://\S+$")]
Tel = Annotated[str, Field(pattern=r"^\+\d[\d-]+\d$")]
ClauseId = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9.]*$")]
Zone = Annotated[str, AfterValidator(_zone)]
Windows = Annotated[tuple[Annotated[tuple[int, int], BeforeValidator(_window)], ...], AfterValidator(_apart)]
Weekday = Annotated[str, Field(pattern="^(mon|tue|wed|thu|fri|sat|sun)$")]
Week = Annotated[Mapping[Weekday, Windows], AfterValidator(_open)]
Priority = Annotated[str, AfterValidator(_known_priority)]
Tell = Annotated[Mapping[Annotated[str, AfterValidator(_step)], tuple[Hearer, ...]], AfterValidator(_heard)]
Id = Annotated[str, AfterValidator(_known_clause)]
Ids = tuple[Id, ...]
Cited = Annotated[tuple[Id, ...], Field(min_length=1)]
"""Clause ids behind a value that must not be without one."""
