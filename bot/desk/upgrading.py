"""Another plan or more seats, as a case: proposed, accepted by who may, applied by a lead from a day on."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from bot import text
from bot.desk.contracts import named_account, read_day, speakers
from bot.desk.doors import CaseRef, find, record
from bot.desk.eligibility import today
from bot.desk.entitlements import Entitlement, Offer, entitlement, measured, plan_called, short
from bot.desk.opening import open_case, open_for
from bot.desk.prioritising import record_breach
from bot.desk.promising import retarget, sooner
from bot.desk.views import CaseView, view
from bot.turn import Now, Turn, Words, as_actor
from rules.agreements import State, What
from rules.catalogue import Catalogues, Plan
from rules.contracts import check_contract, whole_months
from rules.lifecycle import Verb, permit
from rules.people import CLOCK
from rules.pricing import Price, Refused, price
from rules.refusals import (
    AgainstTerms,
    BadDay,
    CaseMoved,
    NoChange,
    NoContract,
    NoSuchChoice,
    NotAccepted,
    NotTheirWord,
    Unassigned,
)
from store.tables import Account, Case, Contract, ContractChange, Person
from store.work import Work

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
    case = open_for(turn, person, f"{plan.name}: {account.name}", place, "")
    return _propose(turn, case, mine, plan, change)


def wish(turn: Turn, words: str) -> CaseView | None:
    """The customer's own: a case, with the quote where their words name a plan. None: they named none at all."""
    permit(turn.actor, Verb.WISH)
    mine = _mine(turn, turn.work.account(turn.actor.account or 0))
    provider = mine.plan.provider
    if not words.strip():
        return None
    named = next((word for word in words.replace(",", " ").split() if plan_called(provider, word.strip(".!?"))), None)
    wanted = named.strip(".!?") if named else None
    count = " ".join(word for word in words.split() if word.lstrip("+").isdecimal())
    quoted = _wanted(turn, turn.work.account(turn.actor.account or 0), f"{wanted} {count}") if wanted else None
    case = open_case(turn, words if not quoted else f"{quoted[1].name}: {words}", person=True)
    case.incomplete = False
    if quoted is None:
        turn.work.add(case)
        return view(turn, case)
    return _propose(turn, case, *quoted)


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
        raise NoChange(case=case.id)
    change = before or ContractChange(
        case_id=case.id, account_id=case.account_id, plan=plan.id, licences=0, at=turn.now
    )
    change.number = before.number + 1 if before else 1
    change.plan, change.licences, change.licence_total, change.at = plan.id, offer.users, offer.total, turn.now
    change.accepted_by = change.accepted_at = change.declined_at = None
    turn.work.add(change)
    assert isinstance(offer.price, Price), "what cannot be priced is refused before"
    terms = f"{plan.id} {offer.users} {offer.price.total} per {offer.price.per}"
    turn.work.supersede(case.id, What.UPGRADE, State.OFFERED)
    turn.work.propose(case.id, What.UPGRADE, change.number, terms, turn.actor.id, turn.now)
    record(turn, case, Verb.UPGRADE, f"upgrade-{change.number}", quiet=True)
    seen = view(turn, case)
    told = partial(text.change_proposed, seen, change, offer, mine.plan, turn.actor)
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
    turn.work.answer_proposal(case.id, What.UPGRADE, state, turn.actor.id, turn.now)
    return record(turn, case, verb, f"upgrade-{change.number}")


def apply_upgrade(turn: Turn, ref: CaseRef, words: str) -> tuple[CaseView, Plan, date]:
    """``from 2026-02-01``: what was accepted is the contract from that day on; the one before ends on its eve."""
    case = find(turn, Verb.APPLY, ref)
    change = turn.work.change_on(case.id)
    if change is None or change.applied_at is not None:
        raise NoChange(case=case.id)
    if change.accepted_at is None:
        raise NotAccepted(case=case.id)
    turn.work.hold_account(case.account_id)
    account, plan = turn.work.account(case.account_id), turn.catalogues.plan(change.plan)
    mine = _mine(turn, account)
    day = read_day(words.lower().removeprefix("from"), FROM)
    if day < today(plan.provider, turn.now) or day <= mine.contract.starts:
        raise BadDay(case=case.id)
    new = _contract(mine.contract, change, day)
    _check(turn, account, plan, Entitlement(new, plan, mine.concierge, mine.coach), mine.contract.starts)
    mine.contract.ends = day - timedelta(days=1)
    turn.work.add(mine.contract)
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
    record(turn, case, Verb.APPLY, str(day), quiet=True)
    seen = view(turn, case)
    told = partial(text.change_applied, seen, plan, day, turn.actor)
    _tell_customer(turn, seen, speakers(turn, plan.provider, account.id), told)
    if day <= today(plan.provider, turn.now):
        _carry(turn, change)
    return seen, plan, day


def _contract(old: Contract, change: ContractChange, day: date) -> Contract:
    """All else stays as it was agreed."""
    kept = old.model_dump(exclude={"id", "plan", "starts", "licences", "licence_total", "noticed_on"})
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


def carry_out(work: Work, now: Now, catalogues: Catalogues, limit: int) -> int:
    """Upgrades whose day has come, for the cases that are open on it; how many."""
    due = work.changes_to_carry(now.business.date(), limit)
    done = 0
    for change in due:
        turn = Turn(work, catalogues, CLOCK, now, now.business)
        if change.starts is not None and change.starts <= today(catalogues.plan(change.plan).provider, now.business):
            _carry(turn, change)
            done += 1
    return done


def _carry(turn: Turn, change: ContractChange) -> None:
    """An open case is answered sooner where the new contract says so; never later (R7)."""
    change.carried_at = turn.now
    turn.work.add(change)
    plan = turn.catalogues.plan(change.plan)
    by_clock = replace(turn, actor=CLOCK)
    for number in turn.work.unanswered(change.account_id):
        case = turn.work.case(number, change.account_id)
        minutes = sooner(case, plan) if case else None
        if case is None or minutes is None:
            continue
        breach, case.promised_by = retarget(turn, case, minutes), plan.id
        record(by_clock, case, Verb.SOONER, plan.id)
        if breach:
            record_breach(turn, case, breach)
