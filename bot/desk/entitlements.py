"""What a customer is entitled to: their contract, its plan and its prices. Nothing here changes anything."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from bot.desk.eligibility import term, today, who_may_ask
from bot.turn import Turn
from rules.catalogue import Catalogues, Fact, NotPublished, Plan, Provider
from rules.lifecycle import Verb, permit
from rules.pricing import Price, Refused, price
from rules.refusals import Misunderstood, NoSuchChoice
from store.tables import Case, Contract, ContractChange, Person
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
    total: Decimal | None = None
    """What all the licences cost, where it is a share of that."""
    contract: Contract | None = None


@dataclass(frozen=True)
class Proposed:
    """A change of the contract that is proposed on a case."""

    change: ContractChange
    now: Offer | None
    """What holds today, where a contract does."""
    then: Offer
    answered_by: tuple[int, ...]
    """Whose word it waits for: who may speak for the company (W27, T10)."""


def proposed(turn: Turn, case: Case) -> Proposed | None:
    """None too where the plan is in no catalogue any more: the case stays readable."""
    change = turn.work.change_on(case.id)
    plan = turn.catalogues.plans.get(change.plan) if change else None
    if change is None or plan is None:
        return None
    mine = entitlement(turn, case.account_id)
    now = _offer(mine.plan, mine.contract.licences, mine.contract.licence_total, mine) if mine else None
    speak = tuple(person.id for person in who_may_ask(turn, plan.provider, case.account_id))
    return Proposed(change, now, _offer(plan, change.licences, change.licence_total, None), speak)


def entitlement(turn: Turn, account: int | None = None) -> Entitlement | None:
    """None where no contract is in force today."""
    account = account or turn.actor.account
    if account is None:
        return None
    for contract in turn.work.contracts(account):
        plan = turn.catalogues.plan(contract.plan)
        if in_force(contract, plan.provider, today(plan.provider, turn.now)):
            return Entitlement(contract, plan, turn.work.concierge(account), turn.work.coach(account))
    return None


def customer_of(work: Work, catalogues: Catalogues, account: int, at: datetime) -> Provider | None:
    """Whose customer an account is then; None where no contract tells."""
    for contract in work.contracts(account):
        provider = catalogues.plan(contract.plan).provider
        if in_force(contract, provider, today(provider, at)):
            return provider
    return None


def in_force(contract: Contract, provider: Provider, day: date) -> bool:
    return term(contract, provider).holds(day)


def provider_of(turn: Turn) -> Provider:
    """The provider whose terms hold for whoever acts; the desk's first one where no contract tells."""
    mine = entitlement(turn)
    return mine.plan.provider if mine else turn.provider


def offers(turn: Turn, words: str) -> list[Offer]:
    """``success 25``: what a plan would cost for so many users; without a plan every one, without a number today's.

    ``+3`` adds to today's number. Where the price is a share of the licences: ``premium 5``, or with another licence
    total ``premium 40000 5``.
    """
    permit(turn.actor, Verb.PLAN)
    mine = entitlement(turn)
    provider = mine.plan.provider if mine else turn.provider
    asked = measured(words)
    plans = _plans(provider, asked.names)
    now = mine.contract.licences if mine else 1
    users = asked.seats(now)
    # What more licences cost stands in a price list that is not here.
    known = mine.contract.licence_total if mine and not (asked.more and users > now) else None
    return [_offer(plan, users, asked.total or known, mine) for plan in plans]


@dataclass(frozen=True)
class Asked:
    """A plan by name, with a number of seats or licences and what all the licences cost."""

    names: str
    count: int | None
    more: bool
    """So many more than now."""
    total: Decimal | None

    def seats(self, now: int) -> int:
        return (self.count or 0) + (now if self.more else 0) if self.count is not None else now


def measured(words: str) -> Asked:
    """``winning 25``, ``+3``, ``premium 40000 5``."""
    numbers = [(word, number) for word in words.split() if (number := _number(word.removeprefix("+"))) is not None]
    said = {word for word, _ in numbers}
    if numbers and numbers[-1][1] != int(numbers[-1][1]):
        raise Misunderstood(usage="price success 12")
    names = " ".join(word for word in words.split() if word not in said)
    more = bool(numbers) and numbers[-1][0].startswith("+")
    count = int(numbers[-1][1]) if numbers else None
    return Asked(names, count, more, numbers[0][1] if len(numbers) > 1 else None)


def fact(turn: Turn, question: str) -> Fact | NotPublished:
    return provider_of(turn).fact(question)


def _offer(plan: Plan, users: int, total: Decimal | None, mine: Entitlement | None) -> Offer:
    cost = price(plan, users) if total is None else price(plan, licence_total=total, licences=users)
    current = bool(mine and mine.plan.id == plan.id)
    return Offer(plan, cost, users, current, total, mine.contract if mine else None)


def plan_called(provider: Provider, name: str) -> Plan | None:
    wanted = name.casefold()
    named = (plan for plan in provider.plans.values() if wanted in (short(plan), plan.name.casefold()))
    return next(named, None)


def short(plan: Plan) -> str:
    """As people type it."""
    return plan.id.partition("/")[2]


def called(provider: Provider) -> frozenset[str]:
    """Its plans, in short and in full, as ``str.casefold`` writes them."""
    return frozenset(name for plan in provider.plans.values() for name in (short(plan), plan.name.casefold()))


def _plans(provider: Provider, name: str) -> list[Plan]:
    if not name:
        return list(provider.plans.values())
    found = plan_called(provider, name)
    if found is None:
        raise NoSuchChoice(given=name, choices=", ".join(map(short, provider.plans.values())))
    return [found]


def _number(word: str) -> Decimal | None:
    """A whole number or an amount, with thousands marked or not; at most nine digits before the point."""
    bare = word.replace(",", "").lstrip("$")
    whole, _, cents = bare.partition(".")
    fits = (
        whole.isascii() and whole.isdigit() and len(whole) < 10 and (not cents or (cents.isdigit() and len(cents) < 3))
    )
    return Decimal(bare) if fits else None
