"""Questions declared once: asked one by one in chat, or shown all at once where the channel can."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.messages import ENGLISH, Message
from bot.spoken import answer

SKIP = "skip"


class Mistake(Exception):
    """An answer the form cannot take: pydantic's name for what is wrong, with its limits. Worded in bot/text/."""

    def __init__(self, wrong: str, **limits: object) -> None:
        self.wrong, self.limits = wrong, limits
        super().__init__(wrong, limits)


def hidden() -> Any:
    """Known to the dialog, asked of nobody."""
    return Field(default=None, exclude=True)


@dataclass(frozen=True)
class Question:
    name: str
    choices: tuple[str, ...]
    required: bool
    longest: int | None
    label: str = ""
    """What its label goes by, where not by its name."""


class Form(BaseModel):
    """Subclasses declare a field a question, in the order of asking; labels stand in bot/text/."""

    model_config = ConfigDict(frozen=True)
    name: ClassVar[str]

    @classmethod
    def questions(cls) -> tuple[Question, ...]:
        return tuple(
            Question(name, _choices(field.annotation), field.is_required(), _longest(field.metadata))
            for name, field in cls.model_fields.items()
            if not field.exclude
        )

    @classmethod
    def next(cls, answers: Mapping[str, Any]) -> Question | None:
        return next((question for question in cls.questions() if question.name not in answers), None)

    @classmethod
    def read(cls, question: str, raw: str) -> Any:
        """One answer, checked, in the JSON form a draft keeps. Pure; may be slow (dates)."""
        field = cls.model_fields[question]
        if answer(raw).strip().lower() in ("", SKIP) and not field.is_required():
            return None
        adapter: TypeAdapter[Any] = TypeAdapter(field.rebuild_annotation())
        given = answer(raw).strip().lower() if _choices(field.annotation) else raw.strip()
        try:
            return adapter.dump_python(adapter.validate_python(given), mode="json")
        except ValidationError as error:
            first = error.errors()[0]
            raise Mistake(first["type"], **first.get("ctx", {})) from None

    @classmethod
    def read_all(cls, raw: Mapping[str, str], asked: Iterable[Question]) -> tuple[dict[str, Any], dict[str, Mistake]]:
        """Every good answer to what was asked, and every mistake at once."""
        good: dict[str, Any] = {}
        mistakes: dict[str, Mistake] = {}
        for question in asked:
            try:
                good[question.name] = cls.read(question.name, raw.get(question.name, ""))
            except Mistake as mistake:
                mistakes[question.name] = mistake
        return good, mistakes


@dataclass(frozen=True)
class FormField:
    """One question as a form shows it, worded."""

    name: str
    label: str
    choices: tuple[tuple[str, str], ...]
    """Value and label of each choice; none where people write."""
    required: bool
    longest: int | None
    answer: str = ""
    mistake: str = ""


@dataclass(frozen=True)
class ShowForm:
    """The one thing a channel shows at once: a form as far as it is filled in, and what is wrong with it."""

    form: str
    title: str
    submit: str
    fields: tuple[FormField, ...]
    draft: int | None = None
    beside: Message | None = None
    """What is said at once besides: that the answer stands elsewhere."""
    language: str = ENGLISH
    """In which it is worded."""


def _choices(kind: Any) -> tuple[str, ...]:
    kinds = [kind, *getattr(kind, "__args__", ())]
    return next((tuple(k) for k in kinds if isinstance(k, type) and issubclass(k, StrEnum)), ())


def _longest(metadata: list[Any]) -> int | None:
    return next((limit for limit in (getattr(m, "max_length", None) for m in metadata) if limit is not None), None)
