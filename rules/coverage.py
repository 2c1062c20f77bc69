"""Whether a plan covers a request: provisional always, since what counts as support is for a person to say (W37)."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal

from rules.catalogue import INCLUDED, Kind, Plan, Ruling, Verdict
from rules.coverage_guess import classify

UNDECIDED = Ruling(Verdict.UNKNOWN)
LEADS = {
    Verdict.COVERED: "This looks covered.",
    Verdict.COVERED_BUT_MAY_BE_CHARGED: "This looks covered but may be charged; you would be told before.",
    Verdict.TIME_AND_MATERIALS: "This looks like work paid by time and materials; nothing starts before you accept it.",
    Verdict.MINI_PROJECT_TM: "This looks like a mini project; nothing starts before you accept an estimate.",
    Verdict.EXCLUDED: "This looks excluded.",
    Verdict.EXCLUDED_TM: "This looks excluded; it can be done by time and materials if you accept an estimate.",
    Verdict.PLAN_SEPARATELY: "This looks like something to plan separately.",
    Verdict.NOT_IN_PLAN: "This does not look part of your plan; time and materials or another plan would be the way.",
    Verdict.UNKNOWN: "Whether this is covered I cannot tell.",
}


@dataclass(frozen=True)
class Coverage:
    """What the catalogue says of one request, with nothing decided yet."""

    kind: Kind | None
    verdict: Verdict
    clauses: tuple[str, ...]
    sentence: str
    by: Literal["person", "knowledge"] = "person"
    """Who answers if it is covered."""
    up_to_minutes: int | None = None
    """Of work, as far as the verdict holds."""
    final: Literal[False] = field(default=False, init=False)


def coverage(
    plan: Plan, kind: Kind | None, minutes: int | None = None, allowed: Collection[Kind] = frozenset()
) -> Coverage:
    """`kind` None: not known. `minutes`: the estimated work. `allowed`: what the contract adds to the plan (T12)."""
    ruling = plan.coverage.get(kind, UNDECIDED) if kind else UNDECIDED
    if kind in allowed and ruling.contract_may_allow:
        ruling = Ruling(Verdict.COVERED, ruling.clauses)
    if ruling.beyond and ruling.up_to_minutes and minutes and minutes > ruling.up_to_minutes:
        ruling = ruling.beyond
    return Coverage(kind, ruling.verdict, ruling.clauses, _sentence(plan, ruling), ruling.by, _up_to(ruling))


def coverage_of_text(
    plan: Plan, text: str, minutes: int | None = None, allowed: Collection[Kind] = frozenset()
) -> Coverage:
    """The same for a request in a person's own words, as far as they name its kind beyond doubt."""
    return coverage(plan, classify(text, plan.provider), minutes, allowed)


def _up_to(ruling: Ruling) -> int | None:
    return ruling.up_to_minutes if ruling.verdict in INCLUDED else None


def _sentence(plan: Plan, ruling: Ruling) -> str:
    said = [f"{plan.provider.clauses[id].says} ({id})" for id in ruling.clauses]
    if minutes := _up_to(ruling):
        said.append(f"That holds for up to {minutes} minutes of work.")
    return " ".join([LEADS[ruling.verdict], *said, "A person will confirm it."])
