"""Another plan or more seats, as a case: proposed, accepted by who may, applied by a lead from a day on."""

import logging
import re
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from bot import text
from bot.desk.contracts import more_licences, named_account, price_of, read_day, speakers
from bot.desk.doors import CaseRef, find, record
from bot.desk.eligibility import today
from bot.desk.entitlements import Entitlement, Offer, entitlement, in_force, measured, plan_called, short
from bot.desk.opening import offer_to, open_case
from bot.desk.prioritising import record_breach
from bot.desk.promising import retarget, sooner
from bot.desk.views import CaseView, view
from bot.turn import Now, Turn, Words, as_actor
from rules.agreements import State, What
from rules.catalogue import Catalogues, Plan, Provider
from rules.contracts import check_contract, whole_months
from rules.lifecycle import Status, Verb, permit
from rules.people import CLOCK
from rules.pricing import Price, Refused, price
from rules.refusals import (
    AgainstTerms,
    Applied,
    BadDay,
    CaseMoved,
    Follows,
    NoChange,
    NoContract,
    NoSuchChoice,
    NotAccepted,
    NotTheirWord,
    Unassigned,
)
from store.tables import Account, Case, Contract, ContractChange, Person
from store.work import Work

log = logging.getLogger(__name__)
AT_ONCE = 50  # cases
LATER = timedelta(hours=1)
USAGE = "upgrade northwind winning 25"
FROM = "upgrade 1042 from 2026-02-01"


def upgrade(turn: Turn, ref: CaseRef | None, words: str) -> CaseView:
    """``northwind winning 25`` opens a case with the quote; on a case, ``winning 25`` quotes anew."""
    permit(turn.actor, Verb.UPGRADE)
    first, _, rest = words.strip().partition(" ")
    if ref is not None and not turn.work.accounts_called(first):
        case = find(turn, Verb.UPGRADE, ref)
        return _propose(turn, case, *_wanted(turn, turn.work.account(case.account_id), words))
    account = named_account(turn, first)
    mine, plan, change = _wanted(turn, account, rest)
    person = next(iter(speakers(turn, plan.provider, account.id) or turn.work.contacts(account.id)), None)
    if person is None:
        raise NotTheirWord(names="", clauses=plan.provider.contacts.clauses)
    place = person.conversation_id or turn.work.conversation("email", "", person.email or "").id
    about = text.change_of_contract(plan, change.users, as_actor(person, "UTC").language)
    case = offer_to(turn, person, about, place)
    return _propose(turn, case, mine, plan, change)


def wish(turn: Turn, words: str) -> CaseView | None:
    """The customer's own: a case with the quote. None, and nothing is opened: their words name no plan."""
    permit(turn.actor, Verb.WISH)
    account = turn.work.account(turn.actor.account or 0)
    provider = _mine(turn, account).plan.provider
    named = _named_in(provider, words)
    if named is None:
        return None
    plan, rest = named
    counts = [word for word in rest.split() if _COUNT.fullmatch(word)]
    mine, plan, offer = _wanted(turn, account, " ".join((short(plan), *counts)))
    wordless = set(rest.casefold().split()) <= {*counts, *_BESIDE}
    about = text.change_of_contract(plan, offer.users, turn.actor.language)
    case = open_case(turn, "" if wordless else words, person=True, about=about)
    case.incomplete = False
    return _propose(turn, case, mine, plan, offer)


def ask_for_licences(turn: Turn, words: str) -> Case:
    """``+2 365``, as it was estimated: a case for whoever looks after the account, and nobody is asked about it."""
    more = more_licences(turn, words)
    case = open_case(turn, "", person=True, about=text.wanted_licences(more, turn.actor.language))
    case.incomplete = False
    turn.work.add(case)
    return case


_BESIDE = ("to", "with", "for", "plan", "please", "users", "seats", "licences", "licenses")
"""Words of a line that say nothing more."""
_COUNT = re.compile(r"[+$]?[\d,]*\d(\.\d\d)?")


