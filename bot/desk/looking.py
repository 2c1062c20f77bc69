"""Looking at cases: one, and the company's. Nothing here changes anything."""

from bot.desk.doors import CaseRef, find
from bot.desk.proof import Proof, proofs
from bot.desk.queueing import at_risk
from bot.desk.stamps import Stamps, stamps
from bot.desk.views import CaseView, pictured, view
from bot.turn import Turn
from rules.lifecycle import Verb, permit
from store.tables import CaseEvent


def see(turn: Turn, ref: CaseRef) -> CaseView:
    """How a case stands."""
    return pictured(turn, find(turn, Verb.SEE, ref))


def history(turn: Turn, ref: CaseRef) -> tuple[CaseView, list[CaseEvent], Stamps, list[Proof]]:
    """What happened to it, as far as this side may know, and what both agreed on; to the desk alone, who was warned."""
    case = find(turn, Verb.SEE, ref)
    events = turn.work.events(case.id, internal=turn.actor.staff)
    warned = proofs(turn, case.id, events) if turn.actor.staff else []
    return pictured(turn, case), events, stamps(turn, case), warned


def company(turn: Turn) -> list[CaseView]:
    """The customer's whole company's cases (W28): live ones first, then the latest that are over."""
    permit(turn.actor, Verb.COMPANY)
    assert turn.actor.account is not None, "only customers have a company"
    return [view(turn, case) for case in turn.work.recent_cases(*turn.actor.scope)]


def company_at_risk(turn: Turn) -> list[CaseView]:
    """The customer's own: which promises are close to being broken."""
    return [seen for seen in company(turn) if seen.case.over_at is None and at_risk(seen)]
