"""A contract over its life: what its page tells, what its manager is told, notice, and what comes after."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bot.messages import (
    CaseNumber,
    Clause,
    Code,
    Count,
    Day,
    Duration,
    Link,
    Message,
    Money,
    Percent,
    Printed,
    Quote,
    Quoted,
)
from bot.messages import Person as Named
from bot.text.values import clauses, named, reached_at
from bot.wording import Choice, Part, Sentence, label, message, say, several
from rules.catalogue import Fact, OfLicences
from rules.contracts import End, Estimate, notice
from rules.lifecycle import Verb, may
from rules.people import Actor
from rules.pricing import Price, Refused, Why
from rules.refusals import (
    AboutContract,
    AgainstTerms,
    Applied,
    BadDay,
    Follows,
    NoChange,
    NoContract,
    NoSuchAccount,
    NotAccepted,
    NotTheirWord,
    Unassigned,
)

if TYPE_CHECKING:
    from bot.desk.contracts import More, Standing
    from rules.catalogue import Plan, Provider
    from store.tables import Account, Contract


def money(plan: "Plan", cost: Price, contract: "Contract | None" = None) -> Sentence:
    """No period is said of a share of the licences' price unless the contract names one (T13)."""
    currency = plan.provider.currency
    about: dict[str, Any] = {"cost": Money(cost.total, currency.symbol if currency else "")}
    if not isinstance(plan.price, OfLicences):
        return Sentence("{cost} a month", about)
    about["share"] = Percent(int(plan.price.percent))
    if contract is not None and contract.per_year:
        return Sentence("{cost}, {share} of the licences' price, per contract year", about)
    return Sentence("{cost}, {share} of the licences' price", about)


def rows(found: "Standing", reader: Actor) -> Iterator[tuple[str, Any]]:
    """Of the contract; who is neither of the desk nor may speak for the company is not told how many seats are used."""
    contract, plan = found.mine.contract, found.mine.plan
    provider = plan.provider
    if isinstance(found.cost, Price):
        now = say("{cost} ({clauses})", cost=money(plan, found.cost, contract), clauses=clauses(found.cost.clauses))
        yield "Price now", now
    yield from _seats(found, reader)
    if contract.products:
        yield "Products", _with(Quoted(", ".join(contract.products)), provider.contracts.all_products)
    if contract.price_list:
        yield "Price list", _with(Quoted(contract.price_list), plan.price.clauses if plan.price else ())
    if contract.signed:
        yield "Signed", Day(contract.signed)
    yield "Begins", Day(contract.starts)
    if contract.ends:
        yield "Ends", Day(contract.ends)
    if contract.paid_until:
        yield "Paid until", _paid(found, reader)
    yield from _terms(found)
    if (fact := provider.fact("new_versions")) and isinstance(fact, Fact):
        yield "New versions", new_versions(fact, contract)
    if contract.trial:
        yield "Trial licence", _with(say("yes"), provider.fact("trial_licence").clauses)


def _with(says: Any, ids: Sequence[str]) -> Sentence:
    return say("{says} ({clauses})", says=says, clauses=clauses(ids)) if ids else say("{says}", says=says)


def _seats(found: "Standing", reader: Actor) -> Iterator[tuple[str, Any]]:
    if not found.mine.plan.provider.seats or not (reader.staff or reader.nominated):
        return
    yield "People with a licence", Count(found.seats.licensed)
    yield "People known to me", Count(found.seats.known)
    if found.seats.said is not None:
        yield "Users, as reported", Count(found.seats.said)


def _paid(found: "Standing", reader: Actor) -> Sentence:
    cited = found.mine.plan.provider.fact("payment").clauses
    until = Day(found.mine.contract.paid_until) if found.mine.contract.paid_until else say("")
    if found.lapsed and reader.staff:
        return _with(say("{day}: not paid since", day=until), cited)
    return _with(say("{day}", day=until), cited)


def _terms(found: "Standing") -> Iterator[tuple[str, Any]]:
    about: dict[str, Any] = {"version": Printed(found.terms.version), "day": Day(found.terms.effective)}
    yield "Terms", Sentence("version {version}, since {day}", about)
    provider = found.mine.plan.provider
    if found.next_terms is not None:
        coming: dict[str, Any] = {"version": Printed(found.next_terms.version), "day": Day(found.next_terms.effective)}
        ids = provider.terms_notice.clauses if provider.terms_notice else ()
        yield "New terms", _with(Sentence("version {version}, from {day}", coming), ids)


