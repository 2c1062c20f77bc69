"""Plans, prices, facts and notice: each with its clause, and "not published" where the page is silent."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.messages import Count, Duration, Link, Message, Moment, Money, Percent, Printed, Quote, Quoted
from bot.messages import Person as Named
from bot.text.values import ROLES, clause, clauses, hours, moment, number, reach
from bot.wording import Choice, Row, Sentence, Table, label, message, say, several
from rules import sla
from rules.catalogue import Fact, NotPublished, OfLicences, PerUser
from rules.people import Actor
from rules.pricing import Price, Why

if TYPE_CHECKING:
    from bot.desk.entitlements import Entitlement, Offer
    from bot.desk.views import CaseView
    from rules.catalogue import Plan, Provider
    from store.tables import Account, Person


def entitlement(mine: "Entitlement | None", provider: "Provider", reader: Actor) -> Message:
    """A customer's plan: price, times, people, what it includes and what it does not, clause by clause."""
    if mine is None:
        return message(reader, say("I found no contract in force today. These are the plans:"), *_plans(provider))
    plan = mine.plan
    rows: list[tuple[str, Any]] = [
        ("Price", _price_of(plan)),
        ("Expected response", _target(plan)),
        ("Concierge", _who(mine.concierge, plan.concierge)),
        ("Coach", _who(mine.coach, plan.coach)),
        ("Licences", Count(mine.contract.licences)),
    ]
    included = tuple(Row(clause(feature.says, feature.id)) for feature in plan.features)
    excluded = sorted({id for ruling in plan.exclusions.values() for id in ruling.clauses})
    not_included = tuple(Row(clause(provider.clauses[id].says, id)) for id in excluded)
    return message(
        reader,
        say("{company}: {plan}", style="heading", company=Printed(provider.name), plan=Printed(plan.name)),
        Table(tuple(rows)),
        say("Included", style="heading"),
        included,
        say("Not included, or on other terms", style="heading") if not_included else None,
        not_included,
        say("Every verdict about one request stays provisional until a person confirms it.", style="small"),
        (Choice(say("Compare plans"), "price"), Choice(say("Ending the contract"), "termination")),
    )


def _plans(provider: "Provider") -> tuple[Any, ...]:
    rows = tuple(Row(say("{plan}: {price}", plan=Printed(p.name), price=_price_of(p))) for p in provider.plans.values())
    return (rows, Sentence("The desk is also reached at {phone} and {email}.", reach(provider)))


def _who(person: "Person | None", promised: Sequence[str]) -> Sentence:
    if person is not None:
        return say("{who} ({clauses})", who=Named(person.name, ROLES[person.role]), clauses=clauses(tuple(promised)))
    if promised:
        return say("none named yet ({clauses})", clauses=clauses(tuple(promised)))
    return say("not part of this plan")


def _target(plan: "Plan") -> Sentence:
    target = plan.target()
    if target is None:
        return say("not published")
    return say("{time} ({clauses})", time=Duration(target.minutes, business=True), clauses=clauses(target.clauses))


def _price_of(plan: "Plan") -> Sentence:
    sign = plan.provider.currency.symbol if plan.provider.currency else ""
    match plan.price:
        case PerUser(first=first, additional=more, clauses=ids):
            text = "{first} a month for the first user, {more} for each further one ({clauses})"
            return say(text, first=Money(first, sign), more=Money(more, sign), clauses=clauses(ids))
        case OfLicences(percent=percent, clauses=ids):
            text = "{percent} of the licences' price by the price list of the signing day ({clauses})"
            return say(text, percent=Percent(int(percent)), clauses=clauses(ids))
    return say("not published")


def prices(offers: Sequence["Offer"], reader: Actor) -> Message:
    """What each plan would cost this customer; a plan that they can't have says why."""
    rows = tuple(Row(_offer(offer)) for offer in offers)
    one, many = "Prices for {n} user or licence", "Prices for {n} users or licences"
    head = several(one, many, offers[0].users, style="heading")
    compare = tuple(
        Row(say("{plan}: expected response {target}", plan=Printed(offer.plan.name), target=_target(offer.plan)))
        for offer in offers
    )
    return message(reader, head, rows, compare)


_REFUSED = {
    Why.NO_PRICE: "No price of {plan} is published.",
    Why.USERS: "Give the number of users: a whole number above zero.",
    Why.LICENCE_TOTAL: "Give what the licences cost in total.",
    Why.LICENCES: "Give the number of licences: a whole number above zero.",
    Why.TOO_FEW_LICENCES: "{plan} needs {least} licences or more; there are {licences}.",
}
"""The ways in which a price of one plan can be refused."""


