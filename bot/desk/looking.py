"""Looking at cases: one, the company's, the desk's queue. Nothing here changes anything."""

from collections.abc import Callable

from bot.desk.doors import CaseRef, find
from bot.desk.proof import Proof, proofs
from bot.desk.stamps import Stamps, stamps
from bot.desk.views import CaseView, view
from bot.turn import Turn
from rules.eligibility import Handover
from rules.lifecycle import Status, Verb, permit
from store.tables import CaseEvent


def see(turn: Turn, ref: CaseRef) -> CaseView:
    """How a case stands."""
    return view(turn, find(turn, Verb.SEE, ref))


def history(turn: Turn, ref: CaseRef) -> tuple[CaseView, list[CaseEvent], Stamps, list[Proof]]:
    """What happened to it, as far as this side may know, and what both agreed on; to the desk alone, who was warned."""
    case = find(turn, Verb.SEE, ref)
    events = turn.work.events(case.id, internal=turn.actor.staff)
    warned = proofs(turn, case.id, events) if turn.actor.staff else []
    return view(turn, case), events, stamps(turn, case), warned


def company(turn: Turn) -> list[CaseView]:
    """The customer's whole company's cases (W28): live ones first, then the latest that are over."""
    permit(turn.actor, Verb.COMPANY)
    assert turn.actor.account is not None, "only customers have a company"
    return [view(turn, case) for case in turn.work.recent_cases(*turn.actor.scope)]


def queue(turn: Turn, only: str = "") -> list[CaseView]:
    """What the desk has in hand, soonest due first; ``only`` one of FILTERS, or a queue's name.

    What waits for a word of the customer's own side is not the desk's yet (W27, T10).
    """
    permit(turn.actor, Verb.QUEUE)
    live = turn.work.live_cases(None, limit=200)
    views = [view(turn, case) for case in live if case.handover != Handover.ASKED]
    wanted = only.strip().lower().replace(" ", "-")
    keep = FILTERS.get(wanted) or (lambda seen, _: seen.case.queue.lower() == only.strip().lower())
    return [seen for seen in views if keep(seen, turn)]


UNCONFIRMED = "unconfirmed"


def unconfirmed(turn: Turn) -> list[CaseView]:
    """What the desk closed without the customer's word, the latest first (W59)."""
    permit(turn.actor, Verb.QUEUE)
    return [view(turn, case) for case in turn.work.cases_in(Status.UNCONFIRMED, limit=200)]


def at_risk(seen: CaseView) -> bool:
    """Unanswered, and three quarters of its time are gone."""
    used = seen.used()
    return seen.case.responded_at is None and used is not None and used >= AT_RISK


AT_RISK = 75  # percent of the response time
FILTERS: dict[str, Callable[[CaseView, Turn], bool]] = {
    "": lambda seen, turn: True,
    "all": lambda seen, turn: True,
    "at-risk": lambda seen, turn: at_risk(seen),
    "unassigned": lambda seen, turn: seen.case.assignee_id is None,
    "waiting": lambda seen, turn: seen.case.status in (Status.WAITING, Status.AWAITING),
    "mine": lambda seen, turn: seen.case.assignee_id == turn.actor.id,
}


def company_at_risk(turn: Turn) -> list[CaseView]:
    """The customer's own: which promises are close to being broken."""
    return [seen for seen in company(turn) if seen.case.over_at is None and at_risk(seen)]
