"""What a plan costs, to the cent; or why that cannot be said."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Literal, assert_never

from rules.catalogue import OfLicences, PerUser, Plan

CENT = Decimal("0.01")
MOST = 10**9
"""Of anything counted here; more is a slip of the finger."""
MOST_MONEY = Decimal(10**12)


class Why(StrEnum):
    """What stands against a price or a contract."""

    USERS = "users"
    LICENCES = "licences"
    LICENCE_TOTAL = "licence_total"
    NO_PRICE = "no_price"
    TOO_FEW_LICENCES = "too_few_licences"
    TOO_SHORT = "too_short"
    NOT_ALL_PRODUCTS = "not_all_products"
    UNKNOWN_PRODUCT = "unknown_product"
    OLD_VERSIONS = "old_versions"
    NO_SUPPORT = "no_support"
    DAYS = "days"


@dataclass(frozen=True)
class Refused:
    """An answer like any other: what does not fit, and the clauses that say so (none: it is plain arithmetic)."""

    why: Why
    says: str
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Price:
    total: Decimal
    """To the cent, in the currency of the catalogue; none is published for a share of licence prices."""
    per: Literal["month", "contract"]
    clauses: tuple[str, ...]
    condition: str | None = None
    """What must hold for this price and was not asked about."""


def price(
    plan: Plan, users: int | None = None, *, licence_total: Decimal | None = None, licences: int | None = None
) -> Price | Refused:
    """By the plan's own measure: `users`, or `licence_total` (by the price list of the signing day) and `licences`."""
    match plan.price:
        case PerUser() as by:
            return _per_user(by, users)
        case OfLicences() as by:
            return _of_licences(plan, by, licence_total, licences)
        case None:
            return Refused(Why.NO_PRICE, f"No price of {plan.name} is published.")
        case _:
            assert_never(plan.price)


def whole(number: int | None, least: int = 1) -> bool:
    """Whether it counts something: no fraction, no truth value, whatever a line of JSON brought."""
    return isinstance(number, int) and not isinstance(number, bool) and least <= number <= MOST


def _per_user(by: PerUser, users: int | None) -> Price | Refused:
    if users is None or not whole(users):
        return Refused(Why.USERS, "Give the number of users: a whole number, 1 or more.", by.clauses)
    return Price((by.first + by.additional * (users - 1)).quantize(CENT, ROUND_HALF_UP), by.per, by.clauses)


def _of_licences(plan: Plan, by: OfLicences, total: Decimal | None, licences: int | None) -> Price | Refused:
    if total is None or not total.is_finite() or not 0 <= total <= MOST_MONEY:
        return Refused(Why.LICENCE_TOTAL, "Give what the licences cost in total: an amount, 0 or more.", by.clauses)
    if licences is not None and (wrong := licences_refused(plan, licences)):
        return wrong
    clauses, condition = by.clauses, None
    if plan.licences:
        clauses += plan.licences.clauses
        condition = None if licences else f"{plan.name} needs {plan.licences.count} licences or more."
    return Price((total * by.percent / 100).quantize(CENT, ROUND_HALF_UP), by.per, clauses, condition)


def licences_refused(plan: Plan, licences: int) -> Refused | None:
    """Whether so few licences stand against the plan (T9); at purchase, upgrade and renewal, not in between."""
    if not whole(licences):
        return Refused(Why.LICENCES, "Give the number of licences: a whole number, 1 or more.")
    if plan.licences and licences < plan.licences.count:
        says = f"{plan.name} needs {plan.licences.count} licences or more; there are {licences}."
        return Refused(Why.TOO_FEW_LICENCES, says, plan.licences.clauses)
    return None
