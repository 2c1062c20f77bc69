"""Who may ask for a company, and what is said to those who may not: no dead end, a person or a number at each (W27)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.messages import Code, Day, Message, Quote, Quoted
from bot.messages import Person as Named
from bot.text.entitlements import entitlement
from bot.text.values import ROLES, clauses, moment, named, number, reach
from bot.wording import Choice, Sentence, message, say
from rules.eligibility import Eligibility, Handover
from rules.people import Actor, Role

if TYPE_CHECKING:
    from bot.desk.views import CaseView
    from rules.catalogue import Provider
    from store.tables import Account, Person


def please_hand_over(view: "CaseView", reader: Actor) -> Message:
    """To each who may ask for the company: one tap, and what comes of none."""
    opener, case = Named(view.opener.name, ROLES[Role.CUSTOMER]), view.case
    return message(
        reader,
        say("{who} asks for support: {case} {subject}", who=opener, case=number(view), subject=Quoted(case.subject)),
        Quote(opener, case.details) if case.details else None,
        say(_ASKED[view.provider.contacts.rule], clauses=clauses(view.provider.contacts.clauses)),
        _otherwise(view),
        word_on(view),
    )


def word_on(view: "CaseView") -> tuple[Choice, ...]:
    """For whoever is asked for it."""
    case = view.case
    over = Choice(say("Hand it over"), f"hand-over {case.id}", "primary")
    return over, Choice(say("Not needed"), f"not-needed {case.id}")


_ASKED = {
    "nominated": "Your company's requests come from its nominated users ({clauses}). Shall the desk have this one?",
    "one_contact": "Your company's requests come from its contact person ({clauses}). Shall the desk have this one?",
}


def went_without(view: "CaseView", reader: Actor) -> Message:
    """To whoever was asked for it, and may still say so."""
    how = "lapsed" if view.case.handover == Handover.LAPSED else "flagged"
    said = say(_WENT[how], case=number(view), clauses=clauses(view.provider.contacts.clauses))
    return message(reader, said, (Choice(say("Hand it over"), f"hand-over {view.case.id}"),))


_WENT = {
    "flagged": "{case} reached the desk without waiting for your word. You can still stand behind it ({clauses}).",
    "lapsed": "{case} reached the desk, since nobody answered in time. You can still stand behind it ({clauses}).",
}


def own_word(view: "CaseView", reader: Actor) -> str | None:
    """How it is put that it reaches the desk since its opener may ask for the company by now."""
    return _OWN_WORD["desk" if reader.staff else "customer"] if view.case.handover == Handover.GRANTED else None


_OWN_WORD = {
    "desk": "{opener} opened {case}, and may ask for the company by now.",
    "customer": "{case} is with the desk now: you may ask for your company yourself.",
}


def handed_over(view: "CaseView", reader: Actor) -> Message:
    return message(reader, say("Done. The desk has case {case} now.", case=number(view)))


def waits(view: "CaseView", people: Sequence["Person"]) -> tuple[Sentence, ...]:
    """To whoever opened it: whose word it waits for, by name, and until when."""
    if not people:
        return ()
    told = "Requests of your company come from {names} ({clauses}): I asked for their word, and the clock runs already."
    names = Quoted(", ".join(person.name for person in people))
    said = say(told, names=names, clauses=clauses(view.provider.contacts.clauses))
    until = _otherwise(view)
    return (said, until) if until else (said,)


def _otherwise(view: "CaseView") -> Sentence | None:
    if view.case.handover_until is None:
        return None
    told = "Without an answer by {at} it reaches the desk all the same."
    return say(told, at=moment(view, view.case.handover_until))


def declined(view: "CaseView") -> Sentence:
    """How a person is reached all the same."""
    told = "To reach a person all the same: {line}, {phone} or {email}."
    return say(told, line=Code(f"reopen {view.case.id}"), **reach(view.provider))


def with_plans(receipt: Message, view: "CaseView", reader: Actor) -> Message:
    """To whom no contract tells: what there is, and where a person is reached (W5)."""
    head = message(reader, say("These are the plans:"))
    plans = entitlement(None, view.provider, reader).parts[1:]
    return replace(receipt, parts=(*receipt.parts, *head.parts, *plans))


# How it looks on a card ---------------------------------------------------------------------------------------------


def handover(view: "CaseView") -> Sentence:
    contacts = view.provider.contacts
    who = say("a nominated user") if contacts.rule == "nominated" else say("the contact person")
    return say(_HANDOVER[view.case.handover or ""], who=who, clauses=clauses(contacts.clauses))


_HANDOVER: dict[str, str] = {
    Handover.ASKED: "waits for the word of {who} ({clauses})",
    Handover.GRANTED: "handed over by {who} ({clauses})",
    Handover.DECLINED: "declined by {who} ({clauses})",
    Handover.LAPSED: "not from {who} ({clauses}); none answered in time",
    Handover.FLAGGED: "not from {who} ({clauses})",
}


def eligibility(view: "CaseView") -> Sentence:
    """What the directory tells, until a person has ruled (W56)."""
    case = view.case
    if case.eligibility == Eligibility.INELIGIBLE:
        return say("not eligible: {reason}", reason=Quoted(case.eligibility_reason or ""))
    if case.eligibility_by is not None:
        return say("eligible, confirmed by a person")
    return say(_FOUND.get(case.eligibility, "looks eligible, not confirmed yet"), cited=_grounds(view))


_FOUND: dict[str, str] = {
    Eligibility.NO_CONTRACT: "no contract covers the day it was received: a person checks",
    Eligibility.ENDED: "the contract was over on the day it was received: a person checks",
    Eligibility.NOT_LICENSED: "the sender holds no licensed seat{cited}: a person checks",
    Eligibility.UNPAID: "not paid ahead for the day it was received{cited}: nobody is locked out",
    Eligibility.NOT_NOMINATED: "not from a nominated user{cited}: a person checks",
    Eligibility.NOT_CONTACT_PERSON: "not from the contact person{cited}: a person checks",
}


def checked(view: "CaseView") -> Sentence | None:
    """To whoever asks: what was found against it, and that a person looks at it (W55, W56)."""
    case = view.case
    if case.eligibility_by is not None or case.eligibility not in _TOLD:
        return None
    return say(_TOLD[case.eligibility], cited=_grounds(view))


_TOLD: dict[str, str] = {
    Eligibility.NO_CONTRACT: (
        "I found no contract that covers today. A person checks that; your case is safe meanwhile."
    ),
    Eligibility.ENDED: "The contract that I found is over. A person checks that; your case is safe meanwhile.",
    Eligibility.NOT_LICENSED: (
        "I have no licensed seat in your name{cited}. A person checks that; your case is safe meanwhile."
    ),
}


def _grounds(view: "CaseView") -> Sentence:
    provider = view.provider
    ids: dict[str, Sequence[str]] = {
        Eligibility.NOT_LICENSED: provider.seats,
        Eligibility.UNPAID: tuple(clause.id for clause in provider.payment),
        Eligibility.NOT_NOMINATED: provider.contacts.clauses,
        Eligibility.NOT_CONTACT_PERSON: provider.contacts.clauses,
    }
    cited = ids.get(view.case.eligibility)
    return say(" ({clauses})", clauses=clauses(cited)) if cited else say("")


# Who speaks for a company -------------------------------------------------------------------------------------------


def nominated(on: bool, by: Actor, account: "Account", provider: "Provider", reader: Actor) -> Message:
    told = (
        "{who} nominated you: you may ask, confirm and withdraw for {account} ({clauses})."
        if on
        else "{who} no longer has you among the nominated users of {account} ({clauses})."
    )
    return message(reader, Sentence(told, _about(by, account, provider)))


def contact_person(person: "Person", by: Actor, account: "Account", provider: "Provider", reader: Actor) -> Message:
    """To the new one, the one before, and whoever said it."""
    new, others = (
        "{who} made you the contact person of {account} ({clauses}): your colleagues' requests come to you first.",
        "The contact person of {account} is {whom} from now on ({clauses}).",
    )
    about = {**_about(by, account, provider), "whom": Quoted(person.name)}
    return message(reader, Sentence(new if reader.id == person.id else others, about))


def deputy(person: "Person", by: Actor, account: "Account", provider: "Provider", reader: Actor) -> Message:
    about = {**_about(by, account, provider), "whom": Quoted(person.name)}
    if person.deputy_until is None:
        return message(reader, Sentence("{whom} no longer stands in for the contact person of {account}.", about))
    told = "{whom} stands in for the contact person of {account} up to {day}, included ({clauses})."
    return message(reader, Sentence(told, {**about, "day": Day(person.deputy_until)}))


def _about(by: Actor, account: "Account", provider: "Provider") -> dict[str, Any]:
    cited = clauses(provider.contacts.clauses)
    return {"who": named(by), "account": Quoted(account.name), "clauses": cited}
