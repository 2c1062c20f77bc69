"""Whether something is covered, always provisional and with its clauses (W37), and what else can be done about it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.messages import Buttons, CaseNumber, Duration, Link, Message, Quote, Quoted
from bot.messages import Person as Named
from bot.text.values import COVERAGE, ROLES, cited, clause, clauses, moment, number, plan
from bot.wording import Choice, Sentence, Table, message, say, several
from rules.agreements import ACCEPTED, OFFERED, PAID, REQUESTED
from rules.appointments import Slot
from rules.catalogue import INCLUDED, Kind, Verdict
from rules.coverage import LEADS, SHARES, SPLIT, STANDS, Coverage, coverage, limit
from rules.coverage_guess import outage, update
from rules.lifecycle import Verb, may
from rules.people import Actor

if TYPE_CHECKING:
    from bot.desk.views import CaseView
    from rules.catalogue import Provider
    from rules.refusals import OutsideHours

SILENT = {"unknown", "covered"}
LONGEST_LINE = 1500  # characters of a button's line: Slack takes two thousand
REPORTS = {Kind.SSRS_REPORT, Kind.POWER_BI}


def verdict(found: Coverage, provider: "Provider") -> Sentence:
    """Word for word what ``supporthub explain coverage`` says."""
    reasons = tuple(clause(provider.clauses[id].says, id) for id in found.clauses)
    shares = tuple(
        say("{share}: {stands}.", share=say(SHARES[share]), stands=say(STANDS[one in INCLUDED]))
        for share, one in found.split.items()
    )
    one, many = " That holds for up to {n} minute of work.", " That holds for up to {n} minutes of work."
    upto = several(one, many, found.up_to_minutes) if found.up_to_minutes else say("")
    return say(
        "{looks}{clauses}{upto}{page} A person will confirm it.",
        looks=say(SPLIT) if found.split else say(LEADS[found.verdict]),
        clauses=_each((*reasons, *shares)),
        upto=upto,
        page=_status_page(found, provider),
    )


def _each(said: Sequence[Sentence]) -> Sentence:
    names = {f"s{n}": one for n, one in enumerate(said)}
    return Sentence("".join(f" {{{name}}}" for name in names), names)


def _status_page(found: Coverage, provider: "Provider") -> Sentence:
    """Of an outage that may be Microsoft's own (W34)."""
    page = provider.status_page if found.outage else None
    if page is None:
        return say("")
    told = " Whether Microsoft's services are down, it says itself: {page} ({clauses})."
    return say(told, page=Link(page.url, page.url), clauses=clauses(page.clauses))


# Before there is a case -----------------------------------------------------------------------------------------------


def preview(found: Coverage | None, provider: "Provider", words: str, reader: Actor) -> Message:
    """What the same words would be told as a case. Nothing is opened."""
    line, plans = words[:LONGEST_LINE], Choice(say("Compare plans"), "price")
    opens = Choice(say("Open a case"), f"open {line}", "primary")
    asked = say("You ask: {words}", style="small", words=Quoted(words))
    if found is None:
        return message(reader, asked, say("I found no contract in force today."), (opens, plans))
    doubt = (Choice(_not_that(found.kind), f"ask-person {line}"),) if found.kind else ()
    look = (Choice(say("Look it up"), f"ask {line}"),) if found.by == "knowledge" else ()
    more = (plans,) if found.verdict is Verdict.NOT_IN_PLAN or look else ()
    return message(reader, asked, verdict(found, provider), _by(found), (opens, *look, *doubt, *more))


def _by(found: Coverage) -> Sentence | None:
    if found.verdict not in INCLUDED:
        return None
    return say("Videos and articles answer it.") if found.by == "knowledge" else say("A person answers it.")


def _not_that(kind: Kind | None) -> Sentence:
    return say("Not a report: ask a person") if kind in REPORTS else say("Not that: ask a person")


def screen_share(told: Message, cases: Sequence[int], reader: Actor) -> Message:
    """Nobody comes on site; a time to share the screen instead, on a case of theirs (W21)."""
    offer = "A time to share my screen, for case {case}"
    times = tuple(Choice(say(offer, case=CaseNumber(each)), f"schedule {each}") for each in cases)
    ways = message(reader, times or (Choice(say("Open a case"), "open", "primary"),))
    said = tuple(part for part in told.parts if not isinstance(part, Buttons))
    buttons = (each for part in (*ways.parts, *told.parts) if isinstance(part, Buttons) for each in part.buttons)
    return replace(told, parts=(*said, Buttons(tuple(buttons))))


# On a case ------------------------------------------------------------------------------------------------------------


def of_case(view: "CaseView") -> Coverage | None:
    """As the case stands; None where somebody of the desk ruled, or nothing is to be known before going on."""
    return None if view.case.covered_by else _of_kind(view)


def _of_kind(view: "CaseView") -> Coverage | None:
    case = view.case
    if view.plan is None or case.coverage is None:
        return None
    kind = Kind(case.kind) if case.kind else None
    added = {kind} if kind and case.coverage == Verdict.COVERED else set()  # by their contract (T12)
    words = case.details or case.subject
    suspected = kind is Kind.HARDWARE and outage(words, view.provider)
    to_do = kind is Kind.CONSULTING and update(words, view.provider)
    return coverage(view.plan, kind, case.estimate_minutes, added, suspected, to_do)


