"""Looking at cases: one, the company's, the desk's queue. Nothing here changes anything."""

from bot.desk.doors import CaseRef, find
from bot.desk.views import CaseView, view
from bot.turn import Turn
from rules.lifecycle import Verb, permit
from store.tables import CaseEvent


def see(turn: Turn, ref: CaseRef) -> CaseView:
    """How a case stands."""
    return view(turn, find(turn, Verb.SEE, ref))


def history(turn: Turn, ref: CaseRef) -> tuple[CaseView, list[CaseEvent]]:
    """What happened to it, as far as this side may know."""
    case = find(turn, Verb.SEE, ref)
    return view(turn, case), turn.work.events(case.id, internal=turn.actor.staff)


def company(turn: Turn) -> list[CaseView]:
    """The customer's whole company's cases (W28): live ones first, then the latest that are over."""
    permit(turn.actor, Verb.COMPANY)
    assert turn.actor.account is not None, "only customers have a company"
    return [view(turn, case) for case in turn.work.recent_cases(turn.actor.account)]


def queue(turn: Turn) -> list[CaseView]:
    """What the desk has in hand, soonest due first."""
    permit(turn.actor, Verb.QUEUE)
    return [view(turn, case) for case in turn.work.live_cases(None)]
