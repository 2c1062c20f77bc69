"""Another plan, or more seats: what is proposed, what it costs, and that it holds."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bot.messages import Count, Day, Message, Money, Printed
from bot.text.contracts import money
from bot.text.values import cited, clauses, named, number
from bot.wording import Choice, Part, Row, Sentence, Table, label, message, say, several
from rules.lifecycle import Status, Verb, may
from rules.people import Actor
from rules.pricing import Price

if TYPE_CHECKING:
    from bot.desk.entitlements import Offer
    from bot.desk.views import CaseView
    from rules.catalogue import Plan, Provider
    from store.tables import ContractChange


def change_proposed(
    view: "CaseView", change: "ContractChange", offer: "Offer", was: "Offer", by: Actor, reader: Actor
) -> Message:
    """With buttons for whoever may speak for the company; it counts once one of them accepts."""
    assert isinstance(offer.price, Price), "what cannot be priced is refused before"
    provider = offer.plan.provider
    desks = "{who} proposes a change of your contract, on case {case}."
    theirs = "{who} asks for a change of your contract, on case {case}."
    head = say(desks if by.staff else theirs, who=named(by), case=number(view))
    table = Table(tuple(_differences(offer, was)))
    latest = provider.contracts.latest_versions
    needs = (
        say("Your products must be at their latest version ({clauses}).", clauses=clauses(latest)) if latest else None
    )
    told = "It counts once somebody who speaks for your company accepts it ({clauses}); the desk then says from when."
    counts = say(told, clauses=clauses(provider.contacts.clauses))
    answer = _answers(view.case.id, change.number) if may(reader, Verb.ACCEPT_UPGRADE) else None
    return message(reader, head, table, needs, counts, answer)


def _answers(case: int, number: int) -> tuple[Choice, ...]:
    line = f"{case} upgrade-{number}"
    return (Choice(say("Accept"), f"accept {line}", "primary"), Choice(say("Decline"), f"decline {line}"))


def _differences(offer: "Offer", was: "Offer") -> Iterator[tuple[str, Any]]:
    """What is new, beside what holds now."""
    new, as_now = "{new}, now {old}", "{plan}, as now"
    plans = {"new": Printed(offer.plan.name), "old": Printed(was.plan.name)}
    same = offer.plan.id == was.plan.id
    yield "Plan", say(as_now, plan=Printed(offer.plan.name)) if same else Sentence(new, plans)
    yield "Licences", say(new, new=Count(offer.users), old=Count(was.users))
    yield "Price", say(new, new=_cited(offer), old=_cited(was))


def _cited(offer: "Offer") -> Sentence:
    ids = offer.price.clauses
    return say("{cost} ({clauses})", cost=_cost(offer), clauses=clauses(ids)) if ids else _cost(offer)


def _cost(offer: "Offer") -> Sentence:
    """What no catalogue can price has its price in an agreement that is not here."""
    if not isinstance(offer.price, Price):
        return say("a price that is not published")
    return money(offer.plan, offer.price, offer.contract)


def change_of_contract(plan: "Plan", seats: int, language: str) -> str:
    """What a case about it is called: our words, so nobody is quoted with them."""
    one, many = "Change of the contract: {plan}, {n} licence", "Change of the contract: {plan}, {n} licences"
    return label(several(one, many, seats, plan=Printed(plan.name)), language)


# On its case --------------------------------------------------------------------------------------------------------


def rows(view: "CaseView") -> Iterator[tuple[str, Any]]:
    """Of its card: what would change, and how that stands."""
    found = view.change
    if found is None:
        return
    change = found.change
    if change.starts is not None and change.applied_at is not None:
        holds: dict[str, Any] = {"terms": _offered(found.then), "day": Day(change.starts)}
        yield "Contract", Sentence("{terms}, from {day}", holds)
        return
    if found.now is not None:
        yield "Contract now", _offered(found.now)
    yield "Proposed", _offered(found.then)
    state = "waiting for the customer's answer" if change.waits else "accepted" if change.accepted_at else "declined"
    yield "Answer", say(state)


def _offered(offer: "Offer") -> Sentence:
    return _of_terms(offer.plan.name, offer.users, _cost(offer))


def answers(view: "CaseView", reader: Actor) -> tuple[Choice, ...]:
    """For whoever's word it waits for."""
    found = view.change
    if found is None or not found.change.waits or reader.id not in found.answered_by or view.case.over_at:
        return ()
    return _answers(view.case.id, found.change.number)


