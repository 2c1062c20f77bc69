"""A contract over its life: how it stands today, what its account manager must know, and how it ends."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from bot import text
from bot.desk.eligibility import term, today, who_may_ask
from bot.desk.entitlements import Entitlement, entitlement
from bot.desk.hearing import duty
from bot.turn import Turn, Words, the_desk, zone_of
from rules.catalogue import NotPublished, Plan, Provider, Terms
from rules.contracts import Estimate, check_contract, check_purchase, extension, whole_months
from rules.lifecycle import Verb, permit
from rules.pricing import Price, Refused, price
from rules.refusals import Misunderstood, NoContract, NoSuchAccount
from store.tables import Account, Contract, Person


@dataclass(frozen=True)
class Seats:
    """How many use the system, by every count that there is (W11)."""

    licences: int
    licensed: int
    said: int | None
    """Users, as the customer told us."""
    known: int
    """People who hold a licence, or opened a case."""

    @property
    def used(self) -> int:
        return max(self.licensed, self.said or 0, self.known)

    @property
    def too_few(self) -> bool:
        return self.used > self.licences


@dataclass(frozen=True)
class Next:
    """The contract that comes after the one in force."""

    plan: Plan
    contract: Contract
    cost: Price | Refused
    case: int | None
    """On which it was agreed."""


@dataclass(frozen=True)
class Standing:
    """All that a plan's page says of an account's own contract, as of today."""

    account: Account
    mine: Entitlement
    day: date
    seats: Seats
    cost: Price | Refused
    terms: Terms
    next_terms: Terms | None
    last_day: date | None
    lapsed: bool
    """Paid ahead no longer (W43)."""
    against: tuple[Refused, ...]
    """What the terms of a purchase would not have today: said, and nothing is taken away (T9)."""
    next: Next | None = None


def standing(turn: Turn, account: int | None = None) -> Standing | None:
    """None where no contract is in force today. Whoever looks after the account hears of what is wrong, once."""
    found = looked_at(turn, account or turn.actor.account)
    if found is not None:
        _flag(turn, found)
    return found


def looked_at(turn: Turn, account: int | None) -> Standing | None:
    """The same, and nobody hears of it."""
    mine = entitlement(turn, account)
    return _standing(turn, turn.work.account(account), mine) if account and mine else None


def look_after(turn: Turn, person: Person, contract: Contract | None) -> None:
    """When a case is opened: counts only where something looks wrong, since counting takes time."""
    if contract is None or person.account_id is None:
        return
    said = turn.work.account(person.account_id).users or 0
    unpaid = contract.paid_until is not None and contract.paid_until < turn.now.date()
    if unpaid or not person.licensed or said > contract.licences:
        standing(turn, person.account_id)


def _standing(turn: Turn, account: Account, mine: Entitlement) -> Standing:
    contract, plan = mine.contract, mine.plan
    provider, day = plan.provider, today(plan.provider, turn.now)
    licensed, known = turn.work.seats_used(account.id)
    paid = contract.paid_until
    return Standing(
        account,
        mine,
        day,
        Seats(contract.licences, licensed, account.users, known),
        price_of(plan, contract),
        provider.terms_on(day),
        next((each for each in provider.terms if each.effective > day), None),
        term(contract, provider).last_day,
        paid is not None and paid < day,
        against(mine),
        _next(turn, account, day),
    )


def price_of(plan: Plan, contract: Contract) -> Price | Refused:
    """Too few licences for the plan are said elsewhere, and change nothing about what it costs (T9)."""
    if contract.licence_total is None:
        return price(plan, contract.licences)
    return price(plan, licence_total=contract.licence_total, licences=None)


def _next(turn: Turn, account: Account, day: date) -> Next | None:
    later = [one for one in turn.work.contracts(account.id) if one.starts > day]
    if not later:
        return None
    contract = min(later, key=lambda one: one.starts)
    plan, change = turn.catalogues.plan(contract.plan), turn.work.change_from(account.id, contract.starts)
    return Next(plan, contract, price_of(plan, contract), change.case_id if change else None)


def against(mine: Entitlement) -> tuple[Refused, ...]:
    contract = mine.contract
    months = whole_months(contract.starts, contract.ends) if contract.ends else None
    covered = contract.products or None
    owned = contract.owned or covered
    return check_contract(mine.plan, licences=contract.licences, months=months, owned=owned, covered=covered).reasons


def _flag(turn: Turn, found: Standing) -> None:
    """To the account manager, once for each change; nobody is kept from help for it (W11, W43)."""
    seats, account = found.seats, found.account
    if found.mine.plan.provider.seats and seats.too_few:
        key = f"seats {account.id} {seats.licences} {seats.used}"
        tell_manager(turn, account.id, key, partial(text.seats_drift, found))
    if found.lapsed:
        key = f"paid {found.mine.contract.id} {found.mine.contract.paid_until}"
        tell_manager(turn, account.id, key, partial(text.lapsed, found))


def tell_manager(turn: Turn, account: int, key: str, words: Words) -> None:
    """The concierge, or whoever stands in; where there is none, the desk."""
    concierge = turn.work.concierge(account)
    people = duty(turn).standing([concierge.id]) if concierge else []
    told = [turn.tell(turn.work.person(one), words, key=f"{key} {one}") for one in people]
    if not any(told):
        for room in turn.work.desk_rooms():
            turn.owe(room.id, words(the_desk(zone_of(turn.provider))), key=f"{key} room {room.id}")


def named_account(turn: Turn, name: str) -> Account:
    """By its short name, or by a name that only one has."""
    found = turn.work.accounts_called(name.strip())
    if len(found) != 1:
        raise NoSuchAccount(name=name.strip())
    return found[0]


def contract_of(turn: Turn, name: str) -> Standing:
    """``northwind``, for the desk."""
    permit(turn.actor, Verb.CONTRACT)
    account = named_account(turn, name)
    found = standing(turn, account.id)
    if found is None:
        raise NoContract(account=account.name)
    return found


@dataclass(frozen=True)
class More:
    """Licences added with support, and how much longer the contract would run (T16)."""

    added: int
    days: int
    found: Estimate | Refused | NotPublished | None
    """None: the contract names no last day, so what is left of it is not known."""
    ends: date | None
    """Its last day then."""
    assumed: bool = False
    """The days were not said: a year."""
    manager: bool = False
    """Whether somebody looks after the account; else the desk does."""


def more_licences(turn: Turn, words: str) -> More:
    """``+2 365``: two more, for so many days. Without support none are sold, which their manager hears (T8)."""
    permit(turn.actor, Verb.LICENCES)
    mine, provider = entitlement(turn), last_provider(turn)
    numbers = [word.removeprefix("+") for word in words.split() if word.removeprefix("+").isdecimal()]
    if not numbers or any(len(number) > 6 for number in numbers) or not int(numbers[0]):
        raise Misunderstood(usage="licences +2 365")
    added = int(numbers[0])
    if mine is None or "without support" in words.lower():
        refused = check_purchase(provider, None).reasons
        if refused and turn.actor.account:
            account = turn.work.account(turn.actor.account)
            key = f"licences {account.id} {turn.now:%Y-%m-%d}"
            tell_manager(
                turn, account.id, key, partial(text.wants_licences_alone, account, turn.actor, added, provider)
            )
        if refused:
            return More(added, 0, refused[0], None)
        if mine is None:
            raise NoContract(account=turn.actor.name)
    day, ends = today(provider, turn.now), mine.contract.ends
    assumed, manager = len(numbers) == 1, turn.work.concierge(turn.actor.account or 0) is not None
    period = (_year_after(day) - day).days if assumed else int(numbers[1])
    if ends is None:
        return More(added, period, None, None, assumed, manager)
    found = extension(provider, mine.contract.licences, (ends - day).days + 1, added, period)
    longer = ends + timedelta(days=found.days) if isinstance(found, Estimate) else None
    return More(added, period, found, longer, assumed, manager)


def _year_after(day: date) -> date:
    return day.replace(year=day.year + 1) if (day.month, day.day) != (2, 29) else date(day.year + 1, 3, 1)


def last_provider(turn: Turn) -> Provider:
    """Of the contract in force; else of the account's latest, which is over."""
    contracts = turn.work.contracts(turn.actor.account) if turn.actor.account else []
    mine = entitlement(turn)
    if mine is not None or not contracts:
        return mine.plan.provider if mine else turn.provider
    return turn.catalogues.plan(max(contracts, key=lambda one: one.starts).plan).provider


