"""A customer opens a case: the first message does, and up to three questions enrich it."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from bot import desk, text
from bot.dialogs import changes
from bot.dialogs.choosing import MEANT
from bot.dialogs.dialog import Dialog
from bot.forms import Question, hidden
from bot.incoming import LONGEST
from bot.messages import Message
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
    scope: changes.Scope | None = None
    effort: int | str | None = None
    details: Words | None = None
    priority: Priority | None = None
    changed: Words | None = None

    case: int | None = hidden()
    after: int | None = hidden()
    """A case that is over, in whose place they wrote it (R8)."""
    limit: int | None = hidden()
    """Of a change: the minutes on which its verdict turns."""
    told: list[Any] = hidden()
    """The verdict, and the minutes, that they heard of last."""
    known: list[str] = hidden()
    """What was said when it was opened, so that nobody was asked for it."""
    turns: list[str] = hidden()
    """Of a change: the scopes for which the verdict turns on minutes."""

    @classmethod
    def fixed(cls, answers: Mapping[str, Any]) -> frozenset[str]:
        unasked = changes.OF_TROUBLE if answers.get("limit") else changes.OF_CHANGES
        unasked |= changes.settled(answers)
        return unasked | {"problem"} if "case" in answers else frozenset()

    @classmethod
    def next(cls, answers: Mapping[str, Any]) -> Question | None:
        question = super().next(answers)
        return changes.worded(question, answers) if question else None

    @classmethod
    def to_ask(cls, continuing: bool, answers: Mapping[str, Any] | None = None) -> tuple[Question, ...]:
        """Of changes only once it is known to be one; without ``answers``, whatever could have been asked."""
        known = answers or {}
        left_out = changes.OF_CHANGES if not continuing else cls.fixed({**known, "case": 0})
        left_out = frozenset({"problem"}) if continuing and answers is None else left_out
        return tuple(changes.worded(one, known) for one in cls.questions() if one.name not in left_out)

    @classmethod
    def read(cls, question: str, raw: str) -> Any:
        if question == "effort":
            return changes.effort(raw)
        if meant := MEANT.get(question):
            return meant.read(raw) or super().read(question, raw)
        return super().read(question, raw)

    @classmethod
    def progress(cls, turn: Turn, answers: dict[str, Any]) -> dict[str, Any]:
        """ID first (W55): the problem alone opens the case; each answer is kept on it at once, none can be lost."""
        if "problem" not in answers:
            return answers
        begins = "case" not in answers
        if begins:
            answers = {**already_said(answers["problem"]), **answers}
            critical = answers.get("priority") == Priority.CRITICAL
            case = desk.open_case(turn, answers["problem"], critical=critical)
            seen = desk.view(turn, case)
            asked = changes.sort(desk.asks_effort(seen), desk.turning(seen), case.coverage)
            answers = {**asked, **answers, "case": case.id}
            if answers.get("after"):
                desk.relate_to_closed(turn, case, answers["after"])
            answers["known"] = [question.name for question in cls.questions() if question.name in answers]
        said = {name: answers[name] for name in desk.ENRICHING if answers.get(name)}
        case, critical = desk.enrich(turn, answers["case"], said)
        if begins:
            turn.say(text.opened(desk.view(turn, case), turn.actor, desk.asked(turn, case)), case.id)
        elif critical:
            turn.say(text.at_once(desk.view(turn, case), turn.actor), case.id)
        return changes.reckon(turn, {**answers, **dict.fromkeys(changes.settled(answers))})

    def finish(self, turn: Turn) -> Message:
        assert self.case, "progress opened it"
        asked = (question.name for question in self.questions() if question.name not in (self.known or ()))
        case = desk.complete(turn, self.case, quiet=all(getattr(self, name) is None for name in asked))
        return text.completed(desk.view(turn, case), turn.actor, desk.asked(turn, case))

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
        known["changed"] = None  # the report says it
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
