"""How the desk does: a period's report, and the one that comes each week."""

from bot import reports, text
from bot.desk import CaseRef, reporting
from bot.messages import Message
from bot.turn import Turn
from rules.reports import Report


def report(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    wanted = reporting.wanted(turn, words)
    counted = reporting.reckon(turn.work, turn.catalogues, wanted, turn.now)
    found = reporting.reported(turn, wanted, counted or Report(wanted.period, turn.now))
    shown = reports.linked(found, turn.links, turn.now)
    return text.report(shown, turn.actor) if counted else text.too_much(shown, turn.actor)


def digest(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    return text.digest_chosen(reporting.choose_digest(turn, words), turn.actor)