def upgrade_answered(view: "CaseView", written: str, reader: Actor, *, accepted: bool) -> Message:
    """To whoever answered; ``written`` as the agreement keeps its terms."""
    about: dict[str, Any] = {"case": number(view), "terms": terms(view.provider, written)}
    if accepted:
        return message(reader, Sentence("Agreed, for case {case}: {terms}. The desk says from when it holds.", about))
    return message(reader, Sentence("Declined, for case {case}: {terms}. Your contract stays as it is.", about))


def change_applied(view: "CaseView", plan: "Plan", day: date, by: Actor, reader: Actor) -> Message:
    about: dict[str, Any] = {"who": named(by), "day": Day(day), "plan": Printed(plan.name), "case": number(view)}
    told = Sentence("From {day} your plan is {plan}, as agreed on case {case}. {who} has entered it.", about)
    return message(reader, told, *_closing(view, reader), (Choice(say("My plan"), "plan"),))


def _closing(view: "CaseView", reader: Actor) -> tuple[Part, ...]:
    """There is nothing else to do on it: only the customer's own word closes it (W59)."""
    case = view.case
    if case.status is not Status.AWAITING or not may(reader, Verb.CONFIRM):
        return ()
    asked = "Is it solved for you? It closes only when you say so{clause}."
    line = f"{case.id} r{case.resolutions}"
    yes = Choice(say("Yes, close it"), f"confirm {line}", "primary")
    return say(asked, clause=cited(view, "closing_rule")), (yes, Choice(say("No, not solved"), f"not-solved {line}"))


def upgrade_proposed(view: "CaseView", reader: Actor) -> Message:
    """To whoever proposed it."""
    said = say("Done. Case {case} has the quote; it waits for the customer's word.", case=number(view))
    return message(reader, said)


def upgrade_wished(view: "CaseView", reader: Actor) -> Message:
    return message(reader, say("Your wish is case {case}.", case=number(view)))


def which_plan(provider: "Provider", words: str, reader: Actor) -> Message:
    """Nobody has named one: each is one press away, and so is a person for whatever else they meant."""
    rows = tuple(
        Row(say("{plan}", plan=Printed(plan.name)), Choice(say("Ask for it"), f"upgrade {plan.id.partition('/')[2]}"))
        for plan in provider.plans.values()
    )
    person = (Choice(say("Not that: ask a person"), f"ask-person {words}"),) if words.strip() else ()
    return message(reader, say("Which plan would you like?"), rows, (Choice(say("Compare plans"), "price"), *person))


def upgrade_applied(view: "CaseView", plan: "Plan", day: date, reader: Actor) -> Message:
    """To the lead."""
    about: dict[str, Any] = {"day": Day(day), "plan": Printed(plan.name), "case": number(view)}
    asked = say("The customer is asked to close the case.")
    return message(reader, Sentence("Done. From {day} the plan is {plan}, as agreed on case {case}.", about), asked)


def terms(provider: "Provider", written: str) -> Sentence:
    """As an agreement keeps them: plan, licences, price and its measure."""
    plan, seats, cost, *_ = written.split()
    symbol = provider.currency.symbol if provider.currency else ""
    name = provider.plans[plan].name if plan in provider.plans else plan
    monthly = written.endswith("per month")
    total = Sentence("{cost} a month" if monthly else "{cost}", {"cost": Money(Decimal(cost), symbol)})
    return _of_terms(name, int(seats), total)


def _of_terms(plan: str, seats: int, cost: Sentence) -> Sentence:
    one, many = "{plan} for {n} licence, {cost}", "{plan} for {n} licences, {cost}"
    return several(one, many, seats, plan=Printed(plan), cost=cost)