def new_versions(fact: Fact, contract: "Contract | None") -> Sentence:
    """What the agreement says, where it says something; the page leaves it to agreements (T5)."""
    cited = clauses(fact.clauses)
    if contract is None or contract.new_versions is None:
        return say("depends on your agreement ({clauses})", clauses=cited)
    if contract.new_versions:
        return say("included by your agreement ({clauses})", clauses=cited)
    return say("not included by your agreement ({clauses})", clauses=cited)


def promised(contract: "Contract", provider: "Provider") -> Sentence:
    """Minutes of the contract's own (T7)."""
    time = Duration(contract.response_minutes or 0, business=provider.hours is not None)
    if provider.hours is None:
        return say("{time}, around the clock, by your contract", time=time)
    return say("{time}, by your contract", time=time)


def remarks(found: "Standing", reader: Actor) -> Iterator[Part]:
    """Below the table: what does not fit, and how it ends."""
    if found.mine.plan.provider.seats and found.seats.too_few and (reader.staff or reader.nominated):
        yield drift(found)
    for refused in found.against:
        if reader.staff or reader.nominated:
            yield _stands_against(found, refused)
    yield from ending(found)
    yield from _next(found)


def drift(found: "Standing") -> Sentence:
    about: dict[str, Any] = {"used": Count(found.seats.used), "seats": Count(found.seats.licences)}
    about["clauses"] = clauses(found.mine.plan.provider.seats)
    return Sentence(_DRIFT, about)


_DRIFT = (
    "More people use the system than have a seat: used by {used}, seats for {seats} ({clauses}). All of them get help."
)


def _stands_against(found: "Standing", refused: Refused) -> Sentence:
    why = against(refused, found.mine.plan, found.mine.contract.licences)
    return say("{why} Nothing changes before the contract is renewed or upgraded.", why=why)


def _next(found: "Standing") -> Iterator[Part]:
    after = found.next
    if after is None or not isinstance(after.cost, Price):
        return
    one = "From {day}: {plan}, {n} licence, {cost} ({clauses}){agreed}."
    many = "From {day}: {plan}, {n} licences, {cost} ({clauses}){agreed}."
    about: dict[str, Any] = {"day": Day(after.contract.starts), "plan": Printed(after.plan.name)}
    about |= {"cost": money(after.plan, after.cost, after.contract), "clauses": clauses(after.cost.clauses)}
    agreed = say(", agreed on case {case}", case=CaseNumber(after.case)) if after.case else say("")
    yield several(one, many, after.contract.licences, **about, agreed=agreed)


def ending(found: "Standing") -> Iterator[Part]:
    contract, provider = found.mine.contract, found.mine.plan.provider
    if contract.ended_at is not None:
        cited = provider.fact("terminated_by_provider").clauses
        told = say("The provider has ended the contract; its last day is {day}.", day=_last(found))
        yield _with(told, cited)
    elif contract.noticed_on is not None:
        yield _notice(found)


def _last(found: "Standing") -> Day | Sentence:
    return Day(found.last_day) if found.last_day else say("not published")


def _notice(found: "Standing") -> Sentence:
    received = found.mine.contract.noticed_on
    assert received is not None, "asked before"
    end = notice(found.mine.plan.provider, received)
    if not isinstance(end, End):
        return say("Notice was received on {day}. How a contract ends is not published.", day=Day(received))
    told = "Notice was received on {day}; the contract ends on {end} at the earliest ({clauses})."
    return say(told, day=Day(received), end=Day(end.earliest_end), clauses=clauses(end.clauses))


def against(refused: Refused, plan: "Plan", seats: int) -> Sentence:
    """With its clauses, and figures that the catalogue or the contract has."""
    rule = plan.provider.contracts.months
    about: dict[str, Any] = {"plan": Printed(plan.name), "seats": Count(seats)}
    about |= {"least": Count(plan.licences.count if plan.licences else 1), "months": Count(rule.count if rule else 1)}
    why = Sentence(REFUSED[refused.why], about)
    return say("{why} ({clauses})", why=why, clauses=clauses(refused.clauses)) if refused.clauses else why


def names_plan(refused: Refused) -> bool:
    """Whether its sentence does."""
    return "{plan}" in REFUSED[refused.why]


