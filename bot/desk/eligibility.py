"""Who asks, and under which contract: what the directory tells at receipt (W56), and whom it names as who may (W27)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.turn import Turn, zone_of
from rules.catalogue import Plan, Provider
from rules.eligibility import LIKELY, Asker, Eligibility, Term, check, entitled, without_contract
from store.tables import Case, Contract, Person


@dataclass(frozen=True)
class Covering:
    """The contract that holds for an account on the day of receipt, by its provider's calendar (W4)."""

    day: date
    contract: Contract | None
    plan: Plan | None
    otherwise: Eligibility
    """Why none does."""


def covering(turn: Turn, account: int) -> Covering:
    """Its plan and terms stay with the case (W36, R7)."""
    day, terms = turn.received.date(), list[Term]()
    for contract in turn.work.contracts(account):
        plan = turn.catalogues.plan(contract.plan)
        day = today(plan.provider, turn.received)
        terms.append(term(contract, plan.provider))
        if terms[-1].holds(day):
            return Covering(day, contract, plan, Eligibility.ELIGIBLE)
    return Covering(day, None, None, without_contract(terms, day))


def checked(person: Person, found: Covering) -> Eligibility:
    if found.plan is None or found.contract is None:
        return found.otherwise
    provider = found.plan.provider
    paid_until = found.contract.paid_until
    asks = asker(person, found.day)
    return check(asks, provider.contacts, seats=bool(provider.seats), paid_until=paid_until, day=found.day)


def asker(person: Person, day: date) -> Asker:
    deputy = person.deputy_until is not None and day <= person.deputy_until
    return Asker(person.licensed, person.nominated, person.contact_person or deputy)


def who_may_ask(turn: Turn, provider: Provider, account: int) -> Sequence[Person]:
    """For their company, today (W27, T10)."""
    day = today(provider, turn.now)
    return [one for one in turn.work.contacts(account) if entitled(asker(one, day), provider.contacts)]


def today(provider: Provider, at: datetime) -> date:
    return at.astimezone(ZoneInfo(zone_of(provider))).date()


def confirm_eligibility(turn: Turn, case: Case) -> bool:
    """What the first human answer does along the way, where the directory found nothing against it.

    Whether it did. The answer itself is its record; a ruling that a person gave stands.
    """
    if case.eligibility_by is not None or case.eligibility not in LIKELY:
        return False
    rule(turn, case, Eligibility.ELIGIBLE)
    return True


def rule(turn: Turn, case: Case, ruling: Eligibility, reason: str | None = None) -> None:
    case.eligibility, case.eligibility_reason = ruling, reason
    case.eligibility_by, case.eligibility_at = turn.actor.id, turn.now
    turn.work.add(case)


def term(contract: Contract, provider: Provider) -> Term:
    days = provider.notice.days if provider.notice else None
    ended = today(provider, contract.ended_at) if contract.ended_at else None
    return Term(contract.starts, contract.ends, contract.noticed_on, days, ended)
