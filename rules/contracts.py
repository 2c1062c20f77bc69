"""What a contract must fulfil, how added licences lengthen it, how it ends, and when new terms hold."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from rules.catalogue import NotPublished, Plan, Provider
from rules.pricing import Refused, Why, licences_refused, whole


@dataclass(frozen=True)
class Check:
    reasons: tuple[Refused, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.reasons


@dataclass(frozen=True)
class Estimate:
    """Days of the calendar; an account manager confirms them."""

    days: int
    clauses: tuple[str, ...]
    estimate: Literal[True] = field(default=True, init=False)


@dataclass(frozen=True)
class End:
    """The earliest end of a contract, once the written notice is in."""

    earliest_end: date
    to: str
    refund: str
    clauses: tuple[str, ...]


@dataclass(frozen=True)
class Effective:
    earliest: date
    clauses: tuple[str, ...]


def check_contract(
    plan: Plan,
    *,
    licences: int | None = None,
    months: int | None = None,
    owned: Collection[str] | None = None,
    covered: Collection[str] | None = None,
    latest_versions: bool | None = None,
) -> Check:
    """Everything that stands against it. What is None is not asked about."""
    reasons = [licences_refused(plan, licences) if licences is not None else None]
    reasons += [_too_short(plan, months) if months is not None else None]
    reasons += _products(plan, owned, covered)
    if latest_versions is False and plan.provider.contracts.latest_versions:
        says = "Bring your products to the latest version first."
        reasons.append(Refused(Why.OLD_VERSIONS, says, plan.provider.contracts.latest_versions))
    return Check(tuple(reason for reason in reasons if reason))


def whole_months(starts: date, ends: date) -> int:
    """From the first day to the last, both included: 1 January to 31 December are twelve."""
    after = ends + timedelta(days=1)
    return (after.year - starts.year) * 12 + after.month - starts.month - (after.day < starts.day)


def check_purchase(provider: Provider, plan: Plan | None) -> Check:
    """Whether licences may be bought with that plan; None: without support (T8)."""
    rule = provider.contracts.support_with_licences
    if rule and plan is None:
        return Check((Refused(Why.NO_SUPPORT, "Licences come with support only: choose a plan.", rule),))
    return Check()


def extension(
    provider: Provider, licences: int, remaining_days: int, added: int, new_period_days: int
) -> Estimate | Refused | NotPublished:
    """How many days longer a contract runs that has `remaining_days` left for `licences` when `added` join it."""
    if provider.extension is None:
        return NotPublished("extension")
    if not whole(licences) or not all(whole(count, 0) for count in (remaining_days, added, new_period_days)):
        says = "Give whole numbers: 1 licence or more, and days and added licences of 0 or more."
        return Refused(Why.DAYS, says, provider.extension.clauses)
    days = FORMULAS[provider.extension.rule](licences, remaining_days, added, new_period_days)
    return Estimate(max(0, days), provider.extension.clauses)


def co_term(owned: int, remaining: int, added: int, period: int) -> int:
    """All licences end on one day and no licence-day is lost; a day begun is not promised."""
    return added * (period - remaining) // (owned + added)


FORMULAS: dict[str, Callable[[int, int, int, int], int]] = {"co_term": co_term}


def notice(provider: Provider, received: date) -> End | NotPublished:
    """When the contract can end if notice came in on that day, by the provider's calendar (W48-W49)."""
    rule = provider.notice
    if rule is None:
        return provider.silences.get("notice", NotPublished("notice"))
    refund = " ".join(provider.clauses[id].says for id in rule.refund)
    return End(received + timedelta(days=rule.days), rule.to, refund, rule.clauses + rule.refund)


def terms_effective(provider: Provider, published: date) -> Effective | NotPublished:
    """The first day on which terms published on that day can hold (W36)."""
    rule = provider.terms_notice
    if rule is None:
        return provider.silences.get("terms_change", NotPublished("terms_change"))
    return Effective(published + timedelta(days=rule.days), rule.clauses)


def _too_short(plan: Plan, months: int) -> Refused | None:
    rule = plan.provider.contracts.months
    least, clauses = (rule.count, rule.clauses) if rule else (1, ())
    if whole(months, least):
        return None
    return Refused(Why.TOO_SHORT, f"The contract must run for {least} months or more.", clauses)


def _products(plan: Plan, owned: Collection[str] | None, covered: Collection[str] | None) -> Iterator[Refused]:
    provider = plan.provider
    products = provider.products
    for name in sorted({*(owned or ()), *(covered or ())}):
        if products and products.closed and not provider.product(name):
            yield Refused(Why.UNKNOWN_PRODUCT, f"{name} is not one of the supported products.", products.clauses)
    rule = provider.contracts.all_products
    if owned is None or covered is None or not rule:
        return
    if missing := sorted(_named(provider, owned) ^ _named(provider, covered)):
        says = f"Support covers all of a customer's products or none; here it differs for {', '.join(missing)}."
        yield Refused(Why.NOT_ALL_PRODUCTS, says, rule)


def _named(provider: Provider, names: Collection[str]) -> set[str]:
    return {provider.product(name) or name for name in names}
