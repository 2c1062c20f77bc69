"""How a case ends: staff call it solved, only the customer's own word closes it (W59)."""

from datetime import timedelta

from bot.desk.doors import CaseRef, find, record
from bot.desk.grouping import relate
from bot.desk.opening import open_case
from bot.desk.replies import worded
from bot.desk.views import view
from bot.turn import Turn
from rules.agreements import DELIVERED, lacks
from rules.lifecycle import OVER, Status, Verb
from rules.refusals import NeedsSentence, NeedsWord, NoSuchChoice, TooLate
from store.tables import Case


def resolve(turn: Turn, ref: CaseRef, words: str = "") -> Case:
    """Call it solved and ask the customer. Needs a sentence unless a human has answered in this cycle (R2); what the
    customer pays for is not done before they accept it (W24)."""
    case = find(turn, Verb.RESOLVE, ref)
    missing = lacks(case.coverage, case.covered_by is not None, case.quote_state)
    if missing:
        promised = view(turn, case).provider.facts.get("mini_project")
        raise NeedsWord(case=case.id, lacks=missing, clauses=promised.clauses if promised else ())
    if not words and not case.answered_in_cycle:
        raise NeedsSentence(case=case.id)
    words = worded(turn, view(turn, case), words)
    case.resolutions += 1
    return record(turn, case, Verb.RESOLVE, words)


def code_delivered(turn: Turn, ref: CaseRef, words: str) -> Case:
    """Whether the customer has the code that was made for them (W39): yes, no, or none was made."""
    case = find(turn, Verb.CODE_DELIVERED, ref)
    answer = words.strip().rstrip(".!").lower()
    if answer not in DELIVERED:
        raise NoSuchChoice(given=words, choices=", ".join(DELIVERED))
    case.code_delivered = answer
    return record(turn, case, Verb.CODE_DELIVERED, answer)


def solved(turn: Turn, ref: CaseRef) -> Case:
    """The customer says that it works; one more press confirms."""
    case = find(turn, Verb.SOLVED, ref)
    if case.status is not Status.AWAITING:
        case.resolutions += 1
    return record(turn, case, Verb.SOLVED)


def confirm(turn: Turn, ref: CaseRef) -> Case:
    """The customer's Yes: the only way to closed."""
    case = find(turn, Verb.CONFIRM, ref)
    case.confirmed_by, case.confirmed_at = turn.actor.id, turn.now
    return record(turn, case, Verb.CONFIRM)


def not_solved(turn: Turn, ref: CaseRef, words: str = "") -> Case:
    """The customer's No: the same case goes on."""
    return record(turn, find(turn, Verb.NOT_SOLVED, ref), Verb.NOT_SOLVED, words)


def force_close(turn: Turn, ref: CaseRef, words: str) -> Case:
    """Without the customer's word, with a reason that the customer reads; labelled as such for ever."""
    case = find(turn, Verb.FORCE_CLOSE, ref)
    case.force_reason = worded(turn, view(turn, case), words)
    return record(turn, case, Verb.FORCE_CLOSE, case.force_reason)


def withdraw(turn: Turn, ref: CaseRef) -> Case:
    """The customer no longer needs it."""
    return record(turn, find(turn, Verb.WITHDRAW, ref), Verb.WITHDRAW)


def reopen(turn: Turn, ref: CaseRef, words: str = "") -> Case:
    """The same number, a new cycle (R8): staff always, customers within the days that the catalogue grants; afterwards
    it is a new case with a number of its own, and related."""
    case = find(turn, Verb.REOPEN, ref)
    if case.status in OVER and not turn.actor.staff:
        grace = view(turn, case).provider.desk.reopen_days
        if case.over_at is not None and turn.now > case.over_at + timedelta(days=grace):
            if not words:
                raise TooLate(case=case.id, days=grace)
            return _anew(turn, case, words)
    return record(turn, case, Verb.REOPEN, words)


def _anew(turn: Turn, case: Case, words: str) -> Case:
    new = open_case(turn, words)
    relate(turn, new, case)
    return new


def relate_to_closed(turn: Turn, case: Case, number: int) -> None:
    """A new one, of what they wrote in the place of one that is over."""
    before = find(turn, Verb.SEE, CaseRef(number))
    if before.id != case.id and turn.work.case_link(case.id, before.id) is None:
        relate(turn, case, before)
