"""A session as a file of JSON lines: what was done, and under it what everybody then saw, as both vendors get it.

What a database numbers as it likes is numbered by first appearance, so that the same session makes the same file.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from adapters.web.journal import Step
from adapters.web.manners import Manners

VERSION = 1
_DRAFT = re.compile(r'((?<=")answer |\\*"draft\\*": ?)(\d+)')


def heading(manners: Manners, how: Mapping[str, int]) -> str:
    """The first line: what it is, and by which settings it was played."""
    return _line({"transcript": VERSION, "drawn": manners.names, "how": dict(how)})


def lines(steps: Iterable[Step], manners: Manners) -> Iterator[str]:
    numbers = Numbers()
    for step in steps:
        for each in _told(step, manners):
            yield numbers.shown(_line(each))


class Numbers:
    """Of the questions that buttons and forms answer."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def shown(self, line: str) -> str:
        """With each question's place among all."""
        return _DRAFT.sub(lambda found: found[1] + self._place(found[2]), line)

    def real(self, line: str) -> str:
        """With the number that the database gave it: the other way round."""
        there = {place: number for number, place in self._known.items()}
        return _DRAFT.sub(lambda found: found[1] + there.get(found[2], found[2]), line)

    def _place(self, number: str) -> str:
        return self._known.setdefault(number, str(len(self._known) + 1))


def _told(step: Step, manners: Manners) -> Iterator[Mapping[str, Any]]:
    form = {"form": step["form"]} if step["form"] else {}
    yield {"step": step["step"], "at": step["at"], "did": step["did"], **form}
    for each in step["seen"]:
        entry = each["entry"]
        how = {"again": True} if each["again"] else {}
        how |= {"under": each["under"]} if each["under"] else {}
        how |= {"only": entry["only_for"]} if entry["only_for"] else {}
        # Of an edit the writers make one message, as its channel does.
        drawn = manners.said(each["room"], {**entry, "edited": entry["edited"] if each["again"] else ""})
        yield {"seen": each["name"], **how, **(drawn or {"mail": manners.words(entry)})}


def _line(told: Mapping[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))