def ruled(view: "CaseView") -> dict[str, Any]:
    """What the desk judged, by whose discretion, and which clauses say the same of its kind (W37)."""
    found, case = _of_kind(view), view.case
    ids = found.clauses if found and found.verdict == case.coverage else ()
    reasons = _each([clause(view.provider.clauses[id].says, id) for id in ids])
    verdict = say(COVERAGE[case.coverage or "unknown"])
    return {"verdict": verdict, "clause": cited(view, "discretion"), "reasons": reasons}


def ways_on_from_ruling(view: "CaseView", reader: Actor) -> tuple[Choice, ...]:
    """Nothing to doubt here: a person has looked."""
    case = view.case
    if reader.staff or case.quote_state in (REQUESTED, OFFERED, ACCEPTED):
        return ()
    return _further(case.coverage, case.id, reader)


def looks(view: "CaseView") -> Sentence | None:
    """Only what the customer should know before going on."""
    found = of_case(view)
    return None if found is None or found.verdict in SILENT else verdict(found, view.provider)


def ways_on(view: "CaseView", reader: Actor) -> tuple[Choice, ...]:
    """From a verdict that is no plain yes; the case keeps its number whichever they take."""
    found, case = of_case(view), view.case
    if found is None or found.verdict in SILENT or reader.staff:
        return ()
    doubt = Choice(_not_that(found.kind), f"not-that {case.id}")
    return (doubt, *_further(found.verdict, case.id, reader))


def _further(verdict: str | None, case: int, reader: Actor) -> tuple[Choice, ...]:
    if verdict in PAID and may(reader, Verb.ESTIMATE):
        return (Choice(say("Time and materials: ask for an estimate"), f"estimate {case}"),)
    if verdict == Verdict.PLAN_SEPARATELY and may(reader, Verb.ENQUIRE):
        return (Choice(say("Plan it separately: send an enquiry"), f"enquire {case}"),)
    return ()


def reckoned(view: "CaseView", reader: Actor) -> Message:
    """After they said whether it is something new, and how long it may take (W19, W23, W24)."""
    found = of_case(view)
    return message(reader, verdict(found, view.provider) if found else None, ways_on(view, reader))


def doubted(view: "CaseView", reader: Actor) -> Message:
    told = "A person judges whether case {case} is covered{clause}."
    return message(reader, say(told, case=number(view), clause=cited(view, "discretion")))


def requested(view: "CaseView", verb: Verb, reader: Actor) -> Message:
    """Their wish is on the case, and costs nothing."""
    if verb is Verb.ENQUIRE:
        told = "The desk has your enquiry on case {case}: a consultant plans it with you{clause}."
        return message(reader, say(told, case=number(view), clause=_of_verdict(view)))
    told = "The desk is asked for an estimate on case {case}. Nothing starts before you accept it{clause}."
    return message(reader, say(told, case=number(view), clause=cited(view, "mini_project")))


def _of_verdict(view: "CaseView") -> Sentence:
    found = of_case(view)
    return say(" ({clauses})", clauses=clauses(found.clauses)) if found and found.clauses else say("")


def only_within_hours(refused: "OutsideHours") -> Sentence:
    about: dict[str, Any] = refused.about
    return say("Such changes are made within business hours ({clauses}).", clauses=clauses(about["clauses"]))


def outside_hours(view: "CaseView", refused: "OutsideHours") -> tuple[Choice, ...]:
    """The nearest time within them, one press away."""
    about: dict[str, Any] = refused.about
    slot, calendar = about["slot"], view.provider.calendar()
    at = slot.nearest(calendar, view.now) if calendar else None
    if at is None:
        return ()
    nearest = Slot(at, at + (slot.ends - slot.at) if slot.ends else None)
    return (Choice(say("Propose {at} instead", at=moment(view, at)), f"schedule {view.case.id} {nearest}"),)


def for_coach(view: "CaseView", reader: Actor) -> Message:
    """A tweak or a question of process, to the coach whom the plan names (W17)."""
    promised = clauses(view.plan.coach if view.plan else ())
    head = say("{case} is for you as the coach ({clauses}).", case=number(view), clauses=promised)
    opener = Named(view.opener.name, ROLES[view.opener.role])
    about = Table((("Company", Quoted(view.account.name)), ("Plan", plan(view))))
    return message(reader, head, about, Quote(opener, view.case.details or view.case.subject), _take(view))


def _take(view: "CaseView") -> tuple[Choice, ...]:
    return (Choice(say("Take"), f"take {view.case.id}", "primary"),) if view.case.assignee_id is None else ()


def rows(view: "CaseView") -> list[tuple[str, Any]]:
    """Of a case's card: how long it may take, and whom it is for."""
    case = view.case
    found: list[tuple[str, Any]] = []
    if case.estimate_minutes:
        found.append(("Estimated by the customer", _estimate(view, case.estimate_minutes)))
    if view.coach and view.plan:
        who = Named(view.coach.name, ROLES[view.coach.role])
        found.append(("Coach", say("{who} ({clauses})", who=who, clauses=clauses(view.plan.coach))))
    return found


def _estimate(view: "CaseView", minutes: int) -> Sentence:
    """Who only said "more" is held to one minute more, and nobody reads that minute."""
    most = limit(view.plan) if view.plan else None
    if most is not None and minutes == most + 1:
        return say("more than {time} of work", time=Duration(most))
    return say("{minutes} of work", minutes=Duration(minutes))
