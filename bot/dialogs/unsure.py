"""Words that could mean one of two things: the person says which, and the words wait for it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot import desk, text
from bot.dialogs.dialog import Begin, Dialog
from bot.forms import Mistake, Question, hidden
from bot.messages import Message
from bot.turn import Turn
from rules.lifecycle import Verb

OPEN, ASK, STATUS, PLAN = "open", "ask", "status", "plan"
OFFERED = (OPEN, ASK, STATUS, PLAN)


class Unsure(Dialog):
    """What is chosen is understood before the transaction, like a line; only opening a case may end here."""

    name = "unsure"
    verb = Verb.HELP
    lives = timedelta(minutes=15)  # their words wait for the answer, and perhaps so do they
    gives_way = True

    wish: str

    words: str = hidden()
    options: list[str] = hidden()

    @classmethod
    def next(cls, answers: Mapping[str, Any]) -> Question | None:
        return None if "wish" in answers else Question("wish", tuple(answers["options"]), required=True, longest=None)

    @classmethod
    def read(cls, question: str, raw: str) -> Any:
        given = raw.strip().lower()
        if given not in OFFERED:
            raise Mistake("enum")
        return given

    @classmethod
    def expired(cls, turn: Turn, answers: Mapping[str, Any]) -> None:
        """Better a case too many than words that nobody reads; small talk was never offered to become one first."""
        if answers["options"][0] == OPEN:
            desk.open_case(turn, answers["words"])

    def finish(self, turn: Turn) -> Message | Begin:
        return Begin("open_case", {"problem": self.words})

    @classmethod
    def dropped(cls, turn: Turn, answers: Mapping[str, Any]) -> Message:
        return text.dropped(turn.actor)
