"""What is asked of a change instead of what is wrong: whether it is something new, and how long it may take (W23)."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from bot import desk, text
from bot.forms import SKIP, Mistake, Question
from bot.spoken import answer, plain_letters
from bot.turn import Turn


class Scope(StrEnum):
    EXISTING = "existing"
    NEW = "new"


MORE, UNKNOWN = "more", "unknown"
OF_CHANGES, OF_TROUBLE = frozenset({"scope", "effort"}), frozenset({"details", "changed"})
_MORE = re.compile(r"(more|longer|over|above|plus)\b.*")
_UNKNOWN = re.compile(r"unknown|\?+|(i )?(do not|don'?t) know|no idea|not sure|inconnu|(je )?ne sais pas|aucune idee")
_UPTO = r"(?:less than|under|at most|up to|about|around|maybe|moins de|au plus|jusqu'a|environ|peut-etre|~)? ?"
_HOUR = re.compile(rf"{_UPTO}(an|one|a|une) (hour|heure)")
_TIME = re.compile(rf"{_UPTO}(?P<n>\d{{1,3}}(?:\.\d)?) ?(?P<unit>m|mins?|minutes?|h|hrs?|hours?|heures?)?", re.ASCII)
HOUR = 60


def sort(limit: int | None, turns: Sequence[str], coverage: str | None) -> dict[str, Any]:
    """What is not asked, and for a change the minutes on which its verdict turns, and of which scopes it does."""
    if limit is None:
        return dict.fromkeys(OF_CHANGES)
    return {**dict.fromkeys(OF_TROUBLE), "limit": limit, "turns": list(turns), "told": [coverage, None]}


def settled(answers: Mapping[str, Any]) -> frozenset[str]:
    """What need not be asked: how long it takes, where no verdict on such a change turns on it."""
    asked = "scope" in answers and answers.get("limit") and answers.get("effort") is None
    turns = answers.get("turns")
    return (
        frozenset({"effort"}) if asked and turns is not None and (answers["scope"] or "") not in turns else frozenset()
    )


def worded(question: Question, answers: Mapping[str, Any]) -> Question:
    """The buttons of a length of time are those on which the verdict turns."""
    if question.name != "effort" or not answers.get("limit"):
        return question
    return Question("effort", (str(answers["limit"]), MORE, UNKNOWN), required=True, longest=None)


def effort(raw: str) -> int | str | None:
    """Minutes of work, MORE than the limit, or None: they don't know."""
    given = plain_letters(answer(raw)).strip().rstrip(".!").lower().replace("’", "'")
    if given in ("", SKIP) or _UNKNOWN.fullmatch(given):
        return None
    if _MORE.fullmatch(given):
        return MORE
    if _HOUR.fullmatch(given):
        return HOUR
    found = _TIME.fullmatch(given)
    if found is None or not float(found["n"]):
        raise Mistake("enum")
    hours = (found["unit"] or "m").startswith("h")
    return round(float(found["n"]) * (HOUR if hours else 1))


def reckon(turn: Turn, answers: dict[str, Any]) -> dict[str, Any]:
    """The verdict follows what they say; they hear of it once both are said."""
    limit, said = answers.get("limit"), answers.get("effort")
    if not limit:
        return answers
    case = desk.reckon(turn, answers["case"], answers.get("scope"), limit + 1 if said == MORE else said)
    now = [case.coverage, case.estimate_minutes]
    if not answers.keys() >= OF_CHANGES or now == answers["told"] or case.covered_by is not None:
        return answers
    turn.say(text.reckoned(desk.view(turn, case), turn.actor), case.id)
    return {**answers, "told": now}
