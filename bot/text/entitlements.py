"""Plans, prices, facts and notice: each with its clause, and "not published" where the page is silent."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from bot.messages import Count, Day, Duration, Message, Money, Percent, Printed, Quote, Quoted
from bot.messages import Person as Named
from bot.text.contracts import (
    against,
    ending,
    in_print,
    mailto,
    money,
    names_plan,
    new_versions,
    off_boarding,
    promised,
    remarks,
)
from bot.text.contracts import rows as contract_rows
from bot.text.values import ROLES, clause, clauses, reached_at, words_of
from bot.wording import Choice, Row, Sentence, Table, label, message, say, several
from rules.catalogue import Fact, NotPublished, OfLicences, PerUser
from rules.people import Actor
from rules.pricing import Price

if TYPE_CHECKING:
    from bot.desk.contracts import Standing
    from bot.desk.entitlements import Entitlement, Offer
    from rules.catalogue import Plan, Provider
    from store.tables import Account, Contract, Person


def entitlement(found: "Standing | None", provider: "Provider", reader: Actor) -> Message:
    """A customer's plan: price, times, people, what it includes and what it does not, clause by clause."""
    if found is None:
        return message(reader, say("I found no contract in force today. These are the plans:"), *plans(provider))
    mine = found.mine
    plan = mine.plan
    rows: list[tuple[str, Any]] = [
        ("Price", _price_of(plan)),
        ("Expected response", promised(mine.contract, provider) if mine.contract.response_minutes else _target(plan)),
        *_people(mine, provider),
        ("Licences", Count(mine.contract.licences)),
        *contract_rows(found, reader),
    ]
    included = tuple(Row(clause(feature.says, feature.id)) for feature in plan.features)
    excluded = sorted({id for ruling in plan.exclusions.values() for id in ruling.clauses})
    not_included = tuple(Row(clause(provider.clauses[id].says, id)) for id in excluded)
    of = say("{account}", style="heading", account=Quoted(found.account.name)) if reader.staff else None
    return message(
        reader,
        of,
        say("{company}: {plan}", style="heading", company=Printed(provider.name), plan=Printed(plan.name)),
        Table(tuple(rows)),
        *remarks(found, reader),
        say("Included", style="heading"),
        included,
        say("Not included, or on other terms", style="heading") if not_included else None,
        not_included,
        say("Every verdict about one request stays provisional until a person confirms it.", style="small"),
        (Choice(say("Compare plans"), "price"), Choice(say("Ending the contract"), "termination")),
    )


def plans(provider: "Provider") -> tuple[Any, ...]:
    """For whoever has no contract: what there is, what it costs, and how to begin (W5)."""
    begin = provider.fact("get_started")
    rows = tuple(Row(say("{plan}: {price}", plan=Printed(p.name), price=_price_of(p))) for p in provider.plans.values())
    how = None
    if isinstance(begin, Fact):
        how = say("{said} ({clauses})", said=Printed(begin.answer), clauses=clauses(begin.clauses))
    return (rows, how, reached_at(provider))


def _people(mine: "Entitlement", provider: "Provider") -> Iterator[tuple[str, Sentence]]:
    """Of whom the page says nothing, nothing is said to be left out either (T7)."""
    every, plan = provider.plans.values(), mine.plan
    if mine.concierge or any(one.concierge for one in every):
        yield "Concierge", _who(mine.concierge, plan.concierge)
    if mine.coach or any(one.coach for one in every):
        yield "Coach", _who(mine.coach, plan.coach)


def _who(person: "Person | None", promised: Sequence[str]) -> Sentence:
    if person is not None and not promised:
        return say("{who}", who=Named(person.name, ROLES[person.role]))
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
    asked = offers[0].users
    head = several(one, many, asked, style="heading") if asked > 0 else say("Prices", style="heading")
    compare = tuple(
        Row(say("{plan}: expected response {target}", plan=Printed(offer.plan.name), target=_target(offer.plan)))
        for offer in offers
    )
    return message(reader, head, rows, compare)


def _offer(offer: "Offer") -> Sentence:
    name = Printed(offer.plan.name)
    mark = say(" (yours)") if offer.current else say("")
    if not isinstance(offer.price, Price):
        why = against(offer.price, offer.plan, offer.users)
        if names_plan(offer.price):
            return say("{why}{mark}", why=why, mark=mark)
        return say("{plan}{mark}: {why}", plan=name, mark=mark, why=why)
    cost, cited = money(offer.plan, offer.price, offer.contract), clauses(offer.price.clauses)
    return say("{plan}{mark}: {cost} ({clauses})", plan=name, mark=mark, cost=cost, clauses=cited)


def fact(
    found: Fact | NotPublished, provider: "Provider", reader: Actor, contract: "Contract | None" = None
) -> Message:
    """What the page answers, in print where every word counts; or that it does not."""
    if isinstance(found, Fact):
        own = [provider.clauses[id] for id in found.clauses if not provider.clauses[id].quote]
        answer = found.answer if len(own) == len(found.clauses) else " ".join(one.says for one in own)
        ids = tuple(one.id for one in own)
        said = say("{said} ({clauses})", said=Printed(answer), clauses=clauses(ids)) if answer else None
        theirs = contract if found.question == "new_versions" else None
        agreed = say("By your contract: {says}.", says=new_versions(found, theirs)) if theirs else None
        return message(reader, said, agreed, *in_print(provider, found.clauses, reader))
    head = say("{provider} does not publish that.", provider=Printed(provider.name))
    near = say("Nearest to it:{clauses}", clauses=words_of(found.clauses, provider)) if found.clauses else None
    return message(reader, head, near, (Choice(say("My plan"), "plan"), Choice(say("Compare plans"), "price")))


def termination(
    found: "Standing | None", provider: "Provider", today: date, reader: Actor, company: str = ""
) -> Message:
    """How a contract ends: by mail, never in this chat (W48, W49); and what becomes of the work (W41)."""
    if found is None and not reader.staff:
        over = say("I found no contract in force today, so there is none to end.")
        return message(reader, over, reached_at(provider))
    notice = provider.notice
    if notice is None:
        silent = say("{provider} does not publish how a contract ends.", provider=Printed(provider.name))
        return message(reader, silent, *(ending(found) if found else ()))
    how = several(
        "Notice is {n} day, in writing, by mail to {email} ({clauses}). I can't take it here.",
        "Notice is {n} days, in writing, by mail to {email} ({clauses}). I can't take it here.",
        notice.days,
        email=mailto(notice.to, company, reader.language),
        clauses=clauses(notice.clauses),
    )
    end = say("Received now, it would end {day} at the earliest.", day=Day(today + timedelta(days=notice.days)))
    refund = say("Part months are not refunded ({clauses}).", clauses=clauses(notice.refund)) if notice.refund else None
    addressed = label(say("To: {email}", email=Quoted(notice.to)), reader.language)
    written = label(say("We give notice to end our support contract."), reader.language)
    draft = Quote(Named(provider.name, ""), f"{addressed}\n{written}")
    noted = tuple(ending(found)) if found else ()
    if noted:  # what is under way needs no second letter
        return message(reader, *noted, refund, *off_boarding(provider, reader))
    sent = say("A mail you could send:")
    return message(reader, how, end, refund, sent, draft, *off_boarding(provider, reader))


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
