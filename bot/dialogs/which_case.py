"""Free text that could belong to an open case or be a new one: nobody guesses, the person says."""

from collections.abc import Mapping
from typing import Any

from bot import desk, text
from bot.dialogs.dialog import Begin, Dialog
from bot.forms import Mistake, Question, hidden
from bot.messages import Message
from bot.turn import Turn
from rules.lifecycle import Verb

NEW = "new"


class WhichCase(Dialog):
    name = "which_case"
    verb = Verb.SAY

    case: str

    words: str = hidden()
    options: list[int] = hidden()

    @classmethod
    def next(cls, answers: Mapping[str, Any]) -> Question | None:
        choices = (*(str(number) for number in answers["options"]), NEW)
        return None if "case" in answers else Question("case", choices, required=True, longest=None)

    @classmethod
    def read(cls, question: str, raw: str) -> Any:
        given = raw.strip().lower().lstrip("#")
        given = NEW if given in ("new case", "new one") else given
        if given != NEW and not (given.isascii() and given.isdigit() and len(given) < 10):
            raise Mistake("which_case")
        return given

    @classmethod
    def mistaken(cls, answers: dict[str, Any], raw: str) -> dict[str, Any]:
        """Whoever goes on writing instead of choosing says more about the same thing."""
        return {**answers, "words": f"{answers['words']}\n{raw}".strip()}

    def finish(self, turn: Turn) -> Message | Begin:
        if self.case == NEW:
            return Begin("open_case", {"problem": self.words})
        case = desk.say(turn, desk.CaseRef(int(self.case)), self.words)
        return text.added(desk.view(turn, case), turn.actor)

    @classmethod
    def dropped(cls, turn: Turn, answers: Mapping[str, Any]) -> Message:
        return text.dropped(turn.actor)
