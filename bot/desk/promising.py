"""The promise of a first answer: as it is made at receipt, and once another target holds (R1, R7)."""

from bot.turn import Turn
from rules import sla
from rules.catalogue import Plan, Provider
from rules.sla import OFFER, Breach
from store.tables import Case, Contract

CONTRACT = "contract"
"""Whose promise it is where the contract names minutes of its own, whatever the plan publishes (T7)."""


def promise(case: Case, plan: Plan, contract: Contract | None) -> None:
    """At receipt. None published, and none in the contract: no promise (R12). Where no hours are published either, a
    contract's minutes are counted around the clock."""
    own, calendar = contract.response_minutes if contract else None, plan.provider.counted()
    target = plan.target(case.priority)
    minutes = own or (target.minutes if target else None)
    if minutes is None:
        return
    case.target_minutes, case.due_at = minutes, sla.due(calendar, case.received_at, minutes)
    case.promised_by = CONTRACT if own else None


def unpromised(case: Case) -> None:
    case.target_minutes, case.due_at, case.promised_by = None, None, OFFER


def sooner(case: Case, plan: Plan) -> int | None:
    """The minutes of a later plan, where those are fewer than what was promised at receipt (R7)."""
    target = plan.target(case.priority)
    minutes = sla.in_force(case.target_minutes, target.minutes if target else None)
    return minutes if minutes != case.target_minutes else None


def target_minutes(turn: Turn, case: Case, level: str | None) -> int | None:
    """What the plan that made the promise has for that priority; None where the promise does not go by priority."""
    if case.promised_by == CONTRACT or case.plan is None:
        return None
    target = turn.catalogues.plan(case.promised_by or case.plan).target(level)
    return target.minutes if target else None


def retarget(turn: Turn, case: Case, minutes: int | None) -> Breach | None:
    """While nobody has answered; what had elapsed counts (R7). None leaves the promise as it is.

    Whether a breach is to be recorded: the new due time is past, or the old one was, which nothing erases.
    """
    calendar = _provider(turn, case).counted()
    if minutes is None or case.target_minutes in (None, minutes):
        return None
    if not case.owed or case.due_at is None or case.target_minutes is None:
        return None
    before = case.due_at < turn.now or case.response_met is False
    now = sla.recompute(calendar, case.received_at, case.target_minutes, minutes, turn.now, before)
    case.target_minutes, case.due_at = minutes, now.due
    return now.breach_kind if case.response_met is None else None


def follow_proposal(turn: Turn, case: Case) -> None:
    """The customer's own proposal moves the promise too, unless that makes it one that cannot be kept any more."""
    kept = case.target_minutes, case.due_at
    if retarget(turn, case, target_minutes(turn, case, case.priority)):
        case.target_minutes, case.due_at = kept


def _provider(turn: Turn, case: Case) -> Provider:
    plan = turn.catalogues.plan(case.plan) if case.plan else None
    return plan.provider if plan else turn.provider