REFUSED = {
    Why.NO_PRICE: "No price of {plan} is published.",
    Why.USERS: "Give the number of users: a whole number, at least one.",
    Why.LICENCE_TOTAL: "Give what the licences cost in total.",
    Why.LICENCES: "Give the number of licences: a whole number, at least one.",
    Why.TOO_FEW_LICENCES: "{plan} needs {least} licences or more; there are {seats}.",
    Why.TOO_SHORT: "The contract must run for {months} months or more.",
    Why.NOT_ALL_PRODUCTS: "Support covers all of a customer's products or none.",
    Why.UNKNOWN_PRODUCT: "Not all of these are supported products.",
    Why.OLD_VERSIONS: "Bring your products to the latest version first.",
    Why.NO_SUPPORT: "Licences come with support only: choose a plan.",
    Why.DAYS: "Give whole numbers of licences and days.",
}


def seats_drift(found: "Standing", reader: Actor) -> Message:
    """To whoever looks after the account (W11)."""
    return message(reader, say("{account}", style="heading", account=Quoted(found.account.name)), drift(found))


def lapsed(found: "Standing", reader: Actor) -> Message:
    """The same (W43)."""
    head = say("{account}", style="heading", account=Quoted(found.account.name))
    paid = say("Paid until {until}. Nobody is locked out for it.", until=_paid(found, reader))
    return message(reader, head, paid)


def wants_licences_alone(account: "Account", by: Actor, added: int, provider: "Provider", reader: Actor) -> Message:
    """The same (T8)."""
    one = "{who} of {account} asks for {n} licence without support ({clauses})."
    many = "{who} of {account} asks for {n} licences without support ({clauses})."
    about: dict[str, Any] = {"who": named(by), "account": Quoted(account.name)}
    cited = clauses(provider.contracts.support_with_licences)
    return message(reader, several(one, many, added, **about, clauses=cited))


def more_licences(more: "More", plan: "Plan | None", reader: Actor) -> Message:
    """What licences added with support do to the contract: an estimate, and no promise (T16)."""
    ask = (Choice(say("Ask for them"), f"licences +{more.added} {more.days} ask"),)
    manager = "Your account manager confirms it." if more.manager else "The desk confirms it."
    match more.found:
        case Estimate(days, ids):
            one = "Estimated: {n} licence more, for {period} days, makes the contract {days} days longer ({clauses})."
            many = "Estimated: {n} licences more, for {period} days, make the contract {days} days longer ({clauses})."
            about: dict[str, Any] = {"days": Count(days), "period": Count(more.days), "clauses": clauses(ids)}
            told = several(one, many, more.added, **about)
            ends = say("It would end on {day}.", day=Day(more.ends)) if more.ends else None
            return message(reader, told, ends, _assumed(more), say(manager), ask if days else None)
        case None if plan is not None:
            rule = plan.provider.extension
            told = say(_NO_LAST_DAY, clauses=clauses(rule.clauses if rule else ()))
            return message(reader, told, ask)
        case Refused() if plan is not None:
            return message(reader, against(more.found, plan, more.added))
        case Refused():
            return message(reader, _unsupported(more.found))
    return message(reader, say("How added licences lengthen a contract is not published."))


_NO_LAST_DAY = (
    "Your contract names no last day here, so I can't estimate how much longer it would run ({clauses}). "
    "The desk can, once its last day is known."
)


def _assumed(more: "More") -> Sentence | None:
    if not more.assumed:
        return None
    line = Code(f"licences +{more.added} DAYS")
    return say("You named no days, so I took a year of {period} days: {line}", period=Count(more.days), line=line)


def wanted_licences(more: "More", language: str) -> str:
    """What the case about them is called."""
    one, many = "{n} licence more, for {period} days", "{n} licences more, for {period} days"
    return label(several(one, many, more.added, period=Count(more.days)), language)


def _unsupported(refused: Refused) -> Sentence:
    return say("{why} ({clauses})", why=say(REFUSED[refused.why]), clauses=clauses(refused.clauses))


def noticed(found: "Standing", reader: Actor) -> Message:
    """To who may speak for the company, and to the lead who noted it."""
    head = say("{account}", style="heading", account=Quoted(found.account.name))
    return message(reader, head, *ending(found), *off_boarding(found.mine.plan.provider, reader))


