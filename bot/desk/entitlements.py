"""What a customer is entitled to: their contract, its plan and its prices. Nothing here changes anything."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.turn import Turn, zone_of
from rules.catalogue import Catalogues, Fact, NotPublished, Plan, Provider
from rules.lifecycle import Verb, permit
from rules.pricing import Price, Refused, price
from rules.refusals import Misunderstood, NoSuchChoice
from store.tables import Contract, Person
from store.work import Work


@dataclass(frozen=True)
class Entitlement:
    """An account's contract in force today, and who looks after it."""

    contract: Contract
    plan: Plan
    concierge: Person | None
    coach: Person | None


@dataclass(frozen=True)
class Offer:
    """A plan and what it would cost this customer."""

    plan: Plan
    price: Price | Refused
    users: int
    current: bool


def entitlement(turn: Turn, account: int | None = None) -> Entitlement | None:
    """None where no contract is in force today."""
    account = account or turn.actor.account
    if account is None:
        return None
    for contract in turn.work.contracts(account):
        plan = turn.catalogues.plan(contract.plan)
        if in_force(contract, turn.now.astimezone(ZoneInfo(zone_of(plan.provider))).date()):
            return Entitlement(contract, plan, turn.work.concierge(account), turn.work.coach(account))
    return None


def customer_of(work: Work, catalogues: Catalogues, account: int, at: datetime) -> Provider | None:
    """Whose customer an account is then; None where no contract tells."""
    for contract in work.contracts(account):
        provider = catalogues.plan(contract.plan).provider
        if in_force(contract, at.astimezone(ZoneInfo(zone_of(provider))).date()):
            return provider
    return None


def in_force(contract: Contract, day: date) -> bool:
    return contract.starts <= day and (contract.ends is None or day <= contract.ends)


def provider_of(turn: Turn) -> Provider:
    """The provider whose terms hold for whoever acts; the desk's first one where no contract tells."""
    mine = entitlement(turn)
    return mine.plan.provider if mine else turn.provider


def offers(turn: Turn, words: str) -> list[Offer]:
    """``success 25``: what a plan would cost for so many users; without a plan every one, without a number today's.

    Where the price is a share of the licences: ``premium 5``, or with another licence total ``premium 40000 5``.
    """
    permit(turn.actor, Verb.PLAN)
    mine = entitlement(turn)
    provider = mine.plan.provider if mine else turn.provider
    names = [word for word in words.split() if not _number(word)]
    numbers = [_number(word) or Decimal(0) for word in words.split() if _number(word)]
    plans = _plans(provider, " ".join(names))
    if numbers and numbers[-1] != int(numbers[-1]):
        raise Misunderstood(usage="price success 12")
    users = int(numbers[-1]) if numbers else (mine.contract.licences if mine else 1)
    total = numbers[0] if len(numbers) > 1 else (mine.contract.licence_total if mine else None)
    return [_offer(plan, users, total, mine) for plan in plans]


def fact(turn: Turn, question: str) -> Fact | NotPublished:
    return provider_of(turn).fact(question)


def _offer(plan: Plan, users: int, total: Decimal | None, mine: Entitlement | None) -> Offer:
    cost = price(plan, users) if total is None else price(plan, licence_total=total, licences=users)
    return Offer(plan, cost, users, bool(mine and mine.plan.id == plan.id))


def _plans(provider: Provider, name: str) -> list[Plan]:
    if not name:
        return list(provider.plans.values())
    wanted = name.casefold()
    found = [plan for plan in provider.plans.values() if wanted in (plan.id.partition("/")[2], plan.name.casefold())]
    if not found:
        choices = ", ".join(plan.id.partition("/")[2] for plan in provider.plans.values())
        raise NoSuchChoice(given=name, choices=choices)
    return found


def _number(word: str) -> Decimal | None:
    """A whole number or an amount, with thousands marked or not; at most nine digits before the point."""
    bare = word.replace(",", "").lstrip("$")
    whole, _, cents = bare.partition(".")
    fits = (
        whole.isascii() and whole.isdigit() and len(whole) < 10 and (not cents or (cents.isdigit() and len(cents) < 3))
    )
    return Decimal(bare) if fits else None
