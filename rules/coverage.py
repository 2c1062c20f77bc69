"""Whether a plan covers a request: provisional always, since what counts as support is for a person to say (W37)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from rules.catalogue import INCLUDED, Kind, Plan, Ruling, Share, Verdict
from rules.coverage_guess import classify, outage, update

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
SPLIT = "Only a part of this looks covered."
SHARES: Mapping[Share, str] = {"licences": "The licences for it", "advice": "Advice on it", "work": "Carrying it out"}
STANDS = {True: "covered", False: "not covered"}
CHANGES = frozenset({Kind.TWEAK, Kind.OUT_OF_SCOPE_CHANGE})
"""Of something that there is, or something new: a plan can rule on them by how long they take (W23, W24)."""
COACHED = frozenset({Kind.TWEAK, Kind.PROCESS_ADVICE})
"""What goes to the coach where a plan names one (W17)."""


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
    in_hours: bool = False
    """Whether the work is done in business hours only."""
    split: Mapping[Share, Verdict] = field(default_factory=dict)
    """How each of SHARES stands, where they differ."""
    outage: bool = False
    """Whether Microsoft itself may be down: its own page tells (W34)."""
    final: Literal[False] = field(default=False, init=False)


def coverage(
    plan: Plan,
    kind: Kind | None,
    minutes: int | None = None,
    allowed: Collection[str] = frozenset(),
    outage: bool = False,
    update: bool = False,
) -> Coverage:
    """`kind` None: not known. `minutes`: the estimated work. `allowed`: what the contract adds to the plan (T12).
    `update`: a version update is to be carried out, and not advised on (T11)."""
    ruling = plan.coverage.get(kind, UNDECIDED) if kind else UNDECIDED
    if update and plan.provider.version_update:
        ruling = plan.provider.version_update
    if kind in allowed and ruling.contract_may_allow:
        ruling = Ruling(Verdict.COVERED, ruling.clauses)
    if ruling.beyond and ruling.up_to_minutes and minutes and minutes > ruling.up_to_minutes:
        ruling = ruling.beyond
    included = ruling.verdict in INCLUDED
    return Coverage(
        kind,
        ruling.verdict,
        ruling.clauses,
        _sentence(plan, ruling, outage),
        ruling.by,
        ruling.up_to_minutes if included else None,
        ruling.in_hours and included,
        ruling.split,
        outage,
    )


def coverage_of_text(
    plan: Plan, text: str, minutes: int | None = None, allowed: Collection[str] = frozenset()
) -> Coverage:
    """The same for a request in a person's own words, as far as they name its kind beyond doubt."""
    provider, kind = plan.provider, classify(text, plan.provider)
    asked = kind in (None, Kind.CONSULTING) and update(text, provider)
    return coverage(plan, Kind.CONSULTING if asked else kind, minutes, allowed, outage(text, provider), asked)


def limit(plan: Plan) -> int | None:
    """The minutes on which its verdict about a change turns; None where nothing does."""
    return next(filter(None, (turns_at(plan, kind) for kind in (Kind.TWEAK, Kind.OUT_OF_SCOPE_CHANGE))), None)


def turns_at(plan: Plan, kind: Kind) -> int | None:
    """The minutes beyond which it judges such a request otherwise."""
    ruling = plan.coverage.get(kind, UNDECIDED)
    return ruling.up_to_minutes if ruling.beyond and ruling.beyond.verdict != ruling.verdict else None


def _sentence(plan: Plan, ruling: Ruling, outage: bool) -> str:
    return " ".join([SPLIT if ruling.split else LEADS[ruling.verdict], *_reasons(plan, ruling, outage)])


def _reasons(plan: Plan, ruling: Ruling, outage: bool) -> Iterator[str]:
    yield from (f"{plan.provider.clauses[id].says} ({id})" for id in ruling.clauses)
    yield from (f"{SHARES[share]}: {STANDS[verdict in INCLUDED]}." for share, verdict in ruling.split.items())
    if ruling.verdict in INCLUDED and ruling.up_to_minutes:
        yield f"That holds for up to {ruling.up_to_minutes} minutes of work."
    if outage and (page := plan.provider.status_page):
        yield f"Whether Microsoft's services are down, it says itself: {page.url} ({', '.join(page.clauses)})."
    yield "A person will confirm it."