def terminated(found: "Standing", by: Actor, reason: str, reader: Actor) -> Message:
    """To who may speak for the company (W30)."""
    head = say("{account}", style="heading", account=Quoted(found.account.name))
    stay = say("Cases that are open stay open. A new one gets its number, and a person looks at it.")
    reached = reached_at(found.mine.plan.provider)
    provider = found.mine.plan.provider
    return message(
        reader, head, *ending(found), Quote(named(by), reason), stay, *off_boarding(provider, reader), reached
    )


def off_boarding(provider: "Provider", reader: Actor) -> Iterator[Part]:
    """What becomes of the work when a contract ends: in the printed words, since every one counts (W39-W41)."""
    found = provider.fact("work_ownership")
    if not isinstance(found, Fact):
        return
    if reader.staff:
        yield say("The customer is told what becomes of the work ({clauses}).", clauses=clauses(found.clauses))
        return
    yield say("When the contract ends", style="heading")
    yield from in_print(provider, found.clauses, reader)


def in_print(provider: "Provider", ids: Sequence[str], reader: Actor) -> Iterator[Part]:
    """The printed words of these clauses, each once; what they mean for somebody, only a person says."""
    printed = [one for one in map(provider.clauses.__getitem__, ids) if one.quote]
    for one in printed:
        yield say("{id}, in print:", id=Clause(one.id))
        yield Quote(Named(provider.name, ""), one.quote or "")
    if printed:
        yield say("What they mean for you, a person decides.")
        if may(reader, Verb.PERSON):
            yield (Choice(say("Ask a person"), "person"),)


def mailto(to: str, company: str, language: str) -> Link:
    """A mail for people to send themselves: nothing here sends it (W48)."""
    subject = label(say("Notice: our support contract"), language)
    body = label(say("We give notice to end our support contract."), language)
    words = f"{body}\n\n{company}" if company else body
    return Link(to, f"mailto:{to}?subject={quote(subject)}&body={quote(words)}")


def refused(refusal: AboutContract) -> Sentence:
    about: dict[str, Any] = refusal.about
    match refusal:
        case NoSuchAccount():
            return say("I know no customer called {name}.", name=Quoted(about["name"]))
        case NoContract():
            return say("{account} has no contract in force.", account=Quoted(about["account"]))
        case NotTheirWord(about={"names": ""}):
            return say("Nobody is named who speaks for this company ({clauses}).", clauses=clauses(about["clauses"]))
        case NotTheirWord():
            names = Quoted(about["names"])
            told = "Only who speaks for your company agrees to that ({clauses}): {names}."
            return say(told, clauses=clauses(about["clauses"]), names=names)
        case AgainstTerms():
            reasons = {f"r{n}": against(one, about["plan"], about["seats"]) for n, one in enumerate(about["reasons"])}
            return Sentence(" ".join(f"{{{name}}}" for name in reasons), reasons)
        case Follows():
            told = "Another contract begins on {day}: {plan}. What changes after that one, changes on a later day."
            return say(told, day=Day(about["day"]), plan=Printed(about["plan"]))
        case Unassigned(about={"role": "coach"}):
            told = "{plan} names a coach ({clauses}), and {account} has none: assign one first. {way}"
            return say(told, **_promise(about), way=_assign("coach"))
        case Unassigned():
            told = "{plan} names a concierge ({clauses}), and {account} has none: assign one first. {way}"
            return say(told, **_promise(about), way=_assign("concierge"))
        case Applied():
            told = "That is entered already: the contract agreed on case {case} holds from {day}."
            return say(told, case=CaseNumber(refusal.case or 0), day=Day(about["day"]))
    return say(_PLAIN[type(refusal)])


def _assign(role: str) -> Sentence:
    told = "That is done in the directory file, under {part} with {key}, by who runs this server."
    return say(told, part=Code("[[assignment]]"), key=Code(f'{role} = "E-MAIL"'))


def _promise(about: dict[str, Any]) -> dict[str, Any]:
    plan, account = Printed(about["plan"]), Quoted(about["account"])
    return {"plan": plan, "account": account, "clauses": clauses(about["clauses"])}


_PLAIN: dict[type[AboutContract], str] = {
    NoChange: "Nothing is proposed there that could be agreed on.",
    NotAccepted: "Nobody who speaks for the customer has accepted that yet.",
    BadDay: "A contract can't change on that day: it must be today or later, and after the one it replaces began.",
}


def of_account(found: "Standing", parts: Sequence[Part | None], reader: Actor) -> Message:
    """The same page, for the desk."""
    return message(reader, say("{account}", style="heading", account=Quoted(found.account.name)), *parts)
