"""A line that still needs its words, such as "Reply" pressed under a case: asks for them, then says the line."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any

from pydantic import Field

from bot import text
from bot.commands import command
from bot.desk import CaseRef
from bot.dialogs.dialog import Begin, Dialog
from bot.forms import Question, hidden
from bot.incoming import LONGEST
from bot.messages import Message
from bot.turn import Turn
from rules.lifecycle import Verb


class Words(Dialog):
    name = "words"
    verb = Verb.HELP
    lives = timedelta(minutes=30)
    as_form = True

    words: Annotated[str, Field(min_length=1, max_length=LONGEST)]

    line: str = hidden()
    about: int = hidden()

    @classmethod
    def next(cls, answers: Mapping[str, Any]) -> Question | None:
        """Worded after the line that needs them."""
        if "words" in answers:
            return None
        return Question("words", (), required=True, longest=LONGEST, label=str(answers["line"]))

    @classmethod
    def to_ask(cls, continuing: bool, answers: Mapping[str, Any] | None = None) -> tuple[Question, ...]:
        asked = cls.next(answers) if answers else None
        return (asked,) if asked else super().to_ask(continuing)

    def finish(self, turn: Turn) -> Message | Begin:
        return command(self.line, turn.actor.role).does(turn, CaseRef(self.about), self.words)

    @classmethod
    def dropped(cls, turn: Turn, answers: Mapping[str, Any]) -> Message:
        return text.dropped(turn.actor)
