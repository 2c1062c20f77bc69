"""Every line understood: what it does, for whom, and how it is written. Buttons say the same lines."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from bot import desk, text
from bot.desk import CaseRef
from bot.messages import Message
from bot.turn import Turn
from rules.lifecycle import RULES, Verb
from rules.people import Role
from rules.refusals import Misunderstood
from store.tables import Case

Wants = Literal["no", "may", "must"]
Does = Callable[[Turn, CaseRef | None, str], Message]


@dataclass(frozen=True)
class Command:
    verb: Verb
    does: Does
    case: Wants = "must"
    """Whether the line names a case."""
    words: Wants = "no"
    """Whether people's own words follow."""


@dataclass(frozen=True)
class Line:
    """A line as it was understood; ``whole``: so clearly that it is obeyed in the middle of a dialog too."""

    name: str
    case: CaseRef | None
    words: str
    whole: bool


def _on_case(act: Callable[[Turn, CaseRef], Case]) -> Does:
    return lambda turn, ref, _: text.done(desk.view(turn, act(turn, _given(ref))), turn.actor)


def _with_words(act: Callable[[Turn, CaseRef, str], Case]) -> Does:
    return lambda turn, ref, words: text.done(desk.view(turn, act(turn, _given(ref), words)), turn.actor)


def _given(ref: CaseRef | None) -> CaseRef:
    assert ref is not None, "parse asks for the case"
    return ref


def _status(turn: Turn, ref: CaseRef | None, _: str) -> Message:
    if ref is None:
        return text.cases(desk.company(turn), turn.actor) if not turn.actor.staff else _queue(turn, ref, _)
    return text.card(desk.see(turn, ref), turn.actor)


def _show(turn: Turn, ref: CaseRef | None, _: str) -> Message:
    return text.history(*desk.history(turn, _given(ref)), turn.actor)


def _queue(turn: Turn, _ref: CaseRef | None, _words: str) -> Message:
    return text.queue(desk.queue(turn), turn.actor)


def _cases(turn: Turn, _ref: CaseRef | None, _words: str) -> Message:
    return text.cases(desk.company(turn), turn.actor)


