"""A form as a modal, and what people wrote into one."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, Json, ValidationError

from adapters.slack.blocks import Block, literal, section
from adapters.slack.lengths import cut, escape, shortened, size
from bot.forms import FormField, ShowForm
from bot.languages import translated

TITLE, LABEL, OPTION = 24, 2_000, 75
OPTIONS, LONGEST, METADATA = 100, 3_000, 3_000
FORM, QUESTION, ANSWER = "form:", "q:", "a"


@dataclass(frozen=True)
class Submission:
    form: str
    answers: Mapping[str, str]
    draft: int | None
    metadata: Mapping[str, str]
    """What was given to ``view``."""


def view(show: ShowForm, metadata: Mapping[str, str]) -> Block:
    """What views.open, views.update and response_action ``update`` take."""
    kept = json.dumps({"form": show.form, "draft": show.draft, "given": dict(metadata)}, separators=(",", ":"))
    if size(kept) > METADATA:
        raise ValueError(f"a view keeps {METADATA} characters, and these are {size(kept)}")
    title = shortened(show.title, TITLE) or "…"
    return {
        "type": "modal",
        "callback_id": f"{FORM}{show.form}",
        "title": literal(title),
        "submit": literal(shortened(show.submit, TITLE) or "Send"),
        "close": literal(translated(show.language, "Cancel")),
        "blocks": [_question(field) for field in show.fields] or [section(title)],
        "private_metadata": kept,
    }


def errors(show: ShowForm) -> Block:
    """The answer to a submission with mistakes: the modal stays, with each mistake under its question."""
    mistakes = {f"{QUESTION}{field.name}": field.mistake[:LABEL] for field in show.fields if field.mistake}
    return {"response_action": "errors", "errors": mistakes}


def answers(view: Mapping[str, object]) -> Submission:
    """From the view of a view_submission. Raises ValueError where it is no form of ours."""
    try:
        sent = _View.model_validate(dict(view))
    except ValidationError:
        raise ValueError("This is not a form that I know.") from None
    kept = sent.private_metadata
    if sent.callback_id != f"{FORM}{kept.form}":
        raise ValueError("This form says that it is another one.")
    asked = {block: given for block, given in sent.state.values.items() if block.startswith(QUESTION)}
    if any(given.keys() != {ANSWER} for given in asked.values()):
        raise ValueError("This form has an answer to no question of mine.")
    said = {block.removeprefix(QUESTION): given[ANSWER].text for block, given in asked.items()}
    return Submission(kept.form, said, kept.draft, kept.given)


def _question(field: FormField) -> Block:
    asked: Block = {
        "type": "input",
        "block_id": f"{QUESTION}{field.name}",
        "label": literal(shortened(field.label, LABEL) or escape(field.name)),
        "element": _element(field),
        "optional": not field.required,
    }
    wrong = shortened(f"⚠️ {field.mistake}", LABEL)
    return asked | {"hint": literal(wrong)} if field.mistake.strip() else asked


def _element(field: FormField) -> Block:
    if _selectable(field.choices):
        options = {value: _option(value, label) for value, label in field.choices}
        listed: Block = {"type": "static_select", "action_id": ANSWER, "options": list(options.values())}
        return listed | {"initial_option": options[field.answer]} if field.answer in options else listed
    most = max(1, min(field.longest or LONGEST, LONGEST))
    begun = next(cut(field.answer, most, size), "")
    typed: Block = {"type": "plain_text_input", "action_id": ANSWER, "multiline": True, "max_length": most}
    return typed | {"initial_value": begun} if begun.strip() else typed


def _option(value: str, label: str) -> Block:
    return {"text": literal(shortened(label, OPTION) or shortened(value, OPTION)), "value": value}


def _selectable(choices: Sequence[tuple[str, str]]) -> bool:
    """Whether Slack takes them as a list; otherwise people write."""
    values = {value for value, _ in choices if value.strip() and size(value) <= OPTION}
    return 0 < len(values) == len(choices) <= OPTIONS


# What Slack sends -------------------------------------------------------------------------------------------------


class _Sent(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True)


class _Option(_Sent):
    value: str


class _Given(_Sent):
    value: str | None = None
    selected_option: _Option | None = None

    @property
    def text(self) -> str:
        return self.value or (self.selected_option.value if self.selected_option else "")


class _State(_Sent):
    values: dict[str, dict[str, _Given]]


class _Kept(_Sent):
    form: str
    draft: Annotated[int, Field(ge=1, lt=2**63)] | None
    given: dict[str, str]


class _View(_Sent):
    callback_id: str
    private_metadata: Json[_Kept]
    state: _State
