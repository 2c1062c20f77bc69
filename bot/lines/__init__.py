"""What each line does. Which line it is, and for whom, stands in bot/commands.py."""

from collections.abc import Callable

from bot import desk, text
from bot.desk import CaseRef
from bot.messages import Message
from bot.turn import Turn
from store.tables import Case

Does = Callable[[Turn, CaseRef | None, str], Message]


def on_case(act: Callable[[Turn, CaseRef], Case]) -> Does:
    return lambda turn, ref, _: text.done(desk.view(turn, act(turn, given(ref))), turn.actor)


def with_words(act: Callable[[Turn, CaseRef, str], Case]) -> Does:
    return lambda turn, ref, words: text.done(desk.view(turn, act(turn, given(ref), words)), turn.actor)


def given(ref: CaseRef | None) -> CaseRef:
    assert ref is not None, "parse asks for the case"
    return ref
