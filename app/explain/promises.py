"""What a plan gives and leaves out, and what a page answers; each with its clause."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Annotated, assert_never

from pydantic import Field

from app.explain.house import House
from app.explain.question import Answer, Question, Text, Written, Wrong
from rules.catalogue import INCLUDED, Fact, Kind, OfLicences, PerUser, Plan, Ruling, Verdict
from rules.coverage import UNDECIDED, coverage, coverage_of_text

SILENT = "not published"


class Coverage(Question):
    """By `kind` if it is given, else by what the text names beyond doubt."""

    plan: Text
    kind: Text | None = None
    minutes: Annotated[int, Field(ge=0)] | None = None
    text: Written | None = None

    def answer(self, house: House) -> Answer:
        plan = house.plan(self.plan)
        if self.kind is not None:
            found = coverage(plan, _kind(self.kind), self.minutes)
        elif self.text is not None:
            found = coverage_of_text(plan, self.text, self.minutes)
        else:
            raise Wrong("Give a `kind` or a `text`.")
        said = {"verdict": found.verdict, "final": found.final, "clauses": found.clauses, "sentence": found.sentence}
        return said if self.kind is not None else {**said, "kind": found.kind}


def _kind(name: str) -> Kind:
    if name not in set(Kind):
        raise Wrong(f"`kind` must be one of {', '.join(Kind)}.")
    return Kind(name)


class Entitlements(Question):
    plan: Text

    def answer(self, house: House) -> Answer:
        plan = house.plan(self.plan)
        return {
            "features": _said(plan, (clause.id for clause in plan.features)),
            "prices": [_price(plan)],
            "targets": list(_targets(plan)),
            "contacts": {"rule": plan.provider.contacts.rule, **_one(plan, *plan.provider.contacts.clauses)},
            "exclusions": _rulings(plan, lambda ruling: ruling.verdict not in INCLUDED | {Verdict.UNKNOWN}),
            "covered": _rulings(plan, lambda ruling: ruling.verdict in INCLUDED),
            "undecided": _rulings(plan, lambda ruling: ruling.verdict is Verdict.UNKNOWN),
            "conditions": _said(plan, dict.fromkeys(_conditions(plan))),
        }


def _said(plan: Plan, ids: Iterable[str]) -> list[Answer]:
    return [_one(plan, id) for id in ids]


def _one(plan: Plan, *ids: str) -> Answer:
    return {"says": " ".join(plan.provider.clauses[id].says for id in ids), "clauses": ids}


def _price(plan: Plan) -> Answer:
    match plan.price:
        case PerUser(first, additional, clauses, per):
            return {"first": f"{first:.2f}", "additional": f"{additional:.2f}", "per": per, "clauses": clauses}
        case OfLicences(percent, clauses, per):
            return {"percent_of_licences": str(percent), "per": per, "clauses": clauses}
        case None:
            return {"price": SILENT, "clauses": ()}
        case _:
            assert_never(plan.price)


def _targets(plan: Plan) -> Iterator[Answer]:
    """Under priority null, what holds for every priority that is not named."""
    for priority, target in plan.targets.items():
        yield {"priority": priority, "minutes": target.minutes, "clauses": target.clauses}
    if not plan.targets:
        yield {"target": SILENT, "clauses": plan.provider.fact("response_time").clauses}


def _rulings(plan: Plan, which: Callable[[Ruling], bool]) -> list[Answer]:
    rulings = {kind: plan.coverage.get(kind, UNDECIDED) for kind in Kind}
    return [_ruling(plan, kind, ruling) for kind, ruling in rulings.items() if which(ruling)]


def _ruling(plan: Plan, kind: Kind, ruling: Ruling) -> Answer:
    found: dict[str, object] = {"kind": kind, "verdict": ruling.verdict, "clauses": ruling.clauses}
    if ruling.verdict in INCLUDED:
        found["answered_by"] = ruling.by
    if ruling.beyond:
        beyond = {"verdict": ruling.beyond.verdict, "clauses": ruling.beyond.clauses}
        found |= {"up_to_minutes": ruling.up_to_minutes, "beyond": beyond}
    return {**found, "sentence": coverage(plan, kind).sentence}


def _conditions(plan: Plan) -> Iterator[str]:
    """The clauses that ask something of the customer."""
    of, least = plan.provider.contracts, (plan.licences, plan.provider.contracts.months)
    yield from plan.provider.seats
    yield from (id for rule in least if rule for id in rule.clauses)
    yield from (*of.all_products, *of.support_with_licences, *of.latest_versions)
    yield from (clause.id for clause in plan.provider.payment)


class FactOf(Question):
    """`clause` is the one that answers, `clauses` are all that belong to it."""

    provider: Text
    question: Text

    def answer(self, house: House) -> Answer:
        provider, question = house.provider(self.provider), "_".join(re.findall(r"\w+", self.question.casefold()))
        known = question in provider.facts or question in provider.silences
        found = provider.fact(question if known else ALSO_CALLED.get(question, question))
        said = found.answer if isinstance(found, Fact) else SILENT
        return {"answer": said, "clause": next(iter(found.clauses), None), "clauses": found.clauses}


ALSO_CALLED = {
    # What is published must not be called unpublished for being asked in other words.
    "attachment_size": "attachment_limit",
    "browsers": "supported_browsers",
    "business_hours": "support_hours",
    "closing": "closing_rule",
    "contract_period": "contract_length",
    "csat": "satisfaction_survey",
    "escalation_email": "escalation_address",
    "first_response": "response_time",
    "hours": "support_hours",
    "notice_period": "notice",
    "number_of_priorities": "priorities",
    "phone_number": "phone",
    "price": "prices",
    "refund": "refunds",
    "response_times": "response_time",
    "support_phone": "phone",
    "telephone": "phone",
    "weekend": "weekend_cover",
    "weekend_support": "weekend_cover",
}

QUESTIONS: dict[str, type[Question]] = {"coverage": Coverage, "entitlements": Entitlements, "fact": FactOf}