def notice(turn: Turn, words: str) -> Standing:
    """``northwind 2026-01-19``: the day on which their written notice came in (W48)."""
    permit(turn.actor, Verb.NOTICE)
    name, day = _name_and(words, "notice northwind 2026-01-19")
    received = read_day(day, "notice northwind 2026-01-19")
    found = contract_of(turn, name)
    contract = found.mine.contract
    if received > found.day or received < contract.starts:
        raise Misunderstood(usage="notice northwind 2026-01-19")
    contract.noticed_on = received
    turn.work.add(contract)
    _done(turn, "notice", f"{found.account.slug} {received}")
    noted = standing(turn, found.account.id) or found  # noted too late, it is over by now
    _tell_speakers(turn, found, partial(text.noticed, noted))
    return noted


def terminate(turn: Turn, words: str) -> tuple[Standing, str]:
    """``northwind REASON``: the provider ends it, at any time (W30). Cases stay as they are, with all their clocks."""
    permit(turn.actor, Verb.TERMINATE)
    name, reason = _name_and(words, "terminate northwind REASON")
    found = contract_of(turn, name)
    contract = found.mine.contract
    contract.ended_by, contract.ended_at, contract.ended_reason = turn.actor.id, turn.now, reason
    turn.work.add(contract)
    _done(turn, "terminate", f"{found.account.slug}: {reason}"[:200])
    found = replace(found, last_day=term(contract, found.mine.plan.provider).last_day)
    _tell_speakers(turn, found, partial(text.terminated, found, turn.actor, reason))
    return found, reason


def _done(turn: Turn, what: str, about: str) -> None:
    turn.work.audit(at=turn.now, person_id=turn.actor.id, what=what, about=about, outcome="done")


def _tell_speakers(turn: Turn, found: Standing, words: Words) -> None:
    for person in speakers(turn, found.mine.plan.provider, found.account.id):
        turn.tell(person, words)


def speakers(turn: Turn, provider: Provider, account: int) -> list[Person]:
    """Who may agree to what costs the company (W27, T10)."""
    return list(who_may_ask(turn, provider, account))


def _name_and(words: str, usage: str) -> tuple[str, str]:
    name, _, rest = words.strip().partition(" ")
    if not rest.strip():
        raise Misunderstood(usage=usage)
    return name, rest.strip()


def read_day(written: str, usage: str) -> date:
    try:
        return date.fromisoformat(written.strip())
    except ValueError:
        raise Misunderstood(usage=usage) from None