def _say(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    return text.added(desk.view(turn, desk.say(turn, _given(ref), words)), turn.actor)


def _solved(turn: Turn, ref: CaseRef | None, _: str) -> Message:
    return text.works_now(desk.view(turn, desk.solved(turn, _given(ref))), turn.actor)


def _confirm(turn: Turn, ref: CaseRef | None, _: str) -> Message:
    return text.thanks(desk.view(turn, desk.confirm(turn, _given(ref))), turn.actor)


def _escalate(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    return text.escalated(desk.view(turn, desk.escalate(turn, _given(ref), words)), turn.actor)


def _person(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    """Ends the questions; who has no case gets one, since a person answers cases."""
    if ref is None:
        return text.opened(desk.view(turn, desk.open_case(turn, words)), turn.actor)
    return text.asked_person(desk.view(turn, desk.ask_person(turn, ref)), turn.actor)


def _help(turn: Turn, _ref: CaseRef | None, _words: str) -> Message:
    return text.help_(turn.provider, turn.actor)


def _hello(turn: Turn, _ref: CaseRef | None, _words: str) -> Message:
    return text.greeting(turn.actor)


def _thanks(turn: Turn, _ref: CaseRef | None, _words: str) -> Message:
    return text.welcome(turn.actor)


# Where a line means one thing to customers and another to staff, both stand here and the role decides.
COMMANDS: dict[str, tuple[Command, ...]] = {
    "status": (Command(Verb.SEE, _status, case="may"),),
    "show": (Command(Verb.SEE, _show),),
    "cases": (Command(Verb.COMPANY, _cases, case="no"),),
    "queue": (Command(Verb.QUEUE, _queue, case="no"),),
    "take": (Command(Verb.TAKE, _on_case(desk.take)),),
    "reply": (
        Command(Verb.REPLY, _with_words(desk.reply), words="must"),
        Command(Verb.SAY, _say, words="must"),
    ),
    "assign": (Command(Verb.ASSIGN, _with_words(desk.assign), words="must"),),
    "ack": (Command(Verb.ACKNOWLEDGE, _on_case(desk.acknowledge)),),
    "note": (Command(Verb.NOTE, _with_words(desk.note), words="must"),),
    "call": (Command(Verb.CALL, _with_words(desk.call), words="must"),),
    "wait": (Command(Verb.WAIT, _with_words(desk.wait), words="must"),),
    "close": (Command(Verb.RESOLVE, _with_words(desk.resolve), words="may"),),
    "force-close": (Command(Verb.FORCE_CLOSE, _with_words(desk.force_close), words="must"),),
    "solved": (Command(Verb.SOLVED, _solved),),
    "confirm": (Command(Verb.CONFIRM, _confirm),),
    "not-solved": (Command(Verb.NOT_SOLVED, _with_words(desk.not_solved), words="may"),),
    "withdraw": (Command(Verb.WITHDRAW, _on_case(desk.withdraw)),),
    "reopen": (Command(Verb.REOPEN, _with_words(desk.reopen), words="may"),),
    "escalate": (Command(Verb.ESCALATE, _escalate, words="may"),),
    "person": (Command(Verb.PERSON, _person, case="may", words="may"),),
    "help": (Command(Verb.HELP, _help, case="no"),),
    "hello": (Command(Verb.HELP, _hello, case="no"),),
    "thanks": (Command(Verb.HELP, _thanks, case="no"),),
}

_LINE = re.compile(r"(?P<mark>/case\b|/support\b|[/!])?\s*(?P<name>[a-z][a-z-]*)\b[:,]?\s*(?P<rest>.*)", re.I | re.S)
_CASE = re.compile(r"(?:case\s+)?#?(?P<number>\d{1,9})\b(?:\s+r(?P<seen>\d{1,9})\b)?[:,]?\s*", re.I)


def command(name: str, role: Role) -> Command:
    """The one meant for this role; where none is, the first, whose rule then says no."""
    meant = COMMANDS[name]
    return next((one for one in meant if role in RULES[one.verb].by), meant[0])


def parse(
    line: str, role: Role, current: int | None = None, only: int | None = None, pressed: bool = False
) -> Line | None:
    """What a line asks for; None where it is no command but people's own words.

    ``current`` is the case of the thread or quoted message, ``only`` the single one that could be meant. Raises
    Misunderstood where it begins as a command (a mark, a button, a verb with a case number) and does not go on as one.
    """
    found = _LINE.fullmatch(line.strip())
    if found is None:
        return None
    marked, name = pressed or bool(found["mark"]), found["name"].lower()
    if name not in COMMANDS:
        if marked and (found["mark"] or "").lower() != "/support":
            raise Misunderstood(usage="help")
        return None
    wanted, rest = command(name, role), found["rest"].strip()
    number = _CASE.match(rest) if wanted.case != "no" else None
    words = rest[number.end() :].strip() if number else rest
    if not marked and not number and not _bare(wanted, words):
        return None
    case = _ref(number, current or only)
    if (wanted.case == "must" and case is None) or _wrong(wanted.words, words):
        raise Misunderstood(usage=usage(name, wanted))
    return Line(name, case, words, whole=marked or number is not None)


def usage(name: str, wanted: Command) -> str:
    case = {"no": "", "may": " [1042]", "must": " 1042"}[wanted.case]
    return name + case + {"no": "", "may": " [TEXT]", "must": " TEXT"}[wanted.words]


def _bare(wanted: Command, words: str) -> bool:
    """Without mark and number only the verb alone is a command; anything longer is somebody talking."""
    return words.rstrip(" .!").lower() in ("", "please")


def _ref(number: "re.Match[str] | None", otherwise: int | None) -> CaseRef | None:
    if number:
        return CaseRef(int(number["number"]), int(number["seen"]) if number["seen"] else None)
    return CaseRef(otherwise) if otherwise else None


def _wrong(wants: Wants, words: str) -> bool:
    return (wants == "must" and not words) or (wants == "no" and words.rstrip(" .!").lower() not in ("", "please"))