def _named_in(provider: Provider, words: str) -> tuple[Plan, str] | None:
    """The plan that is named last ("from Base to Winning"), and all of the words but its name."""
    called = [(name, plan) for plan in provider.plans.values() for name in (plan.name, short(plan))]
    found = [
        (at.end(), at.end() - at.start(), at.start(), plan)
        for name, plan in called
        for at in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", words, re.I)
    ]
    if not found:
        return None
    end, _, start, plan = max(found, key=lambda each: each[:2])
    return plan, f"{words[:start]} {words[end:]}".strip(" .,!?")


def _mine(turn: Turn, account: Account) -> Entitlement:
    mine = entitlement(turn, account.id)
    if mine is None:
        raise NoContract(account=account.name)
    return mine


def _wanted(turn: Turn, account: Account, words: str) -> tuple[Entitlement, Plan, Offer]:
    """Plan, seats and price, by the catalogue; refused where its terms would not have it (T9)."""
    mine = _mine(turn, account)
    provider, asked = mine.plan.provider, measured(words)
    plan = plan_called(provider, asked.names) if asked.names else mine.plan
    if plan is None:
        raise NoSuchChoice(given=asked.names, choices=", ".join(map(short, provider.plans.values())))
    contract, seats = mine.contract, asked.seats(mine.contract.licences)
    same = contract.licence_total if seats == contract.licences else None
    total = asked.total or same
    of_total = contract.licence_total is not None
    cost = price(plan, licence_total=total, licences=seats) if of_total else price(plan, seats)
    if isinstance(cost, Refused):
        raise AgainstTerms(plan=plan, seats=seats, reasons=(cost,))
    return mine, plan, Offer(plan, cost, seats, current=False, total=total)


def _propose(turn: Turn, case: Case, mine: Entitlement, plan: Plan, offer: Offer) -> CaseView:
    before = turn.work.change_on(case.id)
    if before is not None and before.applied_at is not None:
        raise Applied(case=case.id, day=before.starts)
    change = before or ContractChange(
        case_id=case.id, account_id=case.account_id, plan=plan.id, licences=0, at=turn.now
    )
    change.number = before.number + 1 if before else 1
    change.plan, change.licences, change.licence_total, change.at = plan.id, offer.users, offer.total, turn.now
    change.accepted_by = change.accepted_at = change.declined_at = None
    turn.work.add(change)
    if case.covered_by is None:
        case.kind = case.coverage = None  # it is about the contract now
    assert isinstance(offer.price, Price), "what cannot be priced is refused before"
    terms = f"{plan.id} {offer.users} {offer.price.total} per {offer.price.per}"
    turn.work.supersede(case.id, What.UPGRADE, State.OFFERED)
    turn.work.propose(case.id, What.UPGRADE, change.number, terms, turn.actor.id, turn.now)
    verb = Verb.UPGRADE if turn.actor.staff else Verb.WISH
    record(turn, case, verb, f"upgrade-{change.number}", quiet=True)
    seen = view(turn, case)
    was = Offer(
        mine.plan, price_of(mine.plan, mine.contract), mine.contract.licences, current=True, contract=mine.contract
    )
    told = partial(text.change_proposed, seen, change, offer, was, turn.actor)
    _tell_customer(turn, seen, speakers(turn, plan.provider, case.account_id), told)
    return seen


def _tell_customer(turn: Turn, seen: CaseView, also: list[Person], words: Words) -> None:
    """Where the case lives, and whoever may answer it where they are."""
    opener = as_actor(seen.opener, seen.zone)
    turn.owe(seen.case.conversation_id, words(opener), seen.case.id, thread=seen.case.thread)
    for person in also:
        if person.id != seen.opener.id:
            turn.tell(person, words, seen.case.id)


def accept_upgrade(turn: Turn, ref: CaseRef, words: str = "") -> Case:
    """``upgrade-2``: only what they saw, and only by who may speak for the company (W27, T10)."""
    case, change = _answering(turn, Verb.ACCEPT_UPGRADE, ref, words)
    change.accepted_by, change.accepted_at = turn.actor.id, turn.now
    return _answered(turn, case, change, Verb.ACCEPT_UPGRADE, State.AGREED)


