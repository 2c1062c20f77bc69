"""Free text that could belong to an open case or be a new one: nobody guesses, the person says."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot import desk, text
from bot.dialogs.dialog import Begin, Dialog
from bot.forms import Mistake, Question, hidden
from bot.incoming import clean
from bot.messages import Message
from bot.spoken import answer
from bot.turn import Turn
from rules.lifecycle import RULES, Verb
from rules.refusals import NotNow

NEW, AGAIN = "new", "reopen"


class WhichCase(Dialog):
    name = "which_case"
    verb = Verb.SAY
    lives = timedelta(minutes=15)  # their words wait for the answer, and perhaps so do they

    case: str

    words: str = hidden()
    options: list[int] = hidden()
    over: int | None = hidden()
    """The case, over, in whose place they wrote: it is that one again, or a new one beside it (R8)."""

    @classmethod
    def next(cls, answers: Mapping[str, Any]) -> Question | None:
        choices = (*(str(number) for number in answers["options"]), NEW)
        label = "again" if answers.get("over") else ""
        return None if "case" in answers else Question("case", choices, required=True, longest=None, label=label)

    @classmethod
    def read(cls, question: str, raw: str) -> Any:
        given = answer(raw).strip().lower().lstrip("#")
        given = NEW if given in ("new case", "new one") else given.removeprefix(f"{AGAIN} ").lstrip("#")
        if given not in (NEW, AGAIN) and not (given.isascii() and given.isdigit() and len(given) < 10):
            raise Mistake("which_case")
        return given

    @classmethod
    def progress(cls, turn: Turn, answers: dict[str, Any]) -> dict[str, Any]:
        """Whoever writes it instead of pressing means the one that is offered."""
        return {**answers, "case": str(answers["options"][0])} if answers.get("case") == AGAIN else answers

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
        case = desk.open_case(turn, answers["words"])
        if answers.get("over"):
            desk.relate_to_closed(turn, case, answers["over"])

    def finish(self, turn: Turn) -> Message | Begin:
        anew = Begin("open_case", {"problem": self.words} | ({"after": self.over} if self.over else {}))
        if self.case == NEW:
            return anew
        if self.over and self.case == str(self.over):
            case = desk.reopen(turn, desk.CaseRef(self.over), self.words)
            return (text.opened if case.cycle == 1 else text.done)(desk.view(turn, case), turn.actor)
        try:
            case = desk.say(turn, desk.CaseRef(int(self.case)), self.words)
        except NotNow:  # over meanwhile: what they wrote goes on all the same
            return anew
        return text.added(desk.view(turn, case), turn.actor)

    @classmethod
    def dropped(cls, turn: Turn, answers: Mapping[str, Any]) -> Message:
        return text.dropped(turn.actor)
