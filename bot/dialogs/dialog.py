"""A dialog is a form, who may begin it, and what happens at its beginning, after each answer and at its end."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from bot.forms import Form, Question
from bot.messages import Message
from bot.turn import Turn
from rules.lifecycle import Verb


@dataclass(frozen=True)
class Begin:
    """One dialog leads to another, with what is known."""

    dialog: str
    known: Mapping[str, Any]


class Dialog(Form):
    verb: ClassVar[Verb]
    """Asked of nobody who may not."""

    lives: ClassVar[timedelta] = timedelta(hours=24)
    """Machine time until an unanswered dialog expires."""
    as_form: ClassVar[bool] = False
    """Whether the rest of it may be shown as a form."""
    blank: ClassVar[bool] = False
    """Whether a form may begin it, with nothing known before."""
    gives_way: ClassVar[bool] = False
    """Whether words that are none of its choices are something new that they say."""

    @classmethod
    def fixed(cls, answers: Mapping[str, Any]) -> frozenset[str]:
        """Questions that "back" no longer reaches, because something was done on their answer."""
        return frozenset()

    @classmethod
    def to_ask(cls, continuing: bool, answers: Mapping[str, Any] | None = None) -> tuple[Question, ...]:
        """What a form shows: all of it, or what can still be answered of a dialog that has begun."""
        fixed = cls.fixed({"case": 0}) if continuing else frozenset[str]()
        return tuple(question for question in cls.questions() if question.name not in fixed)

    @classmethod
    def mistaken(cls, answers: dict[str, Any], raw: str) -> dict[str, Any]:
        """What becomes of words that cannot be the answer; they must not be lost if they matter."""
        return answers

    @classmethod
    def progress(cls, turn: Turn, answers: dict[str, Any]) -> dict[str, Any]:
        """Act on what is known so far, at the beginning and after each answer."""
        return answers

    @abstractmethod
    def finish(self, turn: Turn) -> Message | Begin:
        """All is answered: do it, and say so or lead on."""

    @classmethod
    def expired(cls, turn: Turn, answers: Mapping[str, Any]) -> None:
        """Nobody answered: whatever they had written must still reach somebody."""

    @classmethod
    @abstractmethod
    def dropped(cls, turn: Turn, answers: Mapping[str, Any]) -> Message:
        """What is said when its person cancels."""