def decline_upgrade(turn: Turn, ref: CaseRef, words: str = "") -> Case:
    case, change = _answering(turn, Verb.DECLINE_UPGRADE, ref, words)
    change.declined_at = turn.now
    return _answered(turn, case, change, Verb.DECLINE_UPGRADE, State.DECLINED)


def _answering(turn: Turn, verb: Verb, ref: CaseRef, words: str) -> tuple[Case, ContractChange]:
    case = find(turn, verb, ref)
    change = turn.work.change_on(case.id)
    seen = words.partition(" ")[0].lower()
    if change is None:
        raise NoChange(case=case.id)
    if case.id != ref.number or not change.waits:
        raise CaseMoved(case=case.id)
    if seen not in ("", "upgrade", f"upgrade-{change.number}"):
        raise CaseMoved(case=case.id)
    provider = turn.catalogues.plan(change.plan).provider
    may = speakers(turn, provider, case.account_id)
    if turn.actor.id not in {person.id for person in may}:
        names = ", ".join(person.name for person in may)
        raise NotTheirWord(case=case.id, names=names, clauses=provider.contacts.clauses)
    return case, change


def _answered(turn: Turn, case: Case, change: ContractChange, verb: Verb, state: State) -> Case:
    turn.work.add(change)
    if state is State.DECLINED or not _of_customer(turn, case, change):
        turn.work.answer_proposal(case.id, What.UPGRADE, state, turn.actor.id, turn.now)
    return record(turn, case, verb, f"upgrade-{change.number}")


def _of_customer(turn: Turn, case: Case, change: ContractChange) -> bool:
    """Whether it is their own wish, to be agreed by the desk that applies it; the word of who may speak is its own."""
    last = turn.work.last_proposal(case.id, What.UPGRADE)
    if last is None or turn.work.person(last.proposed_by).account_id is None:
        return False
    if last.proposed_by != turn.actor.id:
        change.number += 1
        turn.work.supersede(case.id, What.UPGRADE, State.OFFERED)
        turn.work.propose(case.id, What.UPGRADE, change.number, last.terms, turn.actor.id, turn.now)
    return True


def apply_upgrade(turn: Turn, ref: CaseRef, words: str) -> tuple[CaseView, Plan, date]:
    """``from 2026-02-01``: what was accepted is the contract from that day on; the one before ends on its eve."""
    case = find(turn, Verb.APPLY, ref)
    change = turn.work.change_on(case.id)
    if change is None:
        raise NoChange(case=case.id)
    if change.applied_at is not None:
        raise Applied(case=case.id, day=change.starts)
    if change.accepted_at is None:
        raise NotAccepted(case=case.id)
    turn.work.hold_account(case.account_id)
    account, plan = turn.work.account(case.account_id), turn.catalogues.plan(change.plan)
    mine = _mine(turn, account)
    day = read_day(words.lower().removeprefix("from"), FROM)
    if day < today(plan.provider, turn.now):
        raise BadDay(case=case.id)
    old = _until(turn, case, plan.provider, day)
    new = _contract(old, change, day)
    _check(turn, account, plan, Entitlement(new, plan, mine.concierge, mine.coach), old.starts)
    old.ends = day - timedelta(days=1)
    turn.work.add(old)
    turn.work.add(new)
    change.starts, change.applied_by, change.applied_at = day, turn.actor.id, turn.now
    turn.work.add(change)
    turn.work.audit(
        at=turn.now,
        person_id=turn.actor.id,
        what="upgrade",
        about=f"{account.slug} {plan.id} {day}"[:200],
        outcome="done",
    )
    turn.work.answer_proposal(case.id, What.UPGRADE, State.AGREED, turn.actor.id, turn.now)
    record(turn, case, Verb.APPLY, str(day), quiet=True)
    if case.status is not Status.AWAITING:
        case.resolutions += 1
        record(turn, case, Verb.RESOLVE, quiet=True)
    seen = view(turn, case)
    told = partial(text.change_applied, seen, plan, day, turn.actor)
    _tell_customer(turn, seen, speakers(turn, plan.provider, account.id), told)
    return seen, plan, day


