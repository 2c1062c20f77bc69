"""Another plan, or more seats: what is proposed, what it costs, and that it holds."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bot.messages import Count, Day, Message, Money, Printed
from bot.text.contracts import money
from bot.text.values import clauses, named, number
from bot.wording import Choice, Row, Sentence, Table, message, say
from rules.lifecycle import Verb, may
from rules.people import Actor
from rules.pricing import Price

if TYPE_CHECKING:
    from bot.desk.entitlements import Offer
    from bot.desk.views import CaseView
    from rules.catalogue import Plan, Provider
    from store.tables import ContractChange


def change_proposed(
    view: "CaseView", change: "ContractChange", offer: "Offer", old: "Plan", by: Actor, reader: Actor
) -> Message:
    """With buttons for whoever may speak for the company; it counts once one of them accepts."""
    assert isinstance(offer.price, Price), "what cannot be priced is refused before"
    plan, provider = offer.plan, offer.plan.provider
    head = say("{who} proposes a change of your contract, on case {case}.", who=named(by), case=number(view))
    cost = say("{cost} ({clauses})", cost=money(plan, offer.price), clauses=clauses(offer.price.clauses))
    table = Table(
        (
            ("Plan", say("{new}, now {old}", new=Printed(plan.name), old=Printed(old.name))),
            ("Licences", Count(offer.users)),
            ("Price", cost),
        )
    )
    latest = provider.contracts.latest_versions
    needs = (
        say("Your products must be at their latest version ({clauses}).", clauses=clauses(latest)) if latest else None
    )
    told = "It counts once somebody who speaks for your company accepts it ({clauses}); the desk then says from when."
    counts = say(told, clauses=clauses(provider.contacts.clauses))
    line = f"{view.case.id} upgrade-{change.number}"
    answer = (Choice(say("Accept"), f"accept {line}", "primary"), Choice(say("Decline"), f"decline {line}"))
    return message(reader, head, table, needs, counts, answer if may(reader, Verb.ACCEPT_UPGRADE) else None)


def change_applied(view: "CaseView", plan: "Plan", day: date, by: Actor, reader: Actor) -> Message:
    about: dict[str, Any] = {"who": named(by), "day": Day(day), "plan": Printed(plan.name), "case": number(view)}
    told = Sentence("From {day} your plan is {plan}, as agreed on case {case}. {who} has entered it.", about)
    return message(reader, told, (Choice(say("My plan"), "plan"),))


def upgrade_proposed(view: "CaseView", reader: Actor) -> Message:
    """To whoever proposed it."""
    said = say("Done. Case {case} has the quote; it waits for the customer's word.", case=number(view))
    return message(reader, said)


def upgrade_wished(view: "CaseView", reader: Actor) -> Message:
    return message(reader, say("Your wish is case {case}.", case=number(view)))


def which_plan(provider: "Provider", reader: Actor) -> Message:
    """Nobody has named one: each is one press away."""
    rows = tuple(
        Row(say("{plan}", plan=Printed(plan.name)), Choice(say("Ask for it"), f"upgrade {plan.id.partition('/')[2]}"))
        for plan in provider.plans.values()
    )
    return message(reader, say("Which plan would you like?"), rows, (Choice(say("Compare plans"), "price"),))


def upgrade_applied(view: "CaseView", plan: "Plan", day: date, reader: Actor) -> Message:
    """To the lead."""
    about: dict[str, Any] = {"day": Day(day), "plan": Printed(plan.name), "case": number(view)}
    return message(reader, Sentence("Done. From {day} the plan is {plan}, as agreed on case {case}.", about))


def terms(provider: "Provider", written: str) -> Sentence:
    """As an agreement keeps them: plan, licences, price and its measure."""
    plan, seats, cost, *_ = written.split()
    symbol = provider.currency.symbol if provider.currency else ""
    about: dict[str, Any] = {"seats": Count(int(seats)), "cost": Money(Decimal(cost), symbol)}
    about["plan"] = Printed(provider.plans[plan].name if plan in provider.plans else plan)
    return Sentence("{plan} for {seats} licences, {cost}", about)
