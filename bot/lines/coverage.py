"""Whether something is covered, what else can be done about it, and which clause says so."""

from bot import desk, text
from bot.desk import CaseRef
from bot.lines import given
from bot.messages import Message
from bot.turn import Turn
from rules.lifecycle import Verb


def covered(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    provider, found = desk.preview(turn, words)
    return text.preview(found, provider, words, turn.actor)


def ask_person(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    """A case of which nobody guesses whether it is covered."""
    case = desk.open_case(turn, words, person=True)
    if not desk.undecided(case):
        desk.not_that(turn, CaseRef(case.id))
    return text.opened(desk.view(turn, case), turn.actor)


def not_that(turn: Turn, ref: CaseRef | None, _: str) -> Message:
    return text.doubted(desk.view(turn, desk.not_that(turn, given(ref))), turn.actor)


def estimate(turn: Turn, ref: CaseRef | None, _: str) -> Message:
    return text.requested(desk.view(turn, desk.request(turn, given(ref), Verb.ESTIMATE)), Verb.ESTIMATE, turn.actor)


def enquire(turn: Turn, ref: CaseRef | None, _: str) -> Message:
    return text.requested(desk.view(turn, desk.request(turn, given(ref), Verb.ENQUIRE)), Verb.ENQUIRE, turn.actor)


def clause(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    return text.clauses_in_full(desk.cited(turn, words), turn.actor)


def why(turn: Turn, ref: CaseRef | None, _: str) -> Message:
    return text.why(desk.see(turn, given(ref)), turn.actor)
