"""A customer opens a case: the first message does, and up to three questions enrich it."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from bot import desk, text
from bot.dialogs.dialog import Dialog
from bot.forms import hidden
from bot.messages import LONGEST, Message
from bot.turn import Turn
from rules.lifecycle import Verb

Words = Annotated[str, Field(min_length=1, max_length=4000)]
ENOUGH = 25  # words; whoever wrote this many has said what exactly


class Priority(StrEnum):
    CRITICAL = "critical"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class OpenCase(Dialog):
    name = "open_case"
    verb = Verb.OPEN
    as_form = True
    blank = True

    problem: Annotated[str, Field(min_length=3, max_length=LONGEST)]
    details: Words | None = None
    priority: Priority | None = None
    changed: Words | None = None

    case: int | None = hidden()

    @classmethod
    def fixed(cls, answers: Mapping[str, Any]) -> frozenset[str]:
        return frozenset({"problem"}) if "case" in answers else frozenset()

    @classmethod
    def progress(cls, turn: Turn, answers: dict[str, Any]) -> dict[str, Any]:
        """ID first (W55): the problem alone opens the case; each answer is kept on it at once, none can be lost."""
        if "problem" not in answers:
            return answers
        begins = "case" not in answers
        if begins:
            case = desk.open_case(turn, answers["problem"])
            answers = {**already_said(answers["problem"]), **answers, "case": case.id}
        said = {name: answers[name] for name in desk.ENRICHING if answers.get(name)}
        case, critical = desk.enrich(turn, answers["case"], said)
        if begins:
            turn.say(text.opened(desk.view(turn, case), turn.actor), case.id)
        elif critical:
            turn.say(text.at_once(desk.view(turn, case), turn.actor), case.id)
        return answers

    def finish(self, turn: Turn) -> Message:
        assert self.case, "progress opened it"
        return text.completed(desk.view(turn, desk.complete(turn, self.case)), turn.actor)

    @classmethod
    def dropped(cls, turn: Turn, answers: Mapping[str, Any]) -> Message:
        return text.questions_dropped(answers.get("case"), turn.actor)


def already_said(problem: str) -> dict[str, Any]:
    """What the report itself answers, so that nobody is asked for it again."""
    known: dict[str, Any] = {}
    if len(problem.split()) >= ENOUGH:
        known["details"] = None  # the report is the description
    if found := next((priority for priority, words in _PRIORITY.items() if words.search(problem)), None):
        known["priority"] = found.value
    if _CHANGED.search(problem):
        known["changed"] = problem.strip()[:4000]
    return known


_PRIORITY = {
    Priority.CRITICAL: re.compile(
        r"\b(critical|emergency|nobody can|no one can|everyone is (down|blocked)|whole (company|team) is (down|blocked)"
        r"|(system|crm|server|everything) is down|outage)\b",
        re.I,
    ),
    Priority.HIGH: re.compile(r"\b(urgent(ly)?|asap|high priority)\b", re.I),
    Priority.LOW: re.compile(r"\b(low priority|not urgent|no rush|no hurry|whenever you)\b", re.I),
}
_CHANGED = re.compile(
    r"\b((since|after) (the|our|your|an|a|we|i|this|last|yesterday'?s)?\s*(\w+\s){0,2}"
    r"(update[ds]?|upgrade[ds]?|change[ds]?|release|migration|patch|import|installed|switched|moved|renamed|added|deleted)"
    r"|nothing (has )?changed|no changes)\b",
    re.I,
)
