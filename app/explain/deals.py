"""What plans cost and what contracts must fulfil."""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field

from app.explain.house import House
from app.explain.question import Answer, Day, Question, Text, Wrong
from rules.catalogue import NotPublished
from rules.contracts import check_contract, extension, notice, terms_effective
from rules.pricing import Refused, price

SILENT = "not published"
_AMOUNT = re.compile(r"-?\d{1,30}(\.\d{1,30})?", re.ASCII)


def _amount(written: object) -> Decimal:
    """A string, or a number of JSON: which was read exactly, too."""
    if isinstance(written, Decimal) or (isinstance(written, int) and not isinstance(written, bool)):
        return Decimal(written)
    if isinstance(written, str) and _AMOUNT.fullmatch(written):
        return Decimal(written)
    raise ValueError('must be an amount such as "40000.00"')


Amount = Annotated[Decimal, BeforeValidator(_amount)]
Products = list[Annotated[str, Field(min_length=1, max_length=200)]]


class Price(Question):
    plan: Text
    users: int | None = None
    licence_total: Amount | None = None
    licences: int | None = None

    def answer(self, house: House) -> Answer:
        found = price(house.plan(self.plan), self.users, licence_total=self.licence_total, licences=self.licences)
        if isinstance(found, Refused):
            raise _refused(found)
        answer = {"total": str(found.total), "per": found.per, "clauses": found.clauses}
        return answer | ({"condition": found.condition} if found.condition else {})


class Extension(Question):
    licences: int
    remaining_days: int
    added: int
    new_period_days: int
    provider: Text | None = None

    def answer(self, house: House) -> Answer:
        provider = house.publishes(lambda one: one.extension, self.provider)
        found = extension(provider, self.licences, self.remaining_days, self.added, self.new_period_days)
        if isinstance(found, Refused):
            raise _refused(found)
        if isinstance(found, NotPublished):
            return {"extension_days": SILENT, "estimate": True, "clauses": found.clauses}
        return {"extension_days": found.days, "estimate": found.estimate, "clauses": found.clauses}


class Contract(Question):
    """`owned` and `covered` are names of products; `licences` how many are owned."""

    plan: Text
    licences: int | None = None
    months: int | None = None
    owned: Products | None = None
    covered: Products | None = None

    def answer(self, house: House) -> Answer:
        found = check_contract(
            house.plan(self.plan),
            licences=self.licences,
            months=self.months,
            owned=self.owned,
            covered=self.covered,
        )
        reasons = [{"why": one.why, "sentence": one.says, "clauses": one.clauses} for one in found.reasons]
        return {"ok": found.ok, "reasons": reasons}


class Notice(Question):
    provider: Text
    received: Day

    def answer(self, house: House) -> Answer:
        found = notice(house.provider(self.provider), self.received)
        if isinstance(found, NotPublished):
            return {"earliest_end": SILENT, "refund": SILENT, "clauses": found.clauses}
        return {"earliest_end": found.earliest_end.isoformat(), "refund": found.refund, "clauses": found.clauses}


class Terms(Question):
    published: Day
    provider: Text | None = None

    def answer(self, house: House) -> Answer:
        found = terms_effective(house.publishes(lambda one: one.terms_notice, self.provider), self.published)
        return {"earliest_effective": SILENT if isinstance(found, NotPublished) else found.earliest.isoformat()}


def _refused(found: Refused) -> Wrong:
    """Its clauses stand in the sentence as well: that is what people read."""
    return Wrong(f"{found.says} ({', '.join(found.clauses)})" if found.clauses else found.says, found.clauses)


QUESTIONS: dict[str, type[Question]] = {
    "price": Price,
    "extension": Extension,
    "contract": Contract,
    "notice": Notice,
    "terms": Terms,
}
