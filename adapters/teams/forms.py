"""A form as a card and as a dialog, and what people wrote into one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from adapters.teams.buttons import executed
from adapters.teams.card import ALERT, Piece, heading
from adapters.teams.lengths import cut, shortened, size, weight
from adapters.teams.render import CARD, Card, card, twin
from adapters.teams.runs import Run
from adapters.teams.words import Element, block, still
from bot.forms import FormField, ShowForm
from bot.incoming import LONGEST
from bot.languages import translated
from bot.messages import Message

FORM = "form"  # the verb of our submit button
MINE = frozenset({FORM, "draft", "asked", "verb", "say", "msteams"})  # names in what comes back
TITLE, LABEL, MISTAKE, SUBMIT = 200, 1_000, 300, 40  # units
CHOICES, CHOICE = 100, 200  # of one list; units of a choice
ASKED, TYPED, GIVEN = 12_000, 18_000, 1_500  # units of all questions, of all answers, of what is given along
ANSWER = 6_000  # characters of one answer
MANY, NAME = 50, 100  # of what comes back: how much, and characters of a name


@dataclass(frozen=True)
class Submission:
    form: str
    answers: Mapping[str, str]
    draft: int | None
    given: Mapping[str, str]
    """What was given to ``form_card`` or ``dialog``."""


def form_card(show: ShowForm, given: Mapping[str, str]) -> Card:
    """To be said, or to stand in the place of the card that was pressed."""
    submit = executed(_submit(show), FORM, _data(show, given), {"style": "positive"})
    return card([*_title(show), *_questions(show)], [submit])


def dialog(show: ShowForm, given: Mapping[str, str]) -> dict[str, object]:
    """The answer to task/fetch, and to a submission with mistakes. Dialogs know no Action.Execute."""
    submit: Element = {"type": "Action.Submit", "title": _submit(show), "data": _data(show, given)}
    shown = card(_questions(show) or _title(show), [submit])
    title = still(shortened(show.title, TITLE)) or "…"
    value = {"title": title, "height": "medium", "width": "medium", "card": {"contentType": CARD, "content": shown}}
    return {"task": {"type": "continue", "value": value}}


def done(message: Message) -> dict[str, object]:
    """The answer to a submission after which nothing is left to ask."""
    return {"task": {"type": "message", "value": twin(message)}}


def answers(data: Mapping[str, object]) -> Submission:
    """From what a card or a dialog sent. Raises ValueError where it is no form of ours."""
    try:
        sent = _Sent.model_validate({name: it for name, it in data.items() if name not in ("verb", "msteams")})
    except ValidationError:
        raise ValueError("This is not a form that I know.") from None
    names, rest = sent.asked.split(), sent.__pydantic_extra__
    if len(rest) > MANY or len(names) > MANY or any(len(name) > NAME for name in rest):
        raise ValueError("This form has more in it than I asked for.")
    given = {name: it for name, it in rest.items() if name not in names}
    return Submission(sent.form, {name: rest.get(name, "") for name in names}, sent.draft, given)


# Questions --------------------------------------------------------------------------------------------------------


def _title(show: ShowForm) -> list[Piece]:
    return list(heading(shortened(show.title, TITLE) or "…"))


def _submit(show: ShowForm) -> str:
    return still(shortened(show.submit, SUBMIT)) or "Send"


def _data(show: ShowForm, given: Mapping[str, str]) -> dict[str, object]:
    names = [field.name for field in show.fields]
    if len({*names, *given, *MINE}) < len(names) + len(given) + len(MINE) or weight(given) > GIVEN:
        raise ValueError("a form's questions and what is given along need names of their own, and little room")
    return {FORM: show.form, "draft": show.draft, "asked": " ".join(names), **given}


def _questions(show: ShowForm) -> list[Piece]:
    """The room is divided among them, so that what was typed can be shown again."""
    room = ASKED // max(len(show.fields), 1)
    typed = sum(not _listed(field, room) for field in show.fields)
    longest = min(ANSWER, TYPED // max(typed, 1))
    return [_question(field, room, longest, show.language) for field in show.fields]


def _question(field: FormField, room: int, longest: int, language: str) -> Piece:
    label = shortened(field.label, min(LABEL, room // 8)) or field.name
    mistake = shortened(field.mistake, min(MISTAKE, room // 16))
    asked = {"id": field.name, "label": still(label), "isRequired": field.required}
    asked = _input(field, room, longest, language) | asked
    if mistake or field.required:
        asked["errorMessage"] = still(mistake) or translated(language, "Please answer this.")
    wrong = [block([Run(mistake)], ALERT, sign="⚠️ ")] if mistake else []
    return Piece([*wrong, asked], "\n".join(filter(None, (mistake, label))))


def _input(field: FormField, room: int, longest: int, language: str) -> Element:
    if choices := _listed(field, room):
        known = {"value": field.answer} if field.answer in dict(field.choices) else {}
        listed: Element = {"type": "Input.ChoiceSet", "style": "compact", "choices": choices, **known}
        return listed | {"placeholder": translated(language, "Choose one")}
    most = max(1, min(field.longest or longest, longest))
    begun = next(cut(field.answer, most), "")
    return {"type": "Input.Text", "isMultiline": True, "maxLength": most, **({"value": begun} if begun else {})}


def _listed(field: FormField, room: int) -> list[Element]:
    """None where a list cannot take the choices; then people write."""
    choices: list[Element] = [
        {"title": still(shortened(label, CHOICE) or shortened(value, CHOICE)), "value": value}
        for value, label in field.choices
    ]
    values = {value for value, _ in field.choices if value.strip() and size(value) <= CHOICE}
    fits = len(values) == len(choices) <= CHOICES and weight(choices) <= room // 2
    return choices if fits else []


# What Teams sends -------------------------------------------------------------------------------------------------


class _Sent(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="allow")
    __pydantic_extra__: dict[str, Annotated[str, Field(max_length=LONGEST)]]

    form: Annotated[str, Field(min_length=1, max_length=NAME)]
    draft: Annotated[int, Field(ge=1, lt=2**63)] | None = None
    asked: Annotated[str, Field(max_length=LONGEST)]