def _until(turn: Turn, case: Case, provider: Provider, day: date) -> Contract:
    """The contract that would go on from its eve into that day. Raises Follows where another one begins then or later:
    two of one account never overlap, whichever of two changes is applied first."""
    every = [(one, turn.catalogues.plan(one.plan)) for one in turn.work.contracts(case.account_id)]
    ours = [(one, plan) for one, plan in every if plan.provider.id == provider.id]
    later = [(one, plan) for one, plan in ours if one.starts >= day]
    if later:
        first, plan = min(later, key=lambda each: each[0].starts)
        raise Follows(plan=plan.name, day=first.starts)
    eve = day - timedelta(days=1)
    goes_on = (one for one, plan in ours if in_force(one, plan.provider, eve) and in_force(one, plan.provider, day))
    old = next(goes_on, None)
    if old is None:
        raise BadDay(case=case.id)
    return old


def _contract(old: Contract, change: ContractChange, day: date) -> Contract:
    """All else stays as it was agreed, and a notice that was given counts on."""
    kept = old.model_dump(exclude={"id", "plan", "starts", "licences", "licence_total"})
    total = change.licence_total
    return Contract(**kept, plan=change.plan, starts=day, licences=change.licences, licence_total=total)


def _check(turn: Turn, account: Account, plan: Plan, wanted: Entitlement, since: date) -> None:
    """What the terms ask of whoever buys (T9, T14), and the people whom the plan promises by name (W13, W17)."""
    contract = wanted.contract
    months = whole_months(since, contract.ends) if contract.ends else None
    covered = contract.products or None
    owned = contract.owned or covered
    found = check_contract(plan, licences=contract.licences, months=months, owned=owned, covered=covered)
    if found.reasons:
        raise AgainstTerms(plan=plan, seats=contract.licences, reasons=found.reasons)
    for role, clauses, person in (("concierge", plan.concierge, wanted.concierge), ("coach", plan.coach, wanted.coach)):
        if clauses and person is None:
            raise Unassigned(role=role, plan=plan.name, account=account.name, clauses=clauses)


def due(work: Work, now: Now, catalogues: Catalogues, limit: int) -> list[int]:
    """Upgrades whose day has come by their provider's calendar, with cases to look at."""
    found = work.changes_due(now.business.date() + timedelta(days=1), now.machine, limit)
    return [change.id for change in found if change.starts and change.starts <= _today(change, now, catalogues)]


def _today(change: ContractChange, now: Now, catalogues: Catalogues) -> date:
    plan = catalogues.plans.get(change.plan)
    return today(plan.provider, now.business) if plan else now.business.date()


def carry_out(work: Work, number: int, now: Now, catalogues: Catalogues) -> None:
    """For the cases that are open on its first day, some at a time. One that cannot be read holds up nobody."""
    change = work.change_to_carry(number)
    if change is None:
        return
    try:
        with work.attempt():
            _carry(Turn(work, catalogues, CLOCK, now, now.business), change)
    except Exception:
        log.exception("cannot carry out change %s of a contract", number)
        change.carry_at = now.machine + LATER
        work.add(change)


def _carry(turn: Turn, change: ContractChange) -> None:
    """An open case is answered sooner where the new contract says so; never later (R7)."""
    plan = turn.catalogues.plan(change.plan)
    by_clock = replace(turn, actor=CLOCK)
    numbers = turn.work.unanswered(change.account_id, change.carried_to, AT_ONCE)
    change.carried_to, change.carried_at = max(numbers, default=0), None if len(numbers) == AT_ONCE else turn.now
    turn.work.add(change)
    for number in numbers:
        case = turn.work.case(number, change.account_id)
        minutes = sooner(case, plan) if case else None
        if case is None or minutes is None:
            continue
        breach, case.promised_by = retarget(turn, case, minutes), plan.id
        past = case.due_at is not None and case.due_at <= turn.now
        record(by_clock, case, Verb.SOONER, plan.id, quiet=past)
        if past:  # a time that is over is promised to nobody: the customer hears that the desk knows, and the desk once
            _say_overtaken(turn, case)
        if breach:
            record_breach(turn, case, breach, by_contract=True)


def _say_overtaken(turn: Turn, case: Case) -> None:
    seen = view(turn, case)
    _tell_customer(turn, seen, [], partial(text.overtaken, seen))
