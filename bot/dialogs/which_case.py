"""Free text that could belong to an open case or be a new one: nobody guesses, the person says."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot import desk, text
from bot.dialogs.dialog import Begin, Dialog
from bot.forms import Mistake, Question, hidden
from bot.messages import Message, clean
from bot.spoken import answer
from bot.turn import Turn
from rules.lifecycle import RULES, Verb
from rules.refusals import NotNow

NEW = "new"


class WhichCase(Dialog):
    name = "which_case"
    verb = Verb.SAY
    lives = timedelta(minutes=15)  # their words wait for the answer, and perhaps so do they

    case: str

    words: str = hidden()
    options: list[int] = hidden()

    @classmethod
    def next(cls, answers: Mapping[str, Any]) -> Question | None:
        choices = (*(str(number) for number in answers["options"]), NEW)
        return None if "case" in answers else Question("case", choices, required=True, longest=None)

    @classmethod
    def read(cls, question: str, raw: str) -> Any:
        given = answer(raw).strip().lower().lstrip("#")
        given = NEW if given in ("new case", "new one") else given
        if given != NEW and not (given.isascii() and given.isdigit() and len(given) < 10):
            raise Mistake("which_case")
        return given

    @classmethod
    def mistaken(cls, answers: dict[str, Any], raw: str) -> dict[str, Any]:
        """Whoever goes on writing instead of choosing says more about the same thing."""
        return {**answers, "words": clean(f"{answers['words']}\n{raw}".strip())}

    @classmethod
    def expired(cls, turn: Turn, answers: Mapping[str, Any]) -> None:
        """Better on the wrong case than on none: a person reads it there."""
        for number in answers["options"]:
            case = turn.work.glance(number, *turn.actor.scope)
            if case is not None and case.status in RULES[Verb.SAY].moves:
                desk.say(turn, desk.CaseRef(number), answers["words"])
                return
        desk.open_case(turn, answers["words"])

    def finish(self, turn: Turn) -> Message | Begin:
        if self.case == NEW:
            return Begin("open_case", {"problem": self.words})
        try:
            case = desk.say(turn, desk.CaseRef(int(self.case)), self.words)
        except NotNow:  # over meanwhile: what they wrote goes on all the same
            return Begin("open_case", {"problem": self.words})
        return text.added(desk.view(turn, case), turn.actor)

    @classmethod
    def dropped(cls, turn: Turn, answers: Mapping[str, Any]) -> Message:
        return text.dropped(turn.actor)
