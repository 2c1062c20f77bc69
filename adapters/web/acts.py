"""What the page sends when a person does something, and what the bot then hears."""

from datetime import datetime
from typing import Annotated, Literal, Self, assert_never

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from adapters.web.entries import FromPerson
from bot.incoming import Address, File, Incoming, Pressed, Said, Submitted, User, clean, marks

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Nonce = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{8,64}$")]
Reference = Annotated[str, Field(pattern=r"^[^\x00-\x1f]{0,300}$")]
Words = Annotated[str, Field(min_length=1)]


class _Act(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    who: Name
    room: Name
    key: Nonce
    """Made by the page once for each act, and the same however often it has to send it."""
    thread: Reference = ""
    quotes: Reference = ""
    forms: bool = False
    shown: str = Field(default="", max_length=300)


class FileAct(BaseModel):
    """What is told of a file; the playground keeps none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(max_length=300)
    type: str = Field(default="", max_length=200)
    size: int = Field(default=0, ge=0, lt=2**53)


class SaidAct(_Act):
    kind: Literal["said"]
    text: str
    files: tuple[FileAct, ...] = Field(default=(), max_length=20, strict=False)

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.text and not self.files:
            raise ValueError("there is nothing in it")
        return self


class PressedAct(_Act):
    kind: Literal["pressed"]
    line: Words


class SubmittedAct(_Act):
    kind: Literal["submitted"]
    form: Name
    answers: dict[Name, str] = Field(max_length=100)
    draft: int | None = Field(default=None, ge=1, lt=2**63)


Act = SaidAct | PressedAct | SubmittedAct
ACT: TypeAdapter[Act] = TypeAdapter(Annotated[Act, Field(discriminator="kind")])


def key(act: Act) -> str:
    """Names the act among all that every channel brings; a nonce has no colon, so no two can run into each other."""
    return f"web:{act.who}:{act.key}"


def done(act: Act, at: datetime) -> FromPerson:
    """The act as the room shows it, not acknowledged yet."""
    submitted = act if isinstance(act, SubmittedAct) else None
    match act:
        case SaidAct(text=text):
            typed = text if text.strip() else marks(_files(act))
        case PressedAct(line=text):
            typed = text
        case SubmittedAct():
            typed = ""
        case _:
            assert_never(act)
    return FromPerson(
        kind=act.kind,
        by=act.who,
        at=at.isoformat(),
        text=clean(typed),
        shown=clean(act.shown),
        form=submitted.form if submitted else "",
        answers={name: clean(answer) for name, answer in submitted.answers.items()} if submitted else {},
        draft=submitted.draft if submitted else None,
        quotes=act.quotes,
        forms=act.forms,
        acked=False,
        returned=False,
    )


def incoming(act: Act, at: datetime) -> Incoming:
    return Incoming(
        key=key(act),
        by=User(act.who),
        here=Address("web", "", act.room, act.thread),
        body=_body(act),
        at=at,
        quotes=act.quotes,
        personal=act.room == act.who,
        at_once=True,
        forms=act.forms,
        files=_files(act),
    )


def _files(act: Act) -> tuple[File, ...]:
    return tuple(File(each.name, each.type, each.size) for each in act.files) if isinstance(act, SaidAct) else ()


def _body(act: Act) -> Said | Pressed | Submitted:
    match act:
        case SaidAct():
            return Said(act.text)
        case PressedAct():
            return Pressed(act.line)
        case SubmittedAct():
            return Submitted(act.form, act.answers, act.draft)
        case _:
            assert_never(act)