def _offer(offer: "Offer") -> Sentence:
    name = Printed(offer.plan.name)
    mark = say(" (yours)") if offer.current else say("")
    if not isinstance(offer.price, Price):
        cited = clauses(offer.price.clauses)
        least = offer.plan.licences.count if offer.plan.licences else 1
        about: dict[str, Any] = {"plan": name, "least": Count(least), "licences": Count(offer.users)}
        why = Sentence(_REFUSED[offer.price.why], about)
        if not offer.price.clauses:
            return say("{plan}{mark}: {why}", plan=name, mark=mark, why=why)
        return say("{plan}{mark}: {why} ({clauses})", plan=name, mark=mark, why=why, clauses=cited)
    sign = offer.plan.provider.currency.symbol if offer.plan.provider.currency else ""
    per = say("a month") if offer.price.per == "month" else say("for the contract")
    cost, cited = Money(offer.price.total, sign), clauses(offer.price.clauses)
    return say("{plan}{mark}: {cost} {per} ({clauses})", plan=name, mark=mark, cost=cost, per=per, clauses=cited)


def fact(found: Fact | NotPublished, provider: "Provider", reader: Actor) -> Message:
    """What the page answers, or that it does not."""
    if isinstance(found, Fact):
        return message(reader, say("{said} ({clauses})", said=Printed(found.answer), clauses=clauses(found.clauses)))
    head = say("{provider} does not publish that.", provider=Printed(provider.name))
    near = say("Nearest to it: {clauses}", clauses=clauses(found.clauses)) if found.clauses else None
    return message(reader, head, near, (Choice(say("My plan"), "plan"), Choice(say("Compare plans"), "price")))


def termination(provider: "Provider", now: datetime, reader: Actor) -> Message:
    """How a contract ends: by mail, never in this chat (W48, W49)."""
    notice = provider.notice
    if notice is None:
        return message(reader, say("{provider} does not publish how a contract ends.", provider=Printed(provider.name)))
    hours_ = provider.hours
    after = now + timedelta(days=notice.days)
    earliest = Moment(after, hours_.zone, hours_.label) if hours_ else Moment(after)
    how = several(
        "Notice is {n} day, in writing, by mail to {email} ({clauses}). I can't take it here.",
        "Notice is {n} days, in writing, by mail to {email} ({clauses}). I can't take it here.",
        notice.days,
        email=Link(notice.to, f"mailto:{notice.to}"),
        clauses=clauses(notice.clauses),
    )
    end = say("Received now, it would end {day} at the earliest.", day=earliest)
    refund = say("Part months are not refunded ({clauses}).", clauses=clauses(notice.refund)) if notice.refund else None
    addressed = label(say("To: {email}", email=Quoted(notice.to)), reader.language)
    written = label(say("We give notice to end our support contract."), reader.language)
    draft = Quote(Named(provider.name, ""), f"{addressed}\n{written}")
    return message(reader, how, end, refund, say("A mail you could send:"), draft)


def why(view: "CaseView", reader: Actor) -> Message:
    """Why it is due then: the clock, window by window (R15)."""
    case, calendar = view.case, view.provider.calendar()
    if case.target_minutes is None or case.due_at is None or calendar is None:
        silent = say("{case} has no due time: no response time is published for its plan.", case=number(view))
        return message(reader, silent)
    target = view.plan.target() if view.plan else None
    head = say(
        "{case} is due {due}: {target} from when it was received ({clauses}).",
        case=number(view),
        due=moment(view, case.due_at),
        target=Duration(case.target_minutes, business=True),
        clauses=clauses(target.clauses if target else ()),
    )
    steps = tuple(Row(_stretch(view, each)) for each in sla.explain(calendar, case.received_at, case.target_minutes))
    received = say("Received {at}.", at=moment(view, case.received_at))
    return message(reader, head, received, steps, hours(view.provider.hours))


def _stretch(view: "CaseView", each: sla.Stretch) -> Sentence:
    return say(
        "{start} to {end}: {used} counted, {left} to go",
        start=moment(view, each.start),
        end=moment(view, each.end),
        used=Duration(each.used // 60),
        left=Duration(each.remaining // 60),
    )


def whois(person: "Person", account: "Account | None", reader: Actor) -> Message:
    rows: list[tuple[str, Any]] = [
        ("E-mail", Quoted(person.email) if person.email else say("none known")),
        ("Role", say(ROLES[person.role])),
    ]
    if account is not None:
        rows += [
            ("Company", Quoted(account.name)),
            ("Licensed", _yes(person.licensed)),
            ("Nominated", _yes(person.nominated)),
        ]
    return message(reader, say("{name}", style="heading", name=Quoted(person.name)), Table(tuple(rows)))


def _yes(whether: bool) -> Sentence:
    return say("yes") if whether else say("no")
